/** Prints what CHANGELOG.md says of the version in package.json, for the release. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../child.ts'
import { readManifest } from './identity.ts'

/** The section of `version`; throws a sentence when there is none. */
export function releaseNotes(changelog: string, version: string): string {
  const sections = changelog.split(/^## /m).slice(1)
  const section = sections.find((one) => new RegExp(`^\\[?${version.replaceAll('.', '\\.')}\\]?(\\s|$)`).test(one))
  if (section === undefined) throw new Error(`CHANGELOG.md has no section for ${version}.`)
  return section.slice(section.indexOf('\n') + 1).trim()
}

if (process.argv[1] === import.meta.filename)
  console.log(releaseNotes(readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8'), readManifest().version))
