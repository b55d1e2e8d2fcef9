import { expect, test } from 'vitest'
import { fail, type ErrorCode } from '../../preload/contract/index.ts'
import type { Engine } from '../engine/engine.ts'
import type { CaptureCommand } from './arguments.ts'
import type { Output } from './output.ts'
import { record } from './record.ts'
import type { Stopper } from './stop.ts'

const refusing = (code: ErrorCode): Engine =>
  ({ subscribe: () => () => undefined, api: { connect: async () => fail(code, 'It cannot be.') } }) as unknown as Engine

test.each<[ErrorCode, number]>([
  ['bad-url', 2],
  ['bad-argument', 2],
  ['read-only', 1],
  ['internal', 1],
])('what is refused with %s before it begins: exit code %i', async (code, expected) => {
  const outcome = await record({
    engine: refusing(code),
    command: { name: 'capture' } as CaptureCommand,
    url: 'ws://127.0.0.1:1/',
    rows: Infinity,
    out: {} as Output,
    stopper: {} as Stopper,
  })
  expect(outcome).toEqual({ rows: 0, code: expected })
})
