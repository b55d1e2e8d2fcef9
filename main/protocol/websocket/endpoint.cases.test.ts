/** The frame cases of testdata (numbered as in the Autobahn test suite) against a server endpoint that echoes. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { cuttings } from './testing/cut.ts'
import { createTalk, describeFrame, splitFrames } from './testing/talk.ts'

interface Case {
  id: string
  tx_hex: string[]
  octetwise: boolean
  expected: Record<string, [kind: string, payload: string, binary?: boolean][]>
  expectedClose: { closeCode: number[]; closedByMe: boolean; requireClean: boolean }
}

const { cases } = JSON.parse(readFileSync(new URL('./testdata/frame-cases.json', import.meta.url), 'utf8')) as {
  cases: Case[]
}

/** What the case expects, in the words of describeFrame. `timeout` marks where the sender waits. */
function wanted({ expected }: Case): string[] {
  return expected['OK']!.filter(([kind]) => kind !== 'timeout').map(([kind, payload, binary]) => {
    const bytes = payload.startsWith('0x') ? payload.slice(2) : Buffer.from(payload, 'utf8').toString('hex')
    if (kind === 'pong') return `pong ${bytes}`
    return binary ? `binary ${bytes}` : `text ${JSON.stringify(payload)}`
  })
}

const answer = (pieces: readonly Uint8Array[]) => {
  const talk = createTalk({})
  for (const piece of pieces) talk.endpoint.feed(piece)
  return { talk, frames: splitFrames(talk.written()).map(describeFrame) }
}

describe.each(cases)('frame case $id', (one) => {
  const bytes = Buffer.concat(one.tx_hex.map((hex) => Buffer.from(hex, 'hex')))

  test('is answered as the suite expects, however it is cut', () => {
    for (const { name, pieces } of cuttings(bytes)) {
      const { frames, talk } = answer(pieces)
      const close = frames.at(-1)!
      expect(frames.slice(0, -1), name).toEqual(wanted(one))
      const { closeCode, closedByMe } = one.expectedClose
      expect(close === 'close' ? closeCode[0] : Number(close.slice('close '.length)), name).toBeOneOf(closeCode)
      if (!closedByMe) expect(talk.told, name).toContain(`failed ${closeCode[0]}`)
      if (one.expectedClose.requireClean)
        expect(
          talk.told.some((line) => line.startsWith('closed')),
          name,
        ).toBe(true)
      expect(talk.told.at(-1), name).toBe('finish')
      expect(talk.endpoint.state, name).toBe('closed')
    }
  })
})

/** Pieces as the suite sends them: up to the first waiting, then the offending byte, then the rest. */
test.each(cases.filter(({ id }) => id.startsWith('6.4.')))('frame case $id fails at the first bad byte', (one) => {
  const talk = createTalk({})
  const failedAfter = one.tx_hex.findIndex((hex) => {
    talk.endpoint.feed(Buffer.from(hex, 'hex'))
    return talk.endpoint.state === 'closed'
  })
  expect(failedAfter).toBe(one.id === '6.4.2' ? 1 : 2)
})
