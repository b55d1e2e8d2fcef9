/**
 * Counts, sizes and rates as people read them: digits grouped by a narrow no-break space, every number with its unit.
 * Meant for tabular figures: the same magnitude always has the same number of decimals. Times are in time.ts.
 */

/** U+202F: a thin space that never breaks; between digit groups and before units. */
export const THIN = '\u202f'

const NO_NUMBER = '–'

/** `1 048` with thin spaces; fractions are rounded, as counts have none. */
export function formatCount(n: number): string {
  if (!Number.isFinite(n)) return NO_NUMBER
  return group(Math.round(n).toFixed(0))
}

const SIZES = ['kB', 'MB', 'GB', 'TB'] as const

/** Bytes exactly below 10 000, then three significant digits in powers of 1000: `1 028 B`, `61.2 kB`, `1.05 MB`. */
export function formatBytes(n: number): string {
  if (!Number.isFinite(n)) return NO_NUMBER
  if (Math.abs(n) < 10_000) return `${formatCount(n)}${THIN}B`
  let value = n
  let unit = -1
  // 999.5 would be rounded to 1 000 and gain a digit: the next unit takes over there.
  while (Math.abs(value) >= 999.5 && unit < SIZES.length - 1) {
    value /= 1000
    unit++
  }
  return `${significant(value)}${THIN}${SIZES[unit]!}`
}

/** For a column of sizes: to the byte below a million, `300 020`; then as `formatBytes`, so that it never gets wider. */
export const formatSize = (n: number): string => (n < 1_000_000 ? formatCount(n) : formatBytes(n))

/** What a session costs: bytes on the wire beyond the payload, for each byte of payload; below 0 where coding saves. */
export function formatOverhead(wire: number, payload: number): string {
  return payload > 0 ? group(((wire - payload) / payload).toFixed(2)) : NO_NUMBER
}

/** Events a second: `0.25/s`, `8.0/s`, `1 204/s`, `2.41 M/s`. */
export function formatRate(n: number): string {
  if (!Number.isFinite(n)) return `${NO_NUMBER}/s`
  if (n === 0) return '0/s'
  if (n >= 1_000_000) return `${significant(n / 1_000_000)}${THIN}M/s`
  if (n >= 99.95) return `${formatCount(n)}/s`
  return `${n.toFixed(n < 1 ? 2 : 1)}/s`
}

/** Three significant digits: `1.05`, `61.2`, `417`; above 999 the digits are grouped. */
export function significant(value: number): string {
  const size = Math.abs(value)
  const text = value.toFixed(size < 9.995 ? 2 : size < 99.95 ? 1 : 0)
  return group(text)
}

/** A share of a whole: `12 %`, `0.3 %`; `–` of nothing. */
export function formatPercent(part: number, whole: number): string {
  if (!(whole > 0) || !Number.isFinite(part)) return NO_NUMBER
  const percent = (part / whole) * 100
  if (percent > 0 && percent < 0.05) return `<${THIN}0.1${THIN}%`
  return `${percent > 0 && percent < 9.95 ? percent.toFixed(1) : formatCount(percent)}${THIN}%`
}

/** Groups the digits before the point by thousands; the minus is a true minus sign. */
export function group(digits: string): string {
  const negative = digits.startsWith('-')
  const [whole = '', fraction] = (negative ? digits.slice(1) : digits).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, THIN)
  const sign = negative && /[1-9]/.test(digits) ? '\u2212' : ''
  return sign + (fraction === undefined ? grouped : `${grouped}.${fraction}`)
}
