/**
 * Hands each window its port to the engine: one end to the window, the other to the engine's process. A window that
 * asks while the engine is down gets it when the engine is up, and with it the reason.
 */
import { randomBytes } from 'node:crypto'
import type { MessagePortMain } from 'electron'
import { PORT, type PortGiven } from '../../preload/channels.ts'
import { isOurSender, type Sender } from './origin.ts'

/** A WebFrameMain, as far as it is used. */
export interface Frame {
  url: string
  parent: unknown
  postMessage(channel: string, message: PortGiven, transfer: MessagePortMain[]): void
}

export interface PortRequest extends Sender {
  senderFrame: Frame | null
}

export interface PortDeskOptions {
  engine(): { readonly up: boolean; give(port: MessagePortMain, restarted: string): boolean }
  createChannel(): { port1: MessagePortMain; port2: MessagePortMain }
  /** By the id of its contents. */
  isOurWindow(id: number): boolean
}

export interface PortDesk {
  /** A window asks. Anyone else is passed over. */
  request(event: PortRequest): void
  engineUp(): void
  engineDown(reason: string): void
  windowClosed(id: number): void
}

export function createPortDesk({ engine, createChannel, isOurWindow }: PortDeskOptions): PortDesk {
  /** Who waits for the engine: one request per window, the newest. */
  const waiting = new Map<number, Frame>()
  const served = new Set<number>()
  /** Windows whose engine died, and of what. */
  const bereft = new Map<number, string>()

  const handOver = (id: number, frame: Frame): void => {
    const { port1, port2 } = createChannel()
    if (!engine().give(port1, bereft.get(id) ?? '')) return void waiting.set(id, frame)
    bereft.delete(id)
    served.add(id)
    try {
      frame.postMessage(PORT, { nonce: randomBytes(16).toString('hex') }, [port2])
    } catch {
      port2.close() // the frame went away meanwhile; the page that follows asks again
    }
  }

  return {
    request(event) {
      const frame = event.senderFrame
      if (!frame || !isOurSender(event, isOurWindow)) return
      if (engine().up) handOver(event.sender.id, frame)
      else waiting.set(event.sender.id, frame)
    },
    engineUp() {
      const all = [...waiting]
      waiting.clear()
      for (const [id, frame] of all) handOver(id, frame)
    },
    engineDown(reason) {
      for (const id of served) bereft.set(id, reason)
      served.clear()
    },
    windowClosed(id) {
      for (const one of [waiting, served, bereft]) one.delete(id)
    },
  }
}
