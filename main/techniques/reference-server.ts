/**
 * What all six reference servers share: listening on loopback with a fall-back port, doors, recording, the clock,
 * controls and the list of open sockets. What a server says on those sockets is its own (`ServerParts`).
 */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import {
  DEFAULT_LIMITS,
  SERVERS,
  initialControls,
  type ControlValues,
  type ServerId,
  type ServerState,
} from '../../preload/contract/index.ts'
import type { Recorder } from '../capture/recorder.ts'
import { tap } from '../capture/tap.ts'
import { createClock, type Tick } from './clock.ts'
import type { ReferenceServer } from './technique.ts'

/** What the shared part offers to one server. */
export interface ServerHost {
  /** Current values of every control in the table. */
  controls(): ControlValues
  /** The newest tick; null before the first. */
  lastTick(): Tick | null
}

/** What one server brings. */
export interface ServerParts {
  /** Takes a fresh socket, before it is tapped; for node:http: `http.emit('connection', socket)`. */
  accept(socket: Socket): void
  /** A new tick, for everyone who listens. */
  tick(tick: Tick): void
  /** Controls changed. */
  controlled?(values: ControlValues): void
  /** About to stop: give up timers and waiters. Sockets are destroyed right after. */
  stopping?(): void
  /** End every connection at once; when absent the sockets are destroyed. */
  drop?(): void
}

const HOST = '127.0.0.1'

export function createReferenceServer(id: ServerId, build: (host: ServerHost) => ServerParts): ReferenceServer {
  const info = SERVERS[id]
  const sockets = new Set<Socket>()
  const doors = new Set<Server>()
  const recorders = new Set<Recorder>()
  const listeners: (() => void)[] = []
  let controls = initialControls(id)
  let listener: Server | null = null
  let state: ServerState['state'] = 'stopped'
  let message = ''
  let fellBack = false
  let notifying: NodeJS.Timeout | null = null

  const changed = (): void => {
    notifying ??= setTimeout(() => {
      notifying = null
      for (const listen of listeners) listen()
    }, 100).unref()
  }

  const clock = createClock(
    () => controls,
    (tick) => {
      parts.tick(tick)
      changed()
    },
  )
  const parts = build({ controls: () => controls, lastTick: clock.last })

  const accept = (socket: Socket, into: Iterable<Recorder>): void => {
    sockets.add(socket)
    socket.on('error', () => undefined) // resets are normal; the tap tells of them
    socket.once('close', () => {
      sockets.delete(socket)
      changed()
    })
    parts.accept(socket)
    for (const recorder of into) {
      const connection = recorder.connection(info.technique)
      connection.local({ kind: 'connect', details: connectDetails(socket, info.technique) })
      tap(socket, connection, 'server')
    }
    changed()
  }

  const listen = (server: Server, port: number): Promise<NodeJS.ErrnoException | null> =>
    new Promise((resolve) => {
      server.once('error', resolve)
      server.listen(port, HOST, () => {
        server.off('error', resolve)
        server.on('error', () => undefined)
        resolve(null)
      })
    })

  const open = (into: () => Iterable<Recorder>): Server => {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => accept(socket, into()))
    server.maxConnections = DEFAULT_LIMITS.connections
    return server
  }

  const port = (): number => (listener?.address() as AddressInfo | null)?.port ?? 0
  const destroyAll = (): void => sockets.forEach((socket) => socket.destroy())

  const snapshot = (): ServerState => ({
    id,
    state,
    message,
    url: state === 'running' ? `${info.scheme}://${HOST}:${port()}${info.path}` : '',
    page: state === 'running' ? `http://${HOST}:${port()}/` : '',
    port: port(),
    fellBack,
    clients: sockets.size,
    ticks: clock.last()?.seq ?? 0,
    controls: { ...controls },
  })

  return {
    state: snapshot,

    async start(wanted = info.defaultPort) {
      if (state === 'running') return snapshot()
      fellBack = false
      message = ''
      listener = open(() => recorders)
      let error = await listen(listener, wanted)
      if (error?.code === 'EADDRINUSE' && wanted !== 0) {
        fellBack = true
        message = `Port ${wanted} is in use; a free one was taken.`
        listener = open(() => recorders)
        error = await listen(listener, 0)
      }
      if (error) {
        listener = null
        state = 'failed'
        message = `Cannot listen on ${HOST}:${wanted} (${error.code ?? error.message}).`
      } else {
        state = 'running'
        clock.start()
      }
      changed()
      return snapshot()
    },

    async stop() {
      if (state !== 'running') {
        state = 'stopped'
        return snapshot()
      }
      state = 'stopped'
      message = ''
      clock.stop()
      parts.stopping?.()
      const closing = [listener, ...doors].filter((server) => server !== null).map(close)
      destroyAll()
      await Promise.all(closing)
      listener = null
      changed()
      return snapshot()
    },

    control(values) {
      controls = { ...controls, ...values }
      clock.adjust()
      parts.controlled?.(controls)
      changed()
      return snapshot()
    },

    act(action) {
      if (action === 'push') clock.push()
      else if (parts.drop) parts.drop()
      else destroyAll()
      changed()
      return snapshot()
    },

    async openDoor(recorder) {
      const server = open(() => [recorder])
      doors.add(server)
      const error = await listen(server, 0)
      if (error) throw error
      const { port: doorPort } = server.address() as AddressInfo
      return {
        url: `${info.scheme}://${HOST}:${doorPort}${info.path}`,
        close: async () => {
          doors.delete(server)
          const closed = close(server)
          for (const socket of sockets) if (socket.localPort === doorPort) socket.destroy()
          await closed
        },
      }
    },

    record(recorder) {
      recorders.add(recorder)
      return () => recorders.delete(recorder)
    },

    onChange(listener) {
      listeners.push(listener)
    },
  }
}

const close = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()))

const connectDetails = (socket: Socket, technique: (typeof SERVERS)[ServerId]['technique']) => ({
  technique,
  remote: `${socket.remoteAddress}:${socket.remotePort}`,
  local: `${socket.localAddress}:${socket.localPort}`,
  by: 'server' as const,
})
