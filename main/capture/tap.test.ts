import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { tap, type TapTarget } from './tap.ts'

interface Seen {
  target: TapTarget
  /** `0:…` from the client, `1:…` from the server, `0 end`, `1 reset`; neighbours of one sender joined. */
  log: string[]
  hold(on: boolean): void
}

function createSeen(): Seen {
  const log: string[] = []
  const ended = new Set<number>()
  let hold: (on: boolean) => void = () => undefined
  return {
    log,
    hold: (on) => hold(on),
    target: {
      bytes: (from, chunk) => {
        const text = Buffer.from(chunk).toString('latin1')
        if (log.at(-1)?.startsWith(`${from}:`)) log[log.length - 1] += text
        else log.push(`${from}:${text}`)
      },
      end: (from, reset) => {
        if (!ended.has(from)) log.push(`${from} ${reset ? 'reset' : 'end'}`)
        ended.add(from)
      },
      onHold: (listener) => (hold = listener),
    },
  }
}

async function pair(onServer: (socket: Socket) => void): Promise<{ client: Socket; close: () => void }> {
  const server = createServer({ allowHalfOpen: true }, onServer)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', allowHalfOpen: true })
  client.on('error', () => undefined)
  await once(client, 'connect')
  return { client, close: () => server.close() }
}

test('a client sees what it writes, what it reads, and the chunk given to end', async () => {
  const seen = createSeen()
  const { client, close } = await pair((socket) => {
    socket.once('data', () => socket.end('answer'))
    socket.resume()
  })
  tap(client, seen.target, 'client')
  client.resume()
  client.write('one ')
  client.write('74776f', 'hex')
  await once(client, 'end')
  client.end(Buffer.from('bye'))
  await once(client, 'close')
  expect(seen.log).toEqual(['0:one two', '1:answer', '1 end', '0:bye', '0 end'])
  close()
})

test('a server that answers the end of its client is not taken for the one that ended first', async () => {
  const seen = createSeen()
  const done = Promise.withResolvers<unknown>()
  const { client, close } = await pair((socket) => {
    socket.on('end', () => socket.end())
    socket.on('data', () => undefined)
    tap(socket, seen.target, 'server')
    socket.on('close', done.resolve)
  })
  client.resume()
  client.end('hello')
  await done.promise
  expect(seen.log).toEqual(['0:hello', '0 end', '1 end'])
  close()
})

test.each([
  ['destroyed by us with an error of ours', ['1 end', '0 end']],
  ['reset by the peer', ['0 reset', '1 end']],
])('a server socket %s', async (how, log) => {
  const seen = createSeen()
  const done = Promise.withResolvers<unknown>()
  const opened = Promise.withResolvers<Socket>()
  const { client, close } = await pair((socket) => {
    socket.on('error', () => undefined)
    socket.resume()
    tap(socket, seen.target, 'server')
    socket.on('close', done.resolve)
    opened.resolve(socket)
  })
  const socket = await opened.promise
  if (how.startsWith('reset')) client.resetAndDestroy()
  else socket.destroy(new Error('enough'))
  await done.promise
  expect(seen.log).toEqual(log)
  client.destroy()
  close()
})

test('an http.Server tapped after it took the socket shows every byte of head and body', async () => {
  const seen = createSeen()
  const http = createHttpServer((request, response) => {
    response.setHeader('Date', 'x')
    request.resume().on('end', () => response.end('ok'))
  })
  const { client, close } = await pair((socket) => {
    http.emit('connection', socket)
    tap(socket, seen.target, 'server')
  })
  const request = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbody'
  client.resume()
  client.write(request)
  await once(client, 'end')
  expect(seen.log[0]).toBe(`0:${request}`)
  expect(seen.log[1]).toBe('1:HTTP/1.1 200 OK\r\nDate: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok')
  client.destroy()
  close()
})

test('a held socket rests whoever resumes it, and goes on with every byte when released', async () => {
  const seen = createSeen()
  const opened = Promise.withResolvers<Socket>()
  const { client, close } = await pair((socket) => opened.resolve(socket))
  const server = await opened.promise
  let received = ''
  client.on('data', (chunk: Buffer) => (received += chunk.toString()))
  tap(client, seen.target, 'client')
  seen.hold(true)
  client.resume() // a library that means well
  server.write('kept')
  server.end()
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
  expect(received).toBe('')
  seen.hold(false)
  await once(client, 'end')
  expect(received).toBe('kept')
  expect(seen.log).toEqual(['1:kept', '1 end'])
  client.destroy()
  close()
})

test('bytes that a consumer gives back are seen once', async () => {
  const seen = createSeen()
  const { client, close } = await pair((socket) => socket.end('head and frames'))
  const read = Promise.withResolvers<string>()
  client.once('data', (chunk: Buffer) => {
    client.pause()
    client.unshift(chunk.subarray(5))
    let rest = ''
    client.on('data', (more: Buffer) => (rest += more.toString()))
    client.once('end', () => read.resolve(rest))
    client.resume()
  })
  tap(client, seen.target, 'client')
  expect(await read.promise).toBe('and frames')
  expect(seen.log).toEqual(['1:head and frames', '1 end'])
  client.destroy()
  close()
})
