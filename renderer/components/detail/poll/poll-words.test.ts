import { describe, expect, test } from 'vitest'
import { THIN } from '../../../format/index.ts'
import { overheadSentence, pollFacts, pollSentence, pollShares } from './poll-words.ts'

const poll = {
  requestSeq: 3,
  responseSeq: 4,
  status: 200,
  waited: 900,
  took: 1000,
  empty: false,
  headerBytes: 300,
  bodyBytes: 100,
}
const plain = (text: string): string => text.replaceAll(THIN, ' ')

describe('a poll in words', () => {
  test.each([
    [{}, 'Answered with 100 B of news after 900 µs.'],
    [{ empty: true, status: 304 }, 'No news: 304, not modified, after 900 µs.'],
    [{ empty: true, status: 204 }, 'No news: 204, no content, after 900 µs.'],
    [{ empty: true }, 'No news: 200, an empty body, after 900 µs.'],
  ])('%j', (change, sentence) => expect(plain(pollSentence({ ...poll, ...change }))).toBe(sentence))

  test('request and answer are links', () => expect(pollFacts(poll).flatMap((fact) => fact.seq ?? [])).toEqual([3, 4]))

  test('headers and body share the whole', () =>
    expect(pollShares(poll).map((share) => plain(share.text))).toEqual(['300 B (75 %)', '100 B (25 %)']))

  test.each([
    [100, '3.00 header bytes for each byte of body.'],
    [0, 'All of it was overhead: headers and no body.'],
  ])('a body of %i bytes', (bodyBytes, sentence) => expect(overheadSentence({ ...poll, bodyBytes })).toBe(sentence))
})
