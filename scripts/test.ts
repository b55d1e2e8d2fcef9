/**
 * `npm test`: typecheck, lint, unit tests, build, packages, end-to-end tests. A step that fails does not keep the later ones
 * from running. The last line counts over everything: `N passed, N failed, N skipped`.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findBrowser, installBrowser } from '../e2e/browser.ts'
import { createStopper } from '../main/cli/stop.ts'
import { build } from './build.ts'
import { runPackage, type RunOutcome } from './child.ts'
import { NOTHING, add, countPlaywright, countVitest, line, type Counts } from './counts.ts'

interface Step {
  name: string
  /** The counts, and what went wrong; an empty list of problems with nothing failed is a success. */
  run(): Promise<{ counts: Counts; problem: string }>
}

const stopper = createStopper()
const { signal } = stopper
const folder = mkdtempSync(join(tmpdir(), 'pushscope-test-'))
let built = false

const say = (text: string): void => void process.stdout.write(`${text}\n`)

/** Commands that count as one test together; the first that fails ends them. */
async function asOne(...commands: (() => Promise<RunOutcome>)[]): ReturnType<Step['run']> {
  for (const command of commands) {
    const { problem } = await command()
    if (problem) return { counts: { ...NOTHING, failed: 1 }, problem }
  }
  return { counts: { ...NOTHING, passed: 1 }, problem: '' }
}

/** A runner that leaves its counts in a file. A failure that its counts do not show is counted as one. */
async function counted(
  file: string,
  count: (report: unknown) => Counts,
  command: () => Promise<RunOutcome>,
): ReturnType<Step['run']> {
  const { problem } = await command()
  let counts = NOTHING
  try {
    counts = count(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return { counts: { ...NOTHING, failed: 1 }, problem: problem || 'It left no report.' }
  }
  if (counts.passed + counts.failed + counts.skipped === 0)
    return { counts: { ...NOTHING, failed: 1 }, problem: problem || 'It ran no test.' }
  if (problem && counts.failed === 0) counts = { ...counts, failed: 1 }
  return { counts, problem }
}

const tool = (name: string, bin: string, ...args: string[]) => {
  return () => runPackage(name, bin, args, { signal })
}

const STEPS: Step[] = [
  {
    name: 'typecheck',
    run: () =>
      asOne(
        tool('typescript', 'tsc', '-p', 'main'),
        tool('typescript', 'tsc', '-p', 'preload'),
        tool('typescript', 'tsc', '-p', 'scripts'),
        tool('typescript', 'tsc', '-p', 'e2e'),
        tool('vue-tsc', 'vue-tsc', '-p', 'renderer'),
      ),
  },
  {
    name: 'lint',
    run: () =>
      asOne(tool('eslint', 'eslint', '.'), tool('prettier', 'prettier', '--check', '--log-level', 'warn', '.')),
  },
  {
    name: 'unit tests',
    run() {
      const report = join(folder, 'unit.json')
      const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
      return counted(report, countVitest, tool('vitest', 'vitest', ...args))
    },
  },
  {
    name: 'build',
    async run() {
      const result = await asOne(() => build(signal))
      built = result.problem === ''
      return result
    },
  },
  {
    name: 'packages',
    async run() {
      if (!built) return { counts: { ...NOTHING, failed: 1 }, problem: 'They need the build.' }
      const report = join(folder, 'packages.json')
      const config = join(import.meta.dirname, 'packaging', 'check', 'vitest.config.ts')
      const args = ['run', '--config', config, '--reporter=verbose', '--reporter=json', `--outputFile.json=${report}`]
      return counted(report, countVitest, tool('vitest', 'vitest', ...args))
    },
  },
  {
    name: 'end-to-end tests',
    async run() {
      const cannot = (problem: string) => ({ counts: { ...NOTHING, failed: 1 }, problem })
      if (!built) return cannot('They need the build.')
      let browser
      try {
        browser = findBrowser() ?? installBrowser(say)
      } catch (error) {
        return cannot(error instanceof Error ? error.message : String(error))
      }
      say(`In ${browser.source}: ${browser.path}`)
      const report = join(folder, 'e2e.json')
      return counted(report, countPlaywright, () =>
        runPackage(
          '@playwright/test',
          'playwright',
          ['test', '-c', 'e2e/playwright.config.ts', '--reporter=list,json'],
          {
            signal,
            env: { PLAYWRIGHT_JSON_OUTPUT_FILE: report, PUSHSCOPE_BROWSER: browser.path },
          },
        ),
      )
    },
  },
]

let total = NOTHING
const summary: string[] = []
for (const { name, run } of STEPS) {
  if (signal.aborted) break
  say(`\n== ${name}`)
  const started = performance.now()
  const { counts, problem } = await run()
  total = add(total, counts)
  const took = `${((performance.now() - started) / 1_000).toFixed(1)} s`
  summary.push(
    `${problem || counts.failed > 0 ? 'FAILED' : 'ok    '} ${name}: ${line(counts)} (${took}) ${problem}`.trimEnd(),
  )
  say(summary.at(-1)!)
}
stopper.dispose()
rmSync(folder, { recursive: true, force: true })

if (signal.aborted) {
  summary.push('Stopped before the end.')
  total = add(total, { ...NOTHING, failed: 1 })
}
say(`\n${summary.join('\n')}\n\n${line(total)}`)
process.exitCode = total.failed > 0 ? 1 : 0
