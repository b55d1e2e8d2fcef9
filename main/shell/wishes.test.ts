import { resolve, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { checkUrl, handedOver, readWishes, showName, toArguments, urlOfLink } from './wishes.ts'

const link = (url: string): string => `pushscope://open?url=${encodeURIComponent(url)}`

test.each([
  ['wss://example.org/chat?room=1#x', 'wss://example.org/chat?room=1#x'],
  ['WS://EXAMPLE.org', 'ws://example.org/'],
  ['http://127.0.0.1:8002/clock', 'http://127.0.0.1:8002/clock'],
  ['https://bücher.example/', 'https://xn--bcher-kva.example/'],
  ['https://example.org/a b', 'https://example.org/a%20b'],
  ['javascript:alert(1)', null],
  ['file:///etc/passwd', null],
  ['data:text/html,x', null],
  ['pushscope://open?url=wss%3A%2F%2Fa', null],
  [' wss://example.org/', null],
  ['wss:example.org', null],
  ['wss://', null],
  ['wss://user:secret@example.org/', null],
  ['https://user@example.org/', null],
  ['wss://example.org/\r\nX: y', null],
  ['wss://example.org/\0', null],
  ['wss://example.org/\u202Egro.elpmaxe', null],
  ['wss://exam\u200Bple.org/', null],
  ['wss://example.org/\u0085', null],
  ['wss://example.org/\u2028', null],
  [`wss://example.org/${'a'.repeat(3_000)}`, null],
  [`wss://example.org/${'ü'.repeat(1_000)}`, null], // short as typed, long once it is encoded
  ['', null],
])('a link to %j fills in %j', (url, filled) => {
  expect(urlOfLink(link(url))).toBe(filled)
  expect(checkUrl(url)).toBe(filled)
})

test.each([
  'pushscope://connect?url=wss%3A%2F%2Fexample.org%2F',
  'pushscope://open/now?url=wss%3A%2F%2Fexample.org%2F',
  'pushscope://open?url=wss%3A%2F%2Fexample.org%2F&connect=1',
  'pushscope://open?url=wss%3A%2F%2Fexample.org%2F&url=wss%3A%2F%2Fother.example%2F',
  'pushscope://open?go=wss%3A%2F%2Fexample.org%2F',
  'pushscope://open',
  'pushscope://user@open?url=wss%3A%2F%2Fexample.org%2F#\n',
  'pushscope:open?url=wss%3A%2F%2Fexample.org%2F',
  'pushscope://',
  'wss://example.org/',
  `pushscope://open?url=wss%3A%2F%2Fexample.org%2F${'a'.repeat(9_000)}`,
])('%s is no link of ours', (text) => {
  expect(urlOfLink(text)).toBe(null)
})

test('files and links are found among the switches of Chromium, relative to where the program was started', () => {
  const args = [
    '--type=x',
    '--user-data-dir=/a.pushscope',
    '.',
    'one.pushscope',
    'TWO.HAR',
    'pushscope://open?url=x',
    'https://example.org/x.har',
    'notes.txt',
    pathToFileURL(resolve('/tmp/a b.pushscope')).href,
    'file://other.host/%00.har',
  ]
  const wishes = readWishes(args, resolve('/work'))
  expect(wishes).toEqual([
    { type: 'file', path: resolve('/work/one.pushscope') },
    { type: 'file', path: resolve('/work/TWO.HAR') },
    { type: 'link', link: 'pushscope://open?url=x' },
    { type: 'file', path: resolve('/tmp/a b.pushscope') },
  ])
  expect(readWishes(toArguments(wishes), sep)).toEqual(wishes)
  expect(handedOver({ args: toArguments(wishes) })).toEqual(wishes)
  expect([null, undefined, 7, {}, { args: 'a.har' }, { args: [7] }].map(handedOver)).toEqual(Array(6).fill(null))
  expect(readWishes(Array<string>(1_000).fill('a.har'), sep)).toHaveLength(8)
})

test('a name in a sentence is short and shows what it has', () => {
  expect(showName('clock.har')).toBe('clock.har')
  expect(showName('evil\u202Erah.exe')).toBe('evil\uFFFDrah.exe')
  expect(showName(`${'a'.repeat(300)}.har`)).toHaveLength(77)
})
