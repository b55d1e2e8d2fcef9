/** Finds the scripts of an endless page. */
import type { Limits } from '../../../preload/contract/index.ts'
import type { BodyDissector, RowSink } from '../row-sink.ts'

export function createIframeDissector(_sink: RowSink, _limits: Limits): BodyDissector {
  return { feed() {}, end() {} }
}
