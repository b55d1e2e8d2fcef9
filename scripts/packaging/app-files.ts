/**
 * Which files of the project go into the packaged application (its asar): what was built, the runtime dependencies
 * as the lockfile names them, and nothing of what those ship for their own development.
 */
import { readFileSync } from 'node:fs'
import { rm, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from '../child.ts'

interface Lockfile {
  packages: Record<string, { dev?: boolean; devOptional?: boolean }>
}

/** `node_modules/…` paths of the packages that run. `devOptional` is, say, the TypeScript that a library may use. */
export function runtimePackages(lockfile: Lockfile): string[] {
  return Object.entries(lockfile.packages)
    .filter(([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional)
    .map(([path]) => path)
}

const KEPT = ['package.json', 'LICENSE', 'CHANGELOG.md', 'out']
/** Types, maps, sources in C, build recipes and prose. */
const NOT_RUN = /\.(ts|mts|cts|map|md|c|cc|h|gyp|gypi|markdown|yml|yaml)$/
const NOTICE = /(^|\/)(licen[cs]e|copying|notice)[^/]*$/i
const NOT_RUN_FOLDERS =
  /(^|\/)(docs|types|scripts|test|tests|__tests__|example|examples|benchmark|benchmarks|\.github)(\/|$)/

/** For the packager: whether `path` (from the project's root, with a leading slash) stays out. */
export function createIgnore(runtime: readonly string[]): (path: string) => boolean {
  return (path) => {
    const name = path.replaceAll('\\', '/').replace(/^\//, '')
    if (name === '') return false
    if (!name.startsWith('node_modules')) return !KEPT.some((kept) => name === kept || name.startsWith(`${kept}/`))

    const owner = runtime.filter((one) => name === one || name.startsWith(`${one}/`)).sort(byLength)[0]
    // Folders above a package must be walked to reach it.
    if (owner === undefined) return !runtime.some((one) => one.startsWith(`${name}/`))
    const inside = name.slice(owner.length + 1)
    if (inside.startsWith('node_modules')) return !runtime.some((one) => one === name || one.startsWith(`${name}/`))
    return !NOTICE.test(inside) && (NOT_RUN.test(inside) || NOT_RUN_FOLDERS.test(inside))
  }
}

const byLength = (a: string, b: string): number => b.length - a.length

export const projectIgnore = (): ((path: string) => boolean) =>
  createIgnore(runtimePackages(JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as Lockfile))

/** Takes away the native builds for other systems. */
export async function keepNativeBuilds(folder: string, platform: string, arch: string): Promise<void> {
  const modules = join(folder, 'node_modules')
  for (const entry of await readdir(modules, { recursive: true, withFileTypes: true })) {
    if (!entry.isDirectory() || entry.name !== 'prebuilds') continue
    const prebuilds = join(entry.parentPath, entry.name)
    for (const target of await readdir(prebuilds))
      if (target !== `${platform}-${arch}`) await rm(join(prebuilds, target), { recursive: true })
  }
}

/** The packaged package.json says what runs, not how it was made. */
export function trimManifest(manifest: Record<string, unknown>): Record<string, unknown> {
  const kept = ['name', 'version', 'description', 'license', 'author', 'homepage', 'type', 'main', 'dependencies']
  const trimmed = Object.fromEntries(Object.entries(manifest).filter(([key]) => kept.includes(key)))
  // Wayland's application ID, so that the window finds its desktop entry and icon.
  return { ...trimmed, desktopName: 'pushscope.desktop' }
}
