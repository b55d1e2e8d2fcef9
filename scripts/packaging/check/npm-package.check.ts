/** The npm package as users get it: packed, installed globally into an empty prefix, run away from the source tree. */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from '../../child.ts'
import { readManifest } from '../identity.ts'
import { listFiles } from '../linux-tree.ts'
import { hasTool, runTool } from '../run-tool.ts'
import { captureFromOwnServers } from './runs-alone.ts'

const UNREACHABLE = /ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|ENOTCACHED|ECONNRESET/
const onWindows = process.platform === 'win32'
const why = onWindows ? 'npm is a script there' : hasTool('npm') ? '' : 'npm is not installed'
/** Our own Node first, as a user of Node 24 has it, and none of the tools in node_modules/.bin. */
const PATH = [dirname(process.execPath), ...(process.env['PATH'] ?? '').split(delimiter)]
  .filter((folder) => !folder.includes(join('node_modules', '.bin')))
  .join(delimiter)

test.skipIf(why)(
  `packed, installed in an empty prefix, pushscope runs alone${why && ` (skipped: ${why})`}`,
  async (context) => {
    const folder = mkdtempSync(join(tmpdir(), 'pushscope-npm-'))
    try {
      // What was built is packed as it is: building is not what is looked at here.
      await runTool('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: ROOT })
      const [tarball] = readdirSync(folder)
      const prefix = join(folder, 'prefix')
      try {
        await runTool('npm', ['install', '--global', '--prefer-offline', '--prefix', prefix, join(folder, tarball!)], {
          cwd: folder,
        })
      } catch (error) {
        if (UNREACHABLE.test(String(error))) return context.skip('the registry of packages cannot be reached')
        throw error
      }

      const installed = join(prefix, 'lib', 'node_modules', 'pushscope')
      const files = (await listFiles(installed)).filter((path) => !path.startsWith('node_modules'))
      expect(files.filter((path) => !/^(out\/(main|renderer)\/|main\/cli\/launch(er)?\.cjs$)/.test(path))).toEqual([
        'CHANGELOG.md',
        'LICENSE',
        'README.md',
        'package.json',
      ])
      expect(
        readdirSync(join(installed, 'node_modules'))
          .filter((name) => !name.startsWith('.'))
          .sort(),
      ).toEqual([
        'birpc',
        'bufferutil',
        'eventsource',
        'eventsource-parser',
        'node-gyp-build',
        'undici',
        'valibot',
        'ws',
      ])

      const pushscope = join(prefix, 'bin', 'pushscope')
      const env = { PATH }
      expect(await runTool(pushscope, ['--version'], { cwd: folder, env })).toBe(`${readManifest().version}\n`)
      expect(await runTool(pushscope, ['--help'], { cwd: folder, env })).toContain('pushscope capture')
      const refused = await refusalOfOldNode(join(installed, 'main/cli/launcher.cjs'))
      expect(refused === null || /^Pushscope needs Node 24 or newer; this is Node [\d.]+\.$/.test(refused)).toBe(true)

      const kinds = await captureFromOwnServers([process.execPath, join(installed, 'main/cli/launcher.cjs')], folder)
      expect(kinds['websocket library']).toContain('ws-frame')
      expect(Object.keys(kinds)).toHaveLength(6)
      expect(readFileSync(join(installed, 'out/renderer/index.html'), 'utf8')).toContain('<title>')
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
)

/** What an old Node on this system's path prints when it is asked to run `file`; null where there is none. */
async function refusalOfOldNode(file: string): Promise<string | null> {
  const env = { PATH: PATH.split(delimiter).slice(1).join(delimiter) }
  const version = await runTool('node', ['--version'], { env }).catch(() => 'v24')
  if (Number(version.slice(1).split('.')[0]) >= 24) return null
  return runTool('node', [file, '--version'], { env }).catch((error: unknown) =>
    error instanceof Error ? error.message.replace('node failed: ', '') : String(error),
  )
}
