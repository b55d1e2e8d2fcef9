/** Our own scheme, and whether something comes from it. Pure. */

export const SCHEME = 'app'
export const HOST = 'pushscope'
/** The page of the window. */
export const PAGE = `${SCHEME}://${HOST}/`

export function isOurs(url: string): boolean {
  const parsed = URL.parse(url)
  return parsed?.protocol === `${SCHEME}:` && parsed.host === HOST
}

/** What of an IPC event tells who sent it. */
export interface Sender {
  sender: { id: number }
  /** Null when the frame has gone. */
  senderFrame: { url: string; parent: unknown } | null
}

/**
 * Every IPC message is checked: it comes from the top frame of one of our windows, and that frame shows our page.
 * Frames inside it belong to reference servers.
 */
export function isOurSender({ sender, senderFrame }: Sender, isOurWindow: (id: number) => boolean): boolean {
  return senderFrame !== null && senderFrame.parent === null && isOurs(senderFrame.url) && isOurWindow(sender.id)
}
