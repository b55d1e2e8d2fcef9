import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { Technique } from '../../../preload/contract/index.ts'
import { temporaryCapture } from '../testing/temporary.ts'
import { answer, chunk, GET, play } from '../testing/transcript.ts'
import { MASKED_HELLO, REQUEST, RESPONSE, serverFrame } from '../testing/websocket.ts'

type Line = Parameters<typeof play>[2][number]
const frames = (...lines: Line[]): Line[] => [['client', REQUEST], ['server', RESPONSE], ...lines]
const zipped = gzipSync('{"zip":1}')

/** What the last rows are as JSON, without time. */
function exported(technique: Technique, lines: Line[], last: number): string[] {
  const capture = temporaryCapture()
  play(capture, technique, lines)
  return capture.reader
    .ndjson(capture.reader.count - last + 1, last)
    .map((line) => line.replace(/^\{"seq":(\d+),"t":[\d.]+,"at":"[\dT:.-]+Z",/, '{"seq":$1,'))
}

describe('a row as JSON', () => {
  const cases: [title: string, technique: Technique, lines: Line[], json: string[]][] = [
    [
      'is the example of the README for a masked text frame',
      'websocket',
      frames(['client', MASKED_HELLO]),
      [
        '{"seq":3,"connection":1,"from":"client","kind":"ws-frame","wireLength":11,"fin":true,"rsv":0,"opcode":1,"masked":true,"maskKey":"37fa213d","length":5,"compressed":false,"text":"Hello"}',
      ],
    ],
    [
      'has binary as base64',
      'websocket',
      frames(['server', serverFrame(0x82, Buffer.from([1, 2, 255]))]),
      [
        '{"seq":3,"connection":1,"from":"server","kind":"ws-frame","wireLength":5,"fin":true,"rsv":0,"opcode":2,"masked":false,"length":3,"compressed":false,"base64":"AQL/"}',
      ],
    ],
    [
      'has bad UTF-8 as base64, and the finding',
      'websocket',
      frames(['server', serverFrame(0x81, Buffer.from('caf\xff', 'latin1'))]),
      [
        '{"seq":3,"connection":1,"from":"server","kind":"ws-frame","wireLength":6,"fin":true,"rsv":0,"opcode":1,"masked":false,"length":4,"compressed":false,"base64":"Y2Fm/w==","findings":[{"id":"ws-utf8","severity":"fault","message":"The text is not valid UTF-8 (at byte 3)."}]}',
      ],
    ],
    [
      'has code and reason of a close frame, and the payload of a ping',
      'websocket',
      frames(['server', serverFrame(0x89, 'hi')], ['server', serverFrame(0x88, Buffer.from('\x03\xe8bye', 'latin1'))]),
      [
        '{"seq":3,"connection":1,"from":"server","kind":"ws-frame","wireLength":4,"fin":true,"rsv":0,"opcode":9,"masked":false,"length":2,"compressed":false,"text":"hi"}',
        '{"seq":4,"connection":1,"from":"server","kind":"ws-frame","wireLength":7,"fin":true,"rsv":0,"opcode":8,"masked":false,"length":5,"compressed":false,"code":1000,"text":"bye"}',
      ],
    ],
    [
      'has fragments and their message',
      'websocket',
      frames(['server', serverFrame(0x01, 'ab')], ['server', serverFrame(0x80, 'c')]),
      [
        '{"seq":3,"connection":1,"from":"server","kind":"ws-frame","wireLength":4,"fin":false,"rsv":0,"opcode":1,"masked":false,"length":2,"compressed":false,"text":"ab"}',
        '{"seq":4,"connection":1,"from":"server","kind":"ws-frame","wireLength":3,"fin":true,"rsv":0,"opcode":0,"masked":false,"length":1,"compressed":false,"text":"c"}',
        '{"seq":5,"connection":1,"from":"server","kind":"ws-message","wireLength":7,"opcode":1,"frames":2,"firstSeq":3,"length":3,"compressed":false,"text":"abc"}',
      ],
    ],
    [
      'has heads in wire order and case',
      'polling',
      [
        ['client', 'GET /a HTTP/1.1\r\nhost: x\r\nX-A: 1\r\nx-a: 2\r\n\r\n'],
        ['server', 'HTTP/1.1 204 No Content\r\nCache-Control: no-store\r\n\r\n'],
      ],
      [
        '{"seq":1,"connection":1,"from":"client","kind":"http-request","wireLength":44,"method":"GET","target":"/a","version":"HTTP/1.1","headers":[["host","x"],["X-A","1"],["x-a","2"]]}',
        '{"seq":2,"connection":1,"from":"server","kind":"http-response","wireLength":52,"status":204,"reason":"No Content","version":"HTTP/1.1","headers":[["Cache-Control","no-store"]],"requestSeq":1}',
        expect.stringMatching(/^\{"seq":3,.*"kind":"poll",.*"status":204,.*"empty":true/) as unknown as string,
      ],
    ],
    [
      'has an inflated body as text',
      'sse',
      [
        ['client', GET],
        ['server', answer('application/json', `Content-Encoding: gzip\r\nContent-Length: ${zipped.length}`, '')],
        ['server', zipped],
      ],
      [
        `{"seq":3,"connection":1,"from":"server","kind":"http-body","wireLength":${zipped.length},"length":${zipped.length},"inflatedLength":9,"text":"{\\"zip\\":1}","framing":"length","coding":"gzip"}`,
      ],
    ],
    [
      'has events, comments, retries, ids and what is dropped',
      'sse',
      [
        ['client', GET],
        ['server', answer('text/event-stream', 'Transfer-Encoding: chunked', '')],
        ['server', chunk(': hi\nretry: 10\n\nid: 7\nevent: tick\ndata: a\ndata: b\n\nevent: x\n\nid: 8\n\n')],
      ],
      [
        '{"seq":4,"connection":1,"from":"server","kind":"sse-comment","wireLength":5,"text":" hi"}',
        '{"seq":5,"connection":1,"from":"server","kind":"sse-retry","wireLength":10,"retry":10}',
        '{"seq":6,"connection":1,"from":"server","kind":"sse-event","wireLength":35,"event":"tick","data":"a\\nb","id":"7"}',
        '{"seq":7,"connection":1,"from":"server","kind":"sse-event","wireLength":10,"event":"x","data":"","id":"7","dropped":true,"findings":[{"id":"sse-dropped","severity":"warning","message":"The block has no data line, so no event is dispatched."}]}',
        '{"seq":8,"connection":1,"from":"server","kind":"sse-id","wireLength":6,"id":"8"}',
      ],
    ],
  ]
  it.each(cases)('%s', (_title, technique, lines, json) => {
    const rows = exported(technique, lines, json.length)
    expect(rows).toHaveLength(json.length)
    rows.forEach((row, i) => expect(row).toEqual(json[i]))
  })

  it('has the fields of local rows as they were given', () => {
    const capture = temporaryCapture()
    capture.recorder.local({
      kind: 'reconnect',
      at: 1_500_000.25,
      details: { attempt: 2, delay: 3_000, why: 'it ended' },
    })
    const line = JSON.parse(capture.reader.ndjson(1, 1)[0]!) as { at: string }
    expect(line).toEqual({
      seq: 1,
      t: 1.5,
      at: new Date(Date.parse(capture.reader.meta.startedAt) + 1_500).toISOString(),
      connection: 0,
      from: 'local',
      kind: 'reconnect',
      attempt: 2,
      delay: 3_000,
      why: 'it ended',
    })
  })

  it('begins at a seq and gives what there is', () => {
    const capture = temporaryCapture()
    for (const text of ['a', 'b', 'c']) capture.recorder.local({ kind: 'note', details: { text } })
    const texts = (from: number, count: number): string[] =>
      capture.reader.ndjson(from, count).map((line) => (JSON.parse(line) as { text: string }).text)
    expect(texts(2, 1)).toEqual(['b'])
    expect(texts(1, 99)).toEqual(['a', 'b', 'c'])
    expect(texts(4, 1)).toEqual([])
  })
})

describe('secrets of heads and URLs', () => {
  const request =
    'GET /feed?room=1&access_token=s3cret-a HTTP/1.1\r\nhost: a\r\nCOOKIE: sid=s3cret-b; theme=s3cret-c\r\n' +
    'Authorization: Bearer s3cret-d\r\nproxy-authorization: Basic s3cret-e\r\nX-Api-Key: s3cret-f\r\n\r\n'
  const response =
    'HTTP/1.1 200 OK\r\nSet-Cookie: sid=s3cret-g; HttpOnly\r\nLocation: https://me:s3cret-h@b/?token=s3cret-i\r\n' +
    'Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX-Token: s3cret-j\r\n\r\n'
  const lines = (secrets?: boolean): string => {
    const capture = temporaryCapture()
    play(capture, 'polling', [
      ['client', Buffer.from(request)],
      ['server', Buffer.from(response)],
    ])
    capture.recorder.local({
      kind: 'reconnect',
      details: { attempt: 1, delay: 0, why: 'redirected to http://b/?key=s3cret-k' },
    })
    capture.recorder.local({ kind: 'note', details: { text: 'asked ws://me:s3cret-l@b/' } })
    return capture.reader.ndjson(1, 100, secrets).join('\n')
  }

  it('are marks, and everything around them is as it came', () => {
    const text = lines()
    expect(text).not.toContain('s3cret')
    const rows = text.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(rows.find(({ kind }) => kind === 'http-request')).toMatchObject({
      target: '/feed?room=1&access_token=••••••••',
      headers: [
        ['host', 'a'],
        ['COOKIE', 'sid=••••••••; theme=••••••••'],
        ['Authorization', 'Bearer ••••••••'],
        ['proxy-authorization', 'Basic ••••••••'],
        ['X-Api-Key', '••••••••'],
      ],
    })
    expect(rows.find(({ kind }) => kind === 'http-response')).toMatchObject({
      headers: [
        ['Set-Cookie', 'sid=••••••••; HttpOnly'],
        ['Location', 'https://••••••••@b/?token=••••••••'],
        ['Transfer-Encoding', 'chunked'],
      ],
    })
  })

  it('are there when asked for', () => {
    const text = lines(true)
    for (const letter of 'abcdefghijkl') expect(text).toContain(`s3cret-${letter}`)
  })
})

describe('text to be written', () => {
  const write = (capture: ReturnType<typeof temporaryCapture>): { text: string; batches: number; longest: number } => {
    let [text, batches, longest] = ['', 0, 0]
    for (let next = 1; ; batches++) {
      const { rows, pieces } = capture.reader.ndjsonText(next, 500)
      if (rows === 0) return { text, batches, longest }
      next += rows
      for (const piece of pieces) {
        text += piece
        longest = Math.max(longest, piece.length)
      }
    }
  }
  const whole = (capture: ReturnType<typeof temporaryCapture>): string =>
    capture.reader
      .ndjson(1, capture.reader.count)
      .map((line) => `${line}\n`)
      .join('')

  it('is the lines, one after the other', () => {
    const capture = temporaryCapture()
    play(capture, 'websocket', frames(['client', MASKED_HELLO], ['server', serverFrame(0x81, 'x')]))
    expect(write(capture)).toMatchObject({ text: whole(capture), batches: 1 })
  })

  it('is the same for a long row, in pieces that do not cut a character', () => {
    const text = `x${'😀'.repeat(700_000)}\0"\\`
    const body = Buffer.from(text)
    const header = Buffer.alloc(10)
    header[0] = 0x81
    header[1] = 127
    header.writeBigUInt64BE(BigInt(body.length), 2)
    const capture = temporaryCapture()
    play(capture, 'websocket', frames(['server', Buffer.concat([header, body])], ['server', serverFrame(0x81, 'next')]))
    const written = write(capture)
    expect(written.text === whole(capture)).toBe(true)
    expect(written.batches).toBe(2)
    expect(written.longest).toBeLessThan(1_100_000)
    expect((JSON.parse(written.text.split('\n')[2]!) as { text: string }).text === text).toBe(true)
  })

  it('comes in several goes where many rows are large', () => {
    const capture = temporaryCapture()
    const large = Array.from({ length: 40 }, (): Line => ['server', serverFrame(0x81, 'y'.repeat(60_000))])
    play(capture, 'websocket', frames(...large))
    const written = write(capture)
    expect(written.text === whole(capture)).toBe(true)
    expect(written.batches).toBe(3)
  })
})
