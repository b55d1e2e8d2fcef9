/**
 * A protocol for tests of the store alone: each record is four bytes of length (big-endian) and so many bytes.
 * Its rows can be checked against what was sent, wherever pages and chunks are cut.
 */
import { KIND } from '../../../preload/contract/index.ts'
import type { ConnectionDissector } from '../create-recorder.ts'
import type { RowSink, Sender } from '../../protocol/row-sink.ts'

export function createRecordDissector(sink: RowSink): ConnectionDissector {
  const sides = [side(0), side(1)] as const

  function side(from: Sender) {
    let offset = 0
    let position = 0
    let header = 0
    let left = -4
    return (bytes: Uint8Array, at: number): void => {
      for (let i = 0; i < bytes.length;) {
        if (left < 0) {
          header = header * 256 + bytes[i++]!
          position++
          if (++left === 0) left = header
          if (left !== 0 || header !== 0) continue
        } else {
          const taken = Math.min(left, bytes.length - i)
          i += taken
          position += taken
          left -= taken
          if (left > 0) continue
        }
        const length = position - offset
        sink.row(at, from, KIND['ws-frame'], 1, 2, offset, length, length - 4)
        offset = position
        header = 0
        left = -4
      }
    }
  }
  return {
    feed: (from, bytes, at) => sides[from](bytes, at),
    end: () => undefined,
    setTechnique: () => undefined,
  }
}

export function encodeRecord(payload: Uint8Array): Buffer {
  const record = Buffer.alloc(4 + payload.length)
  record.writeUInt32BE(payload.length)
  record.set(payload, 4)
  return record
}
