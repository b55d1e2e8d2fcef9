import { describe, expect, test } from 'vitest'
import type { RowSummary } from '../../preload/contract/index.ts'
import { createRowPages, PAGE } from './row-pages.ts'

const rows = (from: number, count: number): RowSummary[] =>
  Array.from({ length: count }, (_, i) => ({
    seq: from + i + 1,
    time: 0,
    connection: 1,
    from: 'server',
    kind: 'ws-frame',
    label: 'text',
    summary: '',
    wireLength: 1,
    payloadLength: 1,
    severity: null,
    tag: '',
  }))

describe('rows held by the window', () => {
  test('are found by index and by seq', () => {
    const pages = createRowPages()
    pages.put(150, rows(150, 100), 10_000)
    expect(pages.at(150)?.seq).toBe(151)
    expect(pages.at(249)?.seq).toBe(250)
    expect(pages.at(149)).toBeUndefined()
    expect(pages.indexOf(200)).toBe(199)
    expect(pages.indexOf(20)).toBe(-1)
  })

  test('that are missing are asked for in whole pages, at most 500', () => {
    const pages = createRowPages()
    expect(pages.missing(130, 170, 10_000)).toEqual({ from: 100, count: 100 })
    expect(pages.missing(190, 230, 10_000)).toEqual({ from: 100, count: 200 })
    expect(pages.missing(0, 5_000, 10_000)).toEqual({ from: 0, count: 500 })
    pages.put(100, rows(100, 100), 10_000)
    expect(pages.missing(130, 170, 10_000)).toBeNull()
    expect(pages.missing(190, 230, 10_000)).toEqual({ from: 200, count: 100 })
  })

  test('at the end need no fetch once the pushed tail covers what is in sight', () => {
    const pages = createRowPages()
    pages.put(1_000 - 64, rows(1_000 - 64, 64), 1_000)
    expect(pages.missing(960, 1_000, 1_000)).toBeNull()
    expect(pages.missing(920, 1_000, 1_000)).toEqual({ from: 900, count: 100 })
  })

  test('read near the end are read once more when the end has moved on', () => {
    const pages = createRowPages()
    pages.put(0, rows(0, PAGE), 120)
    expect(pages.missing(0, 40, 290)).toBeNull()
    expect(pages.missing(0, 40, 300)).toEqual({ from: 0, count: 100 })
    pages.put(0, rows(0, PAGE), 300)
    expect(pages.missing(0, 40, 1_000_000)).toBeNull()
  })

  test('are dropped when they were not touched for long', () => {
    const pages = createRowPages()
    for (let page = 0; page < 100; page++) pages.put(page * PAGE, rows(page * PAGE, PAGE), 1_000_000)
    expect(pages.size).toBe(40)
    expect(pages.at(0)).toBeUndefined()
    expect(pages.at(99 * PAGE)).toBeDefined()
  })
})
