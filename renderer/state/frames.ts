/** Work that belongs to the next animation frame: however often asked for, done once. */

/** The returned function asks for `work`; it runs before the next paint, or soon when the window is hidden. */
export function oncePerFrame(work: () => void): () => void {
  let frame = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  const run = (): void => {
    cancelAnimationFrame(frame)
    clearTimeout(timer)
    frame = 0
    work()
  }
  return () => {
    if (frame !== 0) return
    frame = requestAnimationFrame(run)
    timer = setTimeout(run, 500) // hidden windows get no frames
  }
}
