import { expect, it } from 'vitest'
import { ok } from '../../preload/contract/index.ts'
import { exportText } from './export-text.ts'

const linesOf = (from: number, count: number): string[] =>
  Array.from({ length: Math.max(0, count) }, (_, i) => `{"seq":${from + i}}\n`)
const readerOf = (rows: number, whole = true) => ({
  whole,
  ndjsonText: (from: number, count: number) => {
    const pieces = linesOf(from, Math.min(count, rows - from + 1))
    return { rows: pieces.length, lost: 0, pieces }
  },
})
const text = (rows: number): string => linesOf(1, rows).join('')

it.each([0, 1, 999, 1_000, 1_001, 2_500])('has every one of %i rows, each on its line', async (rows) => {
  expect(await exportText(readerOf(rows), 'a.pushscope')).toEqual(ok(text(rows)))
})

it('fails with the way that has no bound instead of leaving rows out', async () => {
  const longest = text(1_500).length
  expect(await exportText(readerOf(1_500), 'a.pushscope', { longest })).toEqual(ok(text(1_500)))
  const result = await exportText(readerOf(1_501), '/data/a.pushscope', { longest })
  expect(result).toMatchObject({
    ok: false,
    error: { code: 'bad-argument', hint: expect.stringContaining('pushscope export "/data/a.pushscope"') as string },
  })
})

it('fails where rows cannot be read, too', async () => {
  const damaged = { whole: true, ndjsonText: () => ({ rows: 500, lost: 1, pieces: ['{"seq":2}\n'] }) }
  expect(await exportText(damaged, '/data/a.pushscope')).toMatchObject({
    ok: false,
    error: { message: expect.stringContaining('damaged') as string },
  })
  expect(await exportText(readerOf(500, false), '/data/a.pushscope')).toMatchObject({ ok: false })
})
