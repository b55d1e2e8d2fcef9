/**
 * A distribution that stands in for Electron's on a Mac: what the packager looks for in it, and nothing that runs. For
 * x64, since arm64 wants to be signed on a Mac.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { electronVersion } from '../identity.ts'
import { fuseWire } from './stand-in.ts'

const HELPERS = ['Electron Helper', 'Electron Helper (GPU)', 'Electron Helper (Plugin)', 'Electron Helper (Renderer)']

export function createMacStandIn(folder: string): void {
  // MH_MAGIC_64 and CPU_TYPE_X86_64 of mach-o/loader.h
  const program = Buffer.alloc(1_024)
  program.writeUInt32LE(0xfeedfacf, 0)
  program.writeUInt32LE(0x01000007, 4)
  for (const name of ['LICENSE', 'LICENSES.chromium.html']) put(join(folder, name), `In place of Electron's ${name}.\n`)
  put(join(folder, 'version'), electronVersion())

  const contents = join(folder, 'Electron.app', 'Contents')
  put(join(contents, 'Info.plist'), plist('Electron'))
  put(join(contents, 'MacOS', 'Electron'), program)
  put(join(contents, 'Resources', 'electron.icns'), '')
  const frameworks = join(contents, 'Frameworks')
  put(join(frameworks, 'Electron Framework.framework', 'Electron Framework'), Buffer.concat([program, fuseWire()]))
  for (const name of HELPERS) {
    put(join(frameworks, `${name}.app`, 'Contents', 'Info.plist'), plist(name))
    put(join(frameworks, `${name}.app`, 'Contents', 'MacOS', name), program)
  }
}

const plist = (name: string): string => `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>
<key>CFBundleExecutable</key><string>${name}</string>
<key>CFBundleIconFile</key><string>electron.icns</string>
</dict></plist>
`

function put(path: string, content: string | Buffer): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
}
