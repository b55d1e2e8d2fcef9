import { describe, expect, test } from 'vitest'
import { headHasSecrets, isSecretName, maskHeader, maskTarget } from './secrets.ts'

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
  ])('%s: %s', (name, value, masked) => expect(maskHeader(name, value)).toBe(masked))

  test('the length of a secret is not given away', () =>
    expect(maskHeader('X-Api-Key', 'x')).toBe(maskHeader('X-Api-Key', 'x'.repeat(64))))

  test.each([
    ['/feed?room=lobby&access_token=abc#t', '/feed?room=lobby&access_token=••••••••#t'],
    ['/feed?token=', '/feed?token='],
    ['/feed?%E0%A4%A=1&api_key=2', '/feed?%E0%A4%A=1&api_key=••••••••'],
    ['http://h/#token=abc', 'http://h/#token=••••••••'],
    ['/clock?since=4', '/clock?since=4'],
  ])('target %s', (target, masked) => expect(maskTarget(target)).toBe(masked))
})
