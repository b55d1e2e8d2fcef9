/**
 * One socket of the raw server: reads the head, answers it, then speaks frames through an endpoint. Bounded in
 * bytes and in time at every step: a head that dribbles or never ends, a peer that does not read, does not close.
 */
import type { Socket } from 'node:net'
import { DEFAULT_LIMITS, type Limits } from '../../../preload/contract/index.ts'
import { createHeadReader } from '../../protocol/http/head.ts'
import { createEndpoint, type Endpoint } from '../../protocol/websocket/endpoint.ts'
import type { WebSocketAgreement } from '../../protocol/websocket/extensions.ts'
import { readOverrides, type Overrides } from './overrides.ts'
import { answerRequest, refuse, type Answer, type Choices } from './raw-handshake.ts'

export interface RawTimeouts {
  /** ms for the whole head. */
  head: number
  /** ms for the peer to end the connection after we did. */
  close: number
}

export interface RawClient {
  readonly overrides: Overrides
  readonly endpoint: Endpoint
  /** Bytes that the peer has not taken yet. */
  backlog(): number
}

export interface RawConnectionOptions {
  socket: Socket
  timeouts: RawTimeouts
  limits?: Limits
  choices(overrides: Overrides): Choices
  /** The handshake is done. */
  joined(client: RawClient): void
  left(client: RawClient): void
  echoes(overrides: Overrides): boolean
}

/** Bytes that the peer has not taken, past which nothing more is read from it. */
const FULL = 1_048_576

/** Serves the socket until it is gone. */
export function serveRaw(options: RawConnectionOptions): void {
  const { socket, timeouts, limits = DEFAULT_LIMITS } = options
  const reader = createHeadReader('request', limits)
  let endpoint: Endpoint | null = null
  let answered = false
  let timer = setTimeout(() => end(refuse(408, 'Request Timeout', 'The request head took too long.')), timeouts.head)

  /** No more is written; what still comes is read and dropped, so that no reset overtakes our last bytes. */
  const finish = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => socket.destroy(), timeouts.close)
    socket.end()
  }

  const end = ({ text }: Answer): void => {
    answered = true
    socket.write(text)
    finish()
  }

  const write = (bytes: Uint8Array): void => {
    if (!socket.writable) return
    socket.write(bytes)
    if (socket.writableLength > FULL && endpoint?.state === 'open') socket.pause()
  }

  const upgrade = (agreement: WebSocketAgreement, overrides: Overrides): Endpoint => {
    clearTimeout(timer)
    const opened = createEndpoint({
      role: 'server',
      agreement,
      limits,
      actions: {
        write,
        message: (payload, isText) => {
          if (options.echoes(overrides)) opened.sendMessage(payload, isText)
        },
        closed: () => undefined,
        failed: () => undefined,
        finish,
      },
    })
    const client: RawClient = { overrides, endpoint: opened, backlog: () => socket.writableLength }
    socket.once('close', () => {
      opened.dispose()
      options.left(client)
    })
    endpoint = opened
    options.joined(client)
    return opened
  }

  const readHead = (chunk: Buffer): void => {
    const used = reader.feed(chunk)
    if (reader.state === 'reading') return
    if (reader.state === 'too-large') {
      return end(refuse(431, 'Request Header Fields Too Large', `The head has more than ${limits.headBytes} bytes.`))
    }
    if (reader.state === 'not-http') return end(refuse(400, 'Bad Request', 'That is not HTTP/1.1.'))
    const overrides = readOverrides(reader.head.target)
    const answer = answerRequest(reader.head, reader.findings, options.choices(overrides))
    if (!answer.agreement) return end(answer)
    answered = true
    socket.write(answer.text)
    const opened = upgrade(answer.agreement, overrides)
    if (used < chunk.length) opened.feed(chunk.subarray(used))
  }

  socket.on('data', (chunk: Buffer) => {
    if (endpoint) endpoint.feed(chunk)
    else if (!answered) readHead(chunk)
  })
  socket.on('drain', () => socket.resume())
  // The peer half-closed: what was asked is still answered, then it is our turn.
  socket.once('end', finish)
  socket.once('close', () => clearTimeout(timer))
}
