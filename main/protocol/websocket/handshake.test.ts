/** The opening handshake: the RFC's own example, then what is wrong with others. */
import { describe, expect, test } from 'vitest'
import type { RequestHead, ResponseHead } from '../../../preload/contract/index.ts'
import { acceptSteps, auditHandshake, auditRequest, auditResponse, isKey } from './handshake.ts'

type Headers = [string, string][]

const REQUEST: Headers = [
  ['Host', 'server.example.com'],
  ['Upgrade', 'websocket'],
  ['Connection', 'Upgrade'],
  ['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='],
  ['Sec-WebSocket-Protocol', 'chat, superchat'],
  ['Sec-WebSocket-Version', '13'],
]
const RESPONSE: Headers = [
  ['Upgrade', 'websocket'],
  ['Connection', 'Upgrade'],
  ['Sec-WebSocket-Accept', 's3pPLMBiTxaQ9kYGzzhZRbK+xOo='],
  ['Sec-WebSocket-Protocol', 'chat'],
]

const changed = (headers: Headers, name: string, ...values: string[]): Headers => [
  ...headers.filter(([key]) => key !== name),
  ...values.map((value): [string, string] => [name, value]),
]
const request = (headers = REQUEST, more: Partial<RequestHead> = {}): RequestHead => ({
  method: 'GET',
  target: '/chat',
  version: 'HTTP/1.1',
  headers,
  ...more,
})
const response = (headers = RESPONSE, more: Partial<ResponseHead> = {}): ResponseHead => ({
  status: 101,
  reason: 'Switching Protocols',
  version: 'HTTP/1.1',
  headers,
  requestSeq: null,
  ...more,
})
const ids = (findings: { id: string }[]): string[] => findings.map(({ id }) => id)

test('the example of RFC 6455 1.3 is as it should be', () => {
  expect(auditHandshake(request(), response())).toEqual({ upgraded: true, findings: [], agreement: { deflate: null } })
  expect(acceptSteps('dGhlIHNhbXBsZSBub25jZQ==', 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=')).toEqual({
    key: 'dGhlIHNhbXBsZSBub25jZQ==',
    magic: '258EAFA5-E914-47DA-95CA-C5AB0DC85B11',
    joined: 'dGhlIHNhbXBsZSBub25jZQ==258EAFA5-E914-47DA-95CA-C5AB0DC85B11',
    sha1: 'b37a4f2cc0624f1690f64606cf385945b2bec4ea',
    expected: 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
    received: 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
    matches: true,
  })
})

describe('a request', () => {
  test.each<[string, RequestHead, string[]]>([
    [
      'with token lists in any case, over two lines',
      request(changed(changed(REQUEST, 'Upgrade', 'h2c', 'WebSocket'), 'Connection', 'keep-alive, upGRADE')),
      [],
    ],
    ['of another method', request(REQUEST, { method: 'POST' }), ['ws-method']],
    ['of HTTP/1.0', request(REQUEST, { version: 'HTTP/1.0' }), ['ws-http-version']],
    ['without Host', request(changed(REQUEST, 'Host')), ['ws-host-missing']],
    ['without Upgrade', request(changed(REQUEST, 'Upgrade')), ['ws-upgrade-missing']],
    ['with a longer token', request(changed(REQUEST, 'Connection', 'Upgraded')), ['ws-connection-missing']],
    ['without key', request(changed(REQUEST, 'Sec-WebSocket-Key')), ['ws-key-missing']],
    ['with a short key', request(changed(REQUEST, 'Sec-WebSocket-Key', 'c2hvcnQ=')), ['ws-key-form']],
    ['with two keys', request([...REQUEST, REQUEST[3]!]), ['ws-key-repeated']],
    ['of version 8', request(changed(REQUEST, 'Sec-WebSocket-Version', '8')), ['ws-version']],
    ['without version', request(changed(REQUEST, 'Sec-WebSocket-Version')), ['ws-version']],
    [
      'with a wrong offer',
      request([...REQUEST, ['Sec-WebSocket-Extensions', 'permessage-deflate; server_max_window_bits=7']]),
      ['ws-extension-invalid'],
    ],
  ])('%s', (_name, head, findings) => {
    expect(ids(auditRequest(head))).toEqual(findings)
  })

  test('a key is 16 bytes in Base64, bit for bit', () => {
    expect(isKey(Buffer.alloc(16, 0xff).toString('base64'))).toBe(true)
    expect(isKey('AAAAAAAAAAAAAAAAAAAAAB==')).toBe(false) // bits that stand for nothing
    expect(isKey('AAAAAAAAAAAAAAAAAAAAAAA=')).toBe(false)
  })
})

describe('an answer', () => {
  test.each<[string, ResponseHead, string[]]>([
    ['refused', response([], { status: 401, reason: 'Unauthorized' }), ['ws-refused']],
    ['without Upgrade', response(changed(RESPONSE, 'Upgrade')), ['ws-upgrade-missing']],
    ['without Connection', response(changed(RESPONSE, 'Connection')), ['ws-connection-missing']],
    ['without accept', response(changed(RESPONSE, 'Sec-WebSocket-Accept')), ['ws-accept-missing']],
    [
      'with another accept',
      response(changed(RESPONSE, 'Sec-WebSocket-Accept', 's3pPLMBiTxaQ9kYGzzhZRbK+xOo')),
      ['ws-accept-wrong'],
    ],
    [
      'with a subprotocol of its own',
      response(changed(RESPONSE, 'Sec-WebSocket-Protocol', 'Chat')),
      ['ws-subprotocol-unasked'],
    ],
    [
      'with two subprotocols',
      response(changed(RESPONSE, 'Sec-WebSocket-Protocol', 'chat, superchat')),
      ['ws-subprotocol-unasked'],
    ],
    ['without subprotocol', response(changed(RESPONSE, 'Sec-WebSocket-Protocol')), ['ws-subprotocol-none']],
    [
      'with an extension of its own',
      response([...RESPONSE, ['Sec-WebSocket-Extensions', 'permessage-deflate']]),
      ['ws-extension-unasked'],
    ],
  ])('%s', (_name, head, findings) => {
    expect(ids(auditResponse(request(), head))).toEqual(findings)
  })

  test('without its request is judged by itself', () => {
    expect(auditHandshake(null, response())).toEqual({ upgraded: true, findings: [], agreement: { deflate: null } })
  })

  test.each([
    ['a refusal', response(RESPONSE, { status: 200, reason: 'OK' }), false],
    ['another protocol', response(changed(RESPONSE, 'Upgrade', 'h2c')), false],
    ['a 101 that forgot Upgrade', response(changed(RESPONSE, 'Upgrade')), true],
  ])('%s switches: %#', (_name, head, upgraded) => {
    expect(auditHandshake(request(), head).upgraded).toBe(upgraded)
  })
})
