/** `pushscope export`: the rows of a capture file as NDJSON. */
import { existsSync } from 'node:fs'
import { openCapture, type CaptureReader } from '../capture/capture.ts'
import type { ExportCommand } from './arguments.ts'
import { createOutput, say } from './output.ts'
import type { Stopper } from './stop.ts'

const ROWS_AT_ONCE = 500

export async function exportFile({ file, secrets }: ExportCommand, stopper: Stopper): Promise<number> {
  if (!existsSync(file)) {
    say(`There is no file ${file}.`)
    return 2
  }
  const out = createOutput(process.stdout, 'stdout')
  let reader
  try {
    reader = openCapture(file)
  } catch (error) {
    say(error instanceof Error ? error.message : String(error))
    return 1
  }
  let lost = 0
  try {
    for (let seq = 1; !out.gone.aborted && !stopper.signal.aborted;) {
      const text = reader.ndjsonText(seq, ROWS_AT_ONCE, secrets)
      if (text.rows === 0) break
      seq += text.rows
      lost += text.lost
      for (const piece of text.pieces) await out.write(piece)
    }
  } finally {
    reader.close()
  }
  await out.end()
  if (out.problem) say(out.problem)
  const damage = damageOf(lost, reader)
  if (damage) say(`${file} is damaged: ${damage}.`)
  return out.problem || damage || stopper.signal.aborted ? 1 : 0
}

function damageOf(lost: number, { whole, count }: Pick<CaptureReader, 'whole' | 'count'>): string {
  const parts: string[] = []
  if (lost > 0) parts.push(`${lost} of its rows cannot be read and are left out`)
  if (!whole) parts.push(`whatever came after row ${count} is lost`)
  return parts.join(', and ')
}
