/** Whether more may come that belongs to a row: the pong of a ping, the answer of a request, the end of a message. */
import { FLAG, OPCODE, type RowDetail } from '../../../preload/contract/index.ts'

export function awaitsMore(detail: RowDetail): boolean {
  if (detail.kind === 'http-request') return detail.related.length === 0
  if (detail.kind !== 'ws-frame') return false
  if (detail.code === OPCODE.ping || detail.code === OPCODE.close) return detail.related.length === 0
  const partOfMore = (detail.flags & FLAG.fin) === 0
  return partOfMore && (detail.details === null || !('messageSeq' in detail.details))
}
