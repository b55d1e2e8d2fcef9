/** Checks that need tools of the system: run where they are there, else skipped by a name that says what is missing. */
import { test } from 'vitest'
import { hasTool } from '../run-tool.ts'

/** Which tool each maker needs. */
export const MAKER_TOOLS = { deb: 'dpkg-deb', rpm: 'rpmbuild', appimage: 'mksquashfs', zip: 'zip' } as const

/** `linux` stands for the system, `root` for the rights of root (or fakeroot), the rest for programs. */
export function missing(...needs: readonly string[]): string {
  for (const need of needs) {
    if (need === 'linux') {
      if (process.platform !== 'linux') return 'this is not Linux'
    } else if (need === 'root') {
      if (process.getuid?.() !== 0 && !hasTool('fakeroot')) return 'fakeroot is not installed'
    } else if (!hasTool(need)) return `${need} is not installed`
  }
  return ''
}

/** `needs('rpm')('the .rpm …', () => …)` */
export function needs(...tools: readonly string[]) {
  const why = missing('linux', 'zip', ...tools)
  return (name: string, check: () => void | Promise<void>): void => {
    if (why) test.skip(`${name} (skipped: ${why})`, check)
    else test(name, check)
  }
}
