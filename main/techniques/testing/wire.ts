/** For tests of servers: a request written byte by byte as given, and everything that comes back, as text. */
import { connect, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import type { ControlValues } from '../../../preload/contract/index.ts'
import type { ReferenceServer } from '../technique.ts'

export interface Wire {
  socket: Socket
  /** All that came so far. */
  received(): string
  /** Resolves with all that came, once `pattern` is in it. */
  until(pattern: RegExp | string): Promise<string>
  /** Resolves with all that came, once the server ended or cut the connection. */
  over: Promise<string>
  write(text: string): void
}

export function openWire(port: number): Wire {
  const socket = connect(port, '127.0.0.1')
  let text = ''
  const looks = new Set<() => void>()
  socket.setEncoding('utf8')
  socket.on('data', (chunk: string) => {
    text += chunk
    for (const look of looks) look()
  })
  socket.on('error', () => undefined)
  onTestFinished(() => void socket.destroy())
  return {
    socket,
    received: () => text,
    write: (more) => void socket.write(more),
    over: new Promise((resolve) => socket.once('close', () => resolve(text))),
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (typeof pattern === 'string' ? !text.includes(pattern) : !pattern.test(text)) return
          looks.delete(look)
          resolve(text)
        }
        looks.add(look)
        socket.once('close', () => reject(new Error(`the connection ended without ${pattern}: ${text}`)))
        look()
      }),
  }
}

/** One request; `head` holds more header lines, each with its CRLF. */
export function request(port: number, target: string, head = '', method = 'GET'): Wire {
  const wire = openWire(port)
  wire.write(`${method} ${target} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${head}\r\n`)
  return wire
}

/** The whole answer to one request, on a connection that ends with it; without its Date line. */
export async function answer(port: number, target: string, head = '', method = 'GET'): Promise<string> {
  const text = await request(port, target, `${head}Connection: close\r\n`, method).over
  return text.replace(/^Date: .*\r\n/m, '')
}

export const bodyOf = (text: string): string => text.slice(text.indexOf('\r\n\r\n') + 4)

/** A running server whose clock stands still: ticks come by `act('push')` alone. */
export async function startPaused(server: ReferenceServer, controls: ControlValues = {}): Promise<number> {
  server.control({ paused: true, ...controls })
  onTestFinished(async () => void (await server.stop()))
  return (await server.start(0)).port
}

/** Resolves when the server's state is as asked. */
export function untilState(server: ReferenceServer, reached: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (reached()) resolve()
    }
    server.onChange(look)
    look()
  })
}
