/**
 * The cross table: each WebSocket server with each client, the same cases. The clients are the probe on `ws`, the
 * probe written by hand, and Node's own WebSocket, which shares no code with either.
 */
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { createServers } from '../registry.ts'
import type { ReferenceServer } from '../technique.ts'
import { startSession, type Row } from '../testing/session.ts'

/** What a client tells, whoever it is: messages as `text …` or `binary <base64>`. */
interface Client {
  send(message: string | Buffer): void
  /** The first `count` messages. */
  take(count: number): Promise<string[]>
  /** The chosen subprotocol; '' for none. */
  protocol(): string
  compressed(): boolean
  close(code: number, reason: string): void
  /** Code, reason, and whether both sides said goodbye. */
  closed(): Promise<[code: number, reason: string, clean: boolean]>
}
type Open = (url: string, subprotocols?: string[]) => Promise<Client>

const probe =
  (raw: boolean): Open =>
  async (url, subprotocols = []) => {
    const session = startSession({ url, raw, subprotocols, technique: 'websocket' })
    await session.until(() => session.probe.state === 'open')
    const messages = (rows: Row[]): Row[] =>
      rows.filter(({ kind, from, opcode }) => kind === 'ws-frame' && from === 'server' && Number(opcode) < 3)
    const header = (name: string): string => {
      const headers = session.of('http-response')[0]?.['headers'] as [string, string][]
      return headers.find(([known]) => known.toLowerCase() === name)?.[1] ?? ''
    }
    return {
      send(message) {
        const sent = session.probe.send(
          typeof message === 'string'
            ? { type: 'text', text: message }
            : { type: 'binary', base64: message.toString('base64') },
        )
        expect(sent.ok).toBe(true)
      },
      async take(count) {
        await session.until((rows) => messages(rows).length >= count)
        return messages(session.rows())
          .slice(0, count)
          .map(({ seq, opcode }) => {
            const bytes = Buffer.from(session.reader.bytes(seq, 'content', 0, 10_000_000))
            return opcode === 1 ? `text ${bytes.toString()}` : `binary ${bytes.toString('base64')}`
          })
      },
      protocol: () => header('sec-websocket-protocol'),
      compressed: () => header('sec-websocket-extensions').startsWith('permessage-deflate'),
      close: (code, reason) => void session.probe.send({ type: 'close', code, reason }),
      async closed() {
        expect(await session.ended).toEqual({ how: 'ended' })
        const close = session.of('close')[0]
        return [Number(close?.['code'] || 1_006), String(close?.['reason'] ?? ''), close?.['clean'] === true]
      },
    }
  }

const node: Open = async (url, subprotocols = []) => {
  const socket = new WebSocket(url, subprotocols)
  socket.binaryType = 'arraybuffer'
  const messages: string[] = []
  let look: () => void = () => undefined
  socket.addEventListener('message', (event) => {
    const data = event.data as string | ArrayBuffer
    messages.push(typeof data === 'string' ? `text ${data}` : `binary ${Buffer.from(data).toString('base64')}`)
    look()
  })
  const closed = new Promise<[number, string, boolean]>((resolve) =>
    socket.addEventListener('close', ({ code, reason, wasClean }) => resolve([code, reason, wasClean])),
  )
  onTestFinished(() => socket.close())
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve)
    socket.addEventListener('error', reject)
  })
  return {
    send: (message) => socket.send(message),
    take: (count) =>
      new Promise((resolve) => {
        look = () => messages.length >= count && resolve(messages.slice(0, count))
        look()
      }),
    protocol: () => socket.protocol,
    compressed: () => socket.extensions.startsWith('permessage-deflate'),
    close: (code, reason) => socket.close(code, reason),
    closed: () => closed,
  }
}

const CLIENTS: [string, Open][] = [
  ['the ws probe', probe(false)],
  ['the raw probe', probe(true)],
  ["Node's own WebSocket", node],
]
/** Around each form of the length field (RFC 6455 5.2). */
const SIZES = [0, 1, 125, 126, 127, 65_535, 65_536, 1_000_000]

describe.each(['websocket-library', 'websocket-raw'] as const)('%s', (id) => {
  let server: ReferenceServer
  let url = ''
  beforeAll(async () => {
    server = createServers().get(id) as ReferenceServer
    url = (await server.start(0)).url
    return async () => void (await server.stop())
  })

  describe.each(CLIENTS)('with %s', (_, open) => {
    describe.each([true, false])('compression %s', (compression) => {
      const query = `?clock=0&compression=${Number(compression)}`

      it('agrees on it', async () => {
        expect((await open(url + query)).compressed()).toBe(compression)
      })

      it('echoes text and binary of every length form', async () => {
        const client = await open(url + query)
        const wanted: string[] = []
        for (const size of SIZES) {
          const text = 'grüße €😀'.repeat(size).slice(0, size).toWellFormed()
          const bytes = Buffer.alloc(size, Buffer.from([0, 255, 128, 7, 200]))
          client.send(text)
          client.send(bytes)
          wanted.push(`text ${text}`, `binary ${bytes.toString('base64')}`)
        }
        expect(await client.take(wanted.length)).toEqual(wanted)
      })
    })

    it('many small messages come back in order', async () => {
      const client = await open(`${url}?clock=0`)
      const wanted = Array.from({ length: 300 }, (_, i) => `text ${i}`)
      for (let i = 0; i < wanted.length; i += 1) client.send(String(i))
      expect(await client.take(wanted.length)).toEqual(wanted)
    })

    it('the clock ticks from 1 without a gap', async () => {
      const client = await open(`${url}?interval=5`)
      const ticks = (await client.take(4)).map((text) => (JSON.parse(text.slice(5)) as { seq: number }).seq)
      expect(ticks).toEqual([1, 2, 3, 4])
    })

    it('the first known subprotocol is chosen', async () => {
      expect((await open(`${url}?clock=0`, ['nope', 'echo', 'clock.v1'])).protocol()).toBe('echo')
    })

    it.each([
      [1_000, ''],
      [3_001, 'grüß'],
      [4_999, 'x'.repeat(123)],
    ])('close %i "%s" is answered with the same code', async (code, reason) => {
      const client = await open(`${url}?clock=0`)
      client.close(code, reason)
      expect(await client.closed()).toEqual([code, reason, true])
    })

    it('a dropped connection is no clean end', async () => {
      const client = await open(`${url}?clock=0`)
      server.act('drop')
      expect(await client.closed()).toEqual([1_006, '', false])
    })
  })
})
