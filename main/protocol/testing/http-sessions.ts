/** HTTP/1.1 sessions as transcripts: what is sent, and a line for each row that tells it. For tests alone. */
import { client, END, RESET, server, type Play } from './play.ts'

export interface Session {
  name: string
  session: Play
  /** As `lineOf` writes them. */
  expected: readonly string[]
}

export const GET = 'GET /clock HTTP/1.1\r\nHost: a\r\n\r\n' // 32 bytes

export const both = (name: string, session: Play, expected: readonly string[]): Session => ({ name, session, expected })

export const HTTP_SESSIONS: readonly Session[] = [
  both(
    'polling over keep-alive, the second time without news',
    {
      technique: 'polling',
      steps: [
        client(GET),
        server('HTTP/1.1 200 OK\r\nETag: "1"\r\nCache-Control: no-cache\r\nContent-Length: 7\r\n\r\n{"n":1}'),
        client('GET /clock HTTP/1.1\r\nHost: a\r\nIf-None-Match: "1"\r\n\r\n'),
        server('HTTP/1.1 304 Not Modified\r\nETag: "1"\r\nContent-Length: 7\r\n\r\n'),
        client(END),
        server(END),
      ],
    },
    [
      'C http-request GET /clock 0+32',
      'S http-response 200 for 1 0+74',
      'S http-body length 74+7 payload 7',
      'S poll 0+81 payload 7',
      'C http-request GET /clock 32+52',
      'S http-response 304 for 5 81+59',
      'S poll 81+59',
      'C close 84+0',
    ],
  ),
  both(
    'HEAD is answered without the body that its length speaks of',
    {
      steps: [
        client('HEAD /clock HTTP/1.1\r\nHost: a\r\n\r\n'),
        server('HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n'),
        client(GET),
        server('HTTP/1.1 204 No Content\r\n\r\n'),
        server(END),
        client(END),
      ],
    },
    [
      'C http-request HEAD /clock 0+33',
      'S http-response 200 for 1 0+40',
      'C http-request GET /clock 33+32',
      'S http-response 204 for 3 40+27',
      'S close 67+0',
    ],
  ),
  both(
    'pipelined requests are answered in their order',
    {
      steps: [
        client(`${GET}GET /b HTTP/1.1\r\nHost: a\r\n\r\nHEAD /c HTTP/1.1\r\nHost: a\r\n\r\n`),
        server(
          'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab' +
            'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n' +
            'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n',
        ),
      ],
    },
    [
      'C http-request GET /clock 0+32',
      'C http-request GET /b 32+28',
      'C http-request HEAD /c 60+29',
      'S http-response 200 for 1 0+38',
      'S http-body length 38+2 payload 2',
      'S http-response 404 for 2 40+45 !http-refused(HTTP 404 Not Found)',
      'S http-response 200 for 3 85+38',
    ],
  ),
  both(
    '100 Continue comes before the body, the answer after it',
    {
      steps: [
        client('POST /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n'),
        server('HTTP/1.1 100 Continue\r\n\r\n'),
        client('abc'),
        server('HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n'),
      ],
    },
    [
      'C http-request POST /a 0+70',
      'S http-response 100 for 1 0+25',
      'C http-body length 70+3 payload 3',
      'S http-response 103 for 1 25+40',
      'S http-response 201 for 1 65+43',
    ],
  ),
  both(
    'an early answer, before the request body is finished',
    {
      technique: 'polling',
      steps: [
        client('POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n'),
        server('HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno'),
        client('2\r\nde\r\n0\r\n\r\n'),
        client('GET /b HTTP/1.1\r\nHost: a\r\n\r\n'),
      ],
    },
    [
      'C http-request POST /a 0+57',
      'C http-body chunked 57+8 payload 3',
      'S http-response 413 for 1 0+53 !http-refused(HTTP 413 Content Too Large)',
      'S http-body length 53+2 payload 2',
      'S poll 0+55 payload 2',
      'C http-body chunked 65+7 payload 2',
      'C http-body chunked 72+5',
      'C http-request GET /b 77+28',
    ],
  ),
  both(
    'chunks with extensions and trailers',
    {
      steps: [
        client(GET),
        server(
          'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;name="a;b"\r\nhello\r\n0003\r\nxyz\r\n0;end\r\nDigest: 1\r\nX: 2\r\n\r\n',
        ),
      ],
    },
    [
      'C http-request GET /clock 0+32',
      'S http-response 200 for 1 0+47',
      'S http-body chunked 47+21 payload 5',
      'S http-body chunked 68+11 payload 3',
      'S http-body chunked 79+26',
    ],
  ),
  both(
    'a body without length ends with its connection',
    {
      steps: [client(GET), server('HTTP/1.0 200 OK\r\n\r\nall of it'), server(END), client(END)],
    },
    [
      'C http-request GET /clock 0+32',
      'S http-response 200 for 1 0+19',
      'S http-body close 19+9 payload 9',
      'S close 28+0',
    ],
  ),
  both(
    'the server ends in the middle of a chunk',
    {
      steps: [
        client(GET),
        server('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\na\r\ndef'),
        server(END),
        client(END),
      ],
    },
    [
      'C http-request GET /clock 0+32',
      'S http-response 200 for 1 0+47',
      'S http-body chunked 47+8 payload 3',
      'S http-body chunked 55+6 payload 3 truncated !http-cut-body',
      'S close 61+0',
    ],
  ),
  both(
    'the client leaves an endless answer: nobody is to blame',
    {
      steps: [
        client(GET),
        server('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n'),
        client(END),
        server(END),
      ],
    },
    [
      'C http-request GET /clock 0+32',
      'S http-response 200 for 1 0+47',
      'S http-body chunked 47+8 payload 3',
      'C close 32+0',
    ],
  ),
  both(
    'the server ends before the body has its length',
    { steps: [client(GET), server('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc'), server(END), client(END)] },
    [
      'C http-request GET /clock 0+32',
      'S http-response 200 for 1 0+38',
      'S http-body length 38+3 payload 3',
      'S http-body length 41+0 truncated !http-cut-body',
      'S close 41+0',
    ],
  ),
  both(
    'a reset completes no body that ends with the connection (RFC 9112 8)',
    { steps: [client(GET), server('HTTP/1.1 200 OK\r\n\r\nabc'), server(RESET), client(END)] },
    [
      'C http-request GET /clock 0+32',
      'S http-response 200 for 1 0+19',
      'S http-body close 19+3 payload 3',
      'S http-body close 22+0 truncated !http-cut-body',
      'S close 22+0',
    ],
  ),
  both(
    'a reset after whole messages cuts none',
    { steps: [client(GET), server('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc'), server(RESET), client(END)] },
    [
      'C http-request GET /clock 0+32',
      'S http-response 200 for 1 0+38',
      'S http-body length 38+3 payload 3',
      'S close 41+0',
    ],
  ),
  both(
    'a request is never answered, another is cut',
    { steps: [client(`${GET}GET /b HT`), client(END), server(END)] },
    [
      'C http-request GET /clock 0+32',
      'C http-request   32+9 truncated !http-cut-head',
      'C close 41+0 !http-no-answer',
    ],
  ),
]
