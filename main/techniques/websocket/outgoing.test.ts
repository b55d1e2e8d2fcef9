import { expect, it } from 'vitest'
import type { Outgoing } from '../../../preload/contract/index.ts'
import { checkOutgoing } from './outgoing.ts'
import { isLocalHost } from '../local-only.ts'
import { readOverrides } from './overrides.ts'

const bytes = (length: number): string => Buffer.alloc(length).toString('base64')

it.each<[Outgoing, boolean]>([
  [{ type: 'text', text: '' }, true],
  [{ type: 'binary', base64: bytes(1_000) }, true],
  [{ type: 'ping', base64: bytes(125) }, true],
  [{ type: 'ping', base64: bytes(126) }, false],
  [{ type: 'pong', base64: bytes(126) }, false],
  [{ type: 'close', code: null, reason: '' }, true],
  [{ type: 'close', code: null, reason: 'x' }, false],
  [{ type: 'close', code: 1_000, reason: 'x'.repeat(123) }, true],
  [{ type: 'close', code: 1_000, reason: 'x'.repeat(124) }, false],
  [{ type: 'close', code: 4_999, reason: '' }, true],
  ...[0, 999, 1_004, 1_005, 1_006, 1_015, 1_016, 2_999, 5_000].map((code): [Outgoing, boolean] => [
    { type: 'close', code, reason: '' },
    false,
  ]),
])('%j may be sent: %s', (message, allowed) => {
  const checked = checkOutgoing(message)
  expect(checked.ok).toBe(allowed)
  if (!checked.ok) expect(checked.error.code).toBe('cannot-send')
})

it.each([
  ['/', { clock: null, echo: null, compression: null, interval: null }],
  ['/?clock=0&echo=1&compression=false&interval=20', { clock: false, echo: true, compression: false, interval: 20 }],
  ['/x?interval=0&clock=maybe', { clock: null, echo: null, compression: null, interval: null }],
  ['/?interval=1e9', { clock: null, echo: null, compression: null, interval: null }],
])('the target %s overrides %j', (target, overrides) => expect(readOverrides(target)).toEqual(overrides))

it.each([
  ['127.0.0.1:8004', true],
  ['localhost', true],
  ['[::1]:1', true],
  ['LOCALHOST:80', true],
  ['127.0.0.1.evil.example', false],
  ['evil.example:8004', false],
  ['localhost:80@evil.example', false],
  ['', false],
  [undefined, false],
])('the host %s is of this machine: %s', (host, local) => expect(isLocalHost(host)).toBe(local))
