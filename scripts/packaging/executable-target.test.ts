import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { executableTarget } from './executable-target.ts'

const folder = mkdtempSync(join(tmpdir(), 'pushscope-executable-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** An ELF header up to e_machine. */
const elf = (machine: number): Buffer => {
  const head = Buffer.alloc(64)
  head.write('\x7fELF', 'latin1')
  head.writeUInt16LE(machine, 18)
  return head
}

const portable = (machine: number, header = 0x80): Buffer => {
  const head = Buffer.alloc(1_024)
  head.write('MZ', 'latin1')
  head.writeUInt32LE(header, 0x3c)
  if (header < 1_000) {
    head.write('PE\0\0', header, 'latin1')
    head.writeUInt16LE(machine, header + 4)
  }
  return head
}

const mach = (cpu: number): Buffer => {
  const head = Buffer.alloc(32)
  head.writeUInt32LE(0xfeedfacf, 0)
  head.writeUInt32LE(cpu, 4)
  return head
}

test.each([
  ['ELF for x86-64', elf(62), { platform: 'linux', arch: 'x64' }],
  ['ELF for AArch64', elf(183), { platform: 'linux', arch: 'arm64' }],
  ['ELF for RISC-V', elf(243), null],
  ['PE for x64', portable(0x8664), { platform: 'win32', arch: 'x64' }],
  ['PE for ARM64', portable(0xaa64), { platform: 'win32', arch: 'arm64' }],
  ['PE whose header lies beyond what is read', portable(0x8664, 0xffff), null],
  ['Mach-O for x86-64', mach(0x01000007), { platform: 'darwin', arch: 'x64' }],
  ['Mach-O for ARM64', mach(0x0100000c), { platform: 'darwin', arch: 'arm64' }],
  ['a script', Buffer.from('#!/bin/sh\n'), null],
  ['an empty file', Buffer.alloc(0), null],
])('%s', (name, bytes, target) => {
  const file = join(folder, name)
  writeFileSync(file, bytes)
  expect(executableTarget(file)).toEqual(target)
})
