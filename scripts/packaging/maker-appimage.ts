/**
 * The AppImage: a small runtime, and behind it a SquashFS of the Linux tree. It is left out, with a sentence, where
 * mksquashfs or the runtime is not to be had.
 * https://github.com/AppImage/AppImageSpec/blob/master/draft.md
 */
import { MakerBase, type MakerOptions } from '@electron-forge/maker-base'
import { createHash } from 'node:crypto'
import { chmod, copyFile, cp, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { NAME, readManifest } from './identity.ts'
import { inScratch, linuxTreeIn, makeRoom } from './maker.ts'
import { hasTool, runTool } from './run-tool.ts'

const RUNTIMES = 'https://github.com/AppImage/type2-runtime/releases/download/20251108'
/** Of `runtime-<architecture>` there. */
const SHA256: Readonly<Record<string, string>> = {
  x86_64: '2fca8b443c92510f1483a883f60061ad09b46b978b2631c807cd873a47ec260d',
  aarch64: '00cbdfcf917cc6c0ff6d3347d59e0ca1f7f45a6df1a428a0d6d8a78664d87444',
}
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64' }
const LIMIT = 30_000 // ms for less than 1 MB

type Env = Readonly<Record<string, string | undefined>>

export class MakerAppImage extends MakerBase<Record<string, never>> {
  name = 'appimage'
  defaultPlatforms: ['linux'] = ['linux']

  override isSupportedOnCurrentPlatform(): boolean {
    return process.platform === 'linux'
  }

  override async make({ dir, makeDir, targetArch }: MakerOptions): Promise<string[]> {
    const architecture = ARCHITECTURES[targetArch]
    if (!architecture) throw new Error(`There is no AppImage runtime for ${targetArch}.`)
    const leftOut = (why: string): string[] => {
      process.stderr.write(`The AppImage is left out: ${why}\n`)
      return []
    }
    if (!hasTool('mksquashfs')) return leftOut('mksquashfs is not installed.')
    const runtime = await findRuntime(architecture)
    if (typeof runtime === 'string') return leftOut(runtime)
    const name = `${NAME}-${readManifest().version}-${architecture}.AppImage`
    const file = await makeRoom(join(makeDir, 'appimage', targetArch, name))
    await writeAppImage(dir, runtime, file)
    return [file]
  }
}

/** PUSHSCOPE_APPIMAGE_RUNTIME, else fetched, unless Electron itself may not be; else the sentence that says why not. */
export async function findRuntime(
  architecture: string,
  env: Env = process.env,
  checksums = SHA256,
): Promise<Uint8Array | string> {
  const given = env['PUSHSCOPE_APPIMAGE_RUNTIME']
  if (!given && env['PUSHSCOPE_ELECTRON_DIST'])
    return 'with PUSHSCOPE_ELECTRON_DIST nothing is fetched, and PUSHSCOPE_APPIMAGE_RUNTIME names no runtime on disk.'
  const source = given || `${RUNTIMES}/runtime-${architecture}`
  try {
    const bytes = given ? await readFile(given) : await download(source)
    const sum = createHash('sha256').update(bytes).digest('hex')
    return sum === checksums[architecture] ? bytes : `the SHA-256 of ${source} is not the expected one (${sum}).`
  } catch (error) {
    return `${source} cannot be read (${error instanceof Error ? error.message : String(error)}).`
  }
}

async function download(url: string): Promise<Uint8Array> {
  const response = await fetch(url, { signal: AbortSignal.timeout(LIMIT) })
  if (!response.ok) throw new Error(`status ${response.status}`)
  return new Uint8Array(await response.arrayBuffer())
}

/** `app` is the packaged application. */
export function writeAppImage(app: string, runtime: Uint8Array, file: string): Promise<void> {
  return inScratch(async (folder) => {
    const tree = await linuxTreeIn(folder, app)
    await symlink(`usr/bin/${NAME}`, join(tree, 'AppRun'))
    await cp(join(tree, 'usr', 'share', 'applications', `${NAME}.desktop`), join(tree, `${NAME}.desktop`))
    await copyFile(join(tree, 'usr/share/icons/hicolor/256x256/apps', `${NAME}.png`), join(tree, `${NAME}.png`))
    await symlink(`${NAME}.png`, join(tree, '.DirIcon'))
    const squashed = join(folder, 'tree.squashfs')
    await runTool('mksquashfs', [tree, squashed, '-root-owned', '-noappend', '-quiet', '-no-progress', '-comp', 'zstd'])
    await writeFile(file, Buffer.concat([runtime, await readFile(squashed)]))
    await chmod(file, 0o755)
  })
}
