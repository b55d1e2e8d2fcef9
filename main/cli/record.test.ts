import { expect, test, vi } from 'vitest'
import { fail, type ErrorCode } from '../../preload/contract/index.ts'
import { temporaryCapture } from '../capture/testing/temporary.ts'
import { REQUEST, RESPONSE, serverFrame } from '../capture/testing/websocket.ts'
import type { Engine } from '../engine/engine.ts'
import type { CaptureCommand } from './arguments.ts'
import type { Output } from './output.ts'
import { brokenOff, record } from './record.ts'
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

test('how a connection ended is read off its close row, without the large messages before it', async () => {
  const { recorder, reader, close } = temporaryCapture()
  const connection = recorder.connection('websocket')
  connection.bytes(0, REQUEST)
  connection.bytes(1, RESPONSE)
  for (let i = 0; i < 7; i++) connection.bytes(1, serverFrame(0x81, 'x'.repeat(1_000_000)))
  expect(brokenOff(reader)).toBe(false)
  connection.end(1)
  connection.end(0)
  const detail = vi.spyOn(reader, 'detail')
  const ndjson = vi.spyOn(reader, 'ndjson')
  expect(brokenOff(reader)).toBe(true)
  expect(detail.mock.calls).toEqual([[reader.count]])
  expect(ndjson).not.toHaveBeenCalled()
  await close()
})
