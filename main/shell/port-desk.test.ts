import type { MessagePortMain } from 'electron'
import { expect, test } from 'vitest'
import type { PortGiven } from '../../preload/channels.ts'
import { createPortDesk, type PortRequest } from './port-desk.ts'

/** A desk with an engine that can be up or down, and windows 1 and 2. */
function play() {
  const engine = { up: true, given: [] as [port: unknown, restarted: string][] }
  const windowGot: { channel: string; message: PortGiven; port: unknown }[] = []
  let pairs = 0
  const desk = createPortDesk({
    engine: () => ({
      up: engine.up,
      give(port, restarted) {
        if (engine.up) engine.given.push([port, restarted])
        return engine.up
      },
    }),
    createChannel: () => {
      pairs += 1
      const end = (name: string) => ({ name, close: () => undefined }) as unknown as MessagePortMain
      return { port1: end(`engine ${pairs}`), port2: end(`window ${pairs}`) }
    },
    isOurWindow: (id) => id === 1 || id === 2,
  })
  const request = (id: number, url = 'app://pushscope/', parent: unknown = null): PortRequest => ({
    sender: { id },
    senderFrame: {
      url,
      parent,
      postMessage: (channel, message, [port]) => windowGot.push({ channel, message, port }),
    },
  })
  return { desk, engine, windowGot, request }
}

test('the two ends of one channel go to the engine and to the frame that asked', () => {
  const { desk, engine, windowGot, request } = play()
  desk.request(request(1))
  expect(engine.given).toMatchObject([[{ name: 'engine 1' }, '']])
  expect(windowGot).toMatchObject([{ channel: 'pushscope:port', port: { name: 'window 1' } }])
})

test('every port has a nonce of its own', () => {
  const { desk, windowGot, request } = play()
  desk.request(request(1))
  desk.request(request(1))
  const nonces = windowGot.map(({ message }) => message.nonce)
  expect(new Set(nonces).size).toBe(2)
  for (const nonce of nonces) expect(nonce).toMatch(/^[0-9a-f]{32}$/)
})

test('frames of servers, foreign pages and unknown windows get nothing', () => {
  const { desk, engine, windowGot, request } = play()
  desk.request(request(1, 'http://127.0.0.1:8002/clock', {}))
  desk.request(request(1, 'app://pushscope/', {}))
  desk.request(request(1, 'https://evil.example/'))
  desk.request(request(3))
  desk.request({ sender: { id: 1 }, senderFrame: null })
  expect([engine.given, windowGot]).toEqual([[], []])
})

test('a window that asks while the engine is down is served once when it is up, with the reason', () => {
  const { desk, engine, windowGot, request } = play()
  desk.request(request(1))
  engine.up = false
  desk.engineDown('it fell')
  desk.request(request(1))
  desk.request(request(1))
  desk.request(request(2))
  expect(windowGot.length).toBe(1)
  engine.up = true
  desk.engineUp()
  expect(engine.given.map(([, restarted]) => restarted)).toEqual(['', 'it fell', ''])
  desk.request(request(1))
  expect(engine.given.at(-1)?.[1]).toBe('')
})

test('a window that closed is not served', () => {
  const { desk, engine, request } = play()
  engine.up = false
  desk.request(request(1))
  desk.windowClosed(1)
  engine.up = true
  desk.engineUp()
  expect(engine.given).toEqual([])
})

test('a frame that goes away while it is served is no fault', () => {
  const { desk, request } = play()
  const gone = request(1)
  gone.senderFrame!.postMessage = () => {
    throw new Error('Render frame was disposed')
  }
  expect(() => desk.request(gone)).not.toThrow()
})
