/** WebSocket as a page does it: no pings, no fragments, no headers; close codes as the API reports them. */
import { fail, ok, type Outgoing, type Result } from '../../preload/contract/index.ts'
import { fromBase64 } from '../components/hex/bytes.ts'
import type { StartClient } from './client.ts'

const STATES = ['CONNECTING', 'OPEN', 'CLOSING', 'CLOSED'] as const
const stateText = (state: number): string => `readyState ${state} (${STATES[state] ?? '?'})`
/** How long the closing handshake may take when the reader disconnects, ms. */
const CLOSE_WAIT = 1_500
/** Bytes of a binary message that are reported, as hex. */
const MOST_HEX = 1_024

export const startWebSocket: StartClient = ({ url, subprotocols, onEnd }, report) => {
  let closing = false
  let closed = (): void => {}
  const gone = new Promise<void>((resolve) => (closed = resolve))

  const socket = new WebSocket(url, subprotocols)
  socket.binaryType = 'arraybuffer'
  report('new WebSocket', { text: `${url}, ${stateText(socket.readyState)}` })

  socket.onopen = () =>
    report('open', {
      text: `${stateText(socket.readyState)}, protocol "${socket.protocol}", extensions "${socket.extensions}"`,
    })
  socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
    if (typeof data === 'string') report('message', { data })
    else report('message', { data: hex(data), text: `ArrayBuffer of ${data.byteLength} bytes` })
  }
  socket.onerror = () => report('error', { text: `${stateText(socket.readyState)}; the API gives no reason` })
  socket.onclose = ({ code, reason, wasClean }) => {
    report('close', {
      text: `code ${code}, reason "${reason}", wasClean ${wasClean}, ${stateText(socket.readyState)}`,
    })
    closed()
    if (!closing) onEnd()
  }

  return {
    send(message) {
      if (message.type !== 'close' && socket.readyState !== WebSocket.OPEN) {
        return fail('not-connected', `The WebSocket is not open: ${stateText(socket.readyState)}.`)
      }
      return sendOn(socket, message)
    },
    async close() {
      closing = true
      if (socket.readyState < WebSocket.CLOSING) {
        socket.close()
        report('close()', { text: stateText(socket.readyState) })
      }
      if (socket.readyState !== WebSocket.CLOSED) {
        await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, CLOSE_WAIT))])
      }
    },
  }
}

function sendOn(socket: WebSocket, message: Outgoing): Result<null> {
  switch (message.type) {
    case 'text':
      socket.send(message.text)
      return ok(null)
    case 'binary':
      socket.send(fromBase64(message.base64))
      return ok(null)
    case 'ping':
    case 'pong':
      return fail(
        'cannot-send',
        `The browser's WebSocket cannot send a ${message.type}.`,
        'Connect with the probe to send control frames.',
      )
    case 'close':
      try {
        if (message.code === null) socket.close()
        else socket.close(message.code, message.reason)
        return ok(null)
      } catch (error) {
        return fail(
          'cannot-send',
          error instanceof Error ? error.message : 'The browser refused to close with that code.',
          'A page may close with 1000 or 3000 to 4999 only. The probe can send any code.',
        )
      }
  }
}

function hex(buffer: ArrayBuffer): string {
  const bytes = new Uint8Array(buffer, 0, Math.min(buffer.byteLength, MOST_HEX))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ')
}
