/** The .deb: its control data and files, and that it installs and goes without a trace. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, inject } from 'vitest'
import { readManifest } from '../identity.ts'
import { runTool } from '../run-tool.ts'
import { DEB_DEPENDS } from '../maker-deb.ts'
import { needs } from './needs.ts'

const deb = inject('artifacts').find((path) => path.endsWith('.deb')) ?? ''
const ARCHITECTURE = process.arch === 'arm64' ? 'arm64' : 'amd64'

const field = async (name: string): Promise<string> => (await runTool('dpkg-deb', ['--field', deb, name])).trim()

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'pushscope-deb-'))
  try {
    await work(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

needs('dpkg-deb')('the .deb says what it is and what it needs', async () => {
  expect(deb.endsWith(`/pushscope_${readManifest().version}_${ARCHITECTURE}.deb`)).toBe(true)
  expect(await field('Package')).toBe('pushscope')
  expect(await field('Architecture')).toBe(ARCHITECTURE)
  expect((await field('Depends')).split(', ')).toEqual([...DEB_DEPENDS])
  expect(await field('Depends')).toContain('libgtk-3-0t64 | libgtk-3-0')
  expect(await field('Depends')).not.toMatch(/\| \S+t64/)
  const [, ...extended] = (await field('Description')).split('\n')
  expect(extended.map((line) => line.trim()).join(' ')).toBe(readManifest().description)
  expect(extended.filter((line) => line.length > 80)).toEqual([])
  expect(Number(await field('Installed-Size'))).toBeGreaterThan(4_000) // KiB
})

needs('dpkg-deb')('the .deb runs no script of ours', async () => {
  await inFolder(async (folder) => {
    await runTool('dpkg-deb', ['--control', deb, folder])
    expect(readdirSync(folder).sort()).toEqual(['control', 'md5sums'])
  })
})

needs('dpkg-deb')('root owns every file, and the modes are right', async () => {
  const lines = (await runTool('dpkg-deb', ['--contents', deb])).trimEnd().split('\n')
  const files = new Map(
    lines.map((line) => {
      const [mode, owner, , , , path] = line.split(/\s+/)
      return [path!.replace(/^\./, ''), { mode: mode!, owner: owner! }]
    }),
  )
  expect([...new Set([...files.values()].map(({ owner }) => owner))]).toEqual(['root/root'])
  const mode = (path: string): string | undefined => files.get(path)?.mode
  expect(mode('/usr/bin/pushscope')).toBe('lrwxrwxrwx')
  expect(mode('/usr/lib/pushscope/pushscope')).toBe('-rwxr-xr-x')
  expect(mode('/usr/lib/pushscope/chrome-sandbox')).toBe('-rwsr-xr-x')
  expect(mode('/usr/lib/pushscope/resources/app.asar')).toBe('-rw-r--r--')
  expect(mode('/usr/share/applications/pushscope.desktop')).toBe('-rw-r--r--')
  expect(mode('/usr/share/mime/packages/pushscope.xml')).toBe('-rw-r--r--')
  expect(mode('/usr/share/metainfo/io.github.pushscope.pushscope.metainfo.xml')).toBe('-rw-r--r--')
  expect(mode('/usr/share/icons/hicolor/512x512/apps/pushscope.png')).toBe('-rw-r--r--')
  expect(mode('/usr/share/icons/hicolor/scalable/apps/pushscope.svg')).toBe('-rw-r--r--')
  expect(mode('/usr/share/doc/pushscope/copyright')).toBe('-rw-r--r--')
  for (const [path, { mode }] of files)
    expect([path, mode]).toEqual([path, expect.stringMatching(/^(-r.xr-xr-x|-rw-r--r--|-rwsr-xr-x|drwxr-xr-x|l)/)])
  expect([...files].filter(([, { mode }]) => mode.includes('s')).map(([path]) => path)).toEqual([
    '/usr/lib/pushscope/chrome-sandbox',
  ])
})

/** dpkg's database of an empty system, on which `installed` are packages without files. */
function emptySystem(root: string, installed: readonly string[]): void {
  for (const folder of ['info', 'updates', 'triggers'])
    mkdirSync(join(root, 'var/lib/dpkg', folder), { recursive: true })
  const stanza = (name: string): string =>
    `Package: ${name}\nStatus: install ok installed\nMaintainer: nobody\nArchitecture: ${ARCHITECTURE}\nVersion: 1\nDescription: stands in\n`
  writeFileSync(join(root, 'var/lib/dpkg/status'), `${installed.map(stanza).join('\n')}\n`)
  for (const name of installed) writeFileSync(join(root, `var/lib/dpkg/info/${name}.list`), '/.\n')
}

/** Without rights of root, in fakeroot, which believes it has them. */
function dpkg(root: string, ...args: string[]): Promise<string> {
  const all = ['--root', root, '--log', join(root, 'var/lib/dpkg/log'), '--force-script-chrootless', ...args]
  const env = { PATH: `${process.env['PATH']}:/usr/sbin:/sbin` }
  if (process.getuid?.() === 0) return runTool('dpkg', all, { env })
  return runTool('fakeroot', ['dpkg', ...all], { env })
}

const paths = (root: string): string[] =>
  (readdirSync(root, { recursive: true }) as string[]).filter((path) => !path.startsWith('var')).sort()

needs(
  'dpkg',
  'dpkg-deb',
  'root',
)('the .deb is refused where its libraries are missing', async () => {
  await inFolder(async (root) => {
    emptySystem(root, [])
    await expect(dpkg(root, '--install', deb)).rejects.toThrow('depends on libgtk-3-0t64 | libgtk-3-0')
  })
})

needs(
  'dpkg',
  'dpkg-deb',
  'root',
)('the .deb installs, runs from the path, verifies, and goes without a trace', async () => {
  await inFolder(async (root) => {
    emptySystem(
      root,
      DEB_DEPENDS.map((one) => one.split(' | ').at(-1)!),
    )
    const before = paths(root)
    await dpkg(root, '--install', deb)
    expect(
      await runTool('dpkg-query', ['--admindir', join(root, 'var/lib/dpkg'), '-W', '-f', '${Status}', 'pushscope']),
    ).toBe('install ok installed')
    expect(existsSync(join(root, 'usr/share/applications/pushscope.desktop'))).toBe(true)
    await runTool(join(root, 'usr/bin/pushscope'), ['--version']) // the stand-in ends with 0
    expect(await dpkg(root, '--verify', 'pushscope')).toBe('')
    await dpkg(root, '--purge', 'pushscope')
    expect(paths(root)).toEqual(before)
    expect(readFileSync(join(root, 'var/lib/dpkg/status'), 'utf8')).not.toContain('Package: pushscope')
  })
})
