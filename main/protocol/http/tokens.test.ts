import { describe, expect, test } from 'vitest'
import type { Header } from '../../../preload/contract/index.ts'
import {
  hasToken,
  headerList,
  headerTokens,
  headerValue,
  headerValues,
  isJavaScript,
  mediaType,
  splitList,
} from './tokens.ts'

const HEADERS: Header[] = [
  ['Connection', 'keep-alive, Upgrade'],
  ['Accept', 'text/html;q=0.5, */*'],
  ['connection', 'TE'],
]

test('names compare in any case, values keep their order', () => {
  expect(headerValues(HEADERS, 'connection')).toEqual(['keep-alive, Upgrade', 'TE'])
  expect(headerValue(HEADERS, 'accept')).toBe('text/html;q=0.5, */*')
  expect(headerValue(HEADERS, 'host')).toBeNull()
})

test('lists go on over several lines', () => {
  expect(headerList(HEADERS, 'connection')).toEqual(['keep-alive', 'Upgrade', 'TE'])
  expect(headerTokens(HEADERS, 'accept')).toEqual(['text/html', '*/*'])
  expect(hasToken(HEADERS, 'connection', 'upgrade')).toBe(true)
  expect(hasToken(HEADERS, 'connection', 'up')).toBe(false)
})

test.each([
  ['a, b ,,c', ['a', 'b', 'c']],
  ['a="x,y", b', ['a="x,y"', 'b']],
  ['a="x\\",y", b', ['a="x\\",y"', 'b']],
  ['a="never closed, b', ['a="never closed, b']],
  ['', []],
])('splits %j', (value, elements) => {
  expect(splitList(value)).toEqual(elements)
})

describe('media types', () => {
  test.each([
    ['text/html', 'text/html', {}],
    ['Text/HTML; Charset=UTF-8', 'text/html', { charset: 'UTF-8' }],
    ['text/event-stream;charset="utf-8";x', 'text/event-stream', { charset: 'utf-8' }],
    ['a/b; c="d\\"e"; c=f', 'a/b', { c: 'd"e' }],
    ['', '', {}],
    [';', '', {}],
    ['text/plain, text/event-stream;x=1', 'text/event-stream', { x: '1' }],
    ['text/event-stream, text/plain', 'text/plain', {}],
    ['text/event-stream, */*, nonsense,', 'text/event-stream', {}],
    ['text/plain;a="b,c/d;e"', 'text/plain', { a: 'b,c/d;e' }],
    ['text/event-stream charset=utf-8', 'text/event-stream charset=utf-8', {}],
    ['text/event-stream\xa0', 'text/event-stream\xa0', {}],
  ])('%j', (value, type, parameters) => {
    const read = mediaType([['content-type', value]])
    expect([read.type, Object.fromEntries(read.parameters)]).toEqual([type, parameters])
  })

  test('of several lines, the last that is valid', () => {
    const lines: Header[] = ['text/plain', 'text/event-stream', 'nonsense'].map((value) => ['Content-Type', value])
    expect(mediaType(lines).type).toBe('text/event-stream')
  })

  test.each([
    'text/javascript',
    'application/javascript',
    'application/x-javascript',
    'application/ecmascript',
    'text/jscript',
  ])('%s is run as a script', (type) => expect(isJavaScript(type)).toBe(true))
  test.each(['application/json', 'text/plain', 'text/html', ''])('%j is not', (type) =>
    expect(isJavaScript(type)).toBe(false),
  )
})
