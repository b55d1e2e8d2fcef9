import { describe, expect, test } from 'vitest'
import {
  inRanges,
  MAX_ROWS,
  marksAt,
  moveCursor,
  offsetText,
  rangesOf,
  ROW_HEIGHT,
  rowCount,
  rowsInSight,
  settingFor,
} from './hex-rows.ts'

describe('rows in sight', () => {
  test.each([
    [0, 100, 1000, 0, 9],
    [2000, 100, 1000, 96, 109],
    [19_900, 100, 1000, 991, 1000],
    [0, 100, 3, 0, 3],
    [0, 100, 0, 0, 0],
    [5000, 100, 10, 9, 10],
  ])('scrolled to %i px of %i px with %i rows', (top, height, count, first, last) =>
    expect(rowsInSight(top, height, count)).toEqual({ first, last }),
  )

  test('the last byte of a row does not begin another', () => {
    expect([0, 1, 16, 17].map((length) => rowCount(length, 16))).toEqual([0, 1, 1, 2])
  })

  test('the tallest view is one that Chromium can lay out', () =>
    expect(MAX_ROWS * ROW_HEIGHT).toBeLessThan(33_554_428))
})

describe('offsets and widths', () => {
  test.each([
    [16, 64, '0010'],
    [0xffff, 0x1_0000, 'ffff'],
    [16, 0x1_0001, '00000010'],
  ])('offset %i of %i bytes', (offset, length, text) => expect(offsetText(offset, length)).toBe(text))

  test.each([
    [396, 100, 8, false],
    [426, 100, 8, false],
    [427, 100, 16, true],
    [518, 100, 16, true],
    [519, 100, 16, false],
    [427, 100_000, 8, false],
    [454, 100_000, 16, true],
    [548, 100_000, 16, false],
    [396, 11, 16, false],
  ])('a pane of %i px shows %i bytes with %i in a row (compact: %s)', (pane, length, width, compact) =>
    expect(settingFor(pane, 7.2, length)).toEqual({ width, compact }),
  )
})

describe('marks', () => {
  const marks = [
    { start: 0, end: 1, id: 'fin' },
    { start: 0, end: 1, id: 'opcode' },
    { start: 2, end: 6, id: 'key' },
  ]

  test('a byte belongs to every field that has bits in it', () => expect(marksAt(marks, 0)).toEqual(['fin', 'opcode']))
  test('a byte between fields belongs to none', () => expect(marksAt(marks, 1)).toEqual([]))
  test('the end of a mark is exclusive', () => {
    const lit = rangesOf(marks, ['key'])
    expect([1, 2, 5, 6].map((offset) => inRanges(lit, offset))).toEqual([false, true, true, false])
  })
})

describe('the cursor', () => {
  test.each([
    ['ArrowRight', 5, false, 6],
    ['ArrowRight', 39, false, 39],
    ['ArrowLeft', 0, false, 0],
    ['ArrowDown', 5, false, 21],
    ['ArrowDown', 30, false, 30],
    ['ArrowUp', 5, false, 5],
    ['ArrowUp', 21, false, 5],
    ['Home', 21, false, 16],
    ['End', 21, false, 31],
    ['End', 33, false, 39],
    ['Home', 21, true, 0],
    ['End', 21, true, 39],
    ['PageDown', 1, false, 33],
    ['PageUp', 35, false, 3],
    ['a', 5, false, null],
  ])('%s from %i (to the ends: %s) goes to %s', (key, cursor, toEnds, expected) =>
    expect(moveCursor(key, cursor, 40, 16, 2, toEnds)).toBe(expected),
  )

  test('no bytes, no cursor', () => expect(moveCursor('Home', 0, 0, 16, 2, false)).toBeNull())
})
