/**
 * A page whose process died is loaded again: it holds nothing, what was captured is with the engine. One that keeps
 * dying is left as it is. Pure: what is done is passed in.
 */
const MOST = 3
const WITHIN = 60_000 // ms

export interface PageRecoveryOptions {
  reload(): void
  /** It died too often; `sentence` says so. */
  giveUp(sentence: string): void
  now?(): number
}

/** For `render-process-gone`; `reason` is Chromium's word. */
export function createPageRecovery({
  reload,
  giveUp,
  now = Date.now,
}: PageRecoveryOptions): (details: { reason: string }) => void {
  let deaths: number[] = []
  return ({ reason }) => {
    if (reason === 'clean-exit') return
    const at = now()
    deaths = [...deaths.filter((death) => at - death < WITHIN), at]
    if (deaths.length <= MOST) return reload()
    deaths = []
    giveUp(`The window's page ended unexpectedly, again and again (${reason}). Nothing that was captured is lost.`)
  }
}
