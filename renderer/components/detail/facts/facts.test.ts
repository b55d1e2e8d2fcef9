import { describe, expect, test } from 'vitest'
import type { DetailsByKind, RowDetail } from '../../../../preload/contract/index.ts'
import { THIN } from '../../../format/index.ts'
import { rowWords } from './facts.ts'

const say = <K extends keyof DetailsByKind>(
  kind: K,
  details: DetailsByKind[K],
  sizes = { wire: 0, payload: 0, content: 0 },
) => {
  const { sentence, facts } = rowWords({ kind, details, sizes, summary: 'summary' } as unknown as RowDetail)
  return {
    sentence: sentence.replaceAll(THIN, ' '),
    facts: Object.fromEntries(facts.map((fact) => [fact.label, fact.value.replaceAll(THIN, ' ')])),
    notes: facts.flatMap((fact) => fact.note ?? []),
  }
}

describe('rows in words', () => {
  test('a close has its code, the meaning and who did it', () => {
    const { sentence, facts, notes } = say('close', {
      code: 1001,
      by: 'server',
      clean: true,
      how: 'close frames',
      reason: '',
    })
    expect(sentence).toBe('The server ended the connection, cleanly.')
    expect(facts).toEqual({ how: 'close frames', 'ended by': 'server', clean: 'yes', code: '1001 going away' })
    expect(notes).toEqual(['The server is going down or the page is being left.'])
  })

  test('a close without a code shows none', () =>
    expect(say('close', { by: 'local', clean: false, how: 'reset' }).facts).not.toHaveProperty('code'))

  test('an error says what happened and what to try', () =>
    expect(say('error', { code: 'net-refused', message: 'Refused.', hint: 'Start it.' })).toMatchObject({
      sentence: 'Refused.',
      facts: { try: 'Start it.', code: 'net-refused' },
    }))

  test('a reconnect names its wait in ms as a span', () =>
    expect(say('reconnect', { attempt: 2, delay: 3000, why: 'it ended', lastEventId: '' })).toMatchObject({
      sentence: 'Attempt 2 to connect again, after a wait of 3.00 s.',
      facts: { 'Last-Event-ID': '(empty)' },
    }))

  test('a message is put together from frames', () =>
    expect(
      say('ws-message', { frames: 3, firstSeq: 7, compressedLength: 100 }, { wire: 0, payload: 0, content: 400 }),
    ).toMatchObject({
      sentence: 'A message put together from 3 frames.',
      facts: { 'first frame': '#7', compressed: '100 B · 4.00 to 1' },
    }))

  test('a chunk shows its extension and what its coding hid', () =>
    expect(
      say('http-body', { framing: 'chunked', extension: 'a=1', coding: 'gzip' }, { wire: 20, payload: 10, content: 40 })
        .facts,
    ).toMatchObject({ 'on the wire': '20 B', coding: 'gzip, undone: 40 B', 'chunk extension': 'a=1' }))

  test('a row without details falls back to its summary', () =>
    expect(rowWords({ kind: 'note', details: null, summary: 'text' } as RowDetail)).toEqual({
      sentence: 'text',
      facts: [],
    }))
})
