/** Electron starts here. Steps, in order; what each does is in main/shell. */
import { join } from 'node:path'
import {
  BrowserWindow,
  Menu,
  MessageChannelMain,
  app,
  dialog,
  ipcMain,
  nativeTheme,
  protocol,
  screen,
  session,
  shell,
  utilityProcess,
} from 'electron'
import { REQUEST_PORT, WATCH_OPENINGS } from '../preload/channels.ts'
import { dataDirectory } from './engine/data-directory.ts'
import { placeData } from './shell/data-place.ts'
import { createEngineProcess, type EngineProcess } from './shell/engine-process.ts'
import { menuTemplate } from './shell/menu.ts'
import { openWish } from './shell/open-wish.ts'
import { createOpeningDesk } from './shell/opening-desk.ts'
import { PAGE, SCHEME } from './shell/origin.ts'
import { createPageRecovery } from './shell/page-recovery.ts'
import { createPortDesk } from './shell/port-desk.ts'
import { SCHEMES, createAppProtocol } from './shell/protocol.ts'
import { fence } from './shell/security.ts'
import { createBoundsFile, fitBounds, wasMaximized, windowOptions } from './shell/window.ts'
import { USER_MODEL_ID, runCommands, runProgram, squirrelCommands, squirrelEvent } from './shell/windows.ts'
import { handedOver, readWishes, toArguments, type Wish } from './shell/wishes.ts'
import { listWindowFiles } from './web/window-files.ts'

const here = import.meta.dirname // out/main
let engine: EngineProcess | null = null

const openExternal = (url: string): void => void shell.openExternal(url)

const isOurWindow = (id: number): boolean =>
  BrowserWindow.getAllWindows().some((window) => window.webContents.id === id)

const openings = createOpeningDesk(isOurWindow)

const ports = createPortDesk({
  engine: () => engine ?? { up: false, give: () => false },
  createChannel: () => new MessageChannelMain(),
  isOurWindow,
})

function beforeReady(): void {
  app.enableSandbox()
  protocol.registerSchemesAsPrivileged(SCHEMES)
}

function serveWindowFiles(): void {
  const files = listWindowFiles(join(here, '..', 'renderer'))
  if (!files) throw new Error('The window is not built: run `npm run build`.')
  protocol.handle(SCHEME, createAppProtocol(files))
}

function startEngine(): void {
  engine = createEngineProcess({
    fork: () =>
      utilityProcess.fork(join(here, 'engine.js'), [app.getPath('userData'), app.getVersion()], {
        serviceName: 'Pushscope Engine',
        stdio: 'inherit',
      }),
    onUp: ports.engineUp,
    onDown: ports.engineDown,
  })
  ipcMain.on(REQUEST_PORT, ports.request)
  ipcMain.on(WATCH_OPENINGS, openings.watch)
}

function openWindow(): void {
  const file = createBoundsFile(join(app.getPath('userData'), 'window.json'))
  const saved = file.read()
  const bounds = fitBounds(
    saved,
    screen.getAllDisplays().map((display) => display.workArea),
  )
  const preload = join(here, '..', 'preload', 'index.cjs')
  const window = new BrowserWindow(windowOptions({ preload, bounds, dark: nativeTheme.shouldUseDarkColors }))
  const { id } = window.webContents
  window.once('ready-to-show', () => {
    if (wasMaximized(saved)) window.maximize()
    window.show()
  })
  window.on('close', () => file.write(window.getNormalBounds(), window.isMaximized()))
  const recover = createPageRecovery({
    reload() {
      openings.pageGone(id)
      openings.open({ type: 'notice', message: 'The window ended unexpectedly and was loaded again.', hint: '' })
      window.webContents.reload()
    },
    giveUp: (sentence) => dialog.showErrorBox('Pushscope', sentence),
  })
  window.webContents.on('render-process-gone', (_event, details) => recover(details))
  window.on('closed', () => {
    ports.windowClosed(id)
    openings.pageGone(id)
  })
  void window.loadURL(PAGE)
}

function showWindow(): void {
  const [window] = BrowserWindow.getAllWindows()
  if (!window) return openWindow()
  if (window.isMinimized()) window.restore()
  window.focus()
}

async function fulfil(wishes: readonly Wish[]): Promise<void> {
  const captures = join(app.getPath('userData'), 'captures')
  for (const wish of wishes) openings.open(await openWish(wish, captures))
}

/** macOS hands files and links over as events, the first ones before Electron is ready. */
function hearWishes(): void {
  const hear = (event: { preventDefault(): void }, wish: string): void => {
    event.preventDefault()
    void fulfil(readWishes([wish], '/'))
    if (app.isReady()) showWindow()
  }
  app.on('open-file', hear)
  app.on('open-url', hear)
}

/** Electron does not wait for promises: the quit is put off until the engine has written what is open. */
function quitWithEngine(): void {
  let gone = false
  app.on('will-quit', (event) => {
    if (gone || !engine) return
    event.preventDefault()
    void engine.stop().then(() => {
      gone = true
      app.quit()
    })
  })
}

/** One instance per data directory: a second one hands its wishes over and leaves. */
function startOnce(): void {
  const wishes = readWishes(process.argv.slice(1), process.cwd())
  placeData(app, dataDirectory())
  if (process.platform === 'darwin') app.setName('Pushscope') // as its menu says it: About Pushscope
  if (!app.requestSingleInstanceLock({ args: toArguments(wishes) })) return app.quit()
  beforeReady()
  app.on('second-instance', (_event, argv, directory, data) => {
    showWindow()
    void fulfil(handedOver(data) ?? readWishes(argv.slice(1), directory))
  })
  // macOS activates at the very start too, before there can be a window.
  app.on('activate', () => void (app.isReady() && showWindow()))
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  hearWishes()
  void fulfil(wishes)
  quitWithEngine()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.quit())

  // Never awaited at the top level: `ready` comes after this module has been evaluated.
  app
    .whenReady()
    .then(whenReady)
    .catch((error: unknown) => {
      dialog.showErrorBox('Pushscope cannot start', error instanceof Error ? error.message : String(error))
      app.exit(1)
    })
}

const installer = squirrelEvent(process.argv, process.platform)
if (installer) {
  const commands = squirrelCommands(installer, process.execPath, process.env['SystemRoot'] ?? 'C:\\Windows')
  void runCommands(commands, runProgram).then(() => app.quit())
} else startOnce()

function whenReady(): void {
  if (process.platform === 'win32') app.setAppUserModelId(USER_MODEL_ID)
  // The panel of macOS's own menu; the window has a page that says more.
  app.setAboutPanelOptions({ applicationName: 'Pushscope', applicationVersion: app.getVersion(), version: '' })
  fence({ app, session: session.defaultSession, openExternal })
  serveWindowFiles()
  const showPage = (page: 'about' | 'news'): void => {
    openings.open({ type: 'page', page })
    showWindow()
  }
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate({ platform: process.platform, openExternal, showPage })))
  startEngine()
  openWindow()
}
