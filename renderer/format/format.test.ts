import { afterEach, describe, expect, test, vi } from 'vitest'
import {
  formatBytes,
  formatCount,
  formatDelta,
  formatDuration,
  formatOverhead,
  formatPercent,
  formatRate,
  formatSize,
  formatTime,
  formatWhen,
  THIN,
} from './index.ts'

/** Tables are written with plain spaces; the code writes thin ones. */
const thin = (text: string): string => text.replaceAll(' ', THIN)

describe('numbers', () => {
  test.each([
    [0, '0'],
    [999, '999'],
    [1048, '1 048'],
    [1_234_567, '1 234 567'],
    [-1048, '\u22121 048'],
    [-0.2, '0'],
    [Number.NaN, '–'],
  ])('the count %d is written %s', (n, text) => expect(formatCount(n)).toBe(thin(text)))

  test.each([
    [0, '0 B'],
    [11, '11 B'],
    [9_999, '9 999 B'],
    [10_000, '10.0 kB'],
    [61_240, '61.2 kB'],
    [999_499, '999 kB'],
    [999_500, '1.00 MB'],
    [1_050_000, '1.05 MB'],
    [2_147_483_648, '2.15 GB'],
    [5_000_000_000_000_000, '5 000 TB'],
  ])('%d bytes are written %s', (n, text) => expect(formatBytes(n)).toBe(thin(text)))

  test.each([
    [0, '0/s'],
    [0.25, '0.25/s'],
    [8, '8.0/s'],
    [99.96, '100/s'],
    [1204.4, '1 204/s'],
    [2_410_000, '2.41 M/s'],
    [Number.POSITIVE_INFINITY, '–/s'],
  ])('%d a second is written %s', (n, text) => expect(formatRate(n)).toBe(thin(text)))

  test.each([
    [6, 5, '120 %'],
    [1, 300, '0.3 %'],
    [0, 10, '0 %'],
    [4, 26_857, '< 0.1 %'],
    [1, 0, '–'],
  ])('%d of %d is %s', (part, whole, text) => expect(formatPercent(part, whole)).toBe(thin(text)))

  test.each([
    [9_999, '9 999'],
    [300_020, '300 020'],
    [999_999, '999 999'],
    [1_048_586, '1.05 MB'],
    [4_294_967_296, '4.29 GB'],
  ])('a column of sizes has %d as %s', (n, text) => expect(formatSize(n)).toBe(thin(text)))

  test.each([
    [300_020, 300_010, '0.00'],
    [11, 5, '1.20'],
    [45, 230, '\u22120.80'],
    [153, 0, '–'],
  ])('%d on the wire for %d of payload are an overhead of %s', (wire, payload, text) =>
    expect(formatOverhead(wire, payload)).toBe(text),
  )
})

describe('times', () => {
  afterEach(() => vi.unstubAllEnvs())

  test.each([
    [0, '2026-11-20T16:00:00.000Z', '16:00:00.000'],
    [123, '2026-11-20T16:00:00.999Z', '16:00:00.999'],
    [1_000, '2026-11-20T16:00:00.999Z', '16:00:01.000'],
    [256_480_123.4, '2026-11-20T16:00:00.000Z', '16:04:16.480'],
    [0, 'no date', '–'],
  ])('%d µs after %s is %s', (us, startedAt, text) => {
    vi.stubEnv('TZ', 'UTC')
    expect(formatTime(us, startedAt)).toBe(text)
  })

  test('six digits show microseconds, and a start may be given in ms', () => {
    vi.stubEnv('TZ', 'UTC')
    expect(formatTime(256_480_123.4, Date.UTC(2026, 10, 20, 16), 6)).toBe(thin('16:04:16.480 123'))
  })

  test('the clock is the one of the reader', () => {
    vi.stubEnv('TZ', 'Asia/Tokyo')
    expect(formatTime(0, '2026-11-20T16:00:00.000Z')).toBe('01:00:00.000')
  })

  test.each([
    ['2026-11-20T00:00:00.000Z', '00:00'],
    ['2026-11-20T16:04:59.999Z', '16:04'],
    ['2026-11-19T23:59:59.999Z', 'Nov 19'],
    ['2025-11-20T16:04:00.000Z', 'Nov 20'],
    ['no date', '–'],
  ])('%s, seen in the evening of November 20, is %s', (at, text) => {
    vi.stubEnv('TZ', 'UTC')
    expect(formatWhen(Date.parse(at), Date.UTC(2026, 10, 20, 20))).toBe(text)
  })

  test.each([
    [0, '+0 µs'],
    [41, '+41 µs'],
    [410, '+0.4 ms'],
    [99_949, '+99.9 ms'],
    [99_950, '+100 ms'],
    [998_100, '+998 ms'],
    [999_500, '+1.00 s'],
    [25_000_000, '+25.0 s'],
    [150_000_000, '+2.5 min'],
    [7_200_000_000, '+2.0 h'],
    [-410, '\u22120.4 ms'],
    [Number.NaN, ''],
  ])('a delta of %d µs is written %s', (us, text) => expect(formatDelta(us)).toBe(thin(text)))

  test.each([
    [410, '410 µs'],
    [999.5, '1.00 ms'],
    [41_230, '41.2 ms'],
    [1_200_000, '1.20 s'],
    [59_950_000, '1 min 0 s'],
    [200_000_000, '3 min 20 s'],
    [7_320_000_000, '2 h 2 min'],
  ])('a span of %d µs is written %s', (us, text) => {
    expect(formatDuration(us).replaceAll(THIN, ' ')).toBe(text)
  })
})
