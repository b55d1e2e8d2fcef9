/**
 * Reads a JSONP answer: a script that is one call of the callback that was asked for. One script-call row for the
 * whole body, when it is over.
 */
import { FLAG, FROM, KIND, type Limits } from '../../../preload/contract/index.ts'
import type { BodyDissector, RowSink } from '../row-sink.ts'
import { createCarry } from '../sse/carry.ts'
import { decodeUtf8 } from '../sse/utf8.ts'
import { readJsonp } from './call.ts'

export function createJsonpDissector(sink: RowSink, limits: Limits): BodyDissector {
  const carry = createCarry(limits.script)
  let wireStart = 0
  let wireEnd = 0
  let contiguous = true

  return {
    feed({ bytes, direct, wireOffset, wireLength }) {
      if (bytes.length === 0) return
      if (carry.total === 0) {
        wireStart = wireOffset
        contiguous = direct
      } else contiguous &&= direct && wireOffset === wireEnd
      wireEnd = wireOffset + wireLength
      carry.add(bytes, 0, bytes.length)
    },
    end(at, cut) {
      if (carry.total === 0) return
      const body = carry.buffer.subarray(0, carry.length)
      const tooLarge = carry.total > carry.length
      const call = readJsonp(decodeUtf8(body)) ?? { dialect: 'jsonp', call: '', argument: '' }
      const flags = cut || tooLarge ? FLAG.truncated : 0
      const payload = Buffer.byteLength(call.argument)
      sink.row(at, FROM.server, KIND['script-call'], flags, 0, wireStart, wireEnd - wireStart, payload)
      sink.details(call)
      if (tooLarge) sink.finding('iframe-script-limit', `${carry.total} bytes`)
      if (call.call === '') sink.finding('jsonp-no-call')
      if (!contiguous) sink.content(body)
      carry.clear()
    },
  }
}
