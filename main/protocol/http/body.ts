/**
 * Cuts the bytes of one body into parts (RFC 9112 7.1 chunks, or pieces as they arrive) until the body ends.
 * Framing is decided in framing.ts; content coding is undone in coding.ts. Chunks are chunked.ts.
 * https://www.rfc-editor.org/rfc/rfc9112#section-6
 */
import type { Header, Limits } from '../../../preload/contract/index.ts'
import { createChunkedReader } from './chunked.ts'
import type { Framing } from './framing.ts'
import type { HeadFinding } from './head.ts'

/** What becomes one row. */
export interface BodyPart {
  /** All its bytes on the wire: for a chunk the size line, the data and the line end behind it. */
  wireOffset: number
  wireLength: number
  dataOffset: number
  /** Valid only during the call. */
  data: Uint8Array
  /** As it came, without the first semicolon. */
  extension?: string
  trailers?: Header[]
  findings: readonly HeadFinding[]
  /** The connection ended inside. */
  truncated: boolean
  /** The body is complete. */
  last: boolean
}

export interface BodyReader {
  /** `done`: the body is complete. `lost`: its end cannot be found any more; `lostAt` and `lostFor` say where and why. */
  readonly state: 'reading' | 'done' | 'lost'
  readonly lostAt: number
  readonly lostFor: HeadFinding | null
  /** Takes bytes from `start` on and says how many it took: all of them while the body goes on. */
  feed(bytes: Uint8Array, start: number): number
  /** The connection ended. An unfinished body gives a truncated part, perhaps without a byte. */
  end(): void
}

export type BodyLimits = Pick<Limits, 'headBytes' | 'headerCount'>

/** `offset`: where the body begins in the sender's stream. */
export function createBodyReader(
  framing: Extract<Framing, { kind: 'length' | 'chunked' | 'close' }>,
  offset: number,
  limits: BodyLimits,
  onPart: (part: BodyPart) => void,
): BodyReader {
  if (framing.kind === 'chunked') return createChunkedReader(offset, limits, onPart)
  return createPlainReader(framing.kind === 'length' ? framing.length : Infinity, offset, onPart)
}

const NOTHING = new Uint8Array(0)
const NO_FINDINGS: readonly HeadFinding[] = []

/** Content-Length (RFC 9112 6.2), or Infinity for a body that ends with its connection. A part per piece that arrives. */
function createPlainReader(length: number, offset: number, onPart: (part: BodyPart) => void): BodyReader {
  let at = offset
  let left = length

  const part = (data: Uint8Array, truncated: boolean): void => {
    const place = { wireOffset: at, wireLength: data.length, dataOffset: at, data }
    at += data.length
    left -= data.length
    if (left === 0) reader.state = 'done'
    onPart({ ...place, findings: NO_FINDINGS, truncated, last: left === 0 })
  }

  const reader = {
    state: 'reading' as BodyReader['state'],
    lostAt: 0,
    lostFor: null,
    feed(bytes: Uint8Array, start: number): number {
      const end = Math.min(bytes.length, start + left)
      if (end > start) part(bytes.subarray(start, end), false)
      return end - start
    },
    end(): void {
      if (left === Infinity) reader.state = 'done'
      else if (left > 0) part(NOTHING, true)
    },
  }
  return reader
}
