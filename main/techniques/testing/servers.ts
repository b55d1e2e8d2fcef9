/** Small servers for tests, on free loopback ports, closed when the test is finished. */
import { createServer as createHttpServer, type RequestListener, type Server as HttpServer } from 'node:http'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import { onTestFinished } from 'vitest'

const listen = async (server: Server, sockets: Set<Socket>): Promise<string> => {
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Bytes by hand; resolves to host:port. */
export function serveTcp(onSocket: (socket: Socket, number: number) => void): Promise<string> {
  let count = 0
  const sockets = new Set<Socket>()
  return listen(
    createServer((socket) => onSocket(socket, ++count)),
    sockets,
  )
}

/** Answers each connection's first request head with these bytes and leaves the rest to `then`. */
export const serveAnswer = (
  answer: string | Buffer,
  then: (socket: Socket) => void = () => undefined,
): Promise<string> =>
  serveTcp((socket) => {
    socket.once('data', () => {
      socket.write(answer)
      then(socket)
    })
  })

export function serveHttp(
  listener: RequestListener,
  prepare: (server: HttpServer) => void = () => undefined,
): Promise<string> {
  const server = createHttpServer(listener)
  prepare(server)
  return listen(server, new Set())
}

export function serveTls(options: TlsOptions, onSocket: (socket: Socket) => void): Promise<string> {
  const server = createTlsServer(options, onSocket)
  server.on('tlsClientError', () => undefined)
  return listen(server, new Set())
}

/** A port of which nothing listens. */
export async function closedPort(): Promise<string> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return `127.0.0.1:${port}`
}
