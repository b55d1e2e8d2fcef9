/** From what was typed to what is sent, or a sentence why it cannot be. Pure. */
import { closeCodeName, mayStandInCloseFrame, type Outgoing } from '../../../preload/contract/index.ts'
import type { Mode } from '../../state/composer.ts'
import { toBase64 } from '../hex/bytes.ts'
import { byteLength, fromText, parseHex } from './bytes.ts'

export interface Composed {
  /** null: it cannot be sent. */
  message: Outgoing | null
  /** What stands under the field: the size, what is odd about it, or why it cannot be sent. */
  note: string
  tone: 'plain' | 'warn' | 'bad'
}

/** RFC 6455 5.5: at most this much in a control frame. */
const MOST_CONTROL = 125

const fine = (message: Outgoing, note: string): Composed => ({ message, note, tone: 'plain' })
const odd = (message: Outgoing, note: string): Composed => ({ message, note, tone: 'warn' })
const wrong = (note: string): Composed => ({ message: null, note, tone: 'bad' })
const bytes = (n: number): string => (n === 1 ? '1 byte' : `${n} bytes`)

export function compose(mode: Mode, draft: string, code: string, reason: string): Composed {
  switch (mode) {
    case 'text':
      return fine({ type: 'text', text: draft }, bytes(byteLength(draft)))
    case 'json':
      return composeJson(draft)
    case 'binary': {
      const data = parseHex(draft)
      if (!data) return wrong('Two hex digits a byte: 48 65 6c 6c 6f')
      return fine({ type: 'binary', base64: toBase64(data) }, bytes(data.length))
    }
    case 'ping':
    case 'pong': {
      const data = fromText(draft)
      if (data.length > MOST_CONTROL) return wrong(`${data.length} bytes; a ${mode} carries at most ${MOST_CONTROL}.`)
      return fine({ type: mode, base64: toBase64(data) }, bytes(data.length))
    }
    case 'close':
      return composeClose(code, reason)
  }
}

function composeJson(draft: string): Composed {
  try {
    JSON.parse(draft)
    return fine({ type: 'text', text: draft }, `valid JSON, ${bytes(byteLength(draft))}`)
  } catch (error) {
    if (draft.trim() === '') return wrong('JSON goes here; it is sent as text.')
    // Sending bad JSON is what an inspector is for; the reader only has to know.
    return odd({ type: 'text', text: draft }, `not JSON: ${error instanceof Error ? error.message : 'cannot be read'}`)
  }
}

function composeClose(code: string, reason: string): Composed {
  if (code.trim() === '') {
    return reason === ''
      ? fine({ type: 'close', code: null, reason: '' }, 'a close frame without a code')
      : wrong('A reason needs a code before it.')
  }
  const number = Number(code)
  if (!Number.isInteger(number) || number < 0 || number > 65_535) return wrong('A code is a number from 0 to 65535.')
  // RFC 6455 5.5.1: two bytes of code, then the reason.
  if (byteLength(reason) > MOST_CONTROL - 2) return wrong(`The reason is longer than ${MOST_CONTROL - 2} bytes.`)
  const message: Outgoing = { type: 'close', code: number, reason }
  return mayStandInCloseFrame(number)
    ? fine(message, `${number}: ${closeCodeName(number)}`)
    : odd(message, `${number} (${closeCodeName(number)}) must not stand in a close frame.`)
}
