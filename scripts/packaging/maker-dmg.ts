/** The .dmg, with macOS's own hdiutil: the application beside a link to /Applications, to be dragged there. */
import { MakerBase, type MakerOptions } from '@electron-forge/maker-base'
import { cp, mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { NAME, readManifest } from './identity.ts'
import { inScratch, makeRoom } from './maker.ts'
import { runTool } from './run-tool.ts'

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
      await runTool('hdiutil', [
        'create',
        '-volname',
        appName,
        '-srcfolder',
        volume,
        '-fs',
        'HFS+',
        '-format',
        'UDZO',
        dmg,
      ])
      return [dmg]
    })
  }
}
