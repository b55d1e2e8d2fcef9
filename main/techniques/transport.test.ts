/** HTTP over tapped sockets: what is on the wire is on the tap, once and in order. */
import { describe, expect, it, onTestFinished } from 'vitest'
import { createMemoryRecorder, type MemoryRecorder } from './testing/memory-recorder.ts'
import { serveAnswer, serveHttp, serveTcp } from './testing/servers.ts'
import { createTransport, type Ask, type Transport } from './transport.ts'

function begin(): { transport: Transport; recorder: MemoryRecorder } {
  const recorder = createMemoryRecorder()
  const transport = createTransport({ recorder, technique: 'polling', insecure: false })
  onTestFinished(() => transport.close())
  return { transport, recorder }
}
const get = (place: string, more: Partial<Ask> = {}): Ask => ({
  url: new URL(`http://${place}/a?b=c`),
  method: 'GET',
  headers: [['X-Case', 'Kept']],
  body: null,
  answerTimeout: 5_000,
  bodyTimeout: 5_000,
  ...more,
})
async function read(transport: Transport, ask: Ask): Promise<string> {
  const pieces: Buffer[] = []
  const head = await transport.ask(ask, { data: (chunk) => pieces.push(Buffer.from(chunk)) })
  return `${head.status} ${Buffer.concat(pieces).toString()}`
}

describe('a request', () => {
  it('and its answer are on the tap byte for byte, over one kept connection', async () => {
    const sent: Buffer[] = []
    const answer = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=1\r\nhello\r\n0\r\nT: 1\r\n\r\n'
    const place = await serveTcp((socket) =>
      socket.on('data', (chunk) => {
        sent.push(chunk)
        socket.write(answer)
      }),
    )
    const { transport, recorder } = begin()
    expect(await read(transport, get(place))).toBe('200 hello')
    expect(await read(transport, get(place, { method: 'POST', body: 'grüß' }))).toBe('200 hello')
    expect(recorder.connections).toHaveLength(1)
    expect(recorder.connections[0]?.client).toEqual(Buffer.concat(sent))
    expect(recorder.connections[0]?.server.toString()).toBe(answer + answer)
    expect(recorder.requests()[0]).toContain('X-Case: Kept\r\n')
  })

  it('of many megabytes is on the tap once, however slowly it is read', async () => {
    const body = Buffer.alloc(8 * 1_048_576, 'pushscope ')
    const place = await serveHttp((_, response) => response.writeHead(200, { 'Content-Length': body.length }).end(body))
    const { transport, recorder } = begin()
    await read(transport, get(place))
    const server = recorder.connections[0]?.server ?? Buffer.alloc(0)
    expect(server.subarray(server.indexOf('\r\n\r\n') + 4).equals(body)).toBe(true)
  })

  it.each([
    ['completes no answer that ends with the connection', 'HTTP/1.1 200 OK\r\n\r\nhello', 'ECONNRESET'],
    ['leaves a whole answer whole', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello', '200 hello'],
  ])('a reset %s', async (_name, answer, expected) => {
    const place = await serveTcp((socket) =>
      socket.once('data', () => socket.write(answer, () => setTimeout(() => socket.resetAndDestroy(), 50))),
    )
    const { transport } = begin()
    const asked = read(transport, get(place)).catch((error: NodeJS.ErrnoException) => error.code)
    expect(await asked).toBe(expected)
  })

  it.each([
    ['the end of the connection', 'HTTP/1.1 200 OK\r\n\r\nhello'],
    ['HTTP/1.0', 'HTTP/1.0 200 OK\r\n\r\nhello'],
    [
      'its length, and says that it is the last',
      'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello',
    ],
  ])('whose answer ends with %s is answered, and the next one too', async (_name, answer) => {
    const place = await serveTcp((socket) => socket.once('data', () => socket.end(answer)))
    const { transport, recorder } = begin()
    expect(await read(transport, get(place))).toBe('200 hello')
    expect(await read(transport, get(place))).toBe('200 hello')
    expect(recorder.connections).toHaveLength(2)
  })

  it('is asked once more when the server closed the kept connection meanwhile', async () => {
    const place = await serveTcp((socket, number) => {
      let count = 0
      socket.on('data', () => {
        count += 1
        if (number === 1 && count === 2) socket.destroy()
        else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx')
      })
    })
    const { transport, recorder } = begin()
    await read(transport, get(place))
    expect(await read(transport, get(place))).toBe('200 x')
    expect(recorder.connections).toHaveLength(2)
    await expect(read(transport, get(place, { method: 'POST', body: 'x' }))).resolves.toBe('200 x')
  })

  it('is not repeated when a fresh connection is closed', async () => {
    const place = await serveTcp((socket) => socket.once('data', () => socket.destroy()))
    const { transport, recorder } = begin()
    await expect(read(transport, get(place))).rejects.toThrow()
    expect(recorder.connections).toHaveLength(1)
  })

  it('has the credentials of its URL', async () => {
    const place = await serveHttp((request, response) => response.end(request.headers.authorization))
    const { transport } = begin()
    const url = new URL(`http://a:b%3Ac%@${place}/`)
    expect(await read(transport, get(place, { url }))).toBe(`200 Basic ${Buffer.from('a:b%3Ac%').toString('base64')}`)
  })

  it('rejects when aborted, before and while it is answered', async () => {
    const place = await serveAnswer('HTTP/1.1 200 OK\r\n\r\nx')
    const { transport } = begin()
    await expect(transport.ask(get(place), {}, AbortSignal.abort())).rejects.toThrow('Aborted')
    const stop = new AbortController()
    await expect(transport.ask(get(place), { data: () => stop.abort() }, stop.signal)).rejects.toThrow('Aborted')
  })
})

describe('a redirect', () => {
  it('to another origin leaves secrets behind and turns POST into GET', async () => {
    const there = await serveHttp((request, response) =>
      response.end(
        JSON.stringify([
          request.method,
          request.headers.authorization,
          request.headers['x-case'],
          request.headers['content-type'],
        ]),
      ),
    )
    const here = await serveHttp((_, response) => response.writeHead(302, { Location: `http://${there}/` }).end())
    const { transport, recorder } = begin()
    const headers = [
      ['Authorization', 'Bearer x'],
      ['X-Case', 'Kept'],
      ['Content-Type', 'text/plain'],
    ] as const
    expect(await read(transport, get(here, { method: 'POST', body: 'x', headers }))).toBe(
      '200 ["GET",null,"Kept",null]',
    )
    expect(recorder.connections).toHaveLength(2)
  })

  it('with 307 keeps method and body', async () => {
    const place = await serveHttp((request, response) => {
      if (request.url !== '/there') return response.writeHead(307, { Location: '/there' }).end()
      request.pipe(response)
      return response
    })
    const { transport } = begin()
    expect(await read(transport, get(place, { method: 'POST', body: 'kept' }))).toBe('200 kept')
  })

  it('whose own body never ends is followed all the same', async () => {
    const place = await serveTcp((socket) =>
      socket.once('data', (head: Buffer) => {
        if (head.toString().startsWith('GET /there'))
          return socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
        socket.write(`HTTP/1.1 302 Found\r\nLocation: /there\r\n\r\n${'x'.repeat(70_000)}`)
        return socket
      }),
    )
    const { transport } = begin()
    expect(await read(transport, get(place))).toBe('200 ok')
  })

  it.each(['ftp://127.0.0.1/', 'http://[/', ''])('to "%s" is an answer, not a way', async (location) => {
    const place = await serveHttp((_, response) => response.writeHead(302, { Location: location }).end('stay'))
    const { transport } = begin()
    expect(await read(transport, get(place))).toBe('302 stay')
  })
})

it('an answer that does not come in time rejects', async () => {
  const place = await serveTcp(() => undefined)
  const { transport } = begin()
  await expect(read(transport, get(place, { answerTimeout: 50 }))).rejects.toMatchObject({
    code: 'UND_ERR_HEADERS_TIMEOUT',
  })
})

it('close() ends what is under way and resolves when the sockets are gone', async () => {
  const place = await serveAnswer('HTTP/1.1 200 OK\r\n\r\nx')
  const { transport, recorder } = begin()
  const asking = read(transport, get(place))
  const rejected = expect(asking).rejects.toThrow()
  await recorder.until(() => (recorder.connections[0]?.server.length ?? 0) > 0)
  await transport.close()
  await rejected
  expect(recorder.connections[0]?.ended).toEqual({ client: true, server: true })
})
