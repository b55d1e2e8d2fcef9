/** What the systems know us by: names, file types and the link scheme. The Linux files in resources/linux repeat them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../child.ts'

export const PRODUCT = 'Pushscope'
/** Executable, package and icon name. */
export const NAME = 'pushscope'
/** Reverse DNS: macOS bundle, Windows application and AppStream component. */
export const APP_ID = 'io.github.pushscope.pushscope'
/** `pushscope://…` only ever fills in the URL bar. */
export const LINK_SCHEME = 'pushscope'
export const MAINTAINER = 'The Pushscope authors <pushscope@users.noreply.github.com>'

export interface FileType {
  extension: string
  mime: string
  /** Uniform type identifier, for macOS. */
  uti: string
  name: string
  /** `owner`: the type is ours. `alternate`: others may open it by default. */
  rank: 'owner' | 'alternate'
}

export const FILE_TYPES: readonly FileType[] = [
  {
    extension: 'pushscope',
    mime: 'application/vnd.pushscope.capture+sqlite3',
    uti: 'io.github.pushscope.capture',
    name: 'Pushscope capture',
    rank: 'owner',
  },
  {
    extension: 'har',
    mime: 'application/x-har+json',
    uti: 'org.w3.http-archive',
    name: 'HTTP archive',
    rank: 'alternate',
  },
]

export interface Manifest {
  version: string
  description: string
  license: string
  homepage: string
  dependencies: Record<string, string>
}

export const readManifest = (): Manifest => JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest

export const electronVersion = (): string => {
  const manifest = readFileSync(join(ROOT, 'node_modules', 'electron', 'package.json'), 'utf8')
  return (JSON.parse(manifest) as { version: string }).version
}
