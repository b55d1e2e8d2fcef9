/** What tells a Linux desktop about us, as it comes out of the packages, before the tools that read it. */
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, inject } from 'vitest'
import { APP_ID, FILE_TYPES, LINK_SCHEME, readManifest } from '../identity.ts'
import { writeAppImage } from '../maker-appimage.ts'
import { runTool } from '../run-tool.ts'
import { needs } from './needs.ts'

const artifact = (extension: string): string => inject('artifacts').find((path) => path.endsWith(extension)) ?? ''

async function withDeb(work: (root: string) => Promise<void>): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'pushscope-desktop-'))
  try {
    await runTool('dpkg-deb', ['--extract', artifact('.deb'), root])
    await work(root)
  } finally {
    rmSync(root, { recursive: true })
  }
}

needs('dpkg-deb', 'desktop-file-validate')('desktop-file-validate is happy with the desktop entry', async () => {
  await withDeb(async (root) => {
    const file = join(root, 'usr/share/applications/pushscope.desktop')
    expect(await runTool('desktop-file-validate', [file])).toBe('')
    const entry = readFileSync(file, 'utf8')
    const mimes = [...FILE_TYPES.map(({ mime }) => mime), `x-scheme-handler/${LINK_SCHEME}`]
    expect(/^MimeType=(.*)$/m.exec(entry)?.[1]).toBe(mimes.map((mime) => `${mime};`).join(''))
    expect(entry).toContain('\nExec=pushscope %U\n')
  })
})

needs('dpkg-deb', 'appstreamcli')('appstreamcli is happy with the metainfo', async () => {
  await withDeb(async (root) => {
    const file = join(root, `usr/share/metainfo/${APP_ID}.metainfo.xml`)
    const said = await runTool('appstreamcli', ['validate', '--no-net', '--pedantic', file])
    expect(said).toContain('Validation was successful')
    expect(said).not.toMatch(/^[EWI]:/m)
    expect(readFileSync(file, 'utf8')).toMatch(
      new RegExp(`<release version="${readManifest().version.replaceAll('.', '\\.')}" date="\\d{4}-\\d{2}-\\d{2}"/>`),
    )
  })
})

needs('dpkg-deb', 'update-mime-database')('the MIME database knows our file types', async () => {
  await withDeb(async (root) => {
    await runTool('update-mime-database', ['-n', join(root, 'usr/share/mime')])
    const globs = readFileSync(join(root, 'usr/share/mime/globs'), 'utf8')
    for (const { mime, extension } of FILE_TYPES) expect(globs).toContain(`${mime}:*.${extension}\n`)
  })
})

needs('unzip')('the .zip holds the application with its executables', async () => {
  const lines = (await runTool('unzip', ['-Z', artifact('.zip')])).split('\n')
  const mode = (name: string): string | undefined =>
    lines
      .find(
        (line) =>
          line.endsWith(`/Pushscope-linux-${process.arch}/${name}`) ||
          line.endsWith(` Pushscope-linux-${process.arch}/${name}`),
      )
      ?.slice(0, 10)
  expect(mode('pushscope')).toBe('-rwxr-xr-x')
  expect(mode('')).toBe('drwxr-xr-x')
  expect(mode('resources/app.asar')).toBe('-rw-r--r--')
})

needs('mksquashfs', 'unsquashfs')('an AppImage is its runtime and a SquashFS with entry, icon and AppRun', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pushscope-appimage-'))
  try {
    const runtime = Buffer.from('in place of the runtime\n')
    const file = join(folder, 'pushscope.AppImage')
    await writeAppImage(inject('app'), runtime, file)
    const image = readFileSync(file)
    expect(image.subarray(0, runtime.length).equals(runtime)).toBe(true)
    expect(image.toString('latin1', runtime.length, runtime.length + 4)).toBe('hsqs')
    mkdirSync(join(folder, 'root'))
    writeFileSync(join(folder, 'squashfs'), image.subarray(runtime.length))
    await runTool('unsquashfs', ['-q', '-n', '-f', '-d', join(folder, 'root'), join(folder, 'squashfs')])
    expect(readdirSync(join(folder, 'root')).sort()).toEqual([
      '.DirIcon',
      'AppRun',
      'pushscope.desktop',
      'pushscope.png',
      'usr',
    ])
    await runTool(join(folder, 'root', 'AppRun'), ['--version']) // the stand-in ends with 0
  } finally {
    rmSync(folder, { recursive: true })
  }
})
