/**
 * The engine's door: what a window may pass. A call whose arguments do not fit is answered with `bad-argument`
 * and never reaches a use case.
 */
import * as v from 'valibot'
import {
  CONTROLS,
  FROMS,
  KINDS,
  SERVER_ACTIONS,
  SERVER_IDS,
  TECHNIQUES,
  fail,
  ok,
  type Control,
  type ControlValues,
  type EngineApi,
  type Json,
  type Result,
  type ServerId,
} from '../../preload/contract/index.ts'

const capture = v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/))
const server = v.picklist(SERVER_IDS)
const index = v.pipe(v.number(), v.integer(), v.minValue(0))
const line = (max: number) => v.pipe(v.string(), v.maxLength(max))
const base64 = v.pipe(line(100_000_000), v.regex(/^[A-Za-z0-9+/]*={0,2}$/))

const request = v.object({
  url: line(65_536),
  technique: v.nullable(v.picklist(TECHNIQUES)),
  raw: v.boolean(),
  headers: v.pipe(v.array(v.tuple([line(1_024), line(65_536)])), v.maxLength(256)),
  subprotocols: v.pipe(v.array(line(1_024)), v.maxLength(64)),
  method: v.pipe(line(32), v.regex(/^[!#$%&'*+.^_`|~\w-]+$/)),
  body: v.nullable(line(100_000_000)),
  reconnect: v.boolean(),
  interval: v.pipe(v.number(), v.minValue(1), v.maxValue(86_400_000)),
  compression: v.boolean(),
  insecure: v.boolean(),
  echo: v.boolean(),
  autoPong: v.boolean(),
})

const outgoing = v.variant('type', [
  v.object({ type: v.literal('text'), text: line(100_000_000) }),
  v.object({ type: v.literal('binary'), base64 }),
  v.object({ type: v.literal('ping'), base64 }),
  v.object({ type: v.literal('pong'), base64 }),
  v.object({
    type: v.literal('close'),
    code: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65_535))),
    reason: line(1_000),
  }),
])

const apiEvent = v.object({
  at: v.pipe(v.number(), v.finite()),
  api: v.picklist(['fetch', 'iframe', 'EventSource', 'WebSocket']),
  event: line(100),
  data: v.optional(line(1_000_000)),
  text: v.optional(line(10_000)),
})

const setting = v.custom<Json>(
  (value) => value !== undefined && JSON.stringify(value).length <= 65_536,
  'more than 64 KiB',
)

const filter = v.object({
  from: v.array(v.picklist(FROMS)),
  kinds: v.array(v.picklist(KINDS)),
  opcodes: v.pipe(v.array(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(15))), v.maxLength(16)),
  text: line(10_000),
  findings: v.boolean(),
  connection: v.nullable(index),
})

const ARGUMENTS = {
  hello: v.strictTuple([]),
  now: v.strictTuple([]),
  settings: v.strictTuple([]),
  saveSetting: v.strictTuple([v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/)), setting]),
  servers: v.strictTuple([]),
  startServer: v.strictTuple([server]),
  stopServer: v.strictTuple([server]),
  controlServer: v.strictTuple([server, v.record(v.string(), v.union([v.number(), v.string(), v.boolean()]))]),
  actOnServer: v.strictTuple([server, v.picklist(SERVER_ACTIONS)]),
  connect: v.strictTuple([request]),
  openDoor: v.strictTuple([server]),
  recordServer: v.strictTuple([server]),
  disconnect: v.strictTuple([capture]),
  send: v.strictTuple([capture, outgoing]),
  apiEvents: v.strictTuple([capture, v.pipe(v.array(apiEvent), v.maxLength(10_000))]),
  captures: v.strictTuple([]),
  openCapture: v.strictTuple([capture]),
  renameCapture: v.strictTuple([capture, v.pipe(line(200), v.trim(), v.minLength(1))]),
  deleteCapture: v.strictTuple([capture]),
  exportCapture: v.union([v.strictTuple([capture]), v.strictTuple([capture, v.boolean()])]),
  createView: v.strictTuple([capture, filter]),
  dropView: v.strictTuple([capture, index]),
  rows: v.strictTuple([capture, index, index, v.pipe(index, v.maxValue(500))]),
  locate: v.strictTuple([capture, index, index]),
  row: v.strictTuple([capture, index]),
  handshake: v.strictTuple([capture, index]),
  bytes: v.strictTuple([
    capture,
    index,
    v.picklist(['wire', 'payload', 'content']),
    index,
    v.pipe(index, v.maxValue(1_048_576)),
  ]),
} satisfies Record<keyof EngineApi, v.GenericSchema>

/** The same functions behind the door: arguments checked, exceptions turned into values. */
export function guard(api: EngineApi, log: (error: unknown) => void): EngineApi {
  const guarded: Record<string, unknown> = {}
  for (const [name, schema] of Object.entries(ARGUMENTS)) {
    const call = api[name as keyof EngineApi] as (...args: unknown[]) => Promise<unknown>
    guarded[name] = async (...args: unknown[]): Promise<unknown> => {
      const checked = v.safeParse(schema as v.GenericSchema, args)
      if (!checked.success) return fail('bad-argument', `${name}: ${describe(checked.issues[0])}`)
      try {
        return await call(...(checked.output as unknown[]))
      } catch (error) {
        log(error)
        return fail('internal', `${name} failed: ${error instanceof Error ? error.message : String(error)}`)
      }
    }
  }
  return guarded as unknown as EngineApi
}

const describe = (issue: v.BaseIssue<unknown>): string => {
  const path = issue.path?.map((part) => String(part.key)).join('.')
  return path ? `${path}: ${issue.message}` : issue.message
}

/** Control values against the table; numbers out of range are refused, not bent. */
export function checkControls(id: ServerId, values: ControlValues): Result<ControlValues> {
  for (const [name, value] of Object.entries(values)) {
    const control = CONTROLS[id].find((candidate) => candidate.name === name)
    if (!control) return fail('bad-argument', `The server has no control named ${name}.`)
    const wrong = misfit(control, value)
    if (wrong) return fail('bad-argument', `${control.label}: ${wrong}`)
  }
  return ok(values)
}

function misfit(control: Control, value: ControlValues[string]): string | null {
  switch (control.type) {
    case 'number':
      return typeof value === 'number' && value >= control.min && value <= control.max
        ? null
        : `a number from ${control.min} to ${control.max} ${control.unit}.`
    case 'text':
      return typeof value === 'string' && value.length <= control.maxLength
        ? null
        : `at most ${control.maxLength} characters.`
    case 'boolean':
      return typeof value === 'boolean' ? null : 'on or off.'
    case 'choice':
      return typeof value === 'string' && control.choices.includes(value)
        ? null
        : `one of ${control.choices.join(', ')}.`
  }
}
