/** What is known about each header of a head, in wire order, and which required ones are missing. Pure. */
import { type Header, HEADER_MEANINGS, maskHeader, type Technique } from '../../../../preload/contract/index.ts'

export type Side = 'request' | 'answer'

export interface HeaderNote {
  name: string
  value: string
  /** The value with its secret parts as dots; equal to `value` when it is no secret. */
  hidden: string
  /** One sentence; empty when the header is not among the known ones. */
  meaning: string
  spec: string
  required: boolean
  /** The technique asks for it and it did not come. */
  missing: boolean
}

/** `complete`: say what is required and list what of it is missing. False for refusals: nothing is asked of those. */
export function headerNotes(
  headers: readonly Header[],
  side: Side,
  technique: Technique | null,
  complete: boolean,
): HeaderNote[] {
  const there = headers.map(([name, value]) => {
    const lower = name.toLowerCase()
    return {
      name,
      value,
      hidden: maskHeader(name, value),
      meaning: meaningOf(lower)?.meaning ?? '',
      spec: meaningOf(lower)?.spec ?? '',
      required: complete && isRequired(lower, side, technique),
      missing: false,
    }
  })
  if (!complete) return there
  const names = new Set(headers.map(([name]) => name.toLowerCase()))
  const missing = Object.keys(HEADER_MEANINGS)
    .filter((name) => isRequired(name, side, technique) && !names.has(name))
    .map((name) => ({
      name: wireCase(name),
      value: '',
      hidden: '',
      meaning: meaningOf(name)?.meaning ?? '',
      spec: meaningOf(name)?.spec ?? '',
      required: true,
      missing: true,
    }))
  return [...there, ...missing]
}

/** A captured name may be `constructor`: only the table's own keys count. */
function meaningOf(lower: string) {
  return Object.hasOwn(HEADER_MEANINGS, lower) ? HEADER_MEANINGS[lower] : undefined
}

function isRequired(lower: string, side: Side, technique: Technique | null): boolean {
  const known = meaningOf(lower)
  const asked = side === 'request' ? known?.requiredInRequest : known?.requiredInAnswer
  return technique !== null && (asked?.includes(technique) ?? false)
}

/** `sec-websocket-key` as it is mostly written: `Sec-WebSocket-Key`. */
function wireCase(lower: string): string {
  return lower.replace(/(^|-)([a-z])/g, (part) => part.toUpperCase()).replace('Websocket', 'WebSocket')
}
