/** Sessions that do not stay HTTP/1.1, or never were, as transcripts. For tests alone. */
import { both, GET, type Session } from './http-sessions.ts'
import { client, END, server } from './play.ts'

const UPGRADE =
  'GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n'
const SWITCH =
  'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
  'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n'

const join = (...parts: (string | Uint8Array)[]): Uint8Array =>
  Buffer.concat(parts.map((part) => Buffer.from(part as string, 'latin1')))

export const UPGRADE_SESSIONS: readonly Session[] = [
  both(
    'a websocket whose first frames share the segment of the 101',
    {
      technique: 'websocket',
      steps: [
        client(UPGRADE),
        server(join(SWITCH, Uint8Array.of(0x81, 2), 'hi', Uint8Array.of(0x89, 0))),
        client(Uint8Array.of(0x8a, 0x80, 1, 2, 3, 4)),
      ],
    },
    [
      'C http-request GET / 0+140',
      'S http-response 101 for 1 0+129',
      'S ws-frame 129+4 payload 2',
      'S ws-frame 133+2',
      'C ws-frame 140+6',
    ],
  ),
  both(
    'frames that the client sends before the 101 wait for it',
    {
      technique: 'websocket',
      steps: [client(join(UPGRADE, Uint8Array.of(0x89, 0x80, 1, 2, 3, 4))), server(SWITCH)],
    },
    ['C http-request GET / 0+140', 'S http-response 101 for 1 0+129', 'C ws-frame 140+6'],
  ),
  both(
    'a refused upgrade with a body; then HTTP goes on',
    {
      technique: 'websocket',
      steps: [
        client(UPGRADE + GET),
        server('HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nnoHTTP/1.1 204 No Content\r\n\r\n'),
      ],
    },
    [
      'C http-request GET / 0+140',
      'S http-response 401 for 1 0+48 !ws-refused(HTTP 401 Unauthorized)',
      'C http-request GET /clock 140+32',
      'S http-body length 48+2 payload 2',
      'S http-response 204 for 3 50+27',
    ],
  ),
  both(
    'another protocol than WebSocket is kept as bytes',
    {
      steps: [
        client('GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n'),
        server('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n\0\0\0\x04'),
        client(END),
        server(END),
      ],
    },
    ['C http-request GET / 0+62', 'S http-response 101 for 1 0+71', 'S note 71+4', 'C close 62+0'],
  ),
  both(
    'a 101 that nobody asked for',
    {
      steps: [
        client(GET),
        server('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nabc'),
        server(END),
        client(END),
      ],
    },
    [
      'C http-request GET /clock 0+32',
      'S http-response 101 for 1 0+48 !http-upgrade-unasked(x)',
      'S note 48+3',
      'S close 51+0',
    ],
  ),
  both(
    'a 101 without Upgrade',
    { steps: [client(GET), server('HTTP/1.1 101 Switching Protocols\r\n\r\nabc'), server(END), client(END)] },
    [
      'C http-request GET /clock 0+32',
      'S http-response 101 for 1 0+36 !http-upgrade-unasked(no Upgrade header)',
      'S note 36+3',
      'S close 39+0',
    ],
  ),
  both(
    'CONNECT is passed over: what the tunnel carries is dissected',
    {
      technique: 'websocket',
      steps: [
        client('CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n'),
        server('HTTP/1.1 200 Connection established\r\nContent-Length: 5\r\n\r\n'),
        client(UPGRADE),
        server(join(SWITCH, Uint8Array.of(0x81, 0))),
      ],
    },
    [
      'C http-request CONNECT a:80 0+37',
      'S http-response 200 for 1 0+58 !http-body-forbidden(Content-Length in a 200 answer)',
      'C http-request GET / 37+140',
      'S http-response 101 for 3 58+129',
      'S ws-frame 187+2',
    ],
  ),
  both(
    'CONNECT to TLS: bytes, and no fault',
    {
      steps: [
        client('CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n'),
        server('HTTP/1.1 200 OK\r\n\r\n'),
        client('\x16\x03\x01\0\x05hello'),
        server('\x16\x03\x03\0\x05olleh'),
        client(END),
        server(END),
      ],
    },
    [
      'C http-request CONNECT a:443 0+39',
      'S http-response 200 for 1 0+19',
      'C note 39+10',
      'S note 19+10',
      'C close 49+0',
    ],
  ),
  both(
    'TLS on a plain port is not HTTP',
    { steps: [client('\x16\x03\x01\x02\0\x01\0\x01\xfc'), client(END), server(END)] },
    ['C note 0+9 truncated !http-not-http', 'C close 9+0'],
  ),
  both(
    'an answer that nobody asked for',
    {
      steps: [
        server('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'),
        server(END),
        client(END),
      ],
    },
    ['S http-response 408 for null 0+70 !http-answer-unasked !http-refused(HTTP 408 Request Timeout)', 'S close 70+0'],
  ),
]
