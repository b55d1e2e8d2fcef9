/**
 * `npm run make:check`: makes the Linux packages and the npm package without Electron's binary and looks at them. What a
 * check needs and does not find, it names. The last line is `N passed, N failed, N skipped`.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createStopper } from '../../main/cli/stop.ts'
import { runPackage } from '../child.ts'
import { NOTHING, countVitest, line, type Counts } from '../counts.ts'

const stopper = createStopper()
const folder = mkdtempSync(join(tmpdir(), 'pushscope-make-check-'))
const report = join(folder, 'report.json')
const config = join(import.meta.dirname, 'check', 'vitest.config.ts')
const reporters = ['--reporter=verbose', '--reporter=json', `--outputFile.json=${report}`]

const { problem } = await runPackage('vitest', 'vitest', ['run', '--config', config, ...reporters], {
  signal: stopper.signal,
})
stopper.dispose()

let counts: Counts = NOTHING
try {
  counts = countVitest(JSON.parse(readFileSync(report, 'utf8')))
} catch {
  console.log('It left no report.')
}
rmSync(folder, { recursive: true, force: true })
if (problem) {
  console.log(problem)
  if (counts.failed === 0) counts = { ...counts, failed: 1 }
}
console.log(line(counts))
process.exitCode = counts.failed > 0 ? 1 : 0
