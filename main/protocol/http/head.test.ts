import { describe, expect, test } from 'vitest'
import type { FindingId } from '../../../preload/contract/index.ts'
import { createHeadReader, type HeadByKind } from './head.ts'

const LIMITS = { headBytes: 1000, headerCount: 4 }
const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'latin1')

interface Case {
  name: string
  kind: keyof HeadByKind
  text: string
  state?: string
  head?: Partial<HeadByKind['request'] & HeadByKind['response']>
  findings?: FindingId[]
  /** Behind the head; must not be taken. */
  rest?: string
}

const CASES: Case[] = [
  {
    name: 'headers keep wire order and case',
    kind: 'request',
    text: 'GET /clock?x=1 HTTP/1.1\r\nHOST: a\r\nfoo:1\r\nFoo: \t2 \t\r\n\r\n',
    rest: 'body',
    head: {
      method: 'GET',
      target: '/clock?x=1',
      version: 'HTTP/1.1',
      headers: [
        ['HOST', 'a'],
        ['foo', '1'],
        ['Foo', '2'],
      ],
    },
  },
  {
    name: 'a status line without reason',
    kind: 'response',
    text: 'HTTP/1.1 200 \r\nA:\r\n\r\n',
    rest: 'x',
    head: { status: 200, reason: '', headers: [['A', '']] },
  },
  {
    name: 'a status line without the space before the missing reason',
    kind: 'response',
    text: 'HTTP/1.1 204\r\n\r\n',
    head: { status: 204, reason: '' },
    findings: ['http-status-line'],
  },
  {
    name: 'a status of two digits',
    kind: 'response',
    text: 'HTTP/1.1 20 OK\r\n\r\n',
    state: 'not-http',
    findings: ['http-not-http'],
  },
  {
    name: 'a status of four digits',
    kind: 'response',
    text: 'HTTP/1.1 2000 OK\r\n\r\n',
    state: 'not-http',
    findings: ['http-not-http'],
  },
  {
    name: 'a status that no class has',
    kind: 'response',
    text: 'HTTP/1.1 999 Odd\r\n\r\n',
    head: { status: 999 },
    findings: ['http-status-line'],
  },
  {
    name: 'a version of one digit',
    kind: 'response',
    text: 'HTTP/1 200 OK\r\n\r\n',
    head: { status: 200, version: 'HTTP/1' },
    findings: ['http-status-line'],
  },
  {
    name: 'HTTP/2 in an HTTP/1.1 line',
    kind: 'response',
    text: 'HTTP/2.0 200 OK\r\n\r\n',
    state: 'not-http',
    findings: ['http-not-http'],
  },
  {
    name: 'the preface of HTTP/2',
    kind: 'request',
    text: 'PRI * HTTP/2.0\r\n\r\n',
    state: 'not-http',
    findings: ['http-not-http'],
  },
  {
    name: 'an ICY answer',
    kind: 'response',
    text: 'ICY 200 OK\r\n\r\n',
    state: 'not-http',
    findings: ['http-not-http'],
  },
  {
    name: 'an SSH banner from a client',
    kind: 'request',
    text: 'SSH-2.0-OpenSSH_9.2\r\n',
    state: 'not-http',
    findings: ['http-not-http'],
  },
  {
    name: 'an SMTP greeting from a client',
    kind: 'request',
    text: 'EHLO example.com\r\n',
    state: 'not-http',
    findings: ['http-not-http'],
  },
  {
    name: 'a line that begins with a space',
    kind: 'request',
    text: ' GET / HTTP/1.1\r\n\r\n',
    state: 'not-http',
    findings: ['http-not-http'],
  },
  {
    name: 'a method that never ends',
    kind: 'request',
    text: 'A'.repeat(70),
    state: 'not-http',
    findings: ['http-not-http'],
  },
  {
    name: 'a request line of HTTP/0.9',
    kind: 'request',
    text: 'GET /\r\n\r\n',
    head: { method: 'GET', target: '/', version: '' },
    findings: ['http-request-line'],
  },
  {
    name: 'two spaces in the request line',
    kind: 'request',
    text: 'GET  / HTTP/1.1\r\n\r\n',
    head: { target: '/' },
    findings: ['http-request-line'],
  },
  {
    name: 'a space at the end of the request line',
    kind: 'request',
    text: 'GET / HTTP/1.1 \r\n\r\n',
    head: { target: '/', version: 'HTTP/1.1' },
    findings: ['http-request-line'],
  },
  {
    name: 'tabs in the request line',
    kind: 'request',
    text: 'GET\t/\tHTTP/1.1\r\n\r\n',
    head: { method: 'GET', target: '/' },
    findings: ['http-request-line'],
  },
  {
    name: 'a space in the target',
    kind: 'request',
    text: 'GET /a b HTTP/1.1\r\n\r\n',
    head: { target: '/a b' },
    findings: ['http-request-line'],
  },
  {
    name: 'no target',
    kind: 'request',
    text: 'GET HTTP/1.1\r\n\r\n',
    head: { target: '', version: 'HTTP/1.1' },
    findings: ['http-request-line'],
  },
  {
    name: 'raw bytes in the target',
    kind: 'request',
    text: 'GET /\xe4 HTTP/1.1\r\n\r\n',
    head: { target: '/\xe4' },
    findings: ['http-request-line'],
  },
  {
    name: 'a method in lower case is a method',
    kind: 'request',
    text: 'get / HTTP/1.1\r\n\r\n',
    head: { method: 'get' },
  },
  {
    name: 'lines that end with LF alone',
    kind: 'request',
    text: 'GET / HTTP/1.1\nA: 1\n\n',
    rest: 'x',
    head: { headers: [['A', '1']] },
    findings: ['http-bare-lf'],
  },
  {
    name: 'a bare CR is read as a space',
    kind: 'request',
    text: 'GET / HTTP/1.1\r\nA: 1\r2\r\n\r\n',
    head: { headers: [['A', '1 2']] },
    findings: ['http-bare-cr'],
  },
  {
    name: 'a bare CR before the line end',
    kind: 'request',
    text: 'GET / HTTP/1.1\r\nA: 1\r\r\n\r\n',
    head: { headers: [['A', '1']] },
    findings: ['http-bare-cr'],
  },
  {
    name: 'a folded value',
    kind: 'request',
    text: 'GET / HTTP/1.1\r\nA: 1\r\n\t 2\r\nB: 3\r\n\r\n',
    head: {
      headers: [
        ['A', '1 2'],
        ['B', '3'],
      ],
    },
    findings: ['http-obs-fold'],
  },
  {
    name: 'folds of nothing, and one of a control character',
    kind: 'request',
    text: 'GET / HTTP/1.1\r\nA:\r\n \r\n 1\r\n \r\n\t\xa02\0\r\n \r\n\r\n',
    head: { headers: [['A', '1 \xa02\0']] },
    findings: ['http-obs-fold', 'http-header-line'],
  },
  {
    name: 'white space before the first header',
    kind: 'request',
    text: 'GET / HTTP/1.1\r\n Host: evil\r\nHost: a\r\n\r\n',
    head: { headers: [['Host', 'a']] },
    findings: ['http-header-line'],
  },
  {
    name: 'a space before the colon',
    kind: 'request',
    text: 'GET / HTTP/1.1\r\nHost : a\r\n\r\n',
    head: { headers: [['Host', 'a']] },
    findings: ['http-header-space'],
  },
  {
    name: 'a line without colon',
    kind: 'request',
    text: 'GET / HTTP/1.1\r\nHost\r\n\r\n',
    head: { headers: [] },
    findings: ['http-header-line'],
  },
  {
    name: 'a line without name',
    kind: 'request',
    text: 'GET / HTTP/1.1\r\n: a\r\n\r\n',
    head: { headers: [] },
    findings: ['http-header-line'],
  },
  {
    name: 'a name that is no token',
    kind: 'request',
    text: 'GET / HTTP/1.1\r\nA(b): 1\r\n\r\n',
    head: { headers: [['A(b)', '1']] },
    findings: ['http-header-line'],
  },
  {
    name: 'NUL in a value',
    kind: 'request',
    text: 'GET / HTTP/1.1\r\nA: 1\x002\r\n\r\n',
    head: { headers: [['A', '1\x002']] },
    findings: ['http-header-line'],
  },
  {
    name: 'bytes above 127 are a char each',
    kind: 'response',
    text: 'HTTP/1.1 200 \xfcber\r\nA: \xc3\xa4\xa0\r\n\r\n',
    head: { reason: '\xfcber', headers: [['A', '\xc3\xa4\xa0']] },
  },
  {
    name: 'more headers than the limit; framing is still read',
    kind: 'response',
    text: `HTTP/1.1 200 OK\r\n${'A: 1\r\n'.repeat(5)} fold\r\ncontent-LENGTH: 5\r\n\r\n`,
    rest: 'hello',
    head: {
      headers: [
        ['A', '1'],
        ['A', '1'],
        ['A', '1'],
        ['A', '1'],
        ['content-LENGTH', '5'],
      ],
    },
    findings: ['http-too-many-headers', 'http-obs-fold'],
  },
  {
    name: 'a head larger than the limit',
    kind: 'request',
    text: `GET / HTTP/1.1\r\nA: ${'x'.repeat(2000)}`,
    state: 'too-large',
    head: { method: 'GET', headers: [] },
    findings: ['http-head-too-large'],
  },
  { name: 'empty lines without end', kind: 'request', text: '\r\n'.repeat(600), state: 'too-large', findings: [] },
  { name: 'trailers', kind: 'trailers', text: 'Digest: 1\r\n\r\n', rest: 'x', head: { headers: [['Digest', '1']] } },
  { name: 'no trailers', kind: 'trailers', text: '\r\n', rest: 'HTTP/1.1', head: { headers: [] } },
  {
    name: 'a head that goes on',
    kind: 'request',
    text: 'GET / HTTP/1.1\r\nA: 1\r\n',
    state: 'reading',
    head: { headers: [['A', '1']] },
  },
]

/** Feeds pieces of `size`; says how many bytes the reader took. */
function read({ kind, text, rest = '' }: Case, size: number) {
  const reader = createHeadReader(kind, LIMITS)
  const bytes = bytesOf(text + rest)
  let taken = 0
  for (let at = 0; at < bytes.length && reader.state === 'reading'; at += size) {
    taken += reader.feed(bytes.subarray(at, at + size))
  }
  return { reader, taken }
}

describe('head reader', () => {
  test.each(CASES)('$name', (entry) => {
    const { reader, taken } = read(entry, Infinity)
    expect(reader.state).toBe(entry.state ?? 'done')
    expect(reader.findings.map(({ id }) => id)).toEqual(entry.findings ?? [])
    if (entry.head !== undefined) expect(reader.head).toMatchObject(entry.head)
    if (reader.state === 'done') expect(taken).toBe(entry.text.length)
    expect(reader.skipped + reader.length).toBe(taken)
  })

  test.each(CASES)('$name: the same however it is cut', (entry) => {
    const once = read(entry, Infinity)
    for (let size = 1; size < Math.min(200, entry.text.length); size += 1) {
      const { reader, taken } = read(entry, size)
      expect({ size, taken, state: reader.state, head: reader.head, findings: reader.findings }).toEqual({
        size,
        taken: once.taken,
        state: once.reader.state,
        head: once.reader.head,
        findings: once.reader.findings,
      })
    }
  })

  test('empty lines before the start line are counted, not part of the head', () => {
    const { reader, taken } = read({ name: '', kind: 'request', text: '\r\n\nGET / HTTP/1.1\r\n\r\n' }, Infinity)
    expect([reader.state, reader.skipped, reader.length, taken]).toEqual(['done', 3, 18, 21])
  })

  test('reads from an offset and takes nothing once it is done', () => {
    const reader = createHeadReader('request', LIMITS)
    const bytes = bytesOf('xxGET / HTTP/1.1\r\n\r\nyy')
    expect(reader.feed(bytes, 2)).toBe(18)
    expect(reader.feed(bytes, 20)).toBe(0)
  })
})
