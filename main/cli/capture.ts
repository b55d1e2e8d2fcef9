/**
 * `pushscope capture`: records one URL after another without a window and writes the rows as they come.
 * The same engine as the window's, with a data directory that is gone afterwards.
 */
import { createEngine } from '../engine/engine.ts'
import type { CaptureCommand } from './arguments.ts'
import { openOutput, say } from './output.ts'
import { version } from './package.ts'
import { record } from './record.ts'
import { createScratch } from './scratch.ts'
import type { Stopper } from './stop.ts'

export async function capture(command: CaptureCommand, stopper: Stopper): Promise<number> {
  const out = await openOutput(command.out)
  if (!out.ok) {
    say(out.error.message)
    return 1
  }
  const scratch = createScratch()
  const engine = await createEngine({ host: 'cli', dataDirectory: scratch.directory, version: version() })
  let code = 0
  let rows = command.rows ?? Infinity
  try {
    for (const url of command.urls) {
      if (rows === 0 || stopper.signal.aborted || out.value.gone.aborted) break
      const outcome = await record({ engine, command, url, rows, out: out.value, stopper })
      rows -= outcome.rows
      code = Math.max(code, outcome.code)
    }
    await out.value.end()
  } finally {
    await engine.close()
    scratch.remove()
  }
  if (!out.value.problem) return code
  say(out.value.problem)
  return 1
}
