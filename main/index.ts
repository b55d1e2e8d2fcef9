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
import { REQUEST_PORT } from '../preload/channels.ts'
import { createEngineProcess, type EngineProcess } from './shell/engine-process.ts'
import { menuTemplate } from './shell/menu.ts'
import { PAGE, SCHEME } from './shell/origin.ts'
import { createPortDesk } from './shell/port-desk.ts'
import { SCHEMES, createAppProtocol } from './shell/protocol.ts'
import { fence } from './shell/security.ts'
import { createBoundsFile, fitBounds, windowOptions } from './shell/window.ts'
import { listWindowFiles } from './web/window-files.ts'

const here = import.meta.dirname // out/main
let engine: EngineProcess | null = null

const openExternal = (url: string): void => void shell.openExternal(url)

const ports = createPortDesk({
  engine: () => engine ?? { up: false, give: () => false },
  createChannel: () => new MessageChannelMain(),
  isOurWindow: (id) => BrowserWindow.getAllWindows().some((window) => window.webContents.id === id),
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
}

function openWindow(): void {
  const file = createBoundsFile(join(app.getPath('userData'), 'window.json'))
  const bounds = fitBounds(
    file.read(),
    screen.getAllDisplays().map((display) => display.workArea),
  )
  const preload = join(here, '..', 'preload', 'index.cjs')
  const window = new BrowserWindow(windowOptions({ preload, bounds, dark: nativeTheme.shouldUseDarkColors }))
  const { id } = window.webContents
  window.once('ready-to-show', () => window.show())
  window.on('close', () => file.write(window.getNormalBounds()))
  window.on('closed', () => ports.windowClosed(id))
  void window.loadURL(PAGE)
}

function showWindow(): void {
  const [window] = BrowserWindow.getAllWindows()
  if (!window) return openWindow()
  if (window.isMinimized()) window.restore()
  window.focus()
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

if (!app.requestSingleInstanceLock()) {
  app.quit()
} else {
  beforeReady()
  app.on('second-instance', showWindow)
  app.on('activate', showWindow)
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
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

function whenReady(): void {
  fence({ app, session: session.defaultSession, openExternal })
  serveWindowFiles()
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate({ platform: process.platform, openExternal })))
  startEngine()
  openWindow()
}
