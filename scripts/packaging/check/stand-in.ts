/**
 * A distribution that stands in for Electron's where its binary cannot be had: the official file names, and as the
 * executable a small program of this system that carries a fuse wire. It shows how packages are put together, not that
 * the application runs.
 */
import { appendFileSync, chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { electronVersion } from '../identity.ts'

/** What lies in electron-v…-linux-….zip beside the executables; one locale of many. */
const FILES = [
  'LICENSE',
  'LICENSES.chromium.html',
  'chrome_100_percent.pak',
  'chrome_200_percent.pak',
  'icudtl.dat',
  'libffmpeg.so',
  'libvk_swiftshader.so',
  'libvulkan.so.1',
  'locales/en-US.pak',
  'resources.pak',
  'resources/default_app.asar',
  'snapshot_blob.bin',
  'v8_context_snapshot.bin',
  'vk_swiftshader_icd.json',
]
const EXECUTABLES = ['electron', 'chrome-sandbox', 'chrome_crashpad_handler']
const PROGRAM = '/bin/true'

/** Marks the wire in the binary. https://github.com/electron/fuses */
const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'
/** As Electron ships them: RunAsNode on, cookie encryption off, … */
export const SHIPPED_FUSES = '101100011'

export interface StandInOptions {
  version?: string
  /** One character a fuse. */
  fuses?: string
}

export function createStandIn(
  folder: string,
  { version = electronVersion(), fuses = SHIPPED_FUSES }: StandInOptions = {},
): void {
  for (const name of FILES) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), `In place of Electron's ${name}.\n`)
  }
  writeFileSync(join(folder, 'version'), version)
  for (const name of EXECUTABLES) {
    copyFileSync(PROGRAM, join(folder, name))
    chmodSync(join(folder, name), 0o755)
  }
  appendFileSync(join(folder, 'electron'), fuseWire(fuses))
}

/** As it stands in the binary: version 1, how many, one character each. */
export const fuseWire = (fuses = SHIPPED_FUSES): Buffer =>
  Buffer.concat([Buffer.from(SENTINEL), Buffer.from([1, fuses.length]), Buffer.from(fuses)])
