import { describe, expect, test } from 'vitest'
import { compose } from './compose.ts'

const of = (mode: Parameters<typeof compose>[0], draft: string) => compose(mode, draft, '', '')

describe('what was typed becomes', () => {
  test.each([
    ['text', of('text', 'café'), { type: 'text', text: 'café' }, '5 bytes'],
    ['an empty text message', of('text', ''), { type: 'text', text: '' }, '0 bytes'],
    [
      'JSON, sent as it was typed',
      of('json', '{ "a": 1 }'),
      { type: 'text', text: '{ "a": 1 }' },
      'valid JSON, 10 bytes',
    ],
    ['bytes from hex', of('binary', '48 65'), { type: 'binary', base64: 'SGU=' }, '2 bytes'],
    ['a ping with a payload', of('ping', 'hi'), { type: 'ping', base64: 'aGk=' }, '2 bytes'],
    ['an empty pong', of('pong', ''), { type: 'pong', base64: '' }, '0 bytes'],
    [
      'a close',
      compose('close', '', '1000', 'bye'),
      { type: 'close', code: 1000, reason: 'bye' },
      '1000: normal closure',
    ],
    [
      'a close without code',
      compose('close', '', '', ''),
      { type: 'close', code: null, reason: '' },
      'a close frame without a code',
    ],
  ])('%s', (_name, composed, message, note) => expect(composed).toEqual({ message, note, tone: 'plain' }))

  test.each([
    ['broken JSON', of('json', '{'), { type: 'text', text: '{' }],
    ['a code for reports only', compose('close', '', '1006', ''), { type: 'close', code: 1006, reason: '' }],
  ])('%s, with a warning', (_name, composed, message) => {
    expect(composed.message).toEqual(message)
    expect(composed.tone).toBe('warn')
  })

  test.each([
    ['half a byte', of('binary', '4')],
    ['a ping that is too long', of('ping', 'x'.repeat(126))],
    ['a code that is none', compose('close', '', '70000', '')],
    ['a reason without a code', compose('close', '', '', 'bye')],
    ['a reason that is too long', compose('close', '', '1000', 'x'.repeat(124))],
  ])('nothing from %s', (_name, composed) => {
    expect(composed.message).toBeNull()
    expect(composed.note).not.toBe('')
  })
})
