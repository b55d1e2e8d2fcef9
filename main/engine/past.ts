/** The totals of a capture that no longer runs, as a progress like that of a running one. */
import type { CaptureProgress } from '../../preload/contract/index.ts'
import type { CaptureReader } from '../capture/capture.ts'
import { TAIL_ROWS } from './progress.ts'

export function readProgress(id: string, reader: CaptureReader): CaptureProgress {
  const stats = reader.stats()
  return {
    capture: id,
    state: reader.meta.ending.state,
    message: reader.whole
      ? reader.meta.ending.message
      : `The file is damaged: whatever came after row ${reader.count} is lost.`,
    rows: stats.rows,
    bytes: stats.bytes,
    payload: stats.payload,
    messages: stats.messages,
    rate: { rows: 0, bytes: 0 },
    findings: stats.findings,
    time: stats.time,
    ping: stats.ping,
    unstored: stats.unstored,
    tail: reader.summaries(0, Math.max(0, reader.count - TAIL_ROWS), TAIL_ROWS),
  }
}
