/** Runs Forge on the stand-in, without network, into a scratch folder. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from '../../child.ts'
import { listFiles } from '../linux-tree.ts'
import { runTool } from '../run-tool.ts'
import { createMacStandIn } from './mac-stand-in.ts'
import { createStandIn, type StandInOptions } from './stand-in.ts'

export interface ForgeOptions extends StandInOptions {
  /** Names of makers; all of this system when absent. */
  targets?: readonly string[]
  /** For macOS on x64 instead of this system. */
  mac?: boolean
}

export interface Made {
  /** Everything; gone after `dispose`. */
  folder: string
  /** The unpacked application. */
  app: string
  /** Paths of the artifacts. */
  artifacts: string[]
  /** What Forge and the configuration printed. */
  output: string
  dispose(): void
}

const FORGE = join(ROOT, 'node_modules', '@electron-forge', 'cli', 'dist', 'electron-forge.js')
/** The discard port: whoever asks there for a download fails at once. */
const NOWHERE = 'http://127.0.0.1:9/'

/** Rejects with what Forge printed when it fails. */
export async function runForge(
  command: 'package' | 'make',
  { targets, mac = false, ...standIn }: ForgeOptions = {},
): Promise<Made> {
  const folder = mkdtempSync(join(tmpdir(), 'pushscope-check-'))
  const dispose = (): void => rmSync(folder, { recursive: true, force: true })
  try {
    const dist = join(folder, 'electron')
    mkdirSync(dist)
    if (mac) createMacStandIn(dist)
    else createStandIn(dist, standIn)
    const packages = join(folder, 'packages')
    const args = [
      ...[FORGE, command, ...(targets ? ['--targets', targets.join(',')] : [])],
      ...(mac ? ['--platform', 'darwin', '--arch', 'x64'] : []),
    ]
    const output = await runTool('sh', ['-c', 'exec "$0" "$@" 2>&1', process.execPath, ...args], {
      cwd: ROOT,
      env: {
        CI: 'true', // plain lines
        PUSHSCOPE_ELECTRON_DIST: dist,
        PUSHSCOPE_PACKAGES: packages,
        ELECTRON_MIRROR: NOWHERE,
        electron_config_cache: join(folder, 'cache'),
      },
    })
    const made = join(packages, 'make')
    const artifacts = command === 'make' ? (await listFiles(made)).map((path) => join(made, path)) : []
    const target = mac ? 'darwin-x64' : `linux-${process.arch}`
    return { folder, app: join(packages, `Pushscope-${target}`), artifacts, output, dispose }
  } catch (error) {
    dispose()
    throw error
  }
}
