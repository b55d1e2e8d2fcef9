import { expect, test } from 'vitest'
import { readNews } from './news.ts'

const CHANGELOG = `# Changelog

All of it, in [some form](https://keepachangelog.com/).

## Unreleased

## [1.2.0] - 2026-11-20

### Added

- **Bold**, \`code\` and a [link](https://evil.example/).
Words.
- <img src=x onerror=alert(1)>

## 1.1.0

- Old.

[1.2.0]: https://example.org/
`

test('the section of the version, without what markup there was; HTML stays what it is: text', () => {
  expect(readNews(CHANGELOG, '1.2.0')).toEqual({
    title: '1.2.0 - 2026-11-20',
    lines: [
      { as: 'heading', text: 'Added' },
      { as: 'item', text: 'Bold, code and a link.' },
      { as: 'text', text: 'Words.' },
      { as: 'item', text: '<img src=x onerror=alert(1)>' },
    ],
  })
  expect(readNews(CHANGELOG, '1.1.0')).toEqual({ title: '1.1.0', lines: [{ as: 'item', text: 'Old.' }] })
})

test('a version without a section has the newest one that says anything', () => {
  expect(readNews(CHANGELOG, '9.9.9')?.title).toBe('1.2.0 - 2026-11-20')
  expect(readNews('# Changelog\n\n## Unreleased\n', '9.9.9')).toBe(null)
  expect(readNews('', '')).toBe(null)
})
