/** A whole capture as one NDJSON text, for windows; bounded, since it crosses the bridge in one piece. */
import { setImmediate as breath } from 'node:timers/promises'
import { fail, ok, type Result } from '../../preload/contract/index.ts'
import type { CaptureReader } from '../capture/capture.ts'

const ROWS_AT_ONCE = 1_000
/** UTF-16 units: a quarter of a million small rows. */
const LONGEST = 64 * 1024 * 1024

/** Fails rather than leave rows out; `file` is where the command line finds them all. */
export async function exportText(
  reader: Pick<CaptureReader, 'ndjsonText' | 'whole'>,
  file: string,
  { secrets = false, longest = LONGEST }: { secrets?: boolean; longest?: number } = {},
): Promise<Result<string>> {
  const parts: string[] = []
  let [length, next] = [0, 1]
  for (;;) {
    const text = reader.ndjsonText(next, ROWS_AT_ONCE, secrets)
    if (text.rows === 0 && reader.whole) return ok(parts.join(''))
    next += text.rows
    if (text.lost > 0 || text.rows === 0) {
      const hint = `The command line writes all the others: pushscope export "${file}"`
      return fail('not-found', 'The file is damaged: some rows cannot be read.', hint)
    }
    for (const piece of text.pieces) {
      parts.push(piece)
      length += piece.length
      if (length > longest) {
        const hint = `The command line writes it as a whole: pushscope export "${file}"`
        return fail('bad-argument', 'The capture is too large to be saved from the window.', hint)
      }
    }
    await breath() // rows go on arriving meanwhile
  }
}
