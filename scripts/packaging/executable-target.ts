/** Which system and processor an executable was built for, from its first bytes. */
import { closeSync, openSync, readSync } from 'node:fs'

export interface Target {
  platform: 'linux' | 'darwin' | 'win32'
  arch: 'x64' | 'arm64'
}

const HEAD = 1_024 // bytes; a PE header begins well before

/** Null for anything that is not one of ours. */
export function executableTarget(file: string): Target | null {
  const head = Buffer.alloc(HEAD)
  const descriptor = openSync(file, 'r')
  try {
    readSync(descriptor, head, 0, HEAD, 0)
  } finally {
    closeSync(descriptor)
  }
  // https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html (e_machine)
  if (head.readUInt32BE(0) === 0x7f454c46) return target('linux', { 62: 'x64', 183: 'arm64' }, head.readUInt16LE(18))
  // https://learn.microsoft.com/en-us/windows/win32/debug/pe-format (Machine)
  if (head.toString('latin1', 0, 2) === 'MZ') {
    const header = head.readUInt32LE(0x3c)
    if (header > HEAD - 6 || head.toString('latin1', header, header + 4) !== 'PE\0\0') return null
    return target('win32', { 0x8664: 'x64', 0xaa64: 'arm64' }, head.readUInt16LE(header + 4))
  }
  // mach-o/loader.h (MH_MAGIC_64), mach/machine.h (cputype)
  if (head.readUInt32LE(0) === 0xfeedfacf)
    return target('darwin', { 0x01000007: 'x64', 0x0100000c: 'arm64' }, head.readUInt32LE(4))
  return null
}

function target(
  platform: Target['platform'],
  archs: Readonly<Record<number, Target['arch']>>,
  code: number,
): Target | null {
  const arch = archs[code]
  return arch ? { platform, arch } : null
}
