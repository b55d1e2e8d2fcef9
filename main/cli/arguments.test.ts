import { expect, test } from 'vitest'
import { DEFAULT_REQUEST } from '../../preload/contract/index.ts'
import { parseCommand, type Command } from './arguments.ts'

function parsed(...argv: string[]): Command {
  const command = parseCommand(argv)
  if (!command.ok) throw new Error(command.error.message)
  return command.value
}

test('every option of capture lands in its place', () => {
  const argv = [
    ...['capture', 'wss://example.org/feed', 'ws://127.0.0.1:1/', '--technique', 'websocket', '--raw'],
    ...[
      '-H',
      'Authorization: Bearer a:b',
      '--header',
      'X-Empty:',
      '--subprotocol',
      'clock.v1',
      '--subprotocol',
      'echo',
    ],
    ...['--method', 'PUT', '--data', '{"a":1}', '--send', 'one', '--send=-two', '--for', '2.5', '--rows', '10'],
    ...['--no-reconnect', '--echo', '--interval', '250', '--insecure', '--out', 'rows.ndjson', '--secrets'],
  ]
  expect(parsed(...argv)).toEqual({
    name: 'capture',
    urls: ['wss://example.org/feed', 'ws://127.0.0.1:1/'],
    request: {
      ...DEFAULT_REQUEST,
      technique: 'websocket',
      raw: true,
      headers: [
        ['Authorization', 'Bearer a:b'],
        ['X-Empty', ''],
      ],
      subprotocols: ['clock.v1', 'echo'],
      method: 'PUT',
      body: '{"a":1}',
      reconnect: false,
      interval: 250,
      insecure: true,
      echo: true,
    },
    send: ['one', '-two'],
    seconds: 2.5,
    rows: 10,
    out: 'rows.ndjson',
    secrets: true,
  })
})

test('capture without options asks as the window does', () => {
  expect(parsed('capture', 'http://x/')).toMatchObject({
    request: { ...DEFAULT_REQUEST },
    send: [],
    seconds: null,
    rows: null,
    out: null,
    secrets: false,
  })
})

test('a body makes it a POST unless a method is named', () => {
  expect(parsed('capture', 'http://x/', '--data', '')).toMatchObject({ request: { method: 'POST', body: '' } })
  expect(parsed('capture', 'http://x/', '--data', 'a', '--method', 'PATCH')).toMatchObject({
    request: { method: 'PATCH' },
  })
})

test.each<[string[], Command]>([
  [['open'], { name: 'open', open: true, port: 0, data: null }],
  [['open', '--no-open', '--port', '9000', '--data', '/d'], { name: 'open', open: false, port: 9000, data: '/d' }],
  [['servers'], { name: 'servers', port: null }],
  [['servers', '--json', '--port', '0'], { name: 'servers', port: 0 }],
  [['export', 'a.pushscope'], { name: 'export', file: 'a.pushscope', secrets: false }],
  [['export', '--secrets', 'a.pushscope'], { name: 'export', file: 'a.pushscope', secrets: true }],
  [['--help'], { name: 'help', about: null }],
  [['help', 'capture'], { name: 'help', about: 'capture' }],
  [['capture', '--help'], { name: 'help', about: 'capture' }],
  [['--version'], { name: 'version' }],
])('%j is understood', (argv, command) => {
  expect(parsed(...argv)).toEqual(command)
})

test.each([
  [[], 'Say what to do: open, servers, capture or export.'],
  [['record'], 'There is no command record.'],
  [['__proto__'], 'There is no command __proto__.'],
  [['capture'], 'Say which URL to capture.'],
  [['capture', 'ws://x', '--technique', 'mqtt'], 'There is no technique mqtt; there are polling,'],
  [['capture', 'ws://x', '-H', 'no colon'], `A header looks like 'Name: value', not "no colon".`],
  [['capture', 'ws://x', '-H', 'A: b\r\nEvil: c'], "A header looks like 'Name: value'"],
  [['capture', 'ws://x', '-H', ': b'], "A header looks like 'Name: value'"],
  [['capture', 'ws://x', '--rows', '0'], '--rows wants a whole number of at least 1, not 0.'],
  [['capture', 'ws://x', '--rows', '1.5'], '--rows wants a whole number of at least 1, not 1.5.'],
  [['capture', 'ws://x', '--for', 'soon'], '--for wants a number of at least 0, not soon.'],
  [['capture', 'ws://x', '--for', '-1'], '--for'],
  [['capture', 'ws://x', '--interval', '0x10'], '--interval wants a number of at least 1, not 0x10.'],
  [['capture', 'ws://x', '--send', '-x'], 'A value that begins with a dash is written --send=VALUE.'],
  [['capture', 'ws://x', '-H', '-x'], 'A value that begins with a dash is written --header=VALUE.'],
  [['capture', 'ws://x', '--method', 'G T'], '--method wants a word such as POST, not G T.'],
  [['capture', 'ws://x', '--subprotocol', 'a, b'], '--subprotocol wants a name without spaces or commas, each once'],
  [['capture', 'ws://x', '--subprotocol', 'a', '--subprotocol', 'a'], 'each once, not a.'],
  [['capture', 'ws://x', '--out', ''], '--out wants the name of a file.'],
  [['--json', 'servers'], 'The command stands before its options: open, servers, capture or export.'],
  [['open', '--port', '65536'], '--port wants a whole number from 0 to 65535, not 65536.'],
  [['open', '--data', ''], '--data wants the name of a folder.'],
  [['servers', '--port', '65531'], '--port wants a whole number from 0 to 65530, not 65531.'],
  [['open', 'extra'], "Unexpected argument 'extra'"],
  [['servers', '--bogus'], "Unknown option '--bogus'."],
  [['servers', '--port'], "Option '--port <value>' argument missing."],
  [['export'], 'Name one capture file.'],
  [['export', 'a', 'b'], 'Name one capture file.'],
])('%j is refused with a sentence on one line', (argv, sentence) => {
  const command = parseCommand(argv)
  expect(command.ok).toBe(false)
  if (command.ok) return
  expect(command.error.message).toContain(sentence)
  expect(command.error.message).not.toContain('\n')
})
