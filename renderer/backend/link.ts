/**
 * Keeps one transport open: reconnects with back-off when it drops, and tells how it stands.
 * Knows nothing of what the messages say.
 */
import { shallowReadonly, shallowRef } from 'vue'
import type { OpenTransport, Transport } from './transport.ts'

export type LinkState = 'connecting' | 'open' | 'lost' | 'refused'

const FIRST_WAIT = 250 // ms
const LONGEST_WAIT = 5_000 // ms

const state = shallowRef<LinkState>('connecting')
const reason = shallowRef('')
/** How it stands with the engine; `reason` is a sentence when it does not stand well. */
export const linkState = shallowReadonly(state)
export const linkReason = shallowReadonly(reason)

export interface Link {
  /** Sends at once, or when the transport is open again. */
  send(text: string): Promise<void>
  onMessage(listener: (text: string) => void): void
  /** Called at each opening: the first one too. */
  onOpen(listener: () => void): void
  onDrop(listener: () => void): void
}

export function createLink(open: OpenTransport): Link {
  const messages: ((text: string) => void)[] = []
  const openings: (() => void)[] = []
  const drops: (() => void)[] = []
  let transport: Transport
  let waits: (() => void)[] = []
  let wait = FIRST_WAIT

  const connect = (): void => {
    transport = open({
      open() {
        wait = FIRST_WAIT
        state.value = 'open'
        reason.value = ''
        const ready = waits
        waits = []
        for (const go of ready) go()
        for (const listener of openings) listener()
      },
      message(text) {
        for (const listener of messages) listener(text)
      },
      close(why, final) {
        const was = state.value
        state.value = final ? 'refused' : 'lost'
        reason.value = why
        if (was === 'open') for (const listener of drops) listener()
        if (final) return
        setTimeout(connect, wait)
        wait = Math.min(wait * 2, LONGEST_WAIT)
      },
    })
  }
  queueMicrotask(connect)

  return {
    async send(text) {
      if (state.value !== 'open') await new Promise<void>((go) => waits.push(go))
      transport.send(text)
    },
    onMessage: (listener) => void messages.push(listener),
    onOpen: (listener) => void openings.push(listener),
    onDrop: (listener) => void drops.push(listener),
  }
}
