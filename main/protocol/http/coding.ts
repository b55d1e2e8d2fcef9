/**
 * Undoes content and transfer codings piece by piece: gzip, deflate (with and without zlib's wrapping), br, zstd.
 * Output is bounded; corrupt data is a finding. How it runs synchronously: sync-zlib.ts.
 * https://www.rfc-editor.org/rfc/rfc9110#section-8.4
 */
import type { Limits } from '../../../preload/contract/index.ts'
import { joined } from './bytes.ts'
import type { HeadFinding } from './head.ts'
import { createInflater, type Coding, type Inflater, type Output } from './sync-zlib.ts'

export interface Decoder {
  /** The codings undone, outermost last, as in the header: `gzip`, `gzip, br`. */
  readonly name: string
  /** False once data was corrupt or too large; from then on nothing more comes out. */
  readonly working: boolean
  /** What the piece inflates to, a copy of its own; often empty. Never throws. */
  decode(bytes: Uint8Array): Uint8Array
  /** The input is complete. */
  finish(): Uint8Array
  /** Findings since the last call. */
  takeFindings(): HeadFinding[]
  /** Frees native memory early. Idempotent. */
  close(): void
}

/** Each is one inflater with its window; two are in use, more are an attack. */
const MAX_CODINGS = 3

/** Below this the ratio says nothing: a short text of blanks inflates a thousandfold. */
const RATIO_FROM = 1024 * 1024

/** Text shrinks so much at most: a stream that goes on for hours may grow past the bound on its size at this ratio. */
const PLAIN_RATIO = 20

const CODINGS = new Map<string, Coding>([
  ['gzip', 'gzip'],
  ['x-gzip', 'gzip'], // RFC 9110 8.4.1.3
  ['deflate', 'deflate'],
  ['br', 'br'], // RFC 7932
  ['zstd', 'zstd'], // RFC 8878
])

export interface DecoderChoice {
  /** Null: nothing to undo, or it cannot be undone. */
  decoder: Decoder | null
  findings: HeadFinding[]
}

/** `codings` in header order, lower case: the last was applied last and is undone first. */
export function createDecoder(
  codings: readonly string[],
  limits: Pick<Limits, 'inflated' | 'inflateRatio'>,
): DecoderChoice {
  const applied = codings.filter((coding) => coding !== 'identity')
  if (applied.length === 0) return { decoder: null, findings: [] }
  const unknown = applied.find((coding) => !CODINGS.has(coding))
  const refuse = (note: string): DecoderChoice => ({ decoder: null, findings: [{ id: 'http-content-coding', note }] })
  if (unknown !== undefined) return refuse(`unknown coding: ${unknown.slice(0, 40)}`)
  if (applied.length > MAX_CODINGS) return refuse(`${applied.length} codings on top of each other`)
  const stages = applied.map((coding) => stageFor(CODINGS.get(coding)!)).reverse()
  return { decoder: createChain(stages, applied.join(', '), limits), findings: [] }
}

type Stage = Inflater

function createChain(
  stages: readonly Stage[],
  name: string,
  limits: Pick<Limits, 'inflated' | 'inflateRatio'>,
): Decoder {
  let fed = 0
  let inflated = 0
  let findings: HeadFinding[] = []
  let pieces: Uint8Array[] = []

  const stop = (finding: HeadFinding): void => {
    if (decoder.working) findings.push(finding)
    decoder.working = false
    for (const stage of stages) stage.close()
  }
  const corrupt = (note: string | null): void => {
    if (note !== null) stop({ id: 'http-content-coding', note })
  }

  const emit = (piece: Uint8Array): void => {
    const room = Math.max(limits.inflated, fed * PLAIN_RATIO) - inflated
    const kept = piece.length > room ? piece.subarray(0, room) : piece
    inflated += kept.length
    pieces.push(kept.slice())
    if (kept.length < piece.length) stop({ id: 'http-inflate-limit', note: `more than ${limits.inflated} bytes` })
    else if (inflated > RATIO_FROM && inflated > fed * limits.inflateRatio) {
      stop({ id: 'http-inflate-limit', note: `more than ${limits.inflateRatio} times its coded size` })
    }
  }

  /** Where stage `index` sends its output. */
  const outputOf = (index: number): Output => {
    const next = stages[index + 1]
    if (next === undefined) {
      return (piece) => {
        emit(piece)
        return decoder.working
      }
    }
    // the piece is a view of the buffer that the next stage writes into
    return (piece) => {
      corrupt(next.write(piece.slice(), outputs[index + 1]!))
      return decoder.working
    }
  }
  const outputs: readonly Output[] = stages.map((_, index) => outputOf(index))

  const take = (): Uint8Array => {
    const whole = joined(pieces)
    pieces = []
    return whole
  }

  const decoder = {
    name,
    working: true,
    decode(bytes: Uint8Array): Uint8Array {
      fed += bytes.length
      if (decoder.working) corrupt(stages[0]!.write(bytes, outputs[0]!))
      return take()
    },
    finish(): Uint8Array {
      stages.forEach((stage, index) => {
        if (decoder.working) corrupt(stage.finish(outputs[index]!))
      })
      return take()
    },
    takeFindings(): HeadFinding[] {
      const taken = findings
      findings = []
      return taken
    },
    close(): void {
      decoder.working = false
      for (const stage of stages) stage.close()
    },
  }
  return decoder
}

const stageFor = (coding: Coding): Stage => (coding === 'deflate' ? deflateStage() : (createInflater(coding) ?? NONE))

/** Stands in where this Node cannot inflate piece by piece. */
const NONE: Stage = { write: () => 'this Node cannot undo it piece by piece', finish: () => null, close() {} }

/**
 * RFC 9110 8.4.1.2: `deflate` is zlib's format (RFC 1950), but some servers send bare DEFLATE data (RFC 1951).
 * The first two bytes tell: zlib's are a multiple of 31 with 8 in the low half of the first.
 */
function deflateStage(): Stage {
  let inner: Inflater | null = null
  let first: number | null = null

  const choose = (a: number, b: number): Inflater => {
    const wrapped = (a & 0x0f) === 8 && (a * 256 + b) % 31 === 0
    return createInflater(wrapped ? 'deflate' : 'deflate-raw') ?? NONE
  }

  return {
    write(bytes, output) {
      if (inner !== null) return inner.write(bytes, output)
      if (bytes.length === 0) return null
      if (first === null && bytes.length === 1) {
        first = bytes[0]!
        return null
      }
      const held = first
      inner = choose(held ?? bytes[0]!, held === null ? bytes[1]! : bytes[0]!)
      const failed = held === null ? null : inner.write(Uint8Array.of(held), output)
      return failed ?? inner.write(bytes, output)
    },
    finish(output) {
      if (inner === null) return first === null ? null : 'the coded data is cut off'
      return inner.finish(output)
    },
    close() {
      inner?.close()
    },
  }
}
