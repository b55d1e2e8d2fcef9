/** What macOS is told of the application, looked at on Linux: packaged for it from a stand-in. */
import { getRawHeader } from '@electron/asar'
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { FUSES } from '../fuses.ts'
import { ICONS } from '../icon-files.ts'
import { APP_ID, FILE_TYPES, LINK_SCHEME, readManifest } from '../identity.ts'
import { listFiles } from '../linux-tree.ts'
import { runForge } from './made.ts'
import { needs } from './needs.ts'

needs()('the macOS application: file types, link scheme, icon, fuses, and an asar that is vouched for', async () => {
  const made = await runForge('package', { mac: true })
  try {
    const app = join(made.app, 'Pushscope.app')
    const resources = join(app, 'Contents', 'Resources')
    const plist = readFileSync(join(app, 'Contents', 'Info.plist'), 'utf8').replace(/>\s+</g, '><')
    const asar = getRawHeader(join(resources, 'app.asar')).headerString
    for (const [key, value] of [
      ['CFBundleIdentifier', APP_ID],
      ['CFBundleName', 'Pushscope'],
      ['CFBundleShortVersionString', readManifest().version],
      // Electron compares the asar's header with it before it loads anything.
      ['hash', createHash('sha256').update(asar).digest('hex')],
    ])
      expect(plist).toContain(`<key>${key}</key><string>${value}</string>`)
    expect(plist).toContain(`<key>CFBundleURLSchemes</key><array><string>${LINK_SCHEME}</string></array>`)
    for (const { uti, extension } of FILE_TYPES) {
      expect(plist).toContain(`<key>LSItemContentTypes</key><array><string>${uti}</string></array>`)
      expect(plist).toContain(`<key>public.filename-extension</key><array><string>${extension}</string></array>`)
    }

    const icon = readFileSync(join(resources, 'electron.icns'))
    expect(icon.equals(readFileSync(join(ICONS, 'pushscope.icns')))).toBe(true)
    expect(await listFiles(join(resources, 'app.asar.unpacked'))).toEqual([
      'node_modules/bufferutil/prebuilds/darwin-x64/bufferutil.node',
    ])
    const wire = await getCurrentFuseWire(app)
    for (const fuse of Object.values(FuseV1Options).filter((one) => typeof one === 'number'))
      expect([FuseV1Options[fuse], String.fromCharCode(wire[fuse] ?? 0)]).toEqual([
        FuseV1Options[fuse],
        FUSES[fuse] ? '1' : '0',
      ])
  } finally {
    made.dispose()
  }
})
