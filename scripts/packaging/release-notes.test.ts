import { expect, test } from 'vitest'
import { releaseNotes } from './release-notes.ts'

const CHANGELOG = `# Changelog

Words before.

## Unreleased

- Later.

## [1.2.0] - 2026-11-20

### Added

- A thing.

## 1.2.0-rc.1

- Nearly.
`

test.each([
  ['1.2.0', '### Added\n\n- A thing.'],
  ['1.2.0-rc.1', '- Nearly.'],
])('the notes of %s are its section', (version, notes) => {
  expect(releaseNotes(CHANGELOG, version)).toBe(notes)
})

test.each(['1.2', '11.2.0', '1.2.1'])('a version without a section (%s) cannot be released', (version) => {
  expect(() => releaseNotes(CHANGELOG, version)).toThrow(`CHANGELOG.md has no section for ${version}.`)
})
