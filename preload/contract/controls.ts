/**
 * The live controls of the reference servers, as a table: the window draws its form from it,
 * the engine checks values against it, the servers read the values.
 */
import type { ServerId } from './techniques.ts'

export type ControlValue = number | string | boolean
export type ControlValues = Record<string, ControlValue>

export type Control =
  | { name: string; label: string; type: 'number'; unit: string; min: number; max: number; initial: number }
  | { name: string; label: string; type: 'text'; maxLength: number; initial: string }
  | { name: string; label: string; type: 'boolean'; initial: boolean }
  | { name: string; label: string; type: 'choice'; choices: readonly string[]; initial: string }

const COMMON: readonly Control[] = [
  { name: 'interval', label: 'Interval', type: 'number', unit: 'ms', min: 1, max: 60_000, initial: 1_000 },
  { name: 'payloadSize', label: 'Padding', type: 'number', unit: 'B', min: 0, max: 1_048_576, initial: 0 },
  { name: 'payloadText', label: 'Text', type: 'text', maxLength: 10_000, initial: '' },
  { name: 'paused', label: 'Paused', type: 'boolean', initial: false },
]

const WEBSOCKET: readonly Control[] = [
  ...COMMON,
  { name: 'clock', label: 'Push the clock', type: 'boolean', initial: true },
  { name: 'echo', label: 'Echo messages', type: 'boolean', initial: true },
  {
    name: 'pingInterval',
    label: 'Ping every (0 = never)',
    type: 'number',
    unit: 'ms',
    min: 0,
    max: 600_000,
    initial: 10_000,
  },
  { name: 'subprotocols', label: 'Subprotocols', type: 'text', maxLength: 1_000, initial: 'clock.v1, echo' },
  { name: 'compression', label: 'permessage-deflate', type: 'boolean', initial: true },
]

export const CONTROLS: Readonly<Record<ServerId, readonly Control[]>> = {
  polling: COMMON,
  'long-polling': [
    ...COMMON,
    { name: 'timeout', label: 'Hold at most', type: 'number', unit: 'ms', min: 10, max: 600_000, initial: 25_000 },
  ],
  'iframe-stream': [
    ...COMMON,
    {
      name: 'dialect',
      label: 'Dialect',
      type: 'choice',
      choices: ['parent', 'postmessage', 'write'],
      initial: 'parent',
    },
  ],
  sse: [
    ...COMMON,
    { name: 'event', label: 'Event name (empty = message)', type: 'text', maxLength: 200, initial: '' },
    { name: 'retry', label: 'retry', type: 'number', unit: 'ms', min: 0, max: 600_000, initial: 2_000 },
    {
      name: 'keepAlive',
      label: 'Comment every (0 = never)',
      type: 'number',
      unit: 'ms',
      min: 0,
      max: 600_000,
      initial: 15_000,
    },
    { name: 'history', label: 'Replay at most', type: 'number', unit: 'events', min: 0, max: 100_000, initial: 1_000 },
  ],
  'websocket-library': WEBSOCKET,
  'websocket-raw': WEBSOCKET,
}

/** The values a server starts with. */
export function initialControls(id: ServerId): ControlValues {
  return Object.fromEntries(CONTROLS[id].map((control) => [control.name, control.initial]))
}

/** What a button does rather than a value: push one tick now; end every connection at once. */
export const SERVER_ACTIONS = ['push', 'drop'] as const
export type ServerAction = (typeof SERVER_ACTIONS)[number]
