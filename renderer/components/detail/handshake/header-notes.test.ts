import { describe, expect, test } from 'vitest'
import { headerNotes } from './header-notes.ts'

describe('header notes', () => {
  test('headers keep their order, their case and their repetitions', () => {
    const notes = headerNotes(
      [
        ['X-B', '1'],
        ['HOST', 'a'],
        ['X-B', '2'],
      ],
      'request',
      'websocket',
      false,
    )
    expect(notes.map((note) => [note.name, note.value, note.missing])).toEqual([
      ['X-B', '1', false],
      ['HOST', 'a', false],
      ['X-B', '2', false],
    ])
  })

  test('a known header has its sentence, an unknown one has none', () => {
    const [host, other] = headerNotes(
      [
        ['host', 'a'],
        ['x-mine', 'b'],
      ],
      'request',
      'sse',
      true,
    )
    expect(host).toMatchObject({ required: true, spec: 'RFC 9110 7.2' })
    expect(host?.meaning).not.toBe('')
    expect(other).toMatchObject({ required: false, meaning: '', spec: '' })
  })

  test('nothing is required of a refusal', () => {
    const [connection] = headerNotes([['Connection', 'close']], 'answer', 'websocket', false)
    expect(connection).toMatchObject({ required: false, missing: false })
  })

  test('what the technique requires and did not come is listed, unless the head is a refusal', () => {
    expect(
      headerNotes([], 'request', 'sse', true)
        .filter((note) => note.missing)
        .map((note) => note.name),
    ).toContain('Host')
    expect(headerNotes([], 'request', 'sse', false)).toEqual([])
    expect(headerNotes([], 'request', null, true)).toEqual([])
  })

  test('names of the prototype are unknown headers like any other', () =>
    expect(headerNotes([['constructor', 'x']], 'answer', 'sse', false)[0]).toMatchObject({
      meaning: '',
      required: false,
    }))

  test('secrets come with their hidden form', () =>
    expect(headerNotes([['Authorization', 'Bearer x']], 'request', null, false)[0]).toMatchObject({
      value: 'Bearer x',
      hidden: 'Bearer ••••••••',
    }))
})
