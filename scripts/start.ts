/**
 * `npm start`: builds when needed, then opens the app. Electron where there is a display and its binary can be had;
 * else the browser host (main/cli/open.ts), which opens a window of the system's browser or prints the URL.
 * Stdout carries nothing but that URL.
 */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseCommand, type OpenCommand } from '../main/cli/arguments.ts'
import { hasDisplay } from '../main/cli/browsers.ts'
import { createStopper } from '../main/cli/stop.ts'
import { build, isBuilt } from './build.ts'
import { ROOT, run } from './child.ts'
import { getElectron } from './electron.ts'

/** An Electron that ends with a fault so soon did not show a window: a library or a sandbox is missing. */
const TOO_SOON = 15_000 // ms

const say = (sentence: string): void => void process.stderr.write(`${sentence}\n`)

const args = process.argv.slice(2)
const command = parseCommand(['open', ...args])
const stopper = createStopper()
const code = await start()
stopper.dispose()
if (code === null) await browserHost()
else process.exitCode = code

/** Null: go on with the browser host. */
async function start(): Promise<number | null> {
  if (!command.ok || command.value.name !== 'open') return null // it will say so
  if (!isBuilt()) {
    say('Building …')
    const built = await build(stopper.signal)
    if (stopper.signal.aborted) return 0
    if (built.problem) {
      say(`The build failed. ${built.problem}`)
      return 1
    }
  }
  return command.value.open && hasDisplay() ? electron(command.value) : null
}

async function electron({ data }: OpenCommand): Promise<number | null> {
  const found = await getElectron(stopper.signal, say)
  if (stopper.signal.aborted) return 0
  if (typeof found === 'string') {
    say(`${found} Using the system's browser.`)
    return null
  }
  // As root Chromium's sandbox does not work, and Electron refuses to start with it.
  const options = [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), ...(data ? [`--user-data-dir=${data}`] : [])]
  const ended = await run(found.path, [ROOT, ...options], { signal: stopper.signal, stdio: ['ignore', 2, 2] })
  if (stopper.signal.aborted || ended.code === 0) return 0
  if (ended.took > TOO_SOON) return 1
  say(`Electron does not run here. ${ended.problem} Using the system's browser.`)
  return null
}

/** The built command, in this very process: no other to stop. */
async function browserHost(): Promise<void> {
  process.argv.splice(2, Infinity, 'open', ...args)
  await import(pathToFileURL(join(ROOT, 'out', 'main', 'cli.js')).href)
}
