/**
 * The WebSocket reference server on the `ws` package, behind node:http fed with the sockets of the shared part: so
 * its page is at `/` too. The server written by hand is raw-server.ts.
 */
import { STATUS_CODES, createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import type { ControlValues } from '../../../preload/contract/index.ts'
import { createClock, type Tick } from '../clock.ts'
import { createHeadDeadline } from '../head-deadline.ts'
import { PAGE_HEADERS, renderPage } from '../pages/render-page.ts'
import { hostRefusal, mayRead } from '../local-only.ts'
import { createReferenceServer, type ServerHost, type ServerParts } from '../reference-server.ts'
import type { ReferenceServer } from '../technique.ts'
import { echo } from './echo.ts'
import { INSPECTOR_LIMITS, type CurrentServerOptions } from './library-limits.ts'
import { isRoot, readOverrides, type Overrides } from './overrides.ts'

/** Bytes a client may leave unread before ticks are left out for it. */
const SLOW = 4_194_304

export const createLibraryWebSocketServer = (): ReferenceServer => createReferenceServer('websocket-library', build)

function build(host: ServerHost): ServerParts {
  const clients = new Map<WebSocket, Overrides>()
  let pinging: NodeJS.Timeout | null = null
  let pingInterval = 0
  const deadline = createHeadDeadline()
  const http = createServer((request, response) => {
    deadline.came(request.socket)
    response.once('close', () => deadline.due(request.socket))
    answer(request, response)
  })
  http.on('upgrade', upgrade)
  http.keepAliveTimeout = 5_000

  const common: CurrentServerOptions = {
    ...INSPECTOR_LIMITS,
    noServer: true,
    clientTracking: false,
    closeTimeout: 2_000,
    handleProtocols: (offered) => choose(offered, host.controls()),
  }
  const plain = new WebSocketServer(common)
  // Small messages too: this server is there to show what compression does.
  const deflating = new WebSocketServer({ ...common, perMessageDeflate: { threshold: 0 } })

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    deadline.came(request.socket)
    const refuse = (status: number): void =>
      void socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
    const refusal = hostRefusal(request.headersDistinct['host'])
    if (refusal) return refuse(refusal)
    const { origin } = request.headers
    if (origin !== undefined && !mayRead(origin)) return refuse(403)
    if (!isRoot(request.url ?? '/')) return refuse(404)
    const overrides = readOverrides(request.url ?? '/')
    const compression = overrides.compression ?? host.controls()['compression'] === true
    const server = compression ? deflating : plain
    server.handleUpgrade(request, socket, head, (client) => join(client, overrides))
  }

  function join(client: WebSocket, overrides: Overrides): void {
    clients.set(client, overrides)
    client.on('error', () => undefined) // told by its close code and by the tap
    client.on('close', () => clients.delete(client))
    echo(client, () => overrides.echo ?? host.controls()['echo'] === true)
    if (overrides.interval !== null) ownClock(client, overrides.interval)
  }

  /** `?interval=` gives a client its own clock, with its own sequence. */
  function ownClock(client: WebSocket, interval: number): void {
    const clock = createClock(
      () => ({ ...host.controls(), interval }),
      (tick) => send(client, tick),
    )
    clock.start()
    client.on('close', () => clock.stop())
  }

  function send(client: WebSocket, tick: Tick): void {
    const wanted = clients.get(client)?.clock ?? host.controls()['clock'] === true
    if (wanted && client.readyState === client.OPEN && client.bufferedAmount < SLOW) client.send(tick.json)
  }

  function adjustPing(values: ControlValues): void {
    const wanted = Number(values['pingInterval'] ?? 0)
    if (wanted === pingInterval) return
    if (pinging) clearInterval(pinging)
    pingInterval = wanted
    pinging = wanted > 0 ? setInterval(pingAll, wanted).unref() : null
  }

  function pingAll(): void {
    const payload = String(host.lastTick()?.seq ?? 0)
    for (const client of clients.keys()) if (client.readyState === client.OPEN) client.ping(payload)
  }

  return {
    accept(socket) {
      adjustPing(host.controls())
      deadline.due(socket)
      http.emit('connection', socket)
    },
    tick(tick) {
      for (const [client, { interval }] of clients) if (interval === null) send(client, tick)
    },
    controlled: adjustPing,
    stopping() {
      adjustPing({ pingInterval: 0 })
      for (const client of clients.keys()) client.terminate()
    },
  }
}

const TEXT = { 'Content-Type': 'text/plain; charset=utf-8' }

/** Everything that asks for no upgrade: the page at `/`. */
function answer(request: IncomingMessage, response: ServerResponse): void {
  const refusal = hostRefusal(request.headersDistinct['host'])
  if (refusal) {
    response.writeHead(refusal, TEXT).end('Only for this machine, and one Host at a time.\n')
  } else if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { ...TEXT, Allow: 'GET, HEAD' }).end('Only GET and HEAD are answered here.\n')
  } else if (isRoot(request.url ?? '/')) {
    const page = renderPage('websocket-library')
    response.writeHead(200, { ...PAGE_HEADERS, 'Content-Length': Buffer.byteLength(page) })
    response.end(request.method === 'HEAD' ? undefined : page)
  } else {
    response.writeHead(404, TEXT).end('The WebSocket and its page are at /.\n')
  }
}

/** The first offered subprotocol that the control names; none when there is no such. */
function choose(offered: Set<string>, values: ControlValues): string | false {
  const known = String(values['subprotocols'] ?? '').split(/[\s,]+/)
  for (const protocol of offered) if (known.includes(protocol)) return protocol
  return false
}
