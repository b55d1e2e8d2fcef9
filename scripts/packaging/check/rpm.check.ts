/** The .rpm: what rpm itself says of it. */
import { expect, inject } from 'vitest'
import { readManifest } from '../identity.ts'
import { RPM_LIBRARIES } from '../maker-rpm.ts'
import { runTool } from '../run-tool.ts'
import { needs } from './needs.ts'

const rpm = inject('artifacts').find((path) => path.endsWith('.rpm')) ?? ''
const ARCHITECTURE = process.arch === 'arm64' ? 'aarch64' : 'x86_64'
const ours = needs('rpm', 'rpmbuild')

const query = async (...args: string[]): Promise<string> =>
  (await runTool('rpm', ['--query', '--package', ...args, rpm])).trim()

ours('the .rpm says what it is and what it needs', async () => {
  const { version, license } = readManifest()
  const said = await query('--queryformat', '%{NAME} %{VERSION}-%{RELEASE} %{ARCH} %{LICENSE}')
  expect(said).toBe(`pushscope ${version}-1 ${ARCHITECTURE} ${license}`)
  const requires = (await query('--requires')).split('\n').filter((one) => !one.startsWith('rpmlib('))
  expect(requires.sort()).toEqual([...RPM_LIBRARIES.map((library) => `${library}()(64bit)`), 'xdg-utils'].sort())
})

ours('the .rpm runs no script of ours', async () => {
  expect(await query('--scripts')).toBe('')
})

ours('root owns every file of the .rpm, and the modes are right', async () => {
  const lines = (
    await query('--queryformat', '[%{FILENAMES} %{FILEMODES:perms} %{FILEUSERNAME}:%{FILEGROUPNAME}\n]')
  ).split('\n')
  const files = new Map(lines.map((line) => [line.split(' ')[0]!, line.split(' ').slice(1).join(' ')]))
  expect(files.get('/usr/bin/pushscope')).toBe('lrwxrwxrwx root:root')
  expect(files.get('/usr/lib/pushscope/pushscope')).toBe('-rwxr-xr-x root:root')
  expect(files.get('/usr/lib/pushscope/chrome-sandbox')).toBe('-rwsr-xr-x root:root')
  expect(files.get('/usr/lib/pushscope/resources/app.asar')).toBe('-rw-r--r-- root:root')
  expect(files.get('/usr/share/applications/pushscope.desktop')).toBe('-rw-r--r-- root:root')
  expect(files.get('/usr/share/mime/packages/pushscope.xml')).toBe('-rw-r--r-- root:root')
  expect(files.get('/usr/share/icons/hicolor/scalable/apps/pushscope.svg')).toBe('-rw-r--r-- root:root')
  for (const [path, said] of files) expect([path, said.split(' ')[1]]).toEqual([path, 'root:root'])
  expect([...files.keys()].filter((path) => path.startsWith('/usr/lib/.build-id'))).toEqual([])
})
