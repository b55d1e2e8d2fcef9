/**
 * The command line as a value: what to do, or a sentence on what is wrong with it. Pure.
 */
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util'
import {
  DEFAULT_REQUEST,
  TECHNIQUES,
  fail,
  ok,
  type ConnectRequest,
  type Result,
  type Technique,
} from '../../preload/contract/index.ts'
import { isCommand, type CommandName } from './usage.ts'

export interface OpenCommand {
  name: 'open'
  /** False: only print the URL. */
  open: boolean
  port: number
  /** null: the system's place for it. */
  data: string | null
}

export interface ServersCommand {
  name: 'servers'
  /** null: the default ports; 0: free ones; else the first of six. */
  port: number | null
}

export interface CaptureCommand {
  name: 'capture'
  urls: string[]
  request: Omit<ConnectRequest, 'url'>
  send: string[]
  /** Seconds; null for no end. */
  seconds: number | null
  rows: number | null
  out: string | null
  /** Write credentials as they are. */
  secrets: boolean
}

export interface ExportCommand {
  name: 'export'
  file: string
  secrets: boolean
}

export interface HelpCommand {
  name: 'help'
  about: CommandName | null
}

export type Command = OpenCommand | ServersCommand | CaptureCommand | ExportCommand | HelpCommand | { name: 'version' }

const PORTS = 65_535

const HELP = { help: { type: 'boolean', short: 'h' } } as const

const OPTIONS = {
  open: {
    ...HELP,
    'no-open': { type: 'boolean' },
    port: { type: 'string' },
    data: { type: 'string' },
  },
  servers: { ...HELP, json: { type: 'boolean' }, port: { type: 'string' } },
  capture: {
    ...HELP,
    technique: { type: 'string' },
    raw: { type: 'boolean' },
    header: { type: 'string', short: 'H', multiple: true },
    subprotocol: { type: 'string', multiple: true },
    method: { type: 'string' },
    data: { type: 'string' },
    send: { type: 'string', multiple: true },
    echo: { type: 'boolean' },
    interval: { type: 'string' },
    'no-reconnect': { type: 'boolean' },
    insecure: { type: 'boolean' },
    for: { type: 'string' },
    rows: { type: 'string' },
    out: { type: 'string' },
    secrets: { type: 'boolean' },
  },
  export: { ...HELP, secrets: { type: 'boolean' } },
} as const satisfies Record<CommandName, ParseArgsOptionsConfig>

const wrong = (message: string): Result<never> => fail('bad-argument', message)

export function parseCommand(argv: readonly string[]): Result<Command> {
  const [first, ...rest] = argv
  if (first === undefined) return wrong('Say what to do: open, servers, capture or export.')
  if (first === '--help' || first === '-h') return ok({ name: 'help', about: null })
  if (first === 'help') return ok({ name: 'help', about: rest[0] && isCommand(rest[0]) ? rest[0] : null })
  if (first === '--version' || first === '-v') return ok({ name: 'version' })
  if (first.startsWith('-')) return wrong(`The command stands before its options: open, servers, capture or export.`)
  if (!isCommand(first)) return wrong(`There is no command ${first}.`)
  try {
    return PARSERS[first](rest)
  } catch (error) {
    // The first sentence of node:util names the option; what follows is advice over several lines.
    const message = error instanceof Error ? error.message : String(error)
    const ambiguous = /^Option '(--?[\w-]+)' argument is ambiguous/.exec(message)?.[1]
    if (ambiguous !== undefined)
      return wrong(`A value that begins with a dash is written ${ambiguous === '-H' ? '--header' : ambiguous}=VALUE.`)
    return wrong(`${message.split(/\. |\.?\n/, 1)[0]!.replace(/\.$/, '')}.`)
  }
}

const PARSERS: Record<CommandName, (args: string[]) => Result<Command>> = {
  open(args) {
    const { values } = parseArgs({ args, options: OPTIONS.open })
    if (values.help) return ok({ name: 'help', about: 'open' })
    if (values.data === '') return wrong('--data wants the name of a folder.')
    const port = numberOf('--port', values.port, 0, PORTS, true)
    if (!port.ok) return port
    return ok({ name: 'open', open: !values['no-open'], port: port.value ?? 0, data: values.data ?? null })
  },

  servers(args) {
    const { values } = parseArgs({ args, options: OPTIONS.servers })
    if (values.help) return ok({ name: 'help', about: 'servers' })
    const port = numberOf('--port', values.port, 0, PORTS - 5, true) // six in a row
    return port.ok ? ok({ name: 'servers', port: port.value }) : port
  },

  capture(args) {
    const { values, positionals } = parseArgs({ args, options: OPTIONS.capture, allowPositionals: true })
    if (values.help) return ok({ name: 'help', about: 'capture' })
    if (positionals.length === 0) return wrong('Say which URL to capture.')
    const { technique } = values
    if (technique !== undefined && !isTechnique(technique))
      return wrong(`There is no technique ${technique}; there are ${TECHNIQUES.join(', ')}.`)

    const { method, subprotocol = [], out } = values
    if (method !== undefined && !TOKEN.test(method)) return wrong(`--method wants a word such as POST, not ${method}.`)
    const odd = subprotocol.find((name, index) => !TOKEN.test(name) || subprotocol.indexOf(name) !== index)
    if (odd !== undefined) return wrong(`--subprotocol wants a name without spaces or commas, each once, not ${odd}.`)
    if (out === '') return wrong('--out wants the name of a file.')

    const headers = all((values.header ?? []).map(headerOf))
    const interval = numberOf('--interval', values.interval, 1, 86_400_000)
    const seconds = numberOf('--for', values.for, 0, 31_536_000)
    const rows = numberOf('--rows', values.rows, 1, Number.MAX_SAFE_INTEGER, true)
    for (const one of [headers, interval, seconds, rows]) if (!one.ok) return one
    if (!headers.ok || !interval.ok || !seconds.ok || !rows.ok) return wrong('')

    return ok({
      name: 'capture',
      urls: positionals,
      request: {
        ...DEFAULT_REQUEST,
        technique: technique ?? null,
        raw: values.raw ?? false,
        headers: headers.value,
        subprotocols: subprotocol,
        method: method ?? (values.data === undefined ? 'GET' : 'POST'),
        body: values.data ?? null,
        reconnect: !values['no-reconnect'],
        interval: interval.value ?? DEFAULT_REQUEST.interval,
        insecure: values.insecure ?? false,
        echo: values.echo ?? false,
      },
      send: values.send ?? [],
      seconds: seconds.value,
      rows: rows.value,
      out: out ?? null,
      secrets: values.secrets ?? false,
    })
  },

  export(args) {
    const { values, positionals } = parseArgs({ args, options: OPTIONS.export, allowPositionals: true })
    if (values.help) return ok({ name: 'help', about: 'export' })
    const [file, more] = positionals
    if (file === undefined || more !== undefined) return wrong('Name one capture file.')
    return ok({ name: 'export', file, secrets: values.secrets ?? false })
  },
}

const isTechnique = (name: string): name is Technique => (TECHNIQUES as readonly string[]).includes(name)

function numberOf(
  option: string,
  text: string | undefined,
  min: number,
  max: number,
  whole = false,
): Result<number | null> {
  if (text === undefined) return ok(null)
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN
  if (value >= min && value <= max && (!whole || Number.isInteger(value))) return ok(value)
  const range = option === '--port' ? `from ${min} to ${max}` : `of at least ${min}`
  return wrong(`${option} wants a ${whole ? 'whole ' : ''}number ${range}, not ${text}.`)
}

/** RFC 9110 5.6.2 */
const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/

/** RFC 9110 5.1, 5.5: a token, a colon, any text without line ends. */
function headerOf(line: string): Result<[name: string, value: string]> {
  const parts = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*([^\r\n\0]*?)[ \t]*$/.exec(line)
  return parts ? ok([parts[1]!, parts[2]!]) : wrong(`A header looks like 'Name: value', not ${JSON.stringify(line)}.`)
}

function all<T>(results: Result<T>[]): Result<T[]> {
  const values: T[] = []
  for (const result of results) {
    if (!result.ok) return result
    values.push(result.value)
  }
  return ok(values)
}
