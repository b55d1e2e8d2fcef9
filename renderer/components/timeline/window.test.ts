import { describe, expect, test } from 'vitest'
import { isScaled, maxOffset, offsetOf, reveal, ROW, scrollOf, spacerHeight, TALLEST, windowAt } from './window.ts'

const viewport = 600
const SMALL = { count: 100, viewport }
const LARGEST_PLAIN = { count: TALLEST / ROW, viewport }
const MILLION = { count: 1_000_000, viewport }
const HUGE = { count: 400_000_000, viewport }

describe('the rows in sight', () => {
  test.each([
    ['at the top', 0, SMALL, { first: 0, end: 25, cut: 0 }],
    ['between two rows', 30, SMALL, { first: 1, end: 27, cut: 6 }],
    ['at the end', 1800, SMALL, { first: 75, end: 100, cut: 0 }],
    ['past the end', 99_999, SMALL, { first: 75, end: 100, cut: 0 }],
    ['before the start', -50, SMALL, { first: 0, end: 25, cut: 0 }],
    ['in a list shorter than the window', 10, { count: 3, viewport }, { first: 0, end: 3, cut: 0 }],
    ['in an empty list', 0, { count: 0, viewport }, { first: 0, end: 0, cut: 0 }],
    ['deep in a million', 12_000_000, MILLION, { first: 500_000, end: 500_025, cut: 0 }],
  ])('%s', (_name, offset, extent, window) => expect(windowAt(offset, extent)).toEqual(window))
})

describe('the scroll bar', () => {
  test('is the list itself as long as the list fits', () => {
    expect(isScaled(LARGEST_PLAIN)).toBe(false)
    expect(spacerHeight(LARGEST_PLAIN)).toBe(TALLEST)
    expect(scrollOf(1234.5, LARGEST_PLAIN)).toBe(1234.5)
    expect(offsetOf(1234.5, LARGEST_PLAIN)).toBe(1234.5)
  })

  test.each([
    ['one row more', { count: TALLEST / ROW + 1, viewport }],
    ['a million', MILLION],
    ['four hundred million', HUGE],
  ])('stays in bounds and reaches both ends with %s', (_name, extent) => {
    expect(isScaled(extent)).toBe(true)
    expect(spacerHeight(extent)).toBe(TALLEST)
    expect(scrollOf(0, extent)).toBe(0)
    expect(offsetOf(0, extent)).toBe(0)
    expect(scrollOf(maxOffset(extent), extent)).toBe(TALLEST - viewport)
    expect(offsetOf(TALLEST - viewport, extent)).toBe(maxOffset(extent))
    expect(windowAt(maxOffset(extent), extent).end).toBe(extent.count)
  })

  test.each([0, 1, 24, 7_000_000, 23_999_400])('goes there and back from %d px of a million rows', (offset) => {
    expect(offsetOf(scrollOf(offset, MILLION), MILLION)).toBeCloseTo(offset, 3)
  })
})

describe('revealing a row', () => {
  test.each([
    ['stays when it is in sight', 30, 600, 600],
    ['goes up to a row above', 10, 600, 240],
    ['goes up to a row that is cut', 25, 610, 600],
    ['goes down to a row below', 60, 600, 61 * ROW - viewport],
    ['stops at the end', 99, 0, 1800],
  ])('%s', (_name, index, offset, expected) => expect(reveal(index, offset, SMALL)).toBe(expected))
})
