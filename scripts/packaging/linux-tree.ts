/**
 * The files of a Linux package as they will lie on a system: the application in /usr/lib/pushscope, a link to it in
 * /usr/bin, and what tells the desktop about it. The .deb, the .rpm and the AppImage are made of the same tree. Owners
 * are the packagers' business.
 */
import { chmod, cp, lstat, mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { ROOT } from '../child.ts'
import { ICONS, PNG_SIZES } from './icon-files.ts'
import { APP_ID, NAME, readManifest } from './identity.ts'

const RESOURCES = join(import.meta.dirname, 'resources', 'linux')
/** The hicolor theme has no folder for 1024. https://specifications.freedesktop.org/icon-theme-spec/latest/ */
const LARGEST_ICON = 512

/** Lays the tree out in the empty folder `root`; `app` is the packaged application. */
export async function layOutLinuxTree(root: string, app: string): Promise<void> {
  await cp(app, join(root, 'usr', 'lib', NAME), { recursive: true, verbatimSymlinks: true })
  await mkdir(join(root, 'usr', 'bin'), { recursive: true })
  await symlink(`../lib/${NAME}/${NAME}`, join(root, 'usr', 'bin', NAME))

  const share = (...path: string[]): string => join(root, 'usr', 'share', ...path)
  const resource = (name: string): Promise<string> => readFile(join(RESOURCES, name), 'utf8')
  await put(share('applications', `${NAME}.desktop`), await resource('pushscope.desktop'))
  await put(share('mime', 'packages', `${NAME}.xml`), await resource('pushscope.mime.xml'))
  await put(share('metainfo', `${APP_ID}.metainfo.xml`), fillIn(await resource(`${APP_ID}.metainfo.xml`)))
  await put(share('doc', NAME, 'copyright'), await readFile(join(ROOT, 'LICENSE')))
  for (const size of PNG_SIZES.filter((one) => one <= LARGEST_ICON))
    await put(
      share('icons', 'hicolor', `${size}x${size}`, 'apps', `${NAME}.png`),
      await readFile(join(ICONS, `${size}.png`)),
    )
  await put(share('icons', 'hicolor', 'scalable', 'apps', `${NAME}.svg`), await readFile(join(ICONS, 'pushscope.svg')))
  await setModes(root)
}

/** The release's date is the commit's where the build says it, so that the same source gives the same package. */
export function fillIn(metainfo: string, env: Readonly<Record<string, string | undefined>> = process.env): string {
  const seconds = Number(env['SOURCE_DATE_EPOCH'] ?? Date.now() / 1_000)
  const date = new Date(seconds * 1_000).toISOString().slice(0, 10)
  return metainfo.replaceAll('@VERSION@', readManifest().version).replaceAll('@DATE@', date)
}

async function put(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, content)
}

/**
 * The same whatever the umask of whoever packages. Chromium's sandbox helper is setuid root: it is what still fences the
 * window in where unprivileged user namespaces are forbidden.
 */
async function setModes(root: string): Promise<void> {
  await chmod(root, 0o755)
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isSymbolicLink()) continue
    if (entry.isDirectory()) await chmod(path, 0o755)
    else if (entry.name === 'chrome-sandbox') await chmod(path, 0o4755)
    else await chmod(path, (await lstat(path)).mode & 0o100 ? 0o755 : 0o644)
  }
}

/** Regular files below `root` with their paths from it, sorted. */
export async function listFiles(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort()
}
