/**
 * Tells the window what to open. What comes before a window asks waits for it: the system hands files and links over
 * before Electron is ready. Each is told once, to the window that asked last.
 */
import { OPENING, type Opening } from '../../preload/channels.ts'
import { isOurSender, type Sender } from './origin.ts'

const MOST_WAITING = 32

/** A WebFrameMain, as far as it is used. */
export interface OpeningFrame {
  url: string
  parent: unknown
  /** Its process died or it left the window: `send` would say nothing of it. */
  isDestroyed(): boolean
  send(channel: string, opening: Opening): void
}

export interface OpeningRequest extends Sender {
  senderFrame: OpeningFrame | null
}

export interface OpeningDesk {
  /** A window asks. Anyone else is passed over. */
  watch(event: OpeningRequest): void
  open(opening: Opening): void
  /** The window closed, or its page's process died. */
  pageGone(id: number): void
}

/** `isOurWindow`: by the id of its contents. */
export function createOpeningDesk(isOurWindow: (id: number) => boolean): OpeningDesk {
  let watcher: { id: number; frame: OpeningFrame } | null = null
  let waiting: Opening[] = []

  const open = (opening: Opening): void => {
    if (watcher && !watcher.frame.isDestroyed()) return watcher.frame.send(OPENING, opening)
    watcher = null // if there was one, the page that follows asks again
    waiting = [...waiting, opening].slice(-MOST_WAITING)
  }

  return {
    open,
    watch(event) {
      const frame = event.senderFrame
      if (!frame || !isOurSender(event, isOurWindow)) return
      watcher = { id: event.sender.id, frame }
      const all = waiting
      waiting = []
      for (const opening of all) open(opening)
    },
    pageGone(id) {
      if (watcher?.id === id) watcher = null
    },
  }
}
