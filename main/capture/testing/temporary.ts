/** Captures in temporary folders, for tests: gone when the test is over. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { DEFAULT_LIMITS, type Limits } from '../../../preload/contract/index.ts'
import { createCapture, type Capture, type CaptureMeta } from '../capture.ts'
import type { RecorderOptions } from '../create-recorder.ts'
import { startCapture } from '../start-capture.ts'

export const META: CaptureMeta = {
  id: 'test',
  name: 'a test',
  url: 'ws://127.0.0.1/',
  technique: 'websocket',
  source: 'probe',
}

export function temporaryFile(): string {
  const directory = mkdtempSync(join(tmpdir(), 'pushscope-capture-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return join(directory, 'test.pushscope')
}

interface Temporary extends Capture {
  file: string
}

/** With the real dissector, or with one of the test's own. Closed when the test is over. */
export function temporaryCapture(
  limits: Partial<Limits> = {},
  createDissector?: RecorderOptions['createDissector'],
): Temporary {
  const file = temporaryFile()
  const options = { file, limits: { ...DEFAULT_LIMITS, ...limits }, meta: META, startedAt: Date.now() }
  const capture = createDissector ? startCapture(options, createDissector) : createCapture(options)
  onTestFinished(() => capture.close())
  return { ...capture, file }
}
