/**
 * `pushscope open`: the browser host, and a window of the system's browser to look at it. `npm start` ends here too
 * where Electron cannot be had. Stdout gets one line, the URL; words go to stderr.
 */
import { join } from 'node:path'
import { maskText } from '../../preload/contract/index.ts'
import { serveBridge } from '../engine/bridge.ts'
import { createEngine } from '../engine/engine.ts'
import { createBrowserHost } from '../web/browser-host.ts'
import { openAppWindow, type AppWindow } from './app-window.ts'
import type { OpenCommand } from './arguments.ts'
import { findSystemBrowser, hasDisplay } from './browsers.ts'
import { dataDirectory } from '../engine/data-directory.ts'
import { print, say } from './output.ts'
import { packageRoot, version } from './package.ts'
import type { Stopper } from './stop.ts'

/** A reload of the page is quicker; a window that stays away is closed. For browsers that outlive their windows. */
const AWAY = 5_000 // ms

export async function open(command: OpenCommand, stopper: Stopper): Promise<number> {
  const engine = await createEngine({
    host: 'browser',
    dataDirectory: command.data ?? dataDirectory(),
    version: version(),
    log: (error) => say(maskText(error instanceof Error ? (error.stack ?? error.message) : String(error))),
  })
  const windows = createWindowCount(() => stopper.stop('window closed'))
  const host = await createBrowserHost({
    root: join(packageRoot(), 'out', 'renderer'),
    port: command.port,
    serve: (channel) => serveBridge(engine, channel),
    onWindows: windows.now,
  })
  if (!host.ok) {
    say(`${host.error.message} ${host.error.hint}`.trim())
    await engine.close()
    return 1
  }
  const { dataWarning } = await engine.api.hello()
  if (dataWarning) say(dataWarning)

  let window: AppWindow | null = null
  try {
    const found = command.open ? browserForWindow() : null
    if (typeof found === 'string') say(`${found} Open this address in a browser:`)
    if (!(await print(host.value.url))) return 1
    if (found !== null && typeof found !== 'string') {
      window = openAppWindow({ browser: found.path, url: host.value.url })
      say(`Opened in ${found.name}. Closing its window, or Ctrl+C, ends Pushscope.`)
      if (process.platform === 'darwin') windows.endWhenAway()
      void window.gone.then((problem) => {
        if (windows.everOne()) stopper.stop('window closed')
        else if (!stopper.signal.aborted)
          say(`${found.name} showed no window (${problem}). Open the address above in a browser; Ctrl+C ends.`)
      })
    }
    await stopper.stopped
    return 0
  } finally {
    await Promise.all([window?.close(), host.value.close().then(() => engine.close())])
  }
}

/** The browser to use, or the sentence that says why there is no window. */
function browserForWindow(): { name: string; path: string } | string {
  if (!hasDisplay()) return 'There is no display (neither DISPLAY nor WAYLAND_DISPLAY is set).'
  return findSystemBrowser() ?? 'There is no Chromium, Chrome or Edge on this system.'
}

/** Counts the windows on the bridge. */
function createWindowCount(away: () => void) {
  let ever = false
  let watch = false
  let timer: NodeJS.Timeout | null = null
  return {
    now(count: number): void {
      if (count > 0) ever = true
      if (timer) clearTimeout(timer)
      timer = watch && ever && count === 0 ? setTimeout(away, AWAY) : null
    },
    everOne: (): boolean => ever,
    /** On macOS a browser goes on without windows, so its process does not tell. */
    endWhenAway(): void {
      watch = true
    },
  }
}
