import { describe, expect, test } from 'vitest'
import type { Handshake } from '../../../../preload/contract/index.ts'
import { techniqueOf } from './technique-of.ts'

const answer = (type: string): Partial<Handshake> =>
  ({ response: { headers: [['content-TYPE', type]] } }) as unknown as Partial<Handshake>

describe('the technique of a handshake', () => {
  test.each<[string, Partial<Handshake> | null, string | null]>([
    [
      'what was asked for',
      { connect: { technique: 'polling' }, ...answer('text/event-stream') } as Handshake,
      'polling',
    ],
    ['a WebSocket key', { accept: {} } as Handshake, 'websocket'],
    ['an event stream', answer('Text/Event-Stream; charset=utf-8'), 'sse'],
    ['another type', answer('text/event-streams'), null],
    ['nothing', {}, null],
    ['no handshake', null, null],
  ])('by %s', (_, handshake, technique) => expect(techniqueOf(handshake as Handshake | null)).toBe(technique))
})
