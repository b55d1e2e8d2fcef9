/** What our own Forge makers share: a scratch folder with the Linux tree in it, and how a version is written. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { layOutLinuxTree } from './linux-tree.ts'

/** `work` gets a folder that is gone afterwards. */
export async function inScratch<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'pushscope-make-'))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Lays the tree out beside whatever else the maker writes to `folder`; gives the tree's root. */
export async function linuxTreeIn(folder: string, app: string): Promise<string> {
  const tree = join(folder, 'tree')
  await mkdir(tree)
  await layOutLinuxTree(tree, app)
  return tree
}

/** An empty place for the artifact `file`. */
export async function makeRoom(file: string): Promise<string> {
  await mkdir(dirname(file), { recursive: true })
  await rm(file, { force: true })
  return file
}

/** `1.0.0-rc.1` comes before `1.0.0`: both dpkg and rpm say that with a tilde, and forbid or misread the hyphen. */
export const systemVersion = (version: string): string => version.replaceAll('-', '~').replace(/\+.*$/, '')
