/**
 * The engine: every use case behind the contract. Knows no window and no host; a host subscribes and carries
 * the calls (bridge.ts).
 */
import { SERVERS, SERVER_IDS, fail, ok } from '../../preload/contract/index.ts'
import type {
  CaptureInfo,
  EngineApi,
  Limits,
  Result,
  ServerId,
  ServerState,
  WindowApi,
} from '../../preload/contract/index.ts'
import type { CaptureReader } from '../capture/capture.ts'
import type { Recorder } from '../capture/recorder.ts'
import { parseEndpoint } from '../techniques/guess.ts'
import { createServers } from '../techniques/registry.ts'
import { createCaptures } from './captures.ts'
import { checkControls, guard } from './check.ts'
import { exportText } from './export-text.ts'
import { createLibrary } from './library.ts'
import { engineNow, type SessionSetup } from './session.ts'
import { createSettings } from './settings.ts'
import { startDoor, startProbe, startServerRecording } from './sources.ts'
import { createViews } from './views.ts'

export interface EngineOptions {
  /** `electron`, `browser` or `cli`. */
  host: string
  /** Made when missing; a temporary folder replaces it when it cannot be written. */
  dataDirectory: string
  version: string
  limits?: Partial<Limits>
  /** Faults of ours, for a log; never captured bytes. */
  log?(error: unknown): void
}

export interface Engine {
  api: EngineApi
  /** Pushes go to every subscriber; the returned function ends it. */
  subscribe(window: WindowApi): () => void
  /** The reader of a capture, for hosts that write rows themselves; null when there is none. */
  reader(capture: string): CaptureReader | null
  /** Ends servers and sessions; every byte is on disk when it resolves. */
  close(): Promise<void>
}

export async function createEngine(options: EngineOptions): Promise<Engine> {
  const windows = new Set<WindowApi>()
  const tell = (say: (window: WindowApi) => void): void => windows.forEach(say)
  const log = options.log ?? (() => undefined)
  const library = createLibrary(options.dataDirectory)
  const settings = createSettings(options.dataDirectory, log)
  const servers = createServers()
  const views = createViews((view) => tell((window) => window.viewChanged(view)))
  const captures = createCaptures({
    library,
    limits: options.limits,
    onProgress: (progress) => tell((window) => window.progress(progress)),
    onChange: soon(() => tell((window) => window.capturesChanged(captures.list()))),
  })

  const states = (): ServerState[] => SERVER_IDS.map((id) => servers.get(id)!.state())
  for (const server of servers.values()) server.onChange(() => tell((window) => window.serversChanged(states())))
  const server = (id: ServerId) => servers.get(id)!

  const read = <T>(id: string, use: (reader: CaptureReader) => T): Result<T> => {
    const reader = captures.reader(id)
    return reader.ok ? ok(use(reader.value)) : reader
  }

  /** A capture of a local server; removed again when its source cannot start. */
  const captureServer = async (
    id: ServerId,
    source: 'browser' | 'server',
    start: (recorder: Recorder, session: SessionSetup) => Promise<Result<string>>,
  ): Promise<Result<{ capture: CaptureInfo; url: string }>> => {
    const { technique } = SERVERS[id]
    const begun = captures.begin({ name: serverName(id), url: server(id).state().url, technique, source })
    if (!begun.ok) return begun
    const { session, recorder } = begun.value
    const started = await start(recorder, session)
    if (started.ok) return ok({ capture: session.info(), url: started.value })
    await captures.remove(session.id)
    return started
  }

  /** The name of the local server that listens there; null when none of ours does. */
  const serverAt = (url: URL): string | null => {
    const id = SERVER_IDS.find((one) => {
      const { state, port } = server(one).state()
      return state === 'running' && url.hostname === '127.0.0.1' && url.port === String(port)
    })
    return id ? serverName(id) : null
  }

  const api: EngineApi = {
    hello: async () => ({
      version: options.version,
      host: options.host,
      platform: process.platform,
      node: process.versions.node,
      dataDirectory: library.directory,
      dataWarning: library.warning,
    }),
    now: async () => engineNow(),

    settings: async () => ok(settings.all()),
    saveSetting: async (name, value) => settings.save(name, value),

    servers: async () => states(),
    startServer: async (id) => {
      const state = await server(id).start()
      return state.state === 'failed' ? fail('port-in-use', state.message) : ok(state)
    },
    stopServer: async (id) => ok(await server(id).stop()),
    controlServer: async (id, values) => {
      const checked = checkControls(id, values)
      return checked.ok ? ok(server(id).control(checked.value)) : checked
    },
    actOnServer: async (id, action) => ok(server(id).act(action)),

    connect: async (request) => {
      const url = parseEndpoint(request.url)
      if (!url.ok) return url
      const begun = captures.begin({
        name: serverAt(url.value) ?? nameOf(url.value),
        url: url.value.href,
        technique: request.technique,
        source: 'probe',
      })
      if (!begun.ok) return begun
      const { session, recorder } = begun.value
      startProbe({ ...request, url: url.value.href }, recorder, session)
      return ok(session.info())
    },
    openDoor: (id) => captureServer(id, 'browser', (recorder, session) => startDoor(server(id), recorder, session)),
    recordServer: async (id) => {
      const started = await captureServer(id, 'server', (recorder, session) =>
        startServerRecording(server(id), recorder, session),
      )
      return started.ok ? ok(started.value.capture) : started
    },
    disconnect: async (id) => {
      await captures.session(id)?.disconnect()
      return ok(null)
    },
    send: async (id, message) =>
      captures.session(id)?.send(message) ?? fail('not-connected', 'This capture is not connected.'),
    apiEvents: async (id, events) => {
      const session = captures.session(id)
      if (!session) return fail('not-found', 'This capture does not run.')
      session.apiEvents(events)
      return ok(null)
    },

    captures: async () => captures.list(),
    openCapture: async (id) => captures.progress(id),
    renameCapture: async (id, name) => captures.rename(id, name),
    deleteCapture: async (id) => {
      views.forget(id)
      return captures.remove(id)
    },
    exportCapture: async (id, secrets = false) => {
      const reader = captures.reader(id)
      return reader.ok ? exportText(reader.value, library.file(id), { secrets }) : reader
    },

    createView: async (id, filter) => read(id, (reader) => views.create(id, reader, filter)),
    dropView: async (id, view) => read(id, (reader) => views.drop(id, reader, view)),
    rows: async (id, view, from, count) => read(id, (reader) => reader.summaries(view, from, count)),
    locate: async (id, view, seq) => read(id, (reader) => reader.locate(view, seq)),
    row: async (id, seq) => {
      const detail = read(id, (reader) => reader.detail(seq))
      if (!detail.ok) return detail
      return detail.value ? ok(detail.value) : fail('not-found', `There is no row ${seq}.`)
    },
    handshake: async (id, seq) => {
      const handshake = read(id, (reader) => reader.handshake(seq))
      if (!handshake.ok) return handshake
      return handshake.value ? ok(handshake.value) : fail('not-found', `There is no row ${seq}.`)
    },
    bytes: async (id, seq, part, offset, length) =>
      read(id, (reader) => Buffer.from(reader.bytes(seq, part, offset, length)).toString('base64')),
  }

  return {
    api: guard(api, log),
    subscribe(window) {
      windows.add(window)
      return () => windows.delete(window)
    },
    reader(id) {
      const reader = captures.reader(id)
      return reader.ok ? reader.value : null
    },
    async close() {
      windows.clear()
      await captures.close()
      await Promise.all([...servers.values()].map((one) => one.stop()))
      settings.close()
    },
  }
}

const serverName = (id: ServerId): string => [SERVERS[id].label, SERVERS[id].hint].filter(Boolean).join(' ')

const nameOf = (url: URL): string => url.host + (url.pathname === '/' ? '' : url.pathname)

/** Calls of one moment become one call, a moment later. */
function soon(call: () => void): () => void {
  let waiting = false
  return () => {
    if (waiting) return
    waiting = true
    setTimeout(() => {
      waiting = false
      call()
    }, 50).unref()
  }
}
