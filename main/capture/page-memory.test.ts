/** The memory of pages over many captures: it comes back when a capture is closed, and late rows harm nobody. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { DEFAULT_LIMITS } from '../../preload/contract/index.ts'
import { createCapture, openCapture } from './capture.ts'
import { META, temporaryCapture } from './testing/temporary.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
const held = (): number => {
  collect()
  return process.memoryUsage().arrayBuffers
}

/** Begins, records and closes one after another. */
async function record(captures: number): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'pushscope-memory-'))
  for (let i = 0; i < captures; i++) {
    const capture = createCapture({ file: join(directory, `${i}.pushscope`), limits: DEFAULT_LIMITS, meta: META })
    // Two pages, one after the other: the one that is open at the end has been with the writer's thread before.
    for (const text of ['one', 'two']) {
      capture.recorder.local({ kind: 'note', details: { text } })
      await capture.flush()
    }
    await capture.close()
  }
  rmSync(directory, { recursive: true })
}

test('captures that are closed hold no memory, however many there were', async () => {
  await record(20)
  const before = held()
  await record(60)
  // A page takes more than half a MiB. What the writer's thread still lets go of may be collected a little later.
  await expect.poll(() => held() - before, { timeout: 10_000 }).toBeLessThan(8 * 1024 * 1024)
})

test('rows that come after a capture was closed do not land in another', async () => {
  const first = temporaryCapture()
  first.recorder.local({ kind: 'note', details: { text: 'first' } })
  await first.close()
  const second = temporaryCapture()
  second.recorder.local({ kind: 'note', details: { text: 'second' } })
  first.recorder.local({ kind: 'note', details: { text: 'too late' } })
  await second.close()
  const reader = openCapture(second.file)
  expect(reader.summaries(0, 0, 10).map(({ summary }) => summary)).toEqual(['second'])
  reader.close()
})
