/**
 * Electron Forge: `npm run package` and `npm run make`. What goes in, the fuses and the makers are in
 * scripts/packaging; here they are put together.
 * https://www.electronforge.io/config/configuration
 */
import { MakerSquirrel } from '@electron-forge/maker-squirrel'
import { MakerZIP } from '@electron-forge/maker-zip'
import { FusesPlugin } from '@electron-forge/plugin-fuses'
import type { ForgeConfig } from '@electron-forge/shared-types'
import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { isBuilt, build } from './scripts/build.ts'
import { signAdHoc } from './scripts/packaging/ad-hoc-signature.ts'
import { keepNativeBuilds, projectIgnore, trimManifest } from './scripts/packaging/app-files.ts'
import { fetchElectron, findElectronDist, readChecksums, requireTarget } from './scripts/packaging/electron-dist.ts'
import { FUSES } from './scripts/packaging/fuses.ts'
import { ICONS } from './scripts/packaging/icon-files.ts'
import { APP_ID, FILE_TYPES, LINK_SCHEME, NAME, PRODUCT, readManifest } from './scripts/packaging/identity.ts'
import { MakerAppImage } from './scripts/packaging/maker-appimage.ts'
import { MakerDeb } from './scripts/packaging/maker-deb.ts'
import { MakerDmg } from './scripts/packaging/maker-dmg.ts'
import { MakerRpm } from './scripts/packaging/maker-rpm.ts'

export default async function forgeConfig(): Promise<ForgeConfig> {
  const dist = await findElectronDist(process.env['PUSHSCOPE_ELECTRON_DIST'])
  if (dist) process.stderr.write(`${dist.sentence}\n`)

  return {
    // out/ is what electron-vite builds.
    outDir: process.env['PUSHSCOPE_PACKAGES'] || 'dist',
    packagerConfig: {
      name: PRODUCT,
      // A Mac shows it: it is the bundle's display name too.
      executableName: process.platform === 'darwin' ? PRODUCT : NAME,
      appCopyright: 'Copyright © The Pushscope authors',
      appBundleId: APP_ID,
      appCategoryType: 'public.app-category.developer-tools',
      icon: join(ICONS, NAME), // .ico or .icns, as the system wants
      // Native code is loaded by the system, which cannot look into an asar.
      asar: { unpack: '**/*.node' },
      // The lockfile knows better than a walk through node_modules what runs.
      prune: false,
      ignore: projectIgnore(),
      sanitizePackageJson: [trimManifest],
      protocols: [{ name: 'Pushscope link', schemes: [LINK_SCHEME] }],
      extendInfo: {
        NSLocalNetworkUsageDescription: 'To connect to the endpoints that you give it on your own network.',
        CFBundleDocumentTypes: FILE_TYPES.map(({ name, uti, rank }) => ({
          CFBundleTypeName: name,
          CFBundleTypeRole: rank === 'owner' ? 'Editor' : 'Viewer',
          LSHandlerRank: rank === 'owner' ? 'Owner' : 'Alternate',
          LSItemContentTypes: [uti],
        })),
        UTExportedTypeDeclarations: FILE_TYPES.filter(({ rank }) => rank === 'owner').map(typeDeclaration),
        UTImportedTypeDeclarations: FILE_TYPES.filter(({ rank }) => rank !== 'owner').map(typeDeclaration),
      },
      ...(dist ? { electronZipDir: dist.folder } : { download: { checksums: { ...readChecksums() } } }),
    },
    // bufferutil brings N-API builds that fit every Electron, and does without one where it brings none.
    rebuildConfig: { onlyModules: [] },
    hooks: {
      async generateAssets() {
        if (isBuilt()) return
        const { problem } = await build(new AbortController().signal)
        if (problem) throw new Error(`The build failed. ${problem}`)
      },
      async prePackage(_config, platform, arch) {
        if (dist) requireTarget(dist, platform, arch)
        else await fetchElectron(platform, arch)
      },
      async postPackage(_config, { platform, outputPaths }) {
        // The packager leaves its scratch folder's mode, which keeps everybody else out.
        if (platform === 'linux') for (const path of outputPaths) await chmod(path, 0o755)
        // The last word on the files: what changes them afterwards breaks it.
        if (platform === 'darwin' && process.platform === 'darwin')
          for (const path of outputPaths) await signAdHoc(join(path, `${PRODUCT}.app`))
      },
      packageAfterCopy: (_config, folder, _electron, platform, arch) => keepNativeBuilds(folder, platform, arch),
    },
    plugins: [new FusesPlugin(FUSES)],
    makers: [
      new MakerDeb(),
      new MakerRpm(),
      new MakerAppImage(),
      new MakerSquirrel({
        name: NAME,
        setupExe: `${NAME}-${readManifest().version}-setup.exe`,
        setupIcon: join(ICONS, `${NAME}.ico`),
        noMsi: true,
      }),
      new MakerDmg(),
      new MakerZIP({}, ['darwin', 'linux', 'win32']),
    ],
  }
}

function typeDeclaration({ name, uti, extension, mime }: (typeof FILE_TYPES)[number]): Record<string, unknown> {
  return {
    UTTypeIdentifier: uti,
    UTTypeDescription: name,
    UTTypeConformsTo: ['public.data'],
    UTTypeTagSpecification: { 'public.filename-extension': [extension], 'public.mime-type': [mime] },
  }
}
