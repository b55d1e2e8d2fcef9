/** Sec-WebSocket-Extensions: grammar, and the offers and answers of RFC 7692 5 and 7.1. */
import { describe, expect, test } from 'vitest'
import {
  DEFLATE_OFFER,
  acceptDeflate,
  keepOffered,
  offerProblem,
  parseExtensions,
  readDeflateAnswer,
} from './extensions.ts'

describe('the grammar', () => {
  test.each<[string, string[], unknown]>([
    ['nothing', [], []],
    ['a name', ['foo'], [{ name: 'foo', parameters: [] }]],
    [
      'two lines',
      ['foo', 'bar; a'],
      [
        { name: 'foo', parameters: [] },
        { name: 'bar', parameters: [['a', true]] },
      ],
    ],
    [
      'values',
      ['foo;a=1; b="2"'],
      [
        {
          name: 'foo',
          parameters: [
            ['a', '1'],
            ['b', '2'],
          ],
        },
      ],
    ],
    ['a quoted comma and backslash', ['foo; a="x,\\"y"'], [{ name: 'foo', parameters: [['a', 'x,"y']] }]],
    ['empty elements', [', foo ,,'], [{ name: 'foo', parameters: [] }]],
    ['a value without a name', ['foo; =1'], null],
    ['two words', ['foo bar'], null],
    ['an open quote', ['foo; a="1'], null],
    ['a name with a slash', ['fo/o'], null],
  ])('%s', (_name, lines, parsed) => {
    expect(parseExtensions(lines)).toEqual(parsed)
  })
})

describe('the server', () => {
  test.each<[string, string[], string | null]>([
    ['a plain offer', ['permessage-deflate'], 'permessage-deflate'],
    ['what browsers offer', [DEFLATE_OFFER], 'permessage-deflate'],
    [
      'a window for the client',
      ['permessage-deflate; client_max_window_bits=10'],
      'permessage-deflate; client_max_window_bits=10',
    ],
    [
      'a window for the server',
      ['permessage-deflate; server_max_window_bits=8'],
      'permessage-deflate; server_max_window_bits=8',
    ],
    [
      'no context takeover',
      ['permessage-deflate; server_no_context_takeover; client_no_context_takeover'],
      'permessage-deflate; server_no_context_takeover; client_no_context_takeover',
    ],
    ['the second offer', ['permessage-deflate; server_max_window_bits=16, permessage-deflate'], 'permessage-deflate'],
    ['another extension first', ['x-webkit-deflate-frame', 'permessage-deflate'], 'permessage-deflate'],
    ['nothing', [], null],
    ['an unknown parameter', ['permessage-deflate; foo'], null],
    ['a repeated parameter', ['permessage-deflate; client_max_window_bits; client_max_window_bits'], null],
    ['a leading zero', ['permessage-deflate; server_max_window_bits=08'], null],
    ['a value where none may be', ['permessage-deflate; server_no_context_takeover=1'], null],
    ['no value where one must be', ['permessage-deflate; server_max_window_bits'], null],
  ])('takes %s', (_name, offers, answer) => {
    expect(acceptDeflate(offers)?.header ?? null).toBe(answer)
  })

  test('says what is wrong with an offer', () => {
    expect(offerProblem(['permessage-deflate; foo=1'])).toBe('foo=1 is unknown')
    expect(offerProblem(['permessage-deflate; client_max_window_bits'])).toBe('')
  })
})

describe('the client', () => {
  const plain = {
    clientNoContextTakeover: false,
    serverNoContextTakeover: false,
    clientMaxWindowBits: 15,
    serverMaxWindowBits: 15,
  }

  test.each<[string, string, string, object]>([
    ['a plain answer', DEFLATE_OFFER, 'permessage-deflate', { parameters: plain }],
    [
      'a smaller window',
      DEFLATE_OFFER,
      'permessage-deflate; client_max_window_bits=9',
      { parameters: { ...plain, clientMaxWindowBits: 9 } },
    ],
    [
      'what it did not ask for but must accept',
      DEFLATE_OFFER,
      'permessage-deflate; server_no_context_takeover; server_max_window_bits=12',
      { parameters: { ...plain, serverNoContextTakeover: true, serverMaxWindowBits: 12 } },
    ],
    ['no answer', DEFLATE_OFFER, '', { parameters: null }],
    [
      'a window it cannot keep',
      'permessage-deflate',
      'permessage-deflate; client_max_window_bits=9',
      { problem: 'no offer allows these parameters' },
    ],
    [
      'a larger window than asked for',
      'permessage-deflate; server_max_window_bits=10',
      'permessage-deflate; server_max_window_bits=11',
      { problem: 'no offer allows these parameters' },
    ],
    [
      'a wish that was not met',
      'permessage-deflate; server_no_context_takeover',
      'permessage-deflate',
      { problem: 'no offer allows these parameters' },
    ],
    [
      'a window without its value',
      DEFLATE_OFFER,
      'permessage-deflate; client_max_window_bits',
      { problem: 'client_max_window_bits is not 8-15' },
    ],
    ['two answers', DEFLATE_OFFER, 'permessage-deflate, permessage-deflate', { problem: 'it is answered twice' }],
    ['another extension', DEFLATE_OFFER, 'foo', { unasked: 'foo' }],
    ['garbage', DEFLATE_OFFER, 'permessage-deflate; =', { problem: 'the header is malformed' }],
  ])('reads %s', (_name, offer, answer, expected) => {
    const clean = 'parameters' in expected ? { unasked: '', problem: '' } : {}
    expect(readDeflateAnswer(answer === '' ? [] : [answer], [offer])).toMatchObject({ ...clean, ...expected })
  })

  test.each<[string, string[], string, [takeover: boolean, bits: number]]>([
    ['nothing that it said nothing of', [DEFLATE_OFFER], 'permessage-deflate', [true, 15]],
    ['no takeover', ['permessage-deflate; client_no_context_takeover'], 'permessage-deflate', [false, 15]],
    ['its window', ['permessage-deflate; client_max_window_bits=10'], 'permessage-deflate', [true, 10]],
    [
      'the smaller window of the answer',
      ['permessage-deflate; client_max_window_bits=12'],
      'permessage-deflate; client_max_window_bits=9',
      [true, 9],
    ],
    [
      'the strictest of several offers',
      ['foo', 'permessage-deflate; client_no_context_takeover, permessage-deflate; client_max_window_bits=11'],
      'permessage-deflate',
      [false, 11],
    ],
    ['what the answer asks for', [DEFLATE_OFFER], 'permessage-deflate; client_no_context_takeover', [false, 15]],
  ])('keeps %s', (_name, offers, answer, [takeover, bits]) => {
    const { parameters } = readDeflateAnswer([answer], offers)
    expect(keepOffered(parameters!, offers)).toEqual({
      ...plain,
      clientNoContextTakeover: !takeover,
      clientMaxWindowBits: bits,
    })
  })
})
