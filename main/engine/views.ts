/** Views of all captures: which are open, and telling the windows as they grow, not more than needed. */
import type { Filter, ViewInfo } from '../../preload/contract/index.ts'
import type { CaptureReader } from '../capture/capture.ts'

const PUSH_EVERY = 1_000 / 30 // ms

export interface Views {
  create(capture: string, reader: CaptureReader, filter: Filter): ViewInfo
  drop(capture: string, reader: CaptureReader, view: number): null
  /** The capture is gone, and its views with it. */
  forget(capture: string): void
}

export function createViews(push: (view: ViewInfo) => void): Views {
  const waiting = new Map<string, { view: ViewInfo; timer: NodeJS.Timeout }>()
  const key = (capture: string, view: number): string => `${capture} ${view}`

  const changed = (view: ViewInfo): void => {
    const name = key(view.capture, view.view)
    const pending = waiting.get(name)
    if (pending) {
      pending.view = view
      return
    }
    const timer = setTimeout(() => {
      const latest = waiting.get(name)
      waiting.delete(name)
      if (latest) push(latest.view)
    }, PUSH_EVERY)
    timer.unref()
    waiting.set(name, { view, timer })
  }

  const cancel = (name: string): void => {
    clearTimeout(waiting.get(name)?.timer)
    waiting.delete(name)
  }

  return {
    // Known by the capture's file, which may be a copy of one that is called otherwise.
    create: (capture, reader, filter) => ({
      ...reader.createView(filter, (view) => changed({ ...view, capture })),
      capture,
    }),
    drop: (capture, reader, view) => {
      reader.dropView(view)
      cancel(key(capture, view))
      return null
    },
    forget: (capture) => {
      for (const name of waiting.keys()) if (name.startsWith(`${capture} `)) cancel(name)
    },
  }
}
