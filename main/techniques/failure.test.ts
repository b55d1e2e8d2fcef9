/** What known errors become: a sentence, a hint, a finding. Errors met over real sockets are in the probes' tests. */
import { describe, expect, it } from 'vitest'
import { FINDINGS, type FindingId } from '../../preload/contract/index.ts'
import { ERROR_TROUBLES } from './failure-table.ts'
import {
  certificateTrouble,
  createTrouble,
  errorRow,
  refusal,
  ruleTrouble,
  troubleError,
  troubleOf,
} from './failure.ts'

const URL_ = new URL('wss://example.test/x')
const coded = (code: string, message = code): Error => Object.assign(new Error(message), { code })

describe('an error becomes', () => {
  it.each<[string, Error, FindingId, string]>([
    ['an unknown host', coded('ENOTFOUND'), 'net-unknown-host', 'No address is known for the host name example.test.'],
    [
      'a dead name server',
      coded('EAI_AGAIN'),
      'net-unknown-host',
      'The name server did not answer when asked for example.test.',
    ],
    [
      'an unreachable host',
      coded('EHOSTUNREACH'),
      'net-unreachable',
      'example.test:443 cannot be reached from this machine.',
    ],
    [
      'a timeout of connecting',
      coded('UND_ERR_CONNECT_TIMEOUT'),
      'net-timeout',
      'example.test:443 did not take the connection in time.',
    ],
    [
      'a timeout of answering',
      coded('UND_ERR_HEADERS_TIMEOUT'),
      'net-timeout',
      'example.test:443 took the connection and did not answer in time.',
    ],
    [
      'a slow handshake',
      new Error('Opening handshake has timed out'),
      'net-timeout',
      'example.test:443 took the connection and did not answer in time.',
    ],
    [
      'a hang-up',
      coded('ECONNRESET', 'socket hang up'),
      'net-closed',
      'example.test:443 closed the connection without an answer.',
    ],
    ['a reset', coded('ECONNRESET', 'read ECONNRESET'), 'net-reset', 'example.test:443 reset the connection.'],
    [
      'a TLS alert',
      coded('ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE'),
      'tls-failed',
      'The TLS handshake with example.test:443 failed.',
    ],
    [
      'the error below',
      new Error('fetch failed', { cause: coded('ECONNREFUSED') }),
      'net-refused',
      'Nothing listens on example.test:443: the connection was refused.',
    ],
    [
      'the error among many',
      new AggregateError([coded('EHOSTUNREACH'), coded('X')]),
      'net-unreachable',
      'example.test:443 cannot be reached from this machine.',
    ],
  ])('%s', (_, error, finding, message) => {
    const trouble = troubleOf(error, URL_)
    expect(trouble).toMatchObject({ finding, failure: { code: 'connection-failed', message } })
    expect(trouble.failure.hint).not.toBe('')
  })

  it('itself, in words, when it is not known', () => {
    expect(troubleOf(coded('EWHAT', 'odd'), URL_)).toMatchObject({
      finding: null,
      code: 'EWHAT',
      failure: { message: 'The connection to example.test:443 failed: odd' },
    })
    expect(troubleOf('a string', URL_).failure.message).toContain('a string')
  })

  it('the trouble that it carries', () => {
    const trouble = createTrouble('http-redirects', 'Round and round.')
    expect(troubleOf(new Error('outer', { cause: troubleError(trouble) }), URL_)).toBe(trouble)
  })

  it('an end, when causes go in a circle', () => {
    const error = coded('ECONNREFUSED')
    error.cause = new Error('b', { cause: error })
    expect(troubleOf(error, URL_).finding).toBe('net-refused')
  })
})

it('every row of the table has a known finding, a sentence and a hint', () => {
  for (const { finding, message, hint, codes, words } of ERROR_TROUBLES) {
    expect(FINDINGS).toHaveProperty(finding)
    expect(message).toMatch(/\.$/)
    expect(hint).not.toBe('')
    expect(codes ?? words).toBeDefined()
  }
})

it('a certificate error that is not in the table names its code', () => {
  expect(certificateTrouble('CRL_HAS_EXPIRED', URL_, '').failure.message).toContain('CRL_HAS_EXPIRED')
})

it('a refusal takes the words of the status when the server sent none', () => {
  expect(refusal(404, '', '200 OK').failure.message).toBe('HTTP 404 Not Found instead of 200 OK')
  expect(refusal(799, '', '200 OK').failure.message).toBe('HTTP 799 instead of 200 OK')
})

it('only 4xx and 5xx are called error statuses', () => {
  expect([200, 204, 302, 400, 503].map((status) => refusal(status, '', '200 OK').finding)).toEqual([
    ...[null, null, null],
    ...['http-refused', 'http-refused'],
  ])
})

it('a broken rule has the words of the error that `ws` has for it, or its own; a limit is no broken rule', () => {
  const said = (finding: FindingId): string => ruleTrouble(finding, URL_).failure.message
  expect(said('ws-opcode')).toBe('The server broke the protocol: the opcode is reserved.')
  expect(said('ws-length-form')).toBe(
    'The server broke the protocol: the payload length is not written in its shortest form.',
  )
  expect(said('ws-rsv1-continuation')).toMatch(/^The server broke the protocol: RSV1 is set/)
  expect(said('ws-inflate-limit')).toBe('The server sent a frame or message that is larger than the limit.')
  expect(ruleTrouble('ws-inflate-limit', URL_).finding).toBe('ws-inflate-limit')
})

it('a trouble is a row with its finding', () => {
  expect(errorRow(createTrouble('net-refused', 'No.', 'Try.', 'ECONNREFUSED'))).toEqual({
    kind: 'error',
    details: { code: 'ECONNREFUSED', message: 'No.', hint: 'Try.' },
    findings: [{ id: 'net-refused' }],
  })
})
