import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { createOutput, openOutput } from './output.ts'

test('a file is written whole', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pushscope-out-'))
  const out = await openOutput(join(folder, 'rows.ndjson'))
  if (!out.ok) throw new Error(out.error.message)
  for (let row = 0; row < 3_000; row++) await out.value.write(`${'x'.repeat(99)}\n`)
  await out.value.end()
  expect(readFileSync(join(folder, 'rows.ndjson')).length).toBe(300_000)
  expect(out.value.problem).toBe('')
  rmSync(folder, { recursive: true })
})

test('a file that cannot be opened is a sentence', async () => {
  expect(await openOutput('/nowhere/at/all')).toMatchObject({
    ok: false,
    error: { message: '/nowhere/at/all cannot be written (ENOENT).' },
  })
})

/** A stream that takes one write and then fails with `code`. */
const failing = (code: string): Writable =>
  new Writable({
    highWaterMark: 1,
    write: (_chunk, _encoding, done) => void setImmediate(() => done(Object.assign(new Error(code), { code }))),
  })

test('a reader that left is an end without a fault, and later writes are nothing', async () => {
  const out = createOutput(failing('EPIPE'), 'stdout')
  await out.write('one\n')
  expect(out.gone.aborted).toBe(true)
  expect(out.problem).toBe('')
  await out.write('two\n')
  await out.end()
})

test('a full disk is an end with a sentence', async () => {
  const out = createOutput(failing('ENOSPC'), 'rows.ndjson')
  await out.write('one\n')
  expect(out.problem).toBe('rows.ndjson cannot be written (ENOSPC).')
})
