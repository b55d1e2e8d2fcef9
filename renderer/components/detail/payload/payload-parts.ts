/** Which bytes of a row can be looked at as its payload, and which view suits them. Pure; PayloadTab.vue shows it. */
import type { BytesPart, RowDetail } from '../../../../preload/contract/index.ts'
import { formatBytes, significant } from '../../../format/index.ts'

export interface PayloadPart {
  part: BytesPart
  label: string
  size: number
}

/** The parts that differ from each other, what the reader most wants first. */
export function payloadParts(detail: RowDetail): PayloadPart[] {
  const { wire, payload, content } = detail.sizes
  const masked = detail.frame?.masked ?? false
  const same = content === payload && !masked && !(detail.frame?.compressed ?? false)
  const parts: PayloadPart[] = []
  if (content > 0) parts.push({ part: 'content', label: contentLabel(detail, same), size: content })
  if (payload > 0 && (!same || content === 0)) {
    parts.push({ part: 'payload', label: 'Payload on the wire', size: payload })
  }
  if (wire > 0) parts.push({ part: 'wire', label: 'Whole row on the wire', size: wire })
  return parts
}

function contentLabel(detail: RowDetail, same: boolean): string {
  if (same) return 'Payload'
  const undone = [
    ...(detail.frame?.masked ? ['unmasked'] : []),
    ...(detail.sizes.content !== detail.sizes.payload ? ['decoded'] : []),
  ]
  return undone.length > 0 ? `Payload, ${undone.join(' and ')}` : 'Payload'
}

export type PayloadView = 'text' | 'json' | 'hex'

/** The view that suits when none was chosen: JSON as a tree, text as text, the rest as hex. */
export function viewFor(detail: RowDetail, part: BytesPart): PayloadView {
  if (part === 'content') return ({ json: 'json', text: 'text', binary: 'hex' } as const)[detail.contentType]
  return detail.frame || detail.contentType === 'binary' ? 'hex' : 'text'
}

/** `1 028 B, from 120 B on the wire (8.57 to 1)`. */
export function sizeWords(detail: RowDetail, part: PayloadPart): string {
  const { content, payload } = detail.sizes
  const size = formatBytes(part.size)
  if (part.part !== 'content' || payload === 0 || content === payload) return size
  return `${size}, from ${formatBytes(payload)} on the wire (${significant(content / payload)} to 1)`
}

/** Larger documents are read as text: a tree needs all of its text at hand. */
export const MOST_JSON = 4_194_304

/** Does it look like a JSON document, also where nobody said so? */
export const looksLikeJson = (text: string): boolean => /^[\ufeff\s]*[[{]/.test(text)
