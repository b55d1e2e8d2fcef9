/**
 * Says one thing to a browser that we started, over a pipe that only we hold: show this address. An address given as
 * an argument can be read by every user of the machine, and ours carries the token.
 * https://chromedevtools.github.io/devtools-protocol/ (messages are JSON, each ended by a NUL)
 */
import type { Readable, Writable } from 'node:stream'

/** The browser reads commands on 3 and writes answers on 4. */
export const PIPE_ARGUMENT = '--remote-debugging-pipe'
export const PIPE_STDIO = ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] as const

interface Message {
  method?: string
  params?: { targetInfo?: { targetId: string; type: string; url: string } }
  id?: number
  result?: { sessionId?: string }
}

/** Waits for the page that shows `from`, and makes it show `to`. Both pipe ends may break at any time. */
export function navigateOverPipe(commands: Writable, answers: Readable, from: string, to: string): void {
  const send = (message: object): void => void commands.write(`${JSON.stringify(message)}\0`)
  const [ATTACH, NAVIGATE] = [2, 3]
  let attached = false
  let session = ''
  commands.on('error', () => undefined)
  answers.on('error', () => undefined)

  const hear = ({ method, params, id, result }: Message): void => {
    const target = params?.targetInfo
    const isPage = target?.type === 'page' && target.url === from
    if (!attached && isPage && (method === 'Target.targetCreated' || method === 'Target.targetInfoChanged')) {
      attached = true
      send({ id: ATTACH, method: 'Target.attachToTarget', params: { targetId: target.targetId, flatten: true } })
    } else if (id === ATTACH && result?.sessionId) {
      session = result.sessionId
      send({ id: NAVIGATE, sessionId: session, method: 'Page.navigate', params: { url: to } })
    } else if (id === NAVIGATE) {
      send({ id: 4, method: 'Target.setDiscoverTargets', params: { discover: false } })
      send({ id: 5, method: 'Target.detachFromTarget', params: { sessionId: session } })
    }
  }

  let rest = ''
  answers.setEncoding('utf8').on('data', (text: string) => {
    const messages = (rest + text).split('\0')
    rest = messages.pop()!
    for (const message of messages) hear(JSON.parse(message) as Message)
  })
  send({ id: 1, method: 'Target.setDiscoverTargets', params: { discover: true } })
}
