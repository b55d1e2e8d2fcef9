/**
 * The .rpm, with rpmbuild alone. There is no maker of Forge 8 for it, and the library that the older one used cannot be
 * installed on Windows at all, so that not even `npm ci` would pass there.
 * https://rpm-software-management.github.io/rpm/manual/spec.html
 */
import { MakerBase, type MakerOptions } from '@electron-forge/maker-base'
import { copyFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { NAME, readManifest, type Manifest } from './identity.ts'
import { inScratch, linuxTreeIn, makeRoom, systemVersion } from './maker.ts'
import { runTool } from './run-tool.ts'

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64' }
const RELEASE = 1

/** By what is in them, since each distribution names its packages differently. */
export const RPM_LIBRARIES = [
  'libasound.so.2',
  'libatk-bridge-2.0.so.0',
  'libatspi.so.0',
  'libcairo.so.2',
  'libcups.so.2',
  'libdbus-1.so.3',
  'libexpat.so.1',
  'libgbm.so.1',
  'libglib-2.0.so.0',
  'libgtk-3.so.0',
  'libnspr4.so',
  'libnss3.so',
  'libpango-1.0.so.0',
  'libudev.so.1',
  'libX11.so.6',
  'libxcb.so.1',
  'libXcomposite.so.1',
  'libXdamage.so.1',
  'libXext.so.6',
  'libXfixes.so.3',
  'libxkbcommon.so.0',
  'libXrandr.so.2',
] as const

export class MakerRpm extends MakerBase<Record<string, never>> {
  name = 'rpm'
  defaultPlatforms: ['linux'] = ['linux']
  override requiredExternalBinaries = ['rpmbuild']

  override isSupportedOnCurrentPlatform(): boolean {
    return process.platform === 'linux'
  }

  override make({ dir, makeDir, targetArch }: MakerOptions): Promise<string[]> {
    const manifest = readManifest()
    const architecture = ARCHITECTURES[targetArch]
    if (!architecture) throw new Error(`There is no RPM architecture for ${targetArch}.`)
    return inScratch(async (folder) => {
      const tree = await linuxTreeIn(folder, dir)
      const spec = join(folder, `${NAME}.spec`)
      await writeFile(spec, specFile(manifest, tree))
      const top = join(folder, 'rpmbuild')
      await runTool('rpmbuild', ['-bb', '--target', `${architecture}-linux`, '--define', `_topdir ${top}`, spec])
      const name = `${NAME}-${systemVersion(manifest.version)}-${RELEASE}.${architecture}.rpm`
      const rpm = await makeRoom(join(makeDir, 'rpm', targetArch, name))
      await copyFile(join(top, 'RPMS', architecture, name), rpm)
      return [rpm]
    })
  }
}

/**
 * What rpmbuild would do to the files by itself is switched off: strip them (that breaks the fuses), follow their
 * libraries (ours are inside) and link their build IDs (another Electron's would clash). No scriptlets: menus, MIME
 * types and icons are refreshed by the file triggers of their packages.
 */
function specFile({ version, description, license, homepage }: Manifest, tree: string): string {
  const requires = RPM_LIBRARIES.map((library) => `Requires: ${library}()(64bit)`).join('\n')
  return `%global __os_install_post %{nil}
%global debug_package %{nil}
%global _build_id_links none
%define _binary_payload w2.xzdio

Name: ${NAME}
Version: ${systemVersion(version)}
Release: ${RELEASE}
Summary: Desktop inspector for realtime endpoints
License: ${license}
URL: ${homepage.replace(/#.*$/, '')}
${requires}
Requires: xdg-utils
Recommends: libnotify.so.4()(64bit)
Recommends: libsecret-1.so.0()(64bit)
AutoReqProv: no

%description
${description}

%install
mkdir -p %{buildroot}
cp -a ${tree}/. %{buildroot}/

%files
%defattr(-,root,root,-)
/usr/bin/${NAME}
/usr/lib/${NAME}
/usr/share/applications/${NAME}.desktop
/usr/share/doc/${NAME}
/usr/share/icons/hicolor/*/apps/${NAME}.*
/usr/share/metainfo/*.metainfo.xml
/usr/share/mime/packages/${NAME}.xml
`
}
