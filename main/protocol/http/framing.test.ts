import { describe, expect, test } from 'vitest'
import type { FindingId, Header } from '../../../preload/contract/index.ts'
import { requestFraming, responseFraming } from './framing.ts'

interface Case {
  name: string
  headers: Header[]
  version?: string
  status?: number
  method?: string | null
  /** As `chunked`, `length 5`, `close`, `none`, `unknown`: of a request, of an answer. */
  request?: string
  response?: string
  findings?: FindingId[]
  codings?: string[]
}

const TE = (value: string): Header => ['Transfer-Encoding', value]
const CL = (value: string): Header => ['Content-Length', value]

const CASES: Case[] = [
  { name: 'neither header', headers: [], request: 'none', response: 'close' },
  { name: 'a length', headers: [CL('5')], request: 'length 5', response: 'length 5' },
  { name: 'a length of nothing', headers: [CL('0')], request: 'none', response: 'none' },
  { name: 'leading zeros', headers: [CL('0005')], request: 'length 5', response: 'length 5' },
  { name: 'a length past 2^53', headers: [CL('99999999999999999999')], response: 'length 9007199254740991' },
  {
    name: 'a negative length',
    headers: [CL('-1')],
    request: 'unknown',
    response: 'close',
    findings: ['http-length-conflict'],
  },
  { name: 'a length with a plus', headers: [CL('+5')], request: 'unknown', findings: ['http-length-conflict'] },
  { name: 'a hexadecimal length', headers: [CL('0x5')], request: 'unknown', findings: ['http-length-conflict'] },
  {
    name: 'an empty length',
    headers: [CL('')],
    request: 'unknown',
    response: 'close',
    findings: ['http-length-conflict'],
  },
  {
    name: 'the same length twice',
    headers: [CL('5'), CL('5')],
    request: 'length 5',
    response: 'length 5',
    findings: ['http-length-repeated'],
  },
  { name: 'the same length as a list', headers: [CL('5, 5')], request: 'length 5', findings: ['http-length-repeated'] },
  {
    name: 'two lengths',
    headers: [CL('5'), CL('6')],
    request: 'unknown',
    response: 'close',
    findings: ['http-length-conflict'],
  },
  { name: 'two lengths as a list', headers: [CL('5,6')], request: 'unknown', findings: ['http-length-conflict'] },
  {
    name: 'a length with a byte that only Unicode calls white space',
    headers: [CL('5\xa0')],
    request: 'unknown',
    response: 'close',
    findings: ['http-length-conflict'],
  },
  { name: 'chunked', headers: [TE('chunked')], request: 'chunked', response: 'chunked' },
  { name: 'Chunked in any case', headers: [['transfer-ENCODING', 'CHUNKED']], request: 'chunked', response: 'chunked' },
  {
    name: 'chunked beside a length',
    headers: [CL('5'), TE('chunked')],
    request: 'chunked',
    response: 'chunked',
    findings: ['http-length-and-chunked'],
  },
  {
    name: 'gzip, then chunked, over two lines',
    headers: [TE('gzip'), TE('chunked')],
    request: 'chunked',
    codings: ['gzip'],
  },
  {
    name: 'chunked is not last',
    headers: [TE('chunked, gzip')],
    request: 'unknown',
    response: 'close',
    findings: ['http-transfer-coding'],
    codings: ['gzip'],
  },
  { name: 'chunked twice', headers: [TE('chunked, chunked')], request: 'chunked', findings: ['http-transfer-coding'] },
  {
    name: 'a coding nobody knows',
    headers: [TE('xchunked')],
    request: 'unknown',
    response: 'close',
    findings: ['http-transfer-coding'],
  },
  {
    name: 'chunked with a parameter',
    headers: [TE('chunked;a=b')],
    request: 'chunked',
    response: 'chunked',
    findings: ['http-transfer-coding'],
  },
  ...['chunked identity', 'chunked\xa0', '\x0bchunked', '"chunked"'].map((value): Case => ({
    name: `not quite chunked: ${JSON.stringify(value)}`,
    headers: [TE(value)],
    request: 'unknown',
    response: 'close',
    findings: ['http-transfer-coding'],
  })),
  {
    name: 'an empty coding',
    headers: [TE('')],
    request: 'unknown',
    response: 'close',
    findings: ['http-transfer-coding'],
  },
  {
    name: 'chunked in HTTP/1.0',
    headers: [TE('chunked')],
    version: 'HTTP/1.0',
    request: 'chunked',
    findings: ['http-transfer-coding'],
  },
  {
    name: 'content and transfer codings in the order they were applied',
    headers: [['Content-Encoding', 'br'], TE('gzip, chunked')],
    response: 'chunked',
    codings: ['br', 'gzip'],
  },
  { name: 'the answer to HEAD', headers: [CL('5')], method: 'HEAD', response: 'none' },
  {
    name: 'the answer to HEAD with two lengths',
    headers: [CL('5'), CL('6')],
    method: 'HEAD',
    response: 'none',
    findings: ['http-length-conflict'],
  },
  {
    name: '304 with chunked beside a length',
    headers: [CL('5'), TE('chunked')],
    status: 304,
    response: 'none',
    findings: ['http-length-and-chunked'],
  },
  { name: '205 with nothing', headers: [CL('0')], status: 205, response: 'none' },
  {
    name: '205 with a body',
    headers: [CL('5')],
    status: 205,
    response: 'length 5',
    findings: ['http-body-forbidden'],
  },
  { name: '304 with a length', headers: [CL('5')], status: 304, response: 'none' },
  { name: '204 with a length', headers: [CL('0')], status: 204, response: 'none', findings: ['http-body-forbidden'] },
  {
    name: '101 with chunked',
    headers: [TE('chunked')],
    status: 101,
    response: 'none',
    findings: ['http-body-forbidden'],
  },
  { name: '200 to CONNECT', headers: [], method: 'CONNECT', response: 'none' },
  {
    name: '200 to CONNECT with a length',
    headers: [CL('5')],
    method: 'CONNECT',
    response: 'none',
    findings: ['http-body-forbidden'],
  },
  { name: '407 to CONNECT', headers: [CL('2')], method: 'CONNECT', status: 407, response: 'length 2' },
  { name: 'an answer to nothing', headers: [CL('2')], method: null, response: 'length 2' },
]

const told = (framing: { kind: string; length?: number }): string =>
  framing.length === undefined ? framing.kind : `${framing.kind} ${framing.length}`

describe('framing', () => {
  test.each(CASES)('$name', ({ headers, version = 'HTTP/1.1', status = 200, method = 'GET', ...expected }) => {
    const asked = requestFraming({ method: 'POST', target: '/', version, headers })
    const answered = responseFraming({ status, reason: '', version, headers, requestSeq: null }, method)
    if (expected.request !== undefined) expect(told(asked.framing)).toBe(expected.request)
    if (expected.response !== undefined) expect(told(answered.framing)).toBe(expected.response)
    for (const choice of expected.response === undefined
      ? [asked]
      : expected.request === undefined
        ? [answered]
        : [asked, answered]) {
      expect(choice.findings.map(({ id }) => id)).toEqual(expected.findings ?? [])
      expect(choice.codings).toEqual(expected.codings ?? [])
    }
  })
})
