/**
 * `npm run bench`: runs the benches (`*.bench.ts` beside what they measure; every exported function named `bench…`)
 * and prints their table. `--only NAME` runs those whose name or folder begins with NAME; `--json FILE` writes the rows too.
 */
import { globSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { ROOT } from './child.ts'
import type { BenchRow } from '../main/protocol/testing/bench-row.ts'

type Bench = () => Promise<BenchRow[]>

const { values } = parseArgs({ options: { only: { type: 'string' }, json: { type: 'string' } } })
/** The beginning of a word of the file's path or of the bench's name. */
const only = (values.only ?? '').toLowerCase()

const results: BenchRow[] = []
let problem = false
for (const file of globSync('{main,preload,renderer,scripts,e2e}/**/*.bench.ts', { cwd: ROOT }).sort()) {
  const module = (await import(pathToFileURL(join(ROOT, file)).href)) as Record<string, unknown>
  for (const [name, bench] of Object.entries(module)) {
    if (!name.startsWith('bench') || typeof bench !== 'function') continue
    if (!wordsOf(file, name).some((word) => word.startsWith(only))) continue
    process.stderr.write(`${file} ${name} …\n`)
    try {
      results.push(...(await (bench as Bench)()))
    } catch (error) {
      problem = true
      process.stderr.write(
        `${name} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
      )
    }
  }
}

console.log(`Node ${process.versions.node}, ${process.platform} ${process.arch}\n`)
console.log(table(results))
if (values.json) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`)
if (results.length === 0) process.stderr.write('No bench ran.\n')
process.exit(problem || results.length === 0 ? 1 : 0)

function wordsOf(file: string, name: string): string[] {
  return `${file} ${name.slice('bench'.length)}`.toLowerCase().split(/[^a-z0-9]+/)
}

function table(rows: readonly BenchRow[]): string {
  const head = ['what', 'ours', 'peer', 'unit', 'beside', 'ratio', 'goal', '']
  const cells = rows.map(({ name, unit, ours, peer, peerName, ratio, goal }) => [
    name,
    figure(ours),
    figure(peer),
    unit,
    peerName,
    `${ratio.toFixed(2)}x`,
    `${goal.toFixed(2)}x`,
    ratio >= goal ? 'ok' : 'below',
  ])
  const widths = head.map((title, column) => Math.max(title.length, ...cells.map((row) => row[column]!.length)))
  return [head, widths.map((width) => '-'.repeat(width)), ...cells]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** Four significant digits, thousands apart. */
function figure(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: 4 })
}
