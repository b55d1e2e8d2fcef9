/** The boot, played in Electron's order against stand-ins of the calls it makes; their names are Electron's by type. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import type { EventEmitter } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type * as Electron from 'electron'
import { afterAll, beforeEach, expect, test, vi } from 'vitest'
import { dataDirectory } from './engine/data-directory.ts'

type StandIn<T> = Partial<Record<keyof T, unknown>>

const stage = vi.hoisted(() => ({
  /** What was called, in order. */
  calls: [] as string[],
  hasLock: true,
  root: '/nowhere',
  /** Started with `--user-data-dir`. */
  hasDirectory: true,
  handedOver: null as unknown,
  ready: (): void => undefined,
  isReady: false,
  app: null as EventEmitter | null,
  ipc: null as EventEmitter | null,
  windows: [] as (EventEmitter & { minimized: boolean; webContents: EventEmitter & { id: number } })[],
  options: [] as { webPreferences: Record<string, unknown> }[],
  children: [] as EventEmitter[],
  forks: [] as unknown[][],
}))

vi.mock('electron', async () => {
  const { EventEmitter: Emitter } = await import('node:events')
  const call =
    (name: string, answer?: unknown) =>
    (...args: unknown[]) => {
      stage.calls.push([name, ...args.filter((arg) => typeof arg === 'string')].join(' '))
      return answer
    }
  const app = Object.assign(new Emitter(), {
    commandLine: { hasSwitch: (name: string) => name === 'user-data-dir' && stage.hasDirectory },
    setPath: call('setPath'),
    requestSingleInstanceLock: (data: unknown) => {
      stage.calls.push('lock')
      stage.handedOver = data
      return stage.hasLock
    },
    isReady: () => stage.isReady,
    setName: call('setName'),
    setAboutPanelOptions: () => undefined,
    setAppUserModelId: call('setAppUserModelId'),
    enableSandbox: call('enableSandbox'),
    whenReady: () =>
      new Promise<void>((resolve) => {
        stage.ready = () => {
          stage.isReady = true
          resolve()
        }
      }),
    getPath: (name: string) => join(stage.root, name),
    getVersion: () => '1.2.3',
    quit: call('quit'),
    exit: call('exit'),
  } satisfies StandIn<Electron.App>)
  const ipcMain = new Emitter()
  stage.app = app
  stage.ipc = ipcMain
  class BrowserWindow extends Emitter {
    webContents = Object.assign(new Emitter(), { id: stage.windows.length + 1, reload: call('reload') })
    minimized = false
    static getAllWindows = () => stage.windows
    constructor(options: (typeof stage.options)[number]) {
      super()
      stage.calls.push('BrowserWindow')
      stage.options.push(options)
      stage.windows.push(this)
    }
    loadURL = (url: string): Promise<void> => Promise.resolve(void stage.calls.push(`loadURL ${url}`))
    isMinimized = () => this.minimized
    restore = call('restore')
    focus = call('focus')
    show = call('show')
    maximize = call('maximize')
    isMaximized = () => true
    getNormalBounds = () => ({ x: 0, y: 0, width: 1, height: 1 })
  }
  return {
    app,
    ipcMain,
    BrowserWindow,
    Menu: {
      buildFromTemplate: () => null,
      setApplicationMenu: call('setApplicationMenu'),
    } satisfies StandIn<typeof Electron.Menu>,
    MessageChannelMain: class {
      port1 = {}
      port2 = {}
    },
    dialog: { showErrorBox: call('showErrorBox') } satisfies StandIn<Electron.Dialog>,
    nativeTheme: { shouldUseDarkColors: false } satisfies StandIn<Electron.NativeTheme>,
    protocol: {
      registerSchemesAsPrivileged: call('registerSchemes'),
      handle: call('handle'),
    } satisfies StandIn<Electron.Protocol>,
    screen: { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] },
    session: {
      defaultSession: {
        setPermissionRequestHandler: call('setPermissionRequestHandler'),
        setPermissionCheckHandler: call('setPermissionCheckHandler'),
        setDevicePermissionHandler: call('setDevicePermissionHandler'),
        on: call('session.on'),
      } satisfies StandIn<Electron.Session>,
    },
    shell: { openExternal: call('openExternal') } satisfies StandIn<Electron.Shell>,
    utilityProcess: {
      fork: (...args: unknown[]) => {
        stage.calls.push('fork')
        stage.forks.push(args)
        const child = Object.assign(new Emitter(), { postMessage: call('postMessage'), kill: call('kill') })
        stage.children.push(child)
        return child
      },
    },
  } satisfies StandIn<typeof Electron>
})

/** Steps that only one system takes have tests of their own. */
const { platform } = process
const playOn = (name: NodeJS.Platform): unknown => Object.defineProperty(process, 'platform', { value: name })

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const before = SIGNALS.map((signal) => process.listeners(signal))

beforeEach(() => {
  playOn('linux')
  vi.resetModules()
  stage.app?.removeAllListeners()
  stage.ipc?.removeAllListeners()
  for (const list of [stage.calls, stage.windows, stage.options, stage.children, stage.forks]) list.length = 0
  stage.hasLock = true
  stage.hasDirectory = true
  stage.isReady = false
  stage.handedOver = null
})

afterAll(() => {
  playOn(platform)
  for (const [index, signal] of SIGNALS.entries())
    for (const listener of process.listeners(signal))
      if (!before[index]!.includes(listener)) process.off(signal, listener)
})

/** Loads the entry, then lets Electron be ready. */
async function boot(): Promise<void> {
  await import('./index.ts')
  stage.ready()
  await vi.waitFor(() => expect(stage.calls).toContain('loadURL app://pushscope/'))
}

test('the fence stands before the first window, the scheme before ready, and the page is ours', async () => {
  await import('./index.ts')
  expect(stage.calls).toEqual(['lock', 'enableSandbox', 'registerSchemes'])
  stage.ready()
  await vi.waitFor(() =>
    expect(stage.calls.slice(3)).toEqual([
      'setPermissionRequestHandler',
      'setPermissionCheckHandler',
      'setDevicePermissionHandler',
      'session.on will-download',
      'handle app',
      'setApplicationMenu',
      'fork',
      'BrowserWindow',
      'loadURL app://pushscope/',
    ]),
  )
  expect(stage.options[0]!.webPreferences).toMatchObject({ sandbox: true, contextIsolation: true })
  expect(String(stage.options[0]!.webPreferences['preload'])).toMatch(/preload[\\/]index\.cjs$/)
})

test('the data directory of all hosts is settled before the lock, which lies in it', async () => {
  stage.hasDirectory = false
  const folder = mkdtempSync(join(tmpdir(), 'pushscope-index-'))
  for (const name of ['XDG_DATA_HOME', 'HOME', 'USERPROFILE']) vi.stubEnv(name, folder)
  try {
    await import('./index.ts')
    expect(stage.calls.slice(0, 2)).toEqual([`setPath userData ${dataDirectory()}`, 'lock'])
  } finally {
    vi.unstubAllEnvs()
    rmSync(folder, { recursive: true })
  }
})

test('the engine is a process of its own, told where to keep captures', async () => {
  await boot()
  const [entry, args] = stage.forks[0] as [string, string[]]
  expect(entry).toMatch(/engine\.js$/)
  expect(args).toEqual([join(stage.root, 'userData'), '1.2.3'])
})

test('a window that was closed maximized comes back so, and is shown once it is painted', async () => {
  stage.root = mkdtempSync(join(tmpdir(), 'pushscope-index-'))
  mkdirSync(join(stage.root, 'userData'))
  try {
    await boot()
    stage.windows[0]!.emit('ready-to-show')
    expect(stage.calls.slice(-2)).toEqual(['loadURL app://pushscope/', 'show'])
    stage.windows[0]!.emit('close')
    stage.windows.length = 0
    stage.app!.emit('activate')
    stage.windows[0]!.emit('ready-to-show')
    expect(stage.calls.slice(-2)).toEqual(['maximize', 'show'])
  } finally {
    rmSync(stage.root, { recursive: true })
    stage.root = '/nowhere'
  }
})

test('macOS may activate before there can be a window, and calls for one when there is none', async () => {
  playOn('darwin')
  await import('./index.ts')
  expect(stage.calls).toContain('setName Pushscope')
  stage.app!.emit('activate')
  expect(stage.calls).not.toContain('BrowserWindow')
  stage.ready()
  await vi.waitFor(() => expect(stage.calls).toContain('loadURL app://pushscope/'))
  stage.app!.emit('window-all-closed')
  expect(stage.calls).not.toContain('quit')
  stage.windows.length = 0
  stage.app!.emit('activate')
  expect(stage.calls.filter((one) => one === 'BrowserWindow')).toHaveLength(2)
})

test('a second instance leaves at once, and the first one shows its window', async () => {
  stage.hasLock = false
  await import('./index.ts')
  expect(stage.calls).toEqual(['lock', 'quit'])

  vi.resetModules()
  stage.app?.removeAllListeners()
  stage.ipc?.removeAllListeners()
  stage.calls.length = 0
  stage.hasLock = true
  await boot()
  stage.windows[0]!.minimized = true
  stage.app!.emit('second-instance', {}, ['pushscope'], '/', undefined)
  expect(stage.calls.slice(-2)).toEqual(['restore', 'focus'])
})

test('a window that asks for a port gets one over a channel of its own; a foreign frame gets none', async () => {
  await boot()
  stage.children[0]!.emit('spawn')
  const got: unknown[] = []
  const frame = (url: string) => ({ url, parent: null, postMessage: (...message: unknown[]) => got.push(message[0]) })
  stage.ipc!.emit('pushscope:request-port', { sender: { id: 1 }, senderFrame: frame('https://evil.example/') })
  stage.ipc!.emit('pushscope:request-port', { sender: { id: 9 }, senderFrame: frame('app://pushscope/') })
  expect(got).toEqual([])
  stage.ipc!.emit('pushscope:request-port', { sender: { id: 1 }, senderFrame: frame('app://pushscope/') })
  expect(got).toEqual(['pushscope:port'])
  expect(stage.calls.at(-1)).toBe('postMessage')
})

test('quitting waits until the engine has written what is open', async () => {
  await boot()
  stage.children[0]!.emit('spawn')
  let prevented = 0
  const willQuit = { preventDefault: () => (prevented += 1) }
  stage.app!.emit('will-quit', willQuit)
  expect([prevented, stage.calls.at(-1)]).toEqual([1, 'postMessage'])
  stage.children[0]!.emit('exit', 0)
  await vi.waitFor(() => expect(stage.calls.at(-1)).toBe('quit'))
  stage.app!.emit('will-quit', willQuit)
  expect(prevented).toBe(1)
})

const LINK = 'pushscope://open?url=wss%3A%2F%2Fexample.org%2F'
const filled = (url: string) => ['pushscope:opening', expect.objectContaining({ type: 'url', url })]

/** A window's page that listens from now on. */
function watch(): unknown[][] {
  const heard: unknown[][] = []
  const send = (...message: unknown[]): void => void heard.push(message)
  const frame = { url: 'app://pushscope/', parent: null, isDestroyed: () => false, send }
  stage.ipc!.emit('pushscope:watch-openings', { sender: { id: 1 }, senderFrame: frame })
  return heard
}

test('a page whose process died is loaded again and told so; one that keeps dying ends in a sentence', async () => {
  await boot()
  const before = watch()
  const gone = (): unknown => stage.windows[0]!.webContents.emit('render-process-gone', {}, { reason: 'crashed' })
  gone()
  expect(stage.calls.at(-1)).toBe('reload')
  expect(watch()).toEqual([['pushscope:opening', expect.objectContaining({ type: 'notice' })]])
  expect(before).toEqual([])
  for (let death = 0; death < 3; death++) gone()
  expect(stage.calls.at(-1)).toContain('showErrorBox Pushscope The window')
})

test('links from the command line, from macOS before it was ready and after, and from a second instance fill in the URL', async () => {
  const argv = process.argv
  process.argv = ['pushscope', '--enable-logging', LINK]
  try {
    await import('./index.ts')
  } finally {
    process.argv = argv
  }
  expect(stage.handedOver).toEqual({ args: [LINK] })
  let prevented = 0
  const event = { preventDefault: () => (prevented += 1) }
  stage.app!.emit('open-url', event, LINK.replace('example.org', 'early.example'))
  stage.ready()
  await vi.waitFor(() => expect(stage.calls).toContain('loadURL app://pushscope/'))
  const heard = watch()
  stage.app!.emit('open-url', event, LINK.replace('example.org', 'late.example'))
  await vi.waitFor(() => expect(heard).toHaveLength(3))
  expect(heard).toEqual(['example.org', 'early.example', 'late.example'].map((host) => filled(`wss://${host}/`)))
  expect(prevented).toBe(2)

  const second = { args: [LINK.replace('example.org', 'second.example')] }
  stage.app!.emit('second-instance', {}, ['pushscope', LINK], '/', second)
  await vi.waitFor(() => expect(heard).toHaveLength(4))
  expect(heard[3]).toEqual(filled('wss://second.example/'))
  // One that says nothing of its own is read by its arguments.
  stage.app!.emit('second-instance', {}, ['pushscope', '--x', LINK], '/', null)
  await vi.waitFor(() => expect(heard).toHaveLength(5))
  expect(stage.calls).not.toContain('openExternal')
})

test('a file that cannot be opened is told in the window', async () => {
  await boot()
  const heard = watch()
  stage.app!.emit('open-file', { preventDefault: () => undefined }, '/nowhere/clock.pushscope')
  await vi.waitFor(() => expect(heard).toHaveLength(1))
  expect(heard[0]![1]).toMatchObject({
    type: 'notice',
    message: 'clock.pushscope cannot be opened: it does not exist.',
  })
})

test('when the installer of Windows starts us, nothing but its errand happens', async () => {
  const { argv } = process
  process.argv = ['pushscope.exe', '--squirrel-obsolete', '1.2.3']
  playOn('win32')
  try {
    await import('./index.ts')
  } finally {
    process.argv = argv
  }
  await vi.waitFor(() => expect(stage.calls).toEqual(['quit']))
  expect(stage.handedOver).toBe(null)
})
