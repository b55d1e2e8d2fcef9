/** What `--help` prints. */

const GENERAL = `pushscope: see what realtime endpoints really put on the wire.

  pushscope open                     the window, in a browser
  pushscope servers                  the six reference servers
  pushscope capture URL              record one endpoint as NDJSON
  pushscope export FILE              a capture file as NDJSON
  pushscope COMMAND --help           the options of a command
  pushscope --version
`

const COMMANDS = {
  open: `pushscope open [--no-open] [--port N] [--data DIR]

  Opens the window in Chromium, Chrome or Edge; prints its URL where there is none.

  --no-open     only print the URL, as the last line of stdout
  --port N      listen on this port of 127.0.0.1 (a free one)
  --data DIR    where captures are kept
`,
  servers: `pushscope servers [--json] [--port N]

  Runs the six reference servers on 127.0.0.1 until Ctrl+C, and prints a JSON line for each:
  {"technique":"websocket","variant":"raw","url":"ws://127.0.0.1:8005/"}

  --json        the same; there for scripts that want to say so
  --port N      ports from N on; 0 takes free ones (8000 to 8005, a free one for each that is taken)
`,
  capture: `pushscope capture URL… [options]

  Connects, and writes every row as a line of JSON until the peer ends it. Several URLs are recorded one after another.

  --technique T       polling, long-polling, iframe-stream, sse or websocket (guessed)
  --raw               WebSocket by hand instead of the ws library
  -H, --header LINE   a request header, 'Name: value'; repeatable
  --subprotocol P     offer this WebSocket subprotocol; repeatable
  --method M          the request's method (GET; POST with --data)
  --data BODY         the request's body
  --send TEXT         send a WebSocket text message once open; repeatable, in order
  --echo              answer every WebSocket message with itself
  --interval MS       between two polls (1000)
  --no-reconnect      do not reconnect when the connection ends
  --insecure          accept any TLS certificate
  --for SECONDS       end after this long
  --rows N            end after N rows
  --out FILE          write to FILE instead of stdout
  --secrets           write credentials (Authorization, Cookie, ?token=…) as they are instead of ••••••••

  Exit code: 0 it ended as asked, or the peer ended it properly; 1 the connection failed or was broken off (the rows
  tell: a refusal, a reset, no close frame), or writing failed; 2 wrong usage.
`,
  export: `pushscope export FILE [--secrets]

  Writes the rows of a capture file as NDJSON to stdout.

  --secrets     write credentials (Authorization, Cookie, ?token=…) as they are instead of ••••••••
`,
} as const

export type CommandName = keyof typeof COMMANDS

export const isCommand = (name: string): name is CommandName => Object.hasOwn(COMMANDS, name)

export const usage = (command: CommandName | null): string => (command ? COMMANDS[command] : GENERAL)
