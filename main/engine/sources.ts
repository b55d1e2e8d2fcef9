/**
 * Starts what feeds a session: a probe for any URL, a door through which the window's own API reaches a local
 * server, or everything that reaches a local server.
 */
import { fail, ok, type ConnectRequest, type Failure, type Result } from '../../preload/contract/index.ts'
import type { Recorder } from '../capture/recorder.ts'
import { createProbe } from '../techniques/registry.ts'
import type { ReferenceServer } from '../techniques/technique.ts'
import type { SessionSetup, Source } from './session.ts'

const nothingToSend = (): Result<never> =>
  fail('cannot-send', 'This capture only listens.', 'Send from the client that is connected.')

/** `HTTP 404 Not Found instead of 200 OK` is no sentence until another follows. */
export const inWords = ({ message, hint }: Pick<Failure, 'message' | 'hint'>): string =>
  hint === '' ? message : `${message}${/[.!?]$/.test(message) ? '' : '.'} ${hint}`

/**
 * Runs a probe into `session`; when the probe is done the session has ended. A probe says "closed" when it begins to
 * end; its last bytes come after that, so the session waits for `done` and keeps only the sentence.
 */
export function startProbe(request: ConnectRequest, recorder: Recorder, session: SessionSetup): void {
  let lastWords = ''
  const probe = createProbe({
    request,
    recorder,
    onState: (state, message) => {
      if (state === 'closed' || state === 'failed') lastWords = message
      else session.state(state, message)
    },
  })
  const ended = probe.done.then((outcome) =>
    outcome.how === 'ended' ? session.ended('closed', lastWords) : session.ended('failed', inWords(outcome.failure)),
  )
  session.attach({
    send: (message) => probe.send(message),
    close: async () => {
      await probe.close()
      await ended
    },
  })
}

/** Opens a door; the URL it resolves to is for the window's own client. */
export async function startDoor(
  server: ReferenceServer,
  recorder: Recorder,
  session: SessionSetup,
): Promise<Result<string>> {
  const running = await ensureRunning(server)
  if (!running.ok) return running
  const door = await server.openDoor(recorder)
  session.attach({ send: nothingToSend, close: () => door.close() } satisfies Source)
  session.state('open', '')
  return ok(door.url)
}

/** Records every connection to the server's own port. */
export async function startServerRecording(
  server: ReferenceServer,
  recorder: Recorder,
  session: SessionSetup,
): Promise<Result<string>> {
  const running = await ensureRunning(server)
  if (!running.ok) return running
  const stop = server.record(recorder)
  session.attach({ send: nothingToSend, close: async () => stop() } satisfies Source)
  session.state('open', 'Recording whatever reaches the server.')
  return running
}

async function ensureRunning(server: ReferenceServer): Promise<Result<string>> {
  const state = await server.start()
  return state.state === 'running'
    ? ok(state.url)
    : fail('port-in-use', state.message, 'Stop what uses the port, or start the server again.')
}
