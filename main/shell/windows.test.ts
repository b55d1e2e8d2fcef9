import { expect, test } from 'vitest'
import { runCommands, runProgram, squirrelCommands, squirrelEvent, type Command } from './windows.ts'

const EXECUTABLE = 'C:\\Users\\Ann Smith\\AppData\\Local\\pushscope\\app-1.2.3\\pushscope.exe'
const STUB = 'C:\\Users\\Ann Smith\\AppData\\Local\\pushscope\\pushscope.exe'
const commands = (event: Parameters<typeof squirrelCommands>[0]) => squirrelCommands(event, EXECUTABLE, 'C:\\Windows')

test.each([
  ['--squirrel-install', 'win32', 'install'],
  ['--squirrel-updated', 'win32', 'updated'],
  ['--squirrel-uninstall', 'win32', 'uninstall'],
  ['--squirrel-obsolete', 'win32', 'obsolete'],
  ['--squirrel-firstrun', 'win32', null], // an ordinary start
  ['--squirrel-install', 'linux', null],
  ['--squirrel-installed', 'win32', null],
  ['a.pushscope', 'win32', null],
] as const)('%s on %s is the event %s', (argument, platform, event) => {
  expect(squirrelEvent(['pushscope.exe', argument, '1.2.3'], platform)).toBe(event)
  expect(squirrelEvent(['pushscope.exe'], platform)).toBe(null)
})

test('installing makes shortcuts and names the program that outlives updates', () => {
  const all = commands('install')
  expect(all[0]).toEqual([
    'C:\\Users\\Ann Smith\\AppData\\Local\\pushscope\\Update.exe',
    '--createShortcut=pushscope.exe',
  ])
  expect(all.slice(1).every(([program]) => program === 'C:\\Windows\\System32\\reg.exe')).toBe(true)
  const opened = all.filter((one) => one[2]?.endsWith('shell\\open\\command')).map((one) => one.at(-2))
  expect(opened).toEqual(Array<string>(3).fill(`"${STUB}" -- "%1"`))
  expect(commands('updated')).toEqual(all)
})

test('archives are only offered; captures and links are ours', () => {
  const keys = commands('install').flatMap(([, , key]) => (key ? [key.replace('HKCU\\Software\\Classes\\', '')] : []))
  expect(keys).toContain('.pushscope')
  expect(keys).toContain('.har\\OpenWithProgids')
  expect(keys).not.toContain('.har')
})

test('uninstalling takes away what installing wrote, and leaves .har itself alone', () => {
  const all = commands('uninstall')
  expect(all[0]?.[1]).toBe('--removeShortcut=pushscope.exe')
  const removed = all.slice(1).map(([, verb, key]) => [verb, key?.replace('HKCU\\Software\\Classes\\', '')])
  expect(removed).toEqual([
    ['delete', 'Pushscope.Capture'],
    ['delete', 'Pushscope.HttpArchive'],
    ['delete', '.pushscope'],
    ['delete', 'pushscope'],
    ['delete', '.har\\OpenWithProgids'],
  ])
  expect(commands('obsolete')).toEqual([])
})

test('a command that fails does not keep the others from running', async () => {
  const ran: Command[] = []
  await runCommands([['a'], ['b'], ['c']], async (command) => {
    ran.push(command)
    if (command[0] === 'b') throw new Error('no such program')
  })
  expect(ran).toEqual([['a'], ['b'], ['c']])
})

test('a program that ran is over whatever it says; one that is not there is a fault', async () => {
  await expect(runProgram([process.execPath, '-e', 'process.exit(3)'])).resolves.toBe(undefined)
  await expect(runProgram(['/nowhere/Update.exe'])).rejects.toThrow('ENOENT')
})
