/** Writes the generated parts of the README: the table of findings. `--check` only says whether it is up to date. */
import { readFileSync, writeFileSync } from 'node:fs'
import { FINDINGS } from '../preload/contract/index.ts'

const README = new URL('../README.md', import.meta.url)

/** The table of findings as Markdown. */
export function findingsTable(): string {
  const rows = Object.entries(FINDINGS).map(([id, { severity, message, spec, link }]) => {
    const source = spec === '' ? '' : `[${spec}](${link})`
    return `| \`${id}\` | ${severity} | ${message.replaceAll('|', '\\|')} | ${source} |`
  })
  return ['| id | severity | sentence | specification |', '| --- | --- | --- | --- |', ...rows].join('\n')
}

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
  if (!process.argv.includes('--check')) writeFileSync(README, expectedReadme())
  else if (currentReadme() !== expectedReadme()) {
    console.error('README.md is not up to date: run `node scripts/readme.ts`.')
    process.exitCode = 1
  }
}
