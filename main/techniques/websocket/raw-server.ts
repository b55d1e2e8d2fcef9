/**
 * The WebSocket reference server written by hand on bare sockets: handshake, frames, compression and close by
 * main/protocol/websocket alone. The same on the `ws` package is library-server.ts.
 */
import type { ControlValues } from '../../../preload/contract/index.ts'
import { createClock, type Tick } from '../clock.ts'
import { createReferenceServer, type ServerHost, type ServerParts } from '../reference-server.ts'
import type { ReferenceServer } from '../technique.ts'
import type { Overrides } from './overrides.ts'
import { serveRaw, type RawClient, type RawTimeouts } from './raw-connection.ts'

/** Bytes a client may leave unread before ticks are left out for it. */
const SLOW = 4_194_304

const TIMEOUTS: RawTimeouts = { head: 10_000, close: 2_000 }

export const createRawServer = (timeouts: RawTimeouts = TIMEOUTS): ReferenceServer =>
  createReferenceServer('websocket-raw', (host) => build(host, timeouts))

function build(host: ServerHost, timeouts: RawTimeouts): ServerParts {
  const clients = new Set<RawClient>()
  const clocks = new Map<RawClient, { stop(): void }>()
  let pinging: NodeJS.Timeout | null = null
  let pingInterval = 0
  let subprotocols: string[] = []

  const send = (client: RawClient, tick: Tick): void => {
    const wanted = client.overrides.clock ?? host.controls()['clock'] === true
    if (wanted && client.backlog() < SLOW) client.endpoint.sendText(tick.json)
  }

  /** `?interval=` gives a client its own clock, with its own sequence. */
  const ownClock = (client: RawClient, interval: number): void => {
    const clock = createClock(
      () => ({ ...host.controls(), interval }),
      (tick) => send(client, tick),
    )
    clock.start()
    clocks.set(client, clock)
  }

  const pingAll = (): void => {
    const payload = Buffer.from(String(host.lastTick()?.seq ?? 0))
    for (const { endpoint } of clients) endpoint.ping(payload)
  }

  const controlled = (values: ControlValues): void => {
    subprotocols = String(values['subprotocols'] ?? '')
      .split(/[\s,]+/)
      .filter((name) => name !== '')
    const wanted = Number(values['pingInterval'] ?? 0)
    if (wanted === pingInterval) return
    if (pinging) clearInterval(pinging)
    pingInterval = wanted
    pinging = wanted > 0 ? setInterval(pingAll, wanted).unref() : null
  }

  return {
    accept(socket) {
      controlled(host.controls())
      serveRaw({
        socket,
        timeouts,
        choices: ({ compression }: Overrides) => ({
          compression: compression ?? host.controls()['compression'] === true,
          subprotocols,
        }),
        echoes: ({ echo }) => echo ?? host.controls()['echo'] === true,
        joined(client) {
          clients.add(client)
          if (client.overrides.interval !== null) ownClock(client, client.overrides.interval)
        },
        left(client) {
          clients.delete(client)
          clocks.get(client)?.stop()
          clocks.delete(client)
        },
      })
    },
    tick(tick) {
      for (const client of clients) if (client.overrides.interval === null) send(client, tick)
    },
    controlled,
    stopping() {
      controlled({ ...host.controls(), pingInterval: 0 })
      for (const { endpoint } of clients) endpoint.close(1001, 'The server stops.') // RFC 6455 7.4.1
    },
  }
}
