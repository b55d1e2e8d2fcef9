/**
 * Writes the generated parts of the README: the table of findings, and with `--bench FILE` the table of a bench run
 * (`npm run bench -- --json FILE` on this machine). `--check` only says whether the findings are up to date.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { FINDINGS } from '../preload/contract/index.ts'
import type { BenchRow } from '../main/protocol/testing/bench-row.ts'

const README = new URL('../README.md', import.meta.url)

/** The table of findings as Markdown. */
export function findingsTable(): string {
  const rows = Object.entries(FINDINGS).map(([id, { severity, message, spec, link }]) => {
    const source = spec === '' ? '' : `[${spec}](${link})`
    return `| \`${id}\` | ${severity} | ${message.replaceAll('|', '\\|')} | ${source} |`
  })
  return ['| id | severity | sentence | specification |', '| --- | --- | --- | --- |', ...rows].join('\n')
}

/** The results of a bench run as Markdown. */
export function benchTable(rows: readonly BenchRow[]): string {
  const lines = rows.map(
    ({ name, unit, ours, peer, peerName, ratio, goal }) =>
      `| ${name} | ${figure(ours)} ${unit} | ${figure(peer)} ${unit} | ${peerName} | ${ratio.toFixed(2)} | ${goal} |`,
  )
  return [
    verdict(rows),
    '',
    '| what | Pushscope | beside | which is | ratio | goal |',
    '| --- | --: | --: | --- | --: | --: |',
    ...lines,
  ].join('\n')
}

/** Which rows of the run lie below their goals, in a sentence. */
function verdict(rows: readonly BenchRow[]): string {
  const below = rows.filter(({ ratio, goal }) => ratio < goal).map(({ name, peerName }) => `${name} (${peerName})`)
  return below.length === 0
    ? `In this run all ${rows.length} ratios reach their goals.`
    : `In this run ${below.length} of ${rows.length} ratios lie below their goals: ${below.join('; ')}.`
}

/** Three significant digits, thousands apart. */
const figure = (value: number): string => value.toLocaleString('en', { maximumSignificantDigits: 3 })

const machine = (): string =>
  `Node ${process.versions.node}, ${process.platform} ${process.arch}, ${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown'}.`

/** The text with the part between `<!-- name -->` and `<!-- /name -->` replaced. */
export function replacePart(text: string, name: string, part: string): string {
  const begin = `<!-- ${name} -->`
  const end = `<!-- /${name} -->`
  const from = text.indexOf(begin)
  const to = text.indexOf(end)
  if (from < 0 || to < from) throw new Error(`README.md has no part named ${name}`)
  return `${text.slice(0, from + begin.length)}\n\n${part}\n\n${text.slice(to)}`
}

export const currentReadme = (): string => readFileSync(README, 'utf8')

export const expectedReadme = (): string => replacePart(currentReadme(), 'findings', findingsTable())

if (import.meta.main) {
  const { values } = parseArgs({ options: { check: { type: 'boolean' }, bench: { type: 'string' } } })
  if (values.bench !== undefined) {
    const rows = JSON.parse(readFileSync(values.bench, 'utf8')) as BenchRow[]
    writeFileSync(README, replacePart(expectedReadme(), 'bench', `${machine()}\n\n${benchTable(rows)}`))
  } else if (values.check !== true) {
    writeFileSync(README, expectedReadme())
  } else if (currentReadme() !== expectedReadme()) {
    console.error('README.md is not up to date: run `node scripts/readme.ts`.')
    process.exitCode = 1
  }
}
