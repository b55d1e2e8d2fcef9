import { describe, expect, test } from 'vitest'
import { headHasSecrets, isSecretName, maskHeader, maskHeaders, maskTarget, maskText } from './secrets.ts'

describe('names of secrets', () => {
  test.each([
    'Authorization',
    'COOKIE',
    'set-cookie',
    'X-Api-Key',
    'x-goog-apikey',
    'X-Auth-Token',
    'X-Auth',
    'X-CSRF-Token',
    'PHPSESSID',
    'client_secret',
    'key',
    'accessKey',
    'Ocp-Apim-Subscription-Key',
    'x-functions-key',
    'X-Amz-Signature',
    'X-Amz-Credential',
    'sig',
    'pass',
  ])('%s is one', (name) => expect(isSecretName(name)).toBe(true))

  test.each([
    'Host',
    'Sec-WebSocket-Key',
    'Sec-WebSocket-Accept',
    'WWW-Authenticate',
    'Origin',
    'Author',
    'X-Side',
    'Last-Event-ID',
    'Idempotency-Key',
    'Access-Control-Allow-Credentials',
    'keyboard',
    'monkey',
    'design',
  ])('%s is none', (name) => expect(isSecretName(name)).toBe(false))
})

describe('heads with secrets', () => {
  test.each<[string, [string, string][], string, boolean]>([
    ['a cookie', [['Cookie', 'a=b']], '/', true],
    ['an empty cookie', [['Cookie', '']], '/', false],
    ['a token in the target', [], '/?token=1', true],
    ['neither', [['Host', 'a']], '/?since=1', false],
  ])('%s', (_, headers, target, expected) => expect(headHasSecrets(headers, target)).toBe(expected))
})

describe('hidden values', () => {
  test.each([
    ['Authorization', 'Bearer abc.def.ghi', 'Bearer ••••••••'],
    ['Authorization', 'opaque', '••••••••'],
    ['Cookie', 'sid=1234; theme=dark', 'sid=••••••••; theme=••••••••'],
    ['Cookie', 'bare', '••••••••'],
    ['Set-Cookie', 'sid=1234; Path=/; HttpOnly', 'sid=••••••••; Path=/; HttpOnly'],
    ['X-Api-Key', 'k', '••••••••'],
    ['X-Api-Key', '', ''],
    ['Host', 'localhost', 'localhost'],
    ['Location', '/in?room=1&access_token=abc&to=b#x', '/in?room=1&access_token=••••••••&to=b#x'],
    ['Referer', 'https://me:word@example.org/', 'https://••••••••@example.org/'],
    ['Link', '</a?token=1>; rel=next, </b?key=2>', '</a?token=••••••••>; rel=next, </b?key=••••••••>'],
    ['X-Who', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln', '••••••••'],
  ])('%s: %s', (name, value, masked) => expect(maskHeader(name, value)).toBe(masked))

  test('the length of a secret is not given away', () =>
    expect(maskHeader('X-Api-Key', 'x')).toBe(maskHeader('X-Api-Key', 'x'.repeat(64))))

  test.each([
    ['/feed?room=lobby&access_token=abc#t', '/feed?room=lobby&access_token=••••••••#t'],
    ['/feed?token=', '/feed?token='],
    ['/feed?%E0%A4%A=1&api_key=2', '/feed?%E0%A4%A=1&api_key=••••••••'],
    ['http://h/#token=abc', 'http://h/#token=••••••••'],
    ['/clock?since=4', '/clock?since=4'],
    ['/clock;jsessionid=12?since=4', '/clock;jsessionid=••••••••?since=4'],
    ['/a?b=c;token=d', '/a?b=c;token=••••••••'],
    ['/a?b=c?token=d e', '/a?b=c?token=••••••••'],
    ['/a?access%5Ftoken=d&key=e&signature=f', '/a?access%5Ftoken=••••••••&key=••••••••&signature=••••••••'],
    ['wss://user@h/', 'wss://••••••••@h/'],
    ['https://a:b@c@h:1/p@q?r=s@t', 'https://••••••••@h:1/p@q?r=s@t'],
  ])('target %s', (target, masked) => expect(maskTarget(target)).toBe(masked))
})

test('names, their case and their order stay', () =>
  expect(
    maskHeaders([
      ['COOKIE', 'a=1'],
      ['host', 'h'],
      ['Cookie', 'b=2'],
    ]),
  ).toEqual([
    ['COOKIE', 'a=••••••••'],
    ['host', 'h'],
    ['Cookie', 'b=••••••••'],
  ]))

test.each([
  ['Redirected to https://h/a?token=b, as asked.', 'Redirected to https://h/a?token=••••••••, as asked.'],
  ['"ws://u:p@h/" and (http://h/?key=1)', '"ws://••••••••@h/" and (http://h/?key=••••••••'],
  ['mail to me@example.org: is a=b?', 'mail to me@example.org: is a=b?'],
])('in a sentence: %s', (text, masked) => expect(maskText(text)).toBe(masked))

test.each([
  ['parameters without end', '?a'.repeat(500_000)],
  ['names without end', `?${'a'.repeat(1_000_000)}`],
  ['secrets without end', '?token=a&'.repeat(100_000)],
  ['half a JWT', 'eyJ-eyJ'.repeat(150_000)],
  ['schemes without end', 'http://'.repeat(150_000)],
  ['schemes in one word', `${'a+'.repeat(500_000)}@=`],
  // In the square of the length it would take minutes, and the test would be given up.
])('%s come to an end', (_, text) => {
  expect(maskText(`${text}@=`)).not.toBe('')
  expect(maskTarget(`${text}@=`)).not.toBe('')
})
