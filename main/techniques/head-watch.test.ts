import { expect, it } from 'vitest'
import type { Sender } from '../protocol/row-sink.ts'
import { watchHeads } from './head-watch.ts'

const OK = 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX: 1\r\n\r\n'

/** What happens, in order: a head that was seen, or bytes that went on. */
function watch(pieces: [Sender, string][], isLast: (status: number) => boolean = () => true): string[] {
  const told: string[] = []
  const target = watchHeads(
    {
      bytes: (from, chunk) => told.push(`${from} ${Buffer.from(chunk).toString('latin1')}`),
      end: () => undefined,
      onHold: () => undefined,
    },
    (status, headers) => {
      told.push(`head ${status} ${headers['content-type']}`)
      return isLast(status)
    },
  )
  for (const [from, text] of pieces) target.bytes(from, Buffer.from(text, 'latin1'))
  return told
}

it('a head is told before the piece that completes it goes on', () => {
  expect(
    watch([
      [0, 'GET'],
      [1, `${OK}body`],
    ]),
  ).toEqual(['0 GET', 'head 200 text/html', `1 ${OK}body`])
})

it('a head may come in pieces', () => {
  const pieces = [...OK].map((byte): [Sender, string] => [1, byte])
  const told = watch([[1, 'HTTP/'], ...pieces.slice(5), [1, 'body']])
  expect(told.indexOf('head 200 text/html')).toBe(told.length - 3)
})

it('interim answers are passed over, and after a redirect the next head is looked at', () => {
  expect(watch([[1, `HTTP/1.1 103 Early\r\nContent-Type: no\r\n\r\n${OK}`]])[0]).toBe('head 200 text/html')
  const told = watch(
    [
      [1, 'HTTP/1.1 302 Found\r\n\r\n'],
      [1, 'body'],
      [1, OK],
    ],
    (status) => status === 200,
  )
  expect(told.filter((line) => line.startsWith('head'))).toEqual(['head 302 undefined', 'head 200 text/html'])
})

it('garbage and a head without end go on untouched', () => {
  expect(
    watch([
      [1, '\x00\x01'],
      [1, OK.slice(1)],
    ]),
  ).toEqual(['1 \x00\x01', `1 ${OK.slice(1)}`])
  const endless = Array.from({ length: 100 }, (_, i): [Sender, string] => [
    1,
    i === 0 ? 'HTTP/1.1 200 OK\r\n' : 'X: y\r\n'.repeat(200),
  ])
  expect(watch([...endless, [1, OK]]).some((line) => line.startsWith('head'))).toBe(false)
})
