/** Which bytes of a row can be looked at as its payload, and which view suits them. Pure; PayloadTab.vue shows it. */
import { headHasSecrets, type BytesPart, type RowDetail } from '../../../../preload/contract/index.ts'
import { detailsOf } from '../details-of.ts'
import { formatBytes, significant } from '../../../format/index.ts'

export interface PayloadPart {
  part: BytesPart
  label: string
  size: number
}

/** The parts that differ from each other, what the reader most wants first. */
export function payloadParts(detail: RowDetail): PayloadPart[] {
  const { wire, payload, content } = detail.sizes
  const decoded = detail.frame?.compressed === true || content !== payload
  const parts: PayloadPart[] = []
  if (content > 0) parts.push({ part: 'content', label: contentLabel(detail, decoded), size: content })
  // The payload of a script is its source, which is the whole row.
  if (payload > 0 && (decoded || content === 0) && detail.kind !== 'script-call') {
    parts.push({ part: 'payload', label: 'Payload before decoding', size: payload })
  }
  if (wire > 0) parts.push({ part: 'wire', label: 'Whole row on the wire', size: wire })
  return parts
}

function contentLabel(detail: RowDetail, decoded: boolean): string {
  if (detail.kind === 'script-call') return 'Value'
  const undone = [...(detail.frame?.masked ? ['unmasked'] : []), ...(decoded ? ['decoded'] : [])]
  return undone.length > 0 ? `Payload, ${undone.join(' and ')}` : 'Payload'
}

export type PayloadView = 'text' | 'json' | 'hex'

/** The view that suits when none was chosen: JSON as a tree, text as text, the rest as hex. */
export function viewFor(detail: RowDetail, part: BytesPart): PayloadView {
  if (part === 'content') return ({ json: 'json', text: 'text', binary: 'hex' } as const)[detail.contentType]
  return detail.frame || detail.contentType === 'binary' ? 'hex' : 'text'
}

/** `1 028 B from 120 B (8.57 to 1)`. */
export function sizeWords(detail: RowDetail, part: PayloadPart): string {
  const { content, payload } = detail.sizes
  const size = formatBytes(part.size)
  if (part.part !== 'content' || payload === 0 || content === payload || detail.kind === 'script-call') return size
  return `${size} from ${formatBytes(payload)} (${significant(content / payload)} to 1)`
}

/** Raw bytes of a head, or of trailers, would show what its own tab hides. */
export function hidesSecrets(detail: RowDetail): boolean {
  const request = detailsOf(detail, 'http-request')
  const head = request ?? detailsOf(detail, 'http-response')
  if (head) return headHasSecrets(head.headers, request?.target)
  return headHasSecrets(detailsOf(detail, 'http-body')?.trailers ?? [])
}

/** Larger documents are read as text: a tree needs all of its text at hand. */
export const MOST_JSON = 4_194_304

/** Does it look like a JSON document, also where nobody said so? */
export const looksLikeJson = (text: string): boolean => /^[\ufeff\s]*[[{]/.test(text)
