/**
 * The bytes that are being looked at, copied to one place, and where among them lines could end. One fixed place
 * because that is where WebAssembly can look at 64 bytes in one go (scan.wat), in a third of the time that the best
 * loop over words takes here, the copy included. Knows nothing of fields or events.
 *
 * Shared by all dissectors: what is in it holds until the next `loadWindow`, so within one `feed`.
 */
import { instantiate, type WasmMemory } from '../wasm.ts'
import { WASM } from './scan-wasm.ts'

/** Bytes looked at in one go; at most 65,472, since what is found lies from 65,536 on. */
export const WINDOW = 32 * 1024
const STEP = 64

const { memory, scan } = instantiate<{
  memory: WasmMemory
  scan(length: number): number
}>(WASM)

/** The bytes, and behind them at least one space, so that looking one byte further finds no line end. */
const bytes = new Uint8Array(memory.buffer, 0, WINDOW + STEP)
export const windowBytes = bytes
export const windowView = new DataView(memory.buffer, 0, WINDOW + STEP)

/** Places of every LF, CR and NUL, as many as `loadWindow` said. */
export const lineEnds = new Int32Array(memory.buffer, 65_536, WINDOW)

/** Copies `source` (at most WINDOW). Gives the number of line ends, or -1 less that number when not all is ASCII. */
export function loadWindow(source: Uint8Array): number {
  bytes.set(source)
  return scan(source.length)
}
