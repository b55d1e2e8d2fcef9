import { describe, expect, it } from 'vitest'
import { duration, previewHex, previewText, validText, visible } from './visible.ts'

describe('visible', () => {
  it.each([
    ['plain text', 'plain text'],
    ['a\nb\tc\r\0', 'a␊b␉c␍␀'],
    ['\x1b[31mred\x7f', '␛[31mred␡'],
    ['user\u202egnp.exe', 'userU+202Egnp.exe'],
    ['zero\u200bwidth\ufeff', 'zeroU+200BwidthU+FEFF'],
    ['line\u2028break\u0085', 'lineU+2028breakU+0085'],
    ['tag\u{e0041}', 'tagU+E0041'],
    ['half \ud800 pair', 'half U+D800 pair'],
    ['wörld 🌍 日本', 'wörld 🌍 日本'],
  ])('shows %j as %j', (text, shown) => {
    expect(visible(text)).toBe(shown)
  })

  it('is at most 300 characters, and says that there is more', () => {
    expect(visible('x'.repeat(300))).toBe('x'.repeat(300))
    expect(visible('x'.repeat(301))).toBe('x'.repeat(299) + '…')
    expect(visible('\u202e'.repeat(100))).toHaveLength(300)
    expect(visible('🌍'.repeat(200))).toBe('🌍'.repeat(149) + '…')
  })
})

describe('previews', () => {
  it('leave out a character that the end cuts, and only that', () => {
    const bytes = Buffer.from('café')
    expect(previewText(bytes.subarray(0, 4), true)).toBe('caf')
    expect(previewText(Buffer.from([0xff, 0x61]), true)).toBe('\ufffda')
    expect(previewText(Buffer.from([0x61, 0xff]), false)).toBe('a\ufffd')
  })

  it('of binary are hex', () => {
    expect(previewHex(Buffer.from('84a474', 'hex'), false)).toBe('84 a4 74')
    expect(previewHex(Buffer.alloc(41), false)).toBe(`${'00 '.repeat(40)}…`)
  })

  it('tell a replacement character from bad bytes', () => {
    expect(validText(Buffer.from('\ufffd'))).toBe('\ufffd')
    expect(validText(Buffer.from([0xc3, 0xff]))).toBeNull()
  })

  it('of time have a unit', () => {
    expect([0.4, 340, 1_234, 2_500_000].map(duration)).toEqual(['0 µs', '340 µs', '1.2 ms', '2.5 s'])
  })
})
