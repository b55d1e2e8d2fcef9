/**
 * The files of the window, as a list made once: what is not on it cannot be asked for, so no path is ever joined
 * with anything a request says. Both hosts serve from it. Knows no HTTP.
 */
import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { NONCE_PLACEHOLDER } from './security-headers.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
}

export interface WindowFile {
  type: string
  /** A fresh nonce replaces the placeholder in the page. */
  read(nonce: string): Promise<Uint8Array>
}

export interface WindowFiles {
  /** `pathname` as it stands in the URL, escapes and all; `/` is the page. Null for anything not on the list. */
  find(pathname: string): WindowFile | null
}

/** Lists `root` (out/renderer). Null when the window was not built. */
export function listWindowFiles(root: string): WindowFiles | null {
  const files = new Map<string, WindowFile>()
  for (const { path, name } of walk(root, '')) {
    const type = TYPES[extname(name)]
    if (type) files.set(path, { type, read: (nonce) => load(join(root, path), type, nonce) })
  }
  const page = files.get('/index.html')
  if (!page) return null
  files.set('/', page)
  return { find: (pathname) => files.get(pathname) ?? null }
}

/** Regular files only: a link could lead out of the folder. */
function walk(root: string, under: string): { path: string; name: string }[] {
  try {
    return readdirSync(join(root, under), { withFileTypes: true }).flatMap((entry) => {
      const path = `${under}/${entry.name}`
      if (entry.isDirectory()) return walk(root, path)
      return entry.isFile() ? [{ path, name: entry.name }] : []
    })
  } catch {
    return []
  }
}

async function load(file: string, type: string, nonce: string): Promise<Uint8Array> {
  const bytes = await readFile(file)
  if (!type.startsWith('text/html')) return bytes
  return Buffer.from(bytes.toString('utf8').replaceAll(NONCE_PLACEHOLDER, nonce))
}
