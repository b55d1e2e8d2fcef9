/**
 * The .deb, with dpkg-deb alone. Forge's own maker is left out: what it builds on is not installed by npm on Node 20,
 * and has no room for MIME types and AppStream data.
 * https://www.debian.org/doc/debian-policy/ch-controlfields.html
 */
import { MakerBase, type MakerOptions } from '@electron-forge/maker-base'
import { createHash } from 'node:crypto'
import { lstat, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MAINTAINER, NAME, readManifest, type Manifest } from './identity.ts'
import { listFiles } from './linux-tree.ts'
import { inScratch, linuxTreeIn, makeRoom, systemVersion } from './maker.ts'
import { runTool } from './run-tool.ts'

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' }

/**
 * What Electron is linked with or loads. Names with t64 (64-bit time_t) first: where they exist, the old name is a
 * virtual package of several, and apt may choose the wrong one.
 */
export const DEB_DEPENDS = [
  'libasound2t64 | libasound2',
  'libatk-bridge2.0-0t64 | libatk-bridge2.0-0',
  'libatspi2.0-0t64 | libatspi2.0-0',
  'libc6',
  'libcairo2',
  'libcups2t64 | libcups2',
  'libdbus-1-3',
  'libexpat1',
  'libgbm1',
  'libglib2.0-0t64 | libglib2.0-0',
  'libgtk-3-0t64 | libgtk-3-0',
  'libnspr4',
  'libnss3',
  'libpango-1.0-0',
  'libudev1',
  'libx11-6',
  'libxcb1',
  'libxcomposite1',
  'libxdamage1',
  'libxext6',
  'libxfixes3',
  'libxkbcommon0',
  'libxrandr2',
  'xdg-utils',
] as const

/** The keyring that cookie encryption uses; without it Chromium falls back. */
const RECOMMENDS = ['libnotify4', 'libsecret-1-0']

export class MakerDeb extends MakerBase<Record<string, never>> {
  name = 'deb'
  defaultPlatforms: ['linux'] = ['linux']
  override requiredExternalBinaries = ['dpkg-deb']

  override isSupportedOnCurrentPlatform(): boolean {
    return process.platform === 'linux'
  }

  override make({ dir, makeDir, targetArch }: MakerOptions): Promise<string[]> {
    const manifest = readManifest()
    const architecture = ARCHITECTURES[targetArch]
    if (!architecture) throw new Error(`There is no Debian architecture for ${targetArch}.`)
    return inScratch(async (folder) => {
      const tree = await linuxTreeIn(folder, dir)
      const files = await listFiles(tree)
      await mkdir(join(tree, 'DEBIAN'), { mode: 0o755 })
      await writeFile(join(tree, 'DEBIAN', 'md5sums'), await md5sums(tree, files), { mode: 0o644 })
      const control = controlFile(manifest, architecture, await installedSize(tree, files))
      await writeFile(join(tree, 'DEBIAN', 'control'), control, { mode: 0o644 })

      const name = `${NAME}_${systemVersion(manifest.version)}_${architecture}.deb`
      const deb = await makeRoom(join(makeDir, 'deb', targetArch, name))
      // root owns everything, whoever packages. xz is read by every dpkg; zstd is not.
      await runTool('dpkg-deb', ['--root-owner-group', '-Zxz', '--build', tree, deb])
      return [deb]
    })
  }
}

/** `size` in KiB. No maintainer scripts: menus, MIME types and icons are refreshed by the triggers of their packages. */
function controlFile({ version, description, homepage }: Manifest, architecture: string, size: number): string {
  return `Package: ${NAME}
Version: ${systemVersion(version)}
Section: net
Priority: optional
Architecture: ${architecture}
Maintainer: ${MAINTAINER}
Installed-Size: ${size}
Depends: ${DEB_DEPENDS.join(', ')}
Recommends: ${RECOMMENDS.join(', ')}
Homepage: ${homepage.replace(/#.*$/, '')}
Description: desktop inspector for realtime endpoints
${wrap(description)}
`
}

/** Of the extended description: each line begins with a space, and none is longer than a terminal is wide. */
const wrap = (text: string): string => text.replace(/(.{1,77})(?: |$)/g, ' $1\n').trimEnd()

/** `debsums` and `dpkg --verify` check against these. */
async function md5sums(tree: string, files: readonly string[]): Promise<string> {
  let lines = ''
  for (const file of files) {
    const sum = createHash('md5')
      .update(await readFile(join(tree, file)))
      .digest('hex')
    lines += `${sum}  ${file}\n`
  }
  return lines
}

/** Each file takes whole KiB. */
async function installedSize(tree: string, files: readonly string[]): Promise<number> {
  let size = 0
  for (const file of files) size += Math.ceil((await lstat(join(tree, file))).size / 1_024)
  return size
}
