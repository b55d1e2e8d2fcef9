/**
 * Makes a folder and those above it, for their owner alone: credentials pass through captures. Node's own `mkdir` with `recursive` is not used: below a folder that answers ENOENT
 * to every new one, as `/proc` does, it tries the same two for ever.
 */
import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** Throws what `mkdir` says of the first folder that cannot be made. */
export function makeDirectory(path: string): void {
  if (isDirectory(path)) return
  const above = dirname(path)
  if (!existsSync(above)) makeDirectory(above)
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    if (!isDirectory(path)) throw error // else another process was quicker
  }
}

const isDirectory = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
