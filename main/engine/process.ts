/**
 * The engine as a process of its own under Electron (`utilityProcess`). Arguments: data directory, version.
 * The browser host and the command line run the engine in their own process instead.
 */
import { maskText } from '../../preload/contract/index.ts'
import { createEngine } from './engine.ts'
import { createParentListener, type ParentMessage } from './window-ports.ts'

interface UtilityProcess {
  parentPort: { on(event: 'message', listener: (message: ParentMessage) => void): void }
}

const [dataDirectory = '', version = ''] = process.argv.slice(2)
const engine = await createEngine({
  host: 'electron',
  dataDirectory,
  version,
  log: (error) =>
    process.stderr.write(`${maskText(error instanceof Error ? (error.stack ?? error.message) : String(error))}\n`),
})
// Messages wait until there is a listener, so none is lost while the engine starts.
const { parentPort } = process as unknown as UtilityProcess
parentPort.on(
  'message',
  createParentListener(engine, () => void engine.close().finally(() => process.exit(0))),
)
