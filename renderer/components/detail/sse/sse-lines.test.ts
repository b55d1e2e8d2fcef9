import { describe, expect, test } from 'vitest'
import type { SseLine } from '../../../../preload/contract/index.ts'
import { lineRanges } from './sse-lines.ts'

const line = (text: string, end: SseLine['end']): SseLine => ({ text, end, field: '', value: '', role: '' })
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

describe('lines among bytes', () => {
  test('all three line ends', () =>
    expect(
      lineRanges(bytes('id: 1\rdata: é\r\n:x\n\n'), [
        line('id: 1', 'CR'),
        line('data: é', 'CRLF'),
        line(':x', 'LF'),
        line('', 'LF'),
      ]),
    ).toEqual([
      { start: 0, end: 6 },
      { start: 6, end: 16 },
      { start: 16, end: 19 },
      { start: 19, end: 20 },
    ]))

  test('the same line twice is two places', () =>
    expect(lineRanges(bytes('data\ndata\n'), [line('data', 'LF'), line('data', 'LF')])).toEqual([
      { start: 0, end: 5 },
      { start: 5, end: 10 },
    ]))

  test('chunk framing between lines is passed over', () =>
    expect(lineRanges(bytes('8\r\ndata: a\n\r\n1\r\n\n\r\n'), [line('data: a', 'LF'), line('', 'LF')])).toEqual([
      { start: 3, end: 11 },
      null,
    ]))

  test('bytes that are not UTF-8 give no range and do not lose the next line', () =>
    expect(lineRanges(Uint8Array.from([0xff, 0x0a, 0x61, 0x0a]), [line('\ufffd', 'LF'), line('a', 'LF')])).toEqual([
      null,
      { start: 2, end: 4 },
    ]))

  test('a line that never ended is found, nothing of nothing is not', () =>
    expect(lineRanges(bytes('data: x'), [line('data: x', ''), line('', '')])).toEqual([{ start: 0, end: 7 }, null]))
})
