/**
 * PUSHSCOPE_ELECTRON_DIST: an Electron distribution that is already on disk, so that packaging needs no network. A zip
 * must be an official one, byte for byte, as the `electron` package's checksums say; of a folder, for which there are
 * no checksums, the version and the executable are checked.
 */
import { downloadArtifact } from '@electron/get'
import { createHash } from 'node:crypto'
import {
  copyFileSync,
  createReadStream,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { ROOT } from '../child.ts'
import { executableTarget, type Target } from './executable-target.ts'
import { electronVersion } from './identity.ts'
import { runTool } from './run-tool.ts'

/** Name of a file of the Electron release -> SHA-256. */
export type Checksums = Readonly<Record<string, string>>

export interface ElectronDist {
  /** A folder that holds `zip`, for the packager's `electronZipDir`. */
  folder: string
  /** `electron-v<version>-<platform>-<arch>.zip` */
  zip: string
  /** What was checked and what could not be, for people. */
  sentence: string
}

export interface ElectronDistOptions {
  version?: string
  checksums?: Checksums
  /** Where a folder for the zip is made; it goes when the process ends. */
  scratch?: string
}

/**
 * Fetches the official zip into Electron's own cache, where the packager finds it, checked against the same checksums.
 * `arch` may be several, by commas. Throws one sentence when that fails.
 */
export async function fetchElectron(platform: string, arch: string, version = electronVersion()): Promise<void> {
  for (const one of arch.split(',')) {
    try {
      await downloadArtifact({
        version,
        artifactName: 'electron',
        platform,
        arch: one,
        checksums: { ...readChecksums() },
      })
    } catch (error) {
      throw new Error(
        `Electron ${version} for ${platform} ${one} could not be fetched (${reason(error)}). Where the network is the ` +
          'reason, put its zip or folder on disk and name it in PUSHSCOPE_ELECTRON_DIST.',
        { cause: error },
      )
    }
  }
}

/** `fetch failed` alone says nothing; its cause does. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message || error.cause.name}` : error.message
}

/** Null when the variable is not set: then Electron is fetched. Throws one sentence when it cannot be used. */
export async function findElectronDist(
  path: string | undefined,
  { version = electronVersion(), checksums = readChecksums(), scratch = tmpdir() }: ElectronDistOptions = {},
): Promise<ElectronDist | null> {
  if (!path) return null
  const given = resolve(path)
  const stat = statSync(given, { throwIfNoEntry: false })
  if (!stat) throw new Error(`PUSHSCOPE_ELECTRON_DIST is ${given}, which does not exist.`)
  const folder = mkdtempSync(join(scratch, 'pushscope-electron-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  if (stat.isFile()) return useZip(given, folder, version, checksums)
  const zips = readdirSync(given).filter((name) => officialZip(version).test(name))
  if (zips.length === 1) return useZip(join(given, zips[0]!), folder, version, checksums)
  if (zips.length > 1) throw new Error(`${given} holds several distributions (${zips.join(', ')}): name one of them.`)
  return useFolder(given, folder, version)
}

/** Throws a sentence when it is for another system or processor than is to be packaged; `arch` may be several, by commas. */
export function requireTarget({ zip }: Pick<ElectronDist, 'zip'>, platform: string, arch: string): void {
  for (const one of arch.split(','))
    if (!zip.endsWith(`-${platform}-${one}.zip`))
      throw new Error(
        `PUSHSCOPE_ELECTRON_DIST is ${zip.replace('.zip', '')}, and what is to be packaged is for ${platform} ${one}; ` +
          '`--platform` and `--arch` say otherwise.',
      )
}

const officialZip = (version: string): RegExp =>
  new RegExp(`^electron-v${version.replaceAll('.', '\\.')}-(linux|darwin|win32)-(x64|arm64)\\.zip$`)

async function useZip(given: string, folder: string, version: string, checksums: Checksums): Promise<ElectronDist> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(given), hash)
  const sum = hash.digest('hex')
  const zip = Object.keys(checksums).find((name) => checksums[name] === sum && officialZip(version).test(name))
  if (!zip)
    throw new Error(
      `${given} is no official distribution of Electron ${version}: its SHA-256 (${sum}) is not among those that the electron package lists.`,
    )
  if (process.platform === 'win32') copyFileSync(given, join(folder, zip))
  else symlinkSync(given, join(folder, zip))
  return { folder, zip, sentence: `Electron from ${given}: it is the official ${zip} (SHA-256 ${sum}).` }
}

const EXECUTABLES: readonly [name: string, platform: Target['platform']][] = [
  ['electron', 'linux'],
  ['electron.exe', 'win32'],
  [join('Electron.app', 'Contents', 'MacOS', 'Electron'), 'darwin'],
]

async function useFolder(given: string, folder: string, version: string): Promise<ElectronDist> {
  const found = EXECUTABLES.find(([name]) => existsSync(join(given, name)))
  if (!found)
    throw new Error(`${given} holds no Electron: there is none of ${EXECUTABLES.map(([name]) => name).join(', ')}.`)
  const [name, platform] = found
  const target = executableTarget(join(given, name))
  if (target?.platform !== platform)
    throw new Error(`${join(given, name)} is no executable of a system that Pushscope is packaged for.`)
  const said = readVersion(given)
  if (said !== version)
    throw new Error(`${given} holds Electron ${said ?? 'of an unknown version'}, and Pushscope needs ${version}.`)
  const zip = `electron-v${version}-${target.platform}-${target.arch}.zip`
  await zipFolder(given, join(folder, zip))
  return {
    folder,
    zip,
    sentence:
      `Electron from the folder ${given}: version ${version} for ${target.platform} ${target.arch}. ` +
      'There are no checksums for unpacked files, so that they are the official ones was not checked.',
  }
}

function readVersion(given: string): string | null {
  try {
    return readFileSync(join(given, 'version'), 'utf8').trim().replace(/^v/, '')
  } catch {
    return null
  }
}

/** Windows brings bsdtar, which writes zips; the others have zip. Stored, not deflated: it is unpacked at once. */
async function zipFolder(folder: string, file: string): Promise<void> {
  if (process.platform === 'win32') await runTool('tar', ['-a', '-c', '-f', file, '-C', folder, '.'])
  else await runTool('zip', ['-q', '-r', '-y', '-0', file, '.'], { cwd: folder })
}

export function readChecksums(): Checksums {
  return JSON.parse(readFileSync(join(ROOT, 'node_modules', 'electron', 'checksums.json'), 'utf8')) as Checksums
}
