import { describe, expect, test } from 'vitest'
import { createPollingServer } from './polling/server.ts'
import { createSseServer } from './sse/server.ts'
import { createIframeStreamServer } from './iframe-stream/server.ts'
import { createLongPollingServer } from './long-polling/server.ts'
import { createLibraryWebSocketServer } from './websocket/library-server.ts'
import { answer, openWire, startPaused, untilState } from './testing/wire.ts'

const SERVERS = [createPollingServer, createLongPollingServer, createIframeStreamServer, createSseServer] as const

describe('a foreign Host', () => {
  test.each(['example.com', '127.0.0.1.example.com', 'localhost.', '127.0.0.1:1:2', 'evil@127.0.0.1', ''])(
    '%j is refused',
    async (host) => {
      for (const create of SERVERS) {
        const port = await startPaused(create())
        for (const target of ['/', '/clock']) {
          const wire = openWire(port)
          wire.write(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
          expect(await wire.over).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n/)
        }
      }
    },
  )

  test.each([
    ['none', ''],
    ['more than one, of which the first is ours,', 'Host: 127.0.0.1\r\nHost: example.com\r\n'],
  ])('%s is a bad request', async (_, hosts) => {
    for (const create of [...SERVERS, createLibraryWebSocketServer]) {
      const port = await startPaused(create())
      for (const upgrade of ['', 'Upgrade: websocket\r\nConnection: Upgrade, close\r\nSec-WebSocket-Version: 13\r\n']) {
        const wire = openWire(port)
        wire.write(`GET / HTTP/1.1\r\n${hosts}${upgrade || 'Connection: close\r\n'}\r\n`)
        expect(await wire.over).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/)
      }
    }
  })

  test.each(['127.0.0.1', 'localhost:9', 'LOCALHOST', '[::1]:80'])('%s is ours', async (host) => {
    const port = await startPaused(createPollingServer())
    const wire = openWire(port)
    wire.write(`GET /clock HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
    expect(await wire.over).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
  })
})

describe('CORS', () => {
  const ALLOWED = ['app://pushscope', 'null', 'http://127.0.0.1:4321', 'http://localhost:1', 'http://[::1]:1']
  const FOREIGN = [
    'https://example.com',
    'http://127.0.0.1.example.com',
    'http://127.0.0.1:1.example.com',
    'app://other',
    'https://localhost',
  ]

  test('our own window and pages on this machine may read the answers, by name', async () => {
    const port = await startPaused(createPollingServer())
    for (const origin of ALLOWED) {
      const text = await answer(port, '/clock', `Origin: ${origin}\r\n`)
      expect(text).toContain(`\r\nAccess-Control-Allow-Origin: ${origin}\r\n`)
      expect(text).not.toContain('Allow-Credentials')
    }
  })

  test('no other page may', async () => {
    const port = await startPaused(createPollingServer())
    for (const origin of FOREIGN) {
      const text = await answer(port, '/clock', `Origin: ${origin}\r\n`)
      expect(text).toMatch(/^HTTP\/1\.1 200/)
      expect(text).not.toContain('Access-Control')
      expect(text).toContain('\r\nVary: Origin\r\n')
    }
  })

  test('a preflight is answered', async () => {
    const port = await startPaused(createPollingServer())
    const text = await answer(port, '/clock', 'Origin: null\r\nAccess-Control-Request-Method: GET\r\n', 'OPTIONS')
    expect(text).toMatch(/^HTTP\/1\.1 204 /)
    expect(text).toContain('\r\nAccess-Control-Allow-Headers: If-None-Match, Last-Event-ID, Cache-Control\r\n')
  })
})

test('other paths are 404, other methods 405, no HTTP is 400', async () => {
  const port = await startPaused(createPollingServer())
  expect(await answer(port, '/other')).toMatch(/^HTTP\/1\.1 404 /)
  expect(await answer(port, '//[')).toMatch(/^HTTP\/1\.1 40[04] /)
  expect(await answer(port, 'http://[')).toMatch(/^HTTP\/1\.1 400 /)
  expect(await answer(port, '/clock', '', 'DELETE')).toMatch(/^HTTP\/1\.1 405 /)
  const wire = openWire(port)
  wire.write('hello\r\n\r\n')
  expect(await wire.over).toBe('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
})

test('a head that is too large is 431', async () => {
  const wire = openWire(await startPaused(createSseServer()))
  wire.write(`GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: ${'a'.repeat(20_000)}\r\n\r\n`)
  expect(await wire.over).toMatch(/^HTTP\/1\.1 431 /)
})

test('requests sent ahead without end cost their connection, and nobody else', async () => {
  const server = createSseServer()
  const port = await startPaused(server)
  const wire = openWire(port)
  wire.write('GET /clock HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(100))
  await wire.over
  await untilState(server, () => server.state().clients === 0)
  expect(await answer(port, '/clock', '', 'HEAD')).toMatch(/^HTTP\/1\.1 200 /)
})

test('a taken port is stepped around, and said', async () => {
  const first = createPollingServer()
  const port = await startPaused(first)
  const second = createPollingServer()
  await startPaused(second)
  await second.stop()
  const state = await second.start(port)
  expect(state).toMatchObject({ state: 'running', fellBack: true })
  expect(state.port).not.toBe(port)
  expect(await answer(state.port, '/clock')).toMatch(/^HTTP\/1\.1 200 /)
})
