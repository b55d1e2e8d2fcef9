/**
 * The WebSocket probe written by hand: its own handshake and frames over a tapped socket, strict as RFC 6455 asks
 * of a client. A WebSocket does not reconnect by itself, so `reconnect` is not looked at. The probe on the `ws`
 * package is library-probe.ts.
 */
import type { Socket } from 'node:net'
import {
  DEFAULT_LIMITS,
  closeCodeName,
  fail,
  ok,
  type FindingId,
  type Outgoing,
  type Result,
} from '../../../preload/contract/index.ts'
import { headerValue, headerValues } from '../../protocol/http/tokens.ts'
import { NO_CODE } from '../../protocol/websocket/close.ts'
import { createEndpoint, type Endpoint } from '../../protocol/websocket/endpoint.ts'
import { keepOffered, type WebSocketAgreement } from '../../protocol/websocket/extensions.ts'
import { auditHandshake } from '../../protocol/websocket/handshake.ts'
import { createDialer } from '../dial.ts'
import { createTrouble, errorRow, placeOf, ruleTrouble, troubleOf } from '../failure.ts'
import { createLife } from '../probe-life.ts'
import type { CreateProbe } from '../technique.ts'
import { refusedTrouble, switchTrouble } from './handshake-troubles.ts'
import { createMaskKeys } from './mask-keys.ts'
import { checkOutgoing } from './outgoing.ts'
import { createAnswerReader, type AnswerState } from './raw-answer.ts'
import { openingRequest } from './raw-request.ts'

/** ms for the answer to the handshake; for the peer's part of the closing. */
const HANDSHAKE_TIMEOUT = 30_000
const CLOSE_TIMEOUT = 2_000
/** ms for the rest of a refusal's body. */
const BODY_TIMEOUT = 2_000
/** Bytes that the peer has not taken, past which nothing more is read from it. */
const FULL = 1_048_576

export const createRawProbe: CreateProbe = (options) => {
  const { request, recorder } = options
  const url = new URL(request.url)
  const dialer = createDialer({ recorder, technique: 'websocket', insecure: request.insecure })
  const opening = openingRequest(url, request)
  let socket: Socket | null = null
  let endpoint: Endpoint | null = null
  let timer: NodeJS.Timeout | undefined
  /** How the WebSocket ended, for when the socket has ended too. */
  let closing = ''
  let broken: FindingId | null = null

  const life = createLife(options, async () => {
    clearTimeout(timer)
    if (socket && !socket.destroyed) {
      // A clean goodbye first; the timer sees to a peer that does not answer it.
      endpoint?.close(1000)
      linger()
      if (!endpoint) socket.destroy()
    }
    await dialer.closed()
    clearTimeout(timer)
    endpoint?.dispose()
    dialer.destroy()
  })

  const linger = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => socket?.destroy(), CLOSE_TIMEOUT)
  }

  const failed = (error: unknown): void => life.failed(troubleOf(error, url), dialer.connection())

  const open = (agreement: WebSocketAgreement, subprotocol: string | null): Endpoint => {
    clearTimeout(timer)
    const opened: Endpoint = createEndpoint({
      role: 'client',
      agreement,
      limits: DEFAULT_LIMITS,
      maskKey: createMaskKeys(),
      autoPong: request.autoPong,
      actions: {
        write: (bytes) => {
          if (!socket?.writable) return
          socket.write(bytes)
          if (socket.writableLength > FULL && opened.state === 'open') socket.pause()
        },
        // Messages are wanted only to be sent back: what came is in the rows already.
        ...(request.echo
          ? { message: (payload: Buffer, isText: boolean) => void opened.sendMessage(payload, isText) }
          : {}),
        closed: (code, reason) => {
          closing = `Closed${code === NO_CODE ? ' without a code' : ` with ${code} ${closeCodeName(code)}`}${reason && `: ${reason}`}.`
        },
        failed: (_code, rule) => {
          broken = rule
        },
        // RFC 6455 7.1.1: the server ends the TCP connection; a client waits for it, but not for ever
        finish: () => {
          if (broken) socket?.end()
          linger()
        },
      },
    })
    life.to('open', subprotocol ? `Open, subprotocol ${subprotocol}.` : 'Open.')
    return opened
  }

  const answer = createAnswerReader(DEFAULT_LIMITS)
  let refusing = false
  const readAnswer = (chunk: Buffer): void => {
    const used = answer.feed(chunk)
    if (answer.state === 'reading' || life.over) return
    const unread = UNREADABLE[answer.state]
    if (unread !== undefined) return failed(asError(unread, { rawPacket: chunk }))
    const { head } = answer
    if (head.status !== 101) {
      if (answer.state === 'done') return refused()
      if (!refusing) {
        refusing = true
        clearTimeout(timer)
        timer = setTimeout(refused, BODY_TIMEOUT)
      }
      return
    }
    const { deflate } = auditHandshake(opening.head, head).agreement
    const offers = headerValues(opening.head.headers, 'sec-websocket-extensions')
    const agreement = { deflate: deflate && keepOffered(deflate, offers) }
    const trouble = switchTrouble(opening.head, head, url)
    if (trouble) return life.failed(trouble, dialer.connection())
    endpoint = open(agreement, headerValue(head.headers, 'sec-websocket-protocol'))
    if (used < chunk.length) endpoint.feed(chunk.subarray(used))
  }

  const refused = (): void => life.failed(refusedTrouble(answer.head, url), dialer.connection())

  const ended = (): void => {
    if (life.over) return
    const reset = dialer.socketError()
    if (!endpoint) {
      if (answer.state === 'body') return refused()
      return failed(reset ?? asError('ECONNRESET', {}, 'socket hang up'))
    }
    if (broken) return life.failed(ruleTrouble(broken, url), dialer.connection())
    const trouble = reset && troubleOf(reset, url)
    if (trouble) (dialer.connection() ?? recorder).local(errorRow(trouble))
    life.ended(closing || (trouble?.failure.message ?? 'The connection ended without a close frame (1006).'))
  }

  const start = (connected: Socket): void => {
    socket = connected
    connected.on('data', (chunk: Buffer) => (endpoint ? endpoint.feed(chunk) : readAnswer(chunk)))
    connected.on('drain', () => connected.resume())
    connected.once('close', ended)
    timer = setTimeout(() => failed(new Error('Opening handshake has timed out')), HANDSHAKE_TIMEOUT)
    connected.write(opening.text, 'latin1')
  }

  life.to('connecting', `Connecting to ${placeOf(url)}.`)
  if (opening.problem !== '') {
    life.failed(
      createTrouble(null, `The handshake cannot be written: ${opening.problem}`, 'Check subprotocols and headers.'),
      null,
    )
  } else {
    dialer.dial(url, (error, connected) => {
      if (!connected) failed(error)
      else if (life.over) connected.destroy()
      else start(connected)
    })
  }

  return {
    get state() {
      return life.state
    },
    send(message) {
      if (!endpoint || life.over) return NOT_OPEN
      const sent = send(endpoint, message)
      if (sent.ok && message.type === 'close') linger()
      return sent
    },
    async close() {
      if (refusing) refused()
      if (!endpoint) dialer.destroy()
      life.ended('')
      await life.done
    },
    done: life.done,
  }
}

const NOT_OPEN = fail(
  'not-connected',
  'The WebSocket is not open.',
  'Connect first, or wait until the handshake is done.',
)

/** Answers that cannot be read, by the error that Node's parser has for the same. */
const UNREADABLE: Partial<Record<AnswerState, string>> = {
  'not-http': 'HPE_INVALID_CONSTANT',
  malformed: 'HPE_INVALID_HEADER_TOKEN',
  'too-large': 'HPE_HEADER_OVERFLOW',
}

const asError = (code: string, more: object = {}, words = code): Error =>
  Object.assign(new Error(words), { code, ...more })

function send(endpoint: Endpoint, message: Outgoing): Result<null> {
  const checked = checkOutgoing(message)
  if (!checked.ok) return checked
  return write(endpoint, message) ? ok(null) : NOT_OPEN
}

function write(endpoint: Endpoint, message: Outgoing): boolean {
  switch (message.type) {
    case 'text':
      return endpoint.sendText(message.text)
    case 'binary':
      return endpoint.sendMessage(Buffer.from(message.base64, 'base64'), false)
    case 'ping':
      return endpoint.ping(Buffer.from(message.base64, 'base64'))
    case 'pong':
      return endpoint.pong(Buffer.from(message.base64, 'base64'))
    case 'close':
      return endpoint.close(message.code, message.reason)
  }
}
