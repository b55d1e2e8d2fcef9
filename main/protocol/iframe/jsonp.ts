/** Reads a JSONP answer: one call of a callback. */
import type { Limits } from '../../../preload/contract/index.ts'
import type { BodyDissector, RowSink } from '../row-sink.ts'

export function createJsonpDissector(_sink: RowSink, _limits: Limits): BodyDissector {
  return { feed() {}, end() {} }
}
