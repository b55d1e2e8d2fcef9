/**
 * UTF-8 of payloads that may be masked, streaming, without changing or keeping a byte: picks the cheapest way.
 * The rules are utf8.ts; this is only where the bytes come from.
 */
import { instantiate, type WasmMemory } from '../wasm.ts'
import { isMaskedAscii } from './ascii.ts'
import { maskInto } from './mask.ts'
import { WASM } from './unmask-wasm.ts'
import { COMPLETE, utf8Feed } from './utf8.ts'

const { memory, unmask } = instantiate<{
  memory: WasmMemory
  /** Unmasks the first `length` bytes of the memory. */
  unmask(length: number, key: number): void
}>(WASM)

/** Unmasked bytes that are only looked at. Shared by all: whoever fills it reads it before anyone else can. */
export const scratch: Buffer = Buffer.from(memory.buffer, 0, 64 * 1024)

/** Bytes from which unmasking natively and `isUtf8` beat the ASCII loop, and copying and WebAssembly. */
const NATIVE_FROM = 2048
/** Bytes from which copying and WebAssembly beat a loop. */
const WASM_FROM = 96

/**
 * The UTF-8 state after bytes[start..end) unmasked with `key` (turned so that it fits `start`; 0: not masked).
 * `words` is `wordsOf(bytes)`.
 */
export function checkText(
  state: number,
  bytes: Uint8Array,
  words: Int32Array | null,
  start: number,
  end: number,
  key: number,
): number {
  if (state === COMPLETE && end - start < NATIVE_FROM && isMaskedAscii(bytes, words, start, end, key)) return COMPLETE
  if (key === 0) return utf8Feed(state, bytes, start, end)
  // Blocks of a multiple of four, so the key need not be turned.
  for (let i = start; i < end; i += scratch.length) {
    const length = Math.min(scratch.length, end - i)
    if (length >= WASM_FROM && length < NATIVE_FROM) {
      scratch.set(bytes.subarray(i, i + length))
      unmask(length, key)
    } else maskInto(bytes, i, i + length, key, scratch, 0)
    state = utf8Feed(state, scratch, 0, length)
  }
  return state
}
