/** Reads an event stream into rows. See decode.ts for showing one block. */
import type { Limits } from '../../../preload/contract/index.ts'
import type { BodyDissector, RowSink } from '../row-sink.ts'

export function createSseDissector(_sink: RowSink, _limits: Limits): BodyDissector {
  return { feed() {}, end() {} }
}
