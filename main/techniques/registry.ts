/**
 * The table of techniques: which server is which, and which probe a request gets. A new technique is one folder
 * beside this file and one row in each table.
 */
import type { ServerId, Technique } from '../../preload/contract/index.ts'
import { guessTechnique, withSchemeOf } from './guess.ts'
import { createGuessingProbe } from './guessing-probe.ts'
import { createIframeStreamProbe } from './iframe-stream/probe.ts'
import { createIframeStreamServer } from './iframe-stream/server.ts'
import { createLongPollingProbe } from './long-polling/probe.ts'
import { createLongPollingServer } from './long-polling/server.ts'
import type { OpenAnswer } from './open-answer.ts'
import { createPollingProbe } from './polling/probe.ts'
import { createPollingServer } from './polling/server.ts'
import { createSseProbe } from './sse/probe.ts'
import { createSseServer } from './sse/server.ts'
import type { Probe, ProbeOptions, ReferenceServer } from './technique.ts'
import { createLibraryProbe } from './websocket/library-probe.ts'
import { createLibraryWebSocketServer } from './websocket/library-server.ts'
import { createRawProbe } from './websocket/raw-probe.ts'
import { createRawServer } from './websocket/raw-server.ts'

const SERVER_FACTORIES: Readonly<Record<ServerId, () => ReferenceServer>> = {
  polling: createPollingServer,
  'long-polling': createLongPollingServer,
  'iframe-stream': createIframeStreamServer,
  sse: createSseServer,
  'websocket-library': createLibraryWebSocketServer,
  'websocket-raw': createRawServer,
}

/** `first`: the answer by which the technique was guessed. */
const PROBE_FACTORIES: Readonly<Record<Technique, (options: ProbeOptions, first: OpenAnswer | null) => Probe>> = {
  polling: createPollingProbe,
  'long-polling': createLongPollingProbe,
  'iframe-stream': createIframeStreamProbe,
  sse: createSseProbe,
  websocket: (options) => (options.request.raw ? createRawProbe(options) : createLibraryProbe(options)),
}

/** All six, stopped, in the order of the contract. */
export function createServers(): Map<ServerId, ReferenceServer> {
  const entries = Object.entries(SERVER_FACTORIES) as [ServerId, () => ReferenceServer][]
  return new Map(entries.map(([id, create]) => [id, create()]))
}

/** Starts to connect at once; never throws. A technique of null is guessed: from the URL, else from the answer. */
export function createProbe(options: ProbeOptions): Probe {
  const { request } = options
  const url = new URL(request.url)
  const technique = request.technique ?? guessTechnique(url)
  const known = (base: ProbeOptions, technique: Technique | null): ProbeOptions => ({
    ...base,
    request: { ...request, technique, url: withSchemeOf(technique, url).href },
  })
  if (technique !== null) return PROBE_FACTORIES[technique](known(options, technique), null)
  return createGuessingProbe(known(options, null), (base, guessed, first) =>
    PROBE_FACTORIES[guessed](known(base, guessed), first),
  )
}
