import type { IncomingHttpHeaders } from 'node:http'
import { describe, expect, it } from 'vitest'
import type { Technique } from '../../preload/contract/index.ts'
import { guessFromAnswer, guessTechnique, parseEndpoint, withSchemeOf } from './guess.ts'

describe('what was typed', () => {
  it.each([
    ['ws://127.0.0.1:8004/', 'ws://127.0.0.1:8004/'],
    ['  wss://example.org/a b?c=ü#frag ', 'wss://example.org/a%20b?c=%C3%BC'],
    ['127.0.0.1:8004', 'http://127.0.0.1:8004/'],
    ['localhost:8003/clock', 'http://localhost:8003/clock'],
    ['example.org', 'http://example.org/'],
    ['example.org:443/x', 'https://example.org/x'],
    ['//example.org/x', 'http://example.org/x'],
    ['[::1]:8000/x', 'http://[::1]:8000/x'],
    ['HTTP://EXAMPLE.org', 'http://example.org/'],
  ])('%s is %s', (text, href) => expect(parseEndpoint(text)).toMatchObject({ ok: true, value: { href } }))

  it.each([
    ['', /no URL/],
    ['ftp://x/', /ftp: is not a scheme/],
    ['javascript:alert(1)', /javascript: is not a scheme/],
    ['http:/x', /slashes/],
    ['ws:example.org', /slashes/],
    ['http://', /no host/],
    ['http://:80/', /no host/],
    ['http://a b/', /space/],
    ['localhost:80x', /port "80x" is not a number/],
    ['http://localhost:99999/', /larger than 65535/],
    ['http://::1:80/', /brackets/],
    ['http://a^b/', /not a host name/],
  ])('%s is told what is wrong', (text, message) => {
    expect(parseEndpoint(text)).toMatchObject({
      ok: false,
      error: { code: 'bad-url', message: expect.stringMatching(message) },
    })
  })
})

it.each<[string, Technique | null]>([
  ['ws://h/', 'websocket'],
  ['wss://h/?callback=x', 'websocket'],
  ['http://h/clock?since=0', 'long-polling'],
  ['http://h/?cursor=', 'long-polling'],
  ['http://h/?Wait=30', 'long-polling'],
  ['http://h/?lastEventId=5', 'sse'],
  ['http://h/?callback=cb', 'polling'],
  ['http://h/events', null],
])('the URL %s tells %s', (url, technique) => expect(guessTechnique(new URL(url))).toBe(technique))

it.each<[number, IncomingHttpHeaders, Technique]>([
  [200, { 'content-type': 'text/event-stream; charset=utf-8' }, 'sse'],
  [200, { 'content-type': 'TEXT/Event-Stream' }, 'sse'],
  [200, { 'content-type': 'text/html', 'transfer-encoding': 'chunked' }, 'iframe-stream'],
  [200, { 'content-type': 'text/html', 'content-length': '9' }, 'polling'],
  [404, { 'content-type': 'text/html' }, 'polling'],
  [200, { 'content-type': 'application/json' }, 'polling'],
  [200, {}, 'polling'],
  [426, {}, 'websocket'],
  [101, {}, 'websocket'],
  [400, { upgrade: 'h2c, WebSocket' }, 'websocket'],
  [400, { 'sec-websocket-version': '13' }, 'websocket'],
  [200, { upgrade: 'h2c' }, 'polling'],
])('an answer with status %i and %j is %s', (status, headers, technique) => {
  expect(guessFromAnswer(status, headers).technique).toBe(technique)
})

it.each<[Technique | null, string, string]>([
  ['websocket', 'https://h/x?y', 'wss://h/x?y'],
  ['sse', 'ws://h:81/', 'http://h:81/'],
  [null, 'wss://h/', 'https://h/'],
])('%s at %s is asked at %s', (technique, url, href) => expect(withSchemeOf(technique, new URL(url)).href).toBe(href))
