/** Messages that break HTTP/1.1, as request smuggling does: what is said of them, and what is made of the rest. */
import { describe, expect, test } from 'vitest'
import { DEFAULT_LIMITS } from '../../preload/contract/index.ts'
import { createConnectionDissector } from './connection.ts'
import { byteByByte, client, cutAt, cutFree, END, lineOf, longest, play, server, type Play } from './testing/play.ts'
import { createRecordingSink } from './testing/recording-sink.ts'

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n' // 27 bytes
const post = (headers: string, body: string): Play => ({
  steps: [client(`POST / HTTP/1.1\r\nHost: a\r\n${headers}\r\n${body}`), client(END), server(END)],
})
const answer = (text: string): Play => ({ steps: [client(GET), server(text), server(END), client(END)] })

const CASES: { name: string; session: Play; expected: string[] }[] = [
  {
    name: 'CL.TE: chunked wins, the rest is the next request',
    session: post('Content-Length: 6\r\nTransfer-Encoding: chunked\r\n', `0\r\n\r\n${GET}`),
    expected: [
      'C http-request POST / 0+75 !http-length-and-chunked',
      'C http-body chunked 75+5',
      'C http-request GET / 80+27',
      'C close 107+0 !http-no-answer(2 requests)',
    ],
  },
  {
    name: 'a transfer coding in disguise',
    session: post('Transfer-Encoding: xchunked\r\n', '0\r\n\r\n'),
    expected: [
      'C http-request POST / 0+57 !http-transfer-coding(xchunked)',
      'C note 57+5 truncated !http-lost',
      'C close 62+0 !http-no-answer',
    ],
  },
  {
    name: 'a space before the colon of Transfer-Encoding',
    session: post('Transfer-Encoding : chunked\r\n', '0\r\n\r\n'),
    expected: [
      'C http-request POST / 0+57 !http-header-space(Transfer-Encoding)',
      'C http-body chunked 57+5',
      'C close 62+0 !http-no-answer',
    ],
  },
  {
    name: 'two lengths',
    session: post('Content-Length: 1\r\nContent-Length: 2\r\n', 'ab'),
    expected: [
      'C http-request POST / 0+66 !http-length-conflict(1, 2)',
      'C note 66+2 truncated !http-lost',
      'C close 68+0 !http-no-answer',
    ],
  },
  {
    name: 'a body longer than its length',
    session: post('Content-Length: 1\r\n', 'a=1'),
    expected: [
      'C http-request POST / 0+47',
      'C http-body length 47+1 payload 1',
      'C note 48+2 truncated !http-extra-bytes !http-lost',
      'C close 50+0 !http-no-answer',
    ],
  },
  {
    name: 'no Host, two Hosts, HTTP/1.0 without',
    session: {
      steps: [
        client('GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\nGET / HTTP/1.0\r\n\r\n'),
        server('HTTP/1.1 204 No Content\r\n\r\n'.repeat(3)),
      ],
    },
    expected: [
      'C http-request GET / 0+18 !http-host-missing(0 given)',
      'C http-request GET / 18+36 !http-host-missing(2 given)',
      'C http-request GET / 54+18',
      'S http-response 204 for 1 0+27',
      'S http-response 204 for 2 27+27',
      'S http-response 204 for 3 54+27',
    ],
  },
  {
    name: 'an empty line behind a POST',
    session: {
      steps: [
        client(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\na\r\n${GET}\r\n`),
        client(END),
        server(END),
      ],
    },
    expected: [
      'C http-request POST / 0+47',
      'C http-body length 47+1 payload 1',
      'C http-request GET / 50+27 !http-extra-bytes(2 bytes of empty lines before the head)',
      'C note 77+2 truncated !http-extra-bytes(empty lines)',
      'C close 79+0 !http-no-answer(2 requests)',
    ],
  },
  {
    name: 'a chunk longer than its size: the rest is bytes',
    session: answer('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n'),
    expected: [
      'C http-request GET / 0+27',
      'S http-response 200 for 1 0+47',
      'S http-body chunked 47+6 payload 3 !http-chunk-end(got 0x64)',
      'S note 53+8 truncated !http-lost',
      'S close 61+0',
    ],
  },
  {
    name: 'no chunk where one should begin',
    session: answer('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nhello'),
    expected: [
      'C http-request GET / 0+27',
      'S http-response 200 for 1 0+47',
      'S note 47+5 truncated !http-chunk-size(got 0x68) !http-lost',
      'S close 52+0',
    ],
  },
  {
    name: 'an answer whose length cannot be read goes on to the end',
    session: answer('HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\nhello'),
    expected: [
      'C http-request GET / 0+27',
      'S http-response 200 for 1 0+41 !http-length-conflict(5, 6)',
      'S http-body close 41+5 payload 5',
      'S close 46+0',
    ],
  },
  {
    name: 'a second answer to one request',
    session: answer('HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx'),
    expected: [
      'C http-request GET / 0+27',
      'S http-response 204 for 1 0+27',
      'S http-response 200 for null 27+38 !http-answer-unasked',
      'S http-body length 65+1 payload 1',
      'S close 66+0',
    ],
  },
  {
    name: 'a body behind an answer that has none',
    session: answer('HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\nhi'),
    expected: [
      'C http-request GET / 0+27',
      'S http-response 204 for 1 0+46 !http-body-forbidden(Content-Length in a 204 answer)',
      'S note 46+2 truncated !http-extra-bytes !http-lost',
      'S close 48+0',
    ],
  },
  {
    name: 'more messages after "Connection: close"',
    session: {
      steps: [
        client(GET),
        client(GET),
        server('HTTP/1.1 204 No Content\r\nConnection: Close\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n'),
      ],
    },
    expected: [
      'C http-request GET / 0+27',
      'C http-request GET / 27+27',
      'S http-response 204 for 1 0+46',
      'S http-response 204 for 2 46+27 !http-after-close(it said "Connection: close")',
    ],
  },
  {
    name: 'more messages after HTTP/1.0 without keep-alive',
    session: {
      steps: [
        client('GET / HTTP/1.0\r\n\r\nGET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET / HTTP/1.0\r\n\r\n'),
        server('HTTP/1.0 204 No Content\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n'),
      ],
    },
    expected: [
      'C http-request GET / 0+18',
      'C http-request GET / 18+42 !http-after-close(it was HTTP/1.0 without keep-alive)',
      'C http-request GET / 60+18',
      'S http-response 204 for 1 0+27',
      'S http-response 100 for 2 27+25 !http-after-close(it was HTTP/1.0 without keep-alive)',
      'S http-response 204 for 2 52+27 !http-after-close(it was HTTP/1.0 without keep-alive)',
    ],
  },
  {
    name: 'an answer that is not HTTP',
    session: answer('SSH-2.0-OpenSSH_9.2\r\nmore\r\n'),
    expected: ['C http-request GET / 0+27', 'S note 0+27 truncated !http-not-http', 'S close 27+0'],
  },
  {
    name: 'the end inside the head of the answer',
    session: answer('HTTP/1.1 200 OK\r\nContent-'),
    expected: ['C http-request GET / 0+27', 'S http-response 200 for 1 0+25 truncated !http-cut-head', 'S close 25+0'],
  },
  {
    name: 'a websocket refused without an answer to the end',
    session: {
      technique: 'websocket',
      steps: [client('GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n\x89\x80'), client(END), server(END)],
    },
    expected: [
      'C http-request GET / 0+47 !ws-connection-missing !ws-key-missing !ws-version(got none)',
      'C note 47+2 truncated !http-extra-bytes !http-lost',
      'C close 49+0 !http-no-answer',
    ],
  },
]

describe('violations', () => {
  test.each(CASES)('$name', ({ session, expected }) => {
    expect(play(session).map(lineOf)).toEqual(expected)
  })

  test.each(CASES)('$name: the same however it is cut', ({ session }) => {
    const rows = cutFree(play(session))
    expect(cutFree(play(session, byteByByte))).toEqual(rows)
    for (let point = 1; point < longest(session); point += 1) {
      expect(cutFree(play(session, cutAt(point))), `cut at ${point}`).toEqual(rows)
    }
  })
})

describe('bounds', () => {
  const limits = { ...DEFAULT_LIMITS, headBytes: 1000 }

  test('a head without end is one row, and the rest two rows at most', () => {
    const sink = createRecordingSink()
    const dissector = createConnectionDissector(sink, { technique: null, limits })
    dissector.feed(0, Buffer.from('GET / HTTP/1.1\r\n'), 1)
    for (let round = 0; round < 1000; round += 1) dissector.feed(0, Buffer.from('A: 1234567890\r\n'), 2)
    dissector.end(0, 3)
    expect(sink.rows.map(lineOf)).toEqual([
      expect.stringMatching(/^C http-request GET \/ 0\+1000 truncated !http-head-too-large/),
      'C note 1000+6 truncated !http-lost',
      'C note 1006+14010',
    ])
  })

  test('pipelined requests without an answer are given up at some number', () => {
    const sink = createRecordingSink()
    const dissector = createConnectionDissector(sink, { technique: null, limits: DEFAULT_LIMITS })
    for (let round = 0; round < 10_000; round += 1) dissector.feed(0, Buffer.from(GET), round)
    expect(sink.rows).toHaveLength(4098)
    expect(sink.rows.at(-1)!.findings.map(({ id }) => id)).toEqual(['http-lost'])
  })

  test('empty lines without end are given up, in a row that holds them', () => {
    const session: Play = { steps: [client('\r\n'.repeat(600)), client(END), server(END)], limits }
    const expected = [
      expect.stringMatching(/^C note 0\+\d+ truncated !http-extra-bytes\(1000 bytes of empty lines\) !http-lost$/),
    ]
    expect(play(session).slice(0, 1).map(lineOf)).toEqual(expected)
    expect(play(session, byteByByte).slice(0, 1).map(lineOf)).toEqual(expected)
  })

  test('what comes before the answer to an upgrade is held up to a limit', () => {
    const sink = createRecordingSink()
    const dissector = createConnectionDissector(sink, { technique: 'websocket', limits })
    dissector.feed(0, Buffer.from('GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n'), 1)
    for (let round = 0; round < 100; round += 1) dissector.feed(0, new Uint8Array(100), 2)
    dissector.end(0, 3)
    expect(sink.rows.slice(1).map(lineOf)).toEqual(['C note 47+100 truncated !http-lost', 'C note 147+9900'])
  })

  test('a chunk that says it has 2^60 bytes holds none of them', () => {
    const sink = createRecordingSink()
    const dissector = createConnectionDissector(sink, { technique: null, limits })
    dissector.feed(0, Buffer.from(GET), 1)
    dissector.feed(1, Buffer.from('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1000000000000000\r\n'), 2)
    const piece = new Uint8Array(100_000)
    const before = process.memoryUsage().arrayBuffers
    for (let round = 0; round < 500; round += 1) dissector.feed(1, piece, 3)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(5_000_000)
    expect(sink.rows).toHaveLength(502)
    expect(sink.rows.at(-1)!.payloadLength).toBe(100_000)
  })
})
