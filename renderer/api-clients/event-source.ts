/** Server-Sent Events as a page does them: `EventSource`, with its own reconnecting. */
import { fail } from '../../preload/contract/index.ts'
import { onWindowEvent } from '../backend/index.ts'
import { serverState } from '../state/servers.ts'
import type { StartClient } from './client.ts'

const STATES = ['CONNECTING', 'OPEN', 'CLOSED'] as const
const stateText = (state: number): string => `readyState ${state} (${STATES[state] ?? '?'})`

export const startEventSource: StartClient = ({ server, url, onEnd }, report) => {
  const source = new EventSource(url)
  report('new EventSource', { text: `${url}, ${stateText(source.readyState)}` })

  source.addEventListener('open', () => report('open', { text: stateText(source.readyState) }))
  source.addEventListener('error', () => {
    const over = source.readyState === EventSource.CLOSED
    report('error', {
      text: `${stateText(source.readyState)}: ${over ? 'it gave up for good' : 'it will connect again by itself'}; the API gives no reason`,
    })
    if (over) onEnd()
  })

  const heard = new Set<string>()
  const hear = (name: string): void => {
    if (heard.has(name)) return
    heard.add(name)
    source.addEventListener(name, (event: MessageEvent<string>) =>
      report(name, { data: event.data, text: `lastEventId "${event.lastEventId}"` }),
    )
  }
  // A page hears only the event names it asked for; those that the server uses are asked for as they come up.
  hear('message')
  const hearNamed = (name: unknown): void => {
    if (typeof name === 'string' && name !== '' && name !== 'open' && name !== 'error') hear(name)
  }
  hearNamed(serverState(server)?.controls['event'])
  const stop = onWindowEvent('serversChanged', (servers) =>
    hearNamed(servers.find(({ id }) => id === server)?.controls['event']),
  )

  return {
    send: () => fail('cannot-send', 'Server-Sent Events go one way: the page cannot send on them.'),
    async close() {
      stop()
      source.close()
      report('close()', { text: stateText(source.readyState) })
    },
  }
}
