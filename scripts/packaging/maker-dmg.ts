/** The .dmg, with macOS's own hdiutil: the application beside a link to /Applications, to be dragged there. */
import { MakerBase, type MakerOptions } from '@electron-forge/maker-base'
import { cp, mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { NAME, readManifest } from './identity.ts'
import { inScratch, makeRoom } from './maker.ts'
import { runTool } from './run-tool.ts'

const ATTEMPTS = 4
const PAUSE = 5_000 // ms

export class MakerDmg extends MakerBase<Record<string, never>> {
  name = 'dmg'
  defaultPlatforms: ['darwin'] = ['darwin']
  override requiredExternalBinaries = ['hdiutil']

  override isSupportedOnCurrentPlatform(): boolean {
    return process.platform === 'darwin'
  }

  override make({ dir, makeDir, appName, targetArch }: MakerOptions): Promise<string[]> {
    return inScratch(async (folder) => {
      const volume = join(folder, appName)
      await mkdir(volume)
      // Links inside the frameworks stay links, or the signature breaks.
      await cp(join(dir, `${appName}.app`), join(volume, `${appName}.app`), { recursive: true, verbatimSymlinks: true })
      await symlink('/Applications', join(volume, 'Applications'))
      const name = `${NAME}-${readManifest().version}-${targetArch}.dmg`
      const dmg = await makeRoom(join(makeDir, 'dmg', targetArch, name))
      const source = ['-volname', appName, '-srcfolder', volume, '-fs', 'HFS+', '-format', 'UDZO']
      await again(() => runTool('hdiutil', ['create', '-ov', ...source, dmg]))
      return [dmg]
    })
  }
}

/** What indexes new volumes may hold the one that hdiutil wants to let go of: "Resource busy", which passes. */
async function again<T>(act: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await act()
    } catch (error) {
      if (attempt === ATTEMPTS || !/busy/i.test(String(error))) throw error
      await pause(PAUSE)
    }
  }
}
