/**
 * The WebSocket probe on the `ws` package, over a socket of our own that is tapped. `ws` drives the protocol; what
 * is on the wire is told by the tap and the dissector. The probe written by hand is raw-probe.ts.
 */
import type { IncomingMessage } from 'node:http'
import { WebSocket, type ClientOptions } from 'ws'
import {
  DEFAULT_LIMITS,
  closeCodeName,
  fail,
  ok,
  type Outgoing,
  type ResponseHead,
  type Result,
} from '../../../preload/contract/index.ts'
import { NO_CODE } from '../../protocol/websocket/close.ts'
import { createDialer } from '../dial.ts'
import { createTrouble, errorRow, placeOf, troubleOf, type Trouble } from '../failure.ts'
import { USER_AGENT, mergeHeaders, type HeaderList } from '../headers.ts'
import { createLife } from '../probe-life.ts'
import type { Probe, ProbeOptions } from '../technique.ts'
import { echo } from './echo.ts'
import { refusedTrouble, switchTrouble } from './handshake-troubles.ts'
import { INSPECTOR_LIMITS, type CurrentClientOptions } from './library-limits.ts'
import { checkOutgoing } from './outgoing.ts'

/** ms for the answer to the handshake; for the peer's close frame. */
const HANDSHAKE_TIMEOUT = 30_000
const CLOSE_TIMEOUT = 2_000
/** What of a refusal's body is waited for: bytes and ms. */
const REFUSAL = { bytes: 65_536, time: 2_000 }

export function createLibraryProbe(options: ProbeOptions): Probe {
  const { request, recorder } = options
  const url = new URL(request.url)
  const dialer = createDialer({ recorder, technique: 'websocket', insecure: request.insecure })
  let socket: WebSocket | null = null
  let broken: Error | null = null
  /** What is wrong with the answer's head; `ws` tells less of it, and none of it when it looks on. */
  let fault: Trouble | null = null
  /** Tells of an answer that is not 101; what may go wrong in that answer afterwards says less. */
  let refuse: (() => void) | null = null

  const life = createLife(options, async () => {
    if (socket && socket.readyState !== WebSocket.CLOSED) {
      const closed = new Promise((resolve) => socket?.once('close', resolve))
      if (socket.readyState === WebSocket.CONNECTING) socket.terminate()
      else socket.close(1_000) // goes on closing by itself; CLOSE_TIMEOUT bounds it
      await closed
    }
    dialer.destroy()
    await dialer.closed()
  })
  const failed = (error: unknown): void => life.failed(troubleOf(error, url), dialer.connection())

  const open = (): WebSocket => {
    const client = new WebSocket(url, request.subprotocols, clientOptions(request.headers))
    client.on('upgrade', (answer) => {
      fault = switchTrouble(null, headOf(answer), url)
      keepWithoutSubprotocol(answer, request.subprotocols)
    })
    client.on('unexpected-response', (_, answer) => {
      const head = headOf(answer)
      // Node takes a 101 without the headers of a switch for an ordinary answer.
      const trouble = (head.status === 101 && switchTrouble(null, head, url)) || refusedTrouble(head, url)
      refuse = () => life.failed(trouble, dialer.connection())
      void readRefusal(answer).then(refuse)
    })
    client.on('open', () => life.to('open', client.protocol ? `Open, subprotocol ${client.protocol}.` : 'Open.'))
    client.on('error', (error) => {
      if (refuse) return
      broken = error
      if (client.readyState !== WebSocket.CONNECTING && life.state !== 'connecting') return
      if (fault) life.failed(fault, dialer.connection())
      else failed(dialer.socketError() ?? error)
    })
    client.on('close', (code, reason) => closed(code, reason.toString()))
    if (request.echo) echo(client) // else nobody listens: what came is in the rows already
    return client
  }

  const clientOptions = (own: HeaderList): CurrentClientOptions => ({
    ...INSPECTOR_LIMITS,
    headers: byName(mergeHeaders(own, [USER_AGENT])) as Record<string, string>, // the types know single values only
    perMessageDeflate: request.compression,
    autoPong: request.autoPong,
    handshakeTimeout: HANDSHAKE_TIMEOUT,
    closeTimeout: CLOSE_TIMEOUT,
    followRedirects: false, // as every browser
    maxHeaderSize: DEFAULT_LIMITS.headBytes,
    // Node calls back with the socket once it is connected; its types know only the returned one.
    createConnection: ((_: unknown, done: (error: Error | null, socket?: unknown) => void) => {
      dialer.dial(url, (error, connected) => (connected ? done(null, connected) : done(error)))
    }) as unknown as NonNullable<ClientOptions['createConnection']>,
  })

  const closed = (code: number, reason: string): void => {
    if (life.over || refuse) return
    const connection = dialer.connection()
    if (broken) return failed(broken)
    const reset = dialer.socketError()
    if (reset) (connection ?? recorder).local(errorRow(troubleOf(reset, url)))
    if (code === 1006)
      return life.ended(
        reset ? troubleOf(reset, url).failure.message : 'The connection ended without a close frame (1006).',
      )
    const which = code === NO_CODE ? 'without a code' : `with ${code} ${closeCodeName(code)}`
    life.ended(`Closed ${which}${reason ? `: ${reason}` : ''}.`)
  }

  life.to('connecting', `Connecting to ${placeOf(url)}.`)
  try {
    socket = open()
  } catch (error) {
    life.failed(
      createTrouble(
        null,
        `The handshake cannot be written: ${(error as Error).message}`,
        'Check subprotocols and headers.',
      ),
      null,
    )
  }

  return {
    get state() {
      return life.state
    },
    send: (message) => (socket ? send(socket, message) : fail('not-connected', 'There is no connection.')),
    async close() {
      refuse?.()
      life.ended('')
      await life.done
    },
    done: life.done,
  }
}

function send(socket: WebSocket, message: Outgoing): Result<null> {
  if (socket.readyState !== WebSocket.OPEN) {
    return fail('not-connected', 'The WebSocket is not open.', 'Connect first, or wait until the handshake is done.')
  }
  const checked = checkOutgoing(message)
  if (!checked.ok) return checked
  try {
    write(socket, message)
    return ok(null)
  } catch (error) {
    return fail('cannot-send', `The message cannot be sent: ${(error as Error).message}`)
  }
}

function write(socket: WebSocket, message: Outgoing): void {
  switch (message.type) {
    case 'text':
      return socket.send(message.text)
    case 'binary':
      return socket.send(Buffer.from(message.base64, 'base64'))
    case 'ping':
      return socket.ping(Buffer.from(message.base64, 'base64'))
    case 'pong':
      return socket.pong(Buffer.from(message.base64, 'base64'))
    case 'close':
      return message.code === null ? socket.close() : socket.close(message.code, message.reason)
  }
}

/** Repeated names as an array, as node:http wants them. */
function byName(headers: HeaderList): Record<string, string | string[]> {
  const named: Record<string, string | string[]> = {}
  for (const [name, value] of headers) {
    const key = Object.keys(named).find((known) => known.toLowerCase() === name.toLowerCase()) ?? name
    const known = named[key]
    named[key] = known === undefined ? value : [known, value].flat()
  }
  return named
}

/** RFC 6455 4.2.2 lets a server choose none; `ws` would hang up as browsers do, an inspector looks on. */
function keepWithoutSubprotocol(answer: IncomingMessage, offered: readonly string[]): void {
  const [first] = offered
  if (first !== undefined) answer.headers['sec-websocket-protocol'] ??= first
}

/** Lets the body of a refusal come, so that it is on the tap. */
function readRefusal(answer: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    let length = 0
    const timer = setTimeout(resolve, REFUSAL.time)
    const finish = (): void => {
      clearTimeout(timer)
      resolve()
    }
    answer.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length > REFUSAL.bytes) finish()
    })
    answer.once('close', finish)
    answer.once('error', finish)
    answer.once('end', finish)
  })
}

function headOf({ statusCode = 0, statusMessage = '', httpVersion, rawHeaders }: IncomingMessage): ResponseHead {
  const headers: ResponseHead['headers'] = []
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) headers.push([rawHeaders[i]!, rawHeaders[i + 1]!])
  return { status: statusCode, reason: statusMessage, version: `HTTP/${httpVersion}`, headers, requestSeq: null }
}
