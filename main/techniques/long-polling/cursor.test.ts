import { describe, expect, it } from 'vitest'
import { cursorParameter, nextCursor } from './cursor.ts'

describe('the parameter that carries the cursor', () => {
  it.each([
    ['http://h/?since=0', 'since'],
    ['http://h/?Since=0&cursor=1', 'Since'],
    ['http://h/?a=b&cursor=x', 'cursor'],
    ['http://h/?last_event_id=', 'last_event_id'],
    ['http://h/?a=b', null],
    ['http://h/', null],
  ])('of %s is %s', (url, name) => expect(cursorParameter(new URL(url))).toBe(name))
})

describe('the next cursor', () => {
  it.each([
    ['{"seq":7,"at":1}', 'since', '7'],
    ['{"since":"a","seq":7}', 'since', 'a'],
    ['{"next":"t2"}', 'since', 't2'],
    ['[{"seq":1},{"seq":2}]', 'since', '2'],
    ['{"events":[{"seq":1},{"seq":9}]}', 'since', '9'],
    ['tick({"seq":3});', 'since', '3'],
    ['/**/ window.cb["x"] ( {"seq":4} )', 'since', '4'],
    ['{"seq":null}', 'since', null],
    ['{"seq":{"deep":1}}', 'since', null],
    ['{"__proto__":{"seq":1}}', 'since', null],
    ['plain words', 'since', null],
    ['', 'since', null],
    ['[]', 'since', null],
    ['{"seq":', 'since', null],
  ])('in %s for %s is %s', (body, parameter, cursor) => expect(nextCursor(body, parameter)).toBe(cursor))
})
