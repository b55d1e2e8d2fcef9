/**
 * Windows: what Squirrel's installer runs us for, and what the registry says of our files. The installer starts the
 * program with one `--squirrel-…` argument and waits for its end, so nothing else happens in such a run.
 * https://github.com/Squirrel/Squirrel.Windows/blob/develop/docs/using/custom-squirrel-events-non-cs.md
 */
import { spawn } from 'node:child_process'
import { win32 } from 'node:path'

/** The id that Squirrel gives the shortcuts it makes: a window with another one would not stand at its icon. */
export const USER_MODEL_ID = 'com.squirrel.pushscope.pushscope'

const LONGEST = 5_000 // ms

export type SquirrelEvent = 'install' | 'updated' | 'uninstall' | 'obsolete'

/** Why the installer started us; null when it did not. Its argument is the first one. */
export function squirrelEvent(argv: readonly string[], platform: NodeJS.Platform): SquirrelEvent | null {
  if (platform !== 'win32') return null
  const event = /^--squirrel-(install|updated|uninstall|obsolete)$/.exec(argv[1] ?? '')?.[1]
  return (event as SquirrelEvent | undefined) ?? null
}

/** A program to run, without a shell between. */
export type Command = readonly [program: string, ...args: string[]]

/**
 * What is to be done for the event. `executable` is `…\pushscope\app-1.2.3\pushscope.exe`; beside its folder lie
 * Update.exe, which makes shortcuts, and a pushscope.exe that starts the newest version, which the registry names.
 */
export function squirrelCommands(event: SquirrelEvent, executable: string, systemRoot: string): Command[] {
  const { basename, dirname, join } = win32
  const root = dirname(dirname(executable))
  const name = basename(executable)
  const update = (verb: string): Command => [join(root, 'Update.exe'), `--${verb}=${name}`]
  const reg = join(systemRoot, 'System32', 'reg.exe')
  if (event === 'obsolete') return []
  if (event === 'uninstall') return [update('removeShortcut'), ...unregister().map((args): Command => [reg, ...args])]
  return [update('createShortcut'), ...register(join(root, name)).map((args): Command => [reg, ...args])]
}

const CLASSES = 'HKCU\\Software\\Classes'
const CAPTURE = 'Pushscope.Capture'
const ARCHIVE = 'Pushscope.HttpArchive'

/** For this user only, as the installation is. https://learn.microsoft.com/windows/win32/shell/fa-file-types */
function register(program: string): string[][] {
  const set = (key: string, value: string, name?: string): string[] => [
    'add',
    `${CLASSES}\\${key}`,
    ...(name === undefined ? ['/ve'] : ['/v', name]),
    '/t',
    'REG_SZ',
    '/d',
    value,
    '/f',
  ]
  const open = (type: string, words: string): string[][] => [
    set(type, words),
    set(`${type}\\DefaultIcon`, `"${program}",0`),
    // `--`: a file's name is never taken for a switch.
    set(`${type}\\shell\\open\\command`, `"${program}" -- "%1"`),
  ]
  return [
    ...open(CAPTURE, 'Pushscope capture'),
    set('.pushscope', CAPTURE),
    ...open(ARCHIVE, 'HTTP archive'),
    // Archives stay with the program that has them: we are only one of those that are offered.
    set('.har\\OpenWithProgids', '', ARCHIVE),
    set('pushscope', 'URL:Pushscope link'),
    set('pushscope', '', 'URL Protocol'),
    set('pushscope\\shell\\open\\command', `"${program}" -- "%1"`),
  ]
}

function unregister(): string[][] {
  const keys = [CAPTURE, ARCHIVE, '.pushscope', 'pushscope'].map((key) => ['delete', `${CLASSES}\\${key}`, '/f'])
  return [...keys, ['delete', `${CLASSES}\\.har\\OpenWithProgids`, '/v', ARCHIVE, '/f']]
}

/** Resolves when the program has ended, however; one that hangs is ended, since the installer waits for us. */
export const runProgram = ([program, ...args]: Command): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'ignore', windowsHide: true, timeout: LONGEST })
    child.once('error', reject)
    child.once('close', () => resolve())
  })

/** Runs them one after another; one that fails does not keep the others from running. */
export async function runCommands(
  commands: readonly Command[],
  run: (command: Command) => Promise<void>,
): Promise<void> {
  for (const command of commands) await run(command).catch(() => undefined)
}
