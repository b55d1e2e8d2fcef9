/** Where the system wants an application's data. The engine makes it, and does without it when it cannot. */
import { homedir } from 'node:os'
import { join } from 'node:path'

export function dataDirectory(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
  home = homedir(),
): string {
  if (platform === 'win32') return join(env['APPDATA'] || join(home, 'AppData', 'Roaming'), 'pushscope')
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'pushscope')
  // https://specifications.freedesktop.org/basedir-spec/latest/ : a relative path is to be ignored.
  const wanted = env['XDG_DATA_HOME'] ?? ''
  return join(wanted.startsWith('/') ? wanted : join(home, '.local', 'share'), 'pushscope')
}
