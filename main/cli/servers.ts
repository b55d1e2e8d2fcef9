/** `pushscope servers`: the six reference servers, a JSON line each, until told to stop. */
import { SERVERS, SERVER_IDS, type ServerState } from '../../preload/contract/index.ts'
import { createServers } from '../techniques/registry.ts'
import type { ServersCommand } from './arguments.ts'
import { createOutput, say } from './output.ts'
import type { Stopper } from './stop.ts'

export async function servers({ port }: ServersCommand, stopper: Stopper): Promise<number> {
  const out = createOutput(process.stdout, 'stdout')
  const all = createServers()
  try {
    for (const [index, id] of SERVER_IDS.entries()) {
      const wanted = port ? port + index : (port ?? undefined)
      const state = await all.get(id)!.start(wanted)
      if (state.state !== 'running') {
        say(`${SERVERS[id].label} cannot start: ${state.message}`)
        return 1
      }
      if (state.fellBack) say(`${SERVERS[id].label}: ${fallBack(wanted ?? SERVERS[id].defaultPort, state)}`)
      await out.write(`${line(state)}\n`)
    }
    await out.end()
    if (out.problem) {
      say(out.problem)
      return 1
    }
    say('The reference servers run; Ctrl+C stops them.')
    // A reader that took the lines and left does not end the servers.
    await stopper.stopped
    return 0
  } finally {
    await Promise.all([...all.values()].map((server) => server.stop()))
  }
}

const line = ({ id, url }: ServerState): string =>
  JSON.stringify({ technique: SERVERS[id].technique, variant: SERVERS[id].variant, url })

const fallBack = (wanted: number, state: ServerState): string => `port ${wanted} is in use, so it took ${state.port}.`
