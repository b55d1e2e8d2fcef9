/** Starts Pushscope's command from a folder of its own and lets it do some of its work: serve, capture, export. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { runTool } from '../run-tool.ts'

interface ServerLine {
  technique: string
  variant?: string
  url: string
}

const SERVERS = 6

/** Captures a few rows from each of its own reference servers; gives the row kinds seen, by server. */
export async function captureFromOwnServers(
  command: readonly [string, ...string[]],
  cwd: string,
): Promise<Record<string, string[]>> {
  const [program, ...first] = command
  const servers = spawn(program, [...first, 'servers', '--json', '--port', '0'], {
    cwd,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const urls: ServerLine[] = []
    for await (const text of createInterface({ input: servers.stdout })) {
      urls.push(JSON.parse(text) as ServerLine)
      if (urls.length === SERVERS) break
    }
    const seen = urls.map(async ({ technique, variant, url }): Promise<[string, string[]]> => {
      const args = ['capture', url, '--technique', technique, '--rows', '8', '--for', '20']
      const rows = (await runTool(program, [...first, ...args], { cwd })).trimEnd().split('\n')
      const kinds = rows.map((row) => (JSON.parse(row) as { kind: string }).kind)
      return [variant ? `${technique} ${variant}` : technique, [...new Set(kinds)]]
    })
    return Object.fromEntries(await Promise.all(seen))
  } finally {
    servers.kill('SIGTERM')
    if (servers.exitCode === null && servers.signalCode === null) await once(servers, 'exit')
  }
}
