/** What a summary costs; what it says is decode.test.ts. */
import { beforeEach, expect, it, vi } from 'vitest'
import { temporaryCapture } from '../testing/temporary.ts'
import { play } from '../testing/transcript.ts'
import { REQUEST, RESPONSE, serverFrame } from '../testing/websocket.ts'
import { fragmentsOf, REACH } from './walk.ts'

vi.mock('./walk.ts', { spy: true })
beforeEach(() => void vi.mocked(fragmentsOf).mockClear())

/** Labels of the last rows of a message of so many fragments, and how often its frames were gathered for them. */
function lastLabels(fragments: number, finished: boolean, rows: number): { labels: string[]; walks: number } {
  const capture = temporaryCapture()
  const middle = serverFrame(0x00, '*')
  const all = Array.from({ length: fragments }, (_, i) => (i === 0 ? serverFrame(0x01, '*') : middle))
  if (finished) all[fragments - 1] = serverFrame(0x80, '*')
  play(capture, 'websocket', [
    ['client', REQUEST],
    ['server', RESPONSE],
    ['server', Buffer.concat(all)],
  ])
  const labels = capture.reader.summaries(0, capture.reader.count - rows, rows).map(({ label }) => label)
  return { labels, walks: vi.mocked(fragmentsOf).mock.calls.length }
}

it.each([
  ['finished', 3, true, ['cont. 2/3', 'cont. 3/3⟩', 'message']],
  ['under way', 3, false, ['text ⟨', 'cont.', 'cont.']],
  ['under way, longer than is looked over', REACH + 99, false, ['cont.', 'cont.', 'cont.']],
  ['finished, longer than is looked over', REACH + 99, true, ['cont.', 'cont.', 'message']],
] as const)('a message that is %s is walked once for all its rows', (_, fragments, finished, labels) => {
  expect(lastLabels(fragments, finished, 3)).toEqual({ labels, walks: 1 })
})
