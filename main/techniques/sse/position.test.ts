/** The last event ID and the reconnection time, over the table of event streams, each cut three ways. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createSsePosition } from './position.ts'

interface Case {
  id: string
  rule: string
  chunks_hex: string[]
  expect: { lastEventIdAtEnd: string; retry: number | null }
}
const { cases } = JSON.parse(readFileSync(new URL('testdata/sse-cases.json', import.meta.url), 'utf8')) as {
  cases: Case[]
}

const run = (chunks: Uint8Array[]): { lastEventIdAtEnd: string; retry: number | null } => {
  const position = createSsePosition()
  for (const chunk of chunks) position.feed(chunk)
  return { lastEventIdAtEnd: position.lastEventId() ?? '', retry: position.retry() }
}

describe.each(cases)('$id: $rule', ({ chunks_hex, expect: { lastEventIdAtEnd, retry } }) => {
  const bytes = Buffer.from(chunks_hex.join(''), 'hex')
  it('whole, byte by byte and cut at every point', () => {
    const wanted = { lastEventIdAtEnd, retry }
    expect(run([bytes])).toEqual(wanted)
    expect(run([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(wanted)
    for (let cut = 1; cut < bytes.length; cut += 1)
      expect(run([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(wanted)
  })
})

it('a new stream keeps ID and time, and forgets what was unfinished', () => {
  const position = createSsePosition()
  position.feed(Buffer.from('retry: 5\nid: 1\n\nid: 2\nid: 3'))
  position.restart()
  position.feed(Buffer.from('\n\n'))
  expect([position.lastEventId(), position.retry()]).toEqual(['1', 5])
})

it('one byte order mark is dropped, the second belongs to the field', () => {
  const bytes = Buffer.from('\ufeff\ufeffid: 1\nretry: 5\n\n')
  for (const size of [1, 2, bytes.length]) {
    const position = createSsePosition()
    for (let at = 0; at < bytes.length; at += size) position.feed(bytes.subarray(at, at + size))
    expect([position.lastEventId(), position.retry()]).toEqual([null, 5])
  }
})

it('a line without end is not held', () => {
  const position = createSsePosition()
  const piece = Buffer.alloc(1_048_576, 'x')
  for (let i = 0; i < 64; i += 1) position.feed(piece)
  position.feed(Buffer.from('\nid: 9\n\n'))
  expect(position.lastEventId()).toBe('9')
})
