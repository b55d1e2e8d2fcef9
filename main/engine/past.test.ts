import { expect, test } from 'vitest'
import type { CaptureReader } from '../capture/capture.ts'
import { temporaryCapture } from '../capture/testing/temporary.ts'
import { readProgress } from './past.ts'

test.each([
  [true, ''],
  [false, 'The file is damaged: whatever came after row 0 is lost.'],
])('a capture that is whole (%s) says what is lost, or nothing', (whole, message) => {
  const { reader } = temporaryCapture()
  const past: CaptureReader = { ...reader, count: 0, whole }
  expect(readProgress('x', past)).toMatchObject({ state: 'closed', message })
})
