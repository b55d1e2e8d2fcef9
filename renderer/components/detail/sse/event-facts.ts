/** What one block of an event stream says, as key/value lines, with why it was dropped when it was. Pure. */
import type { RowDetail, SseFields } from '../../../../preload/contract/index.ts'
import { formatCount } from '../../../format/index.ts'
import type { Fact } from '../parts/fact.ts'

/** Characters of a comment beside its label; the line below has them all. */
const SHOWN_TEXT = 200

export function eventFacts(detail: RowDetail, sse: SseFields): Fact[] {
  const facts: Fact[] = []
  if (detail.kind === 'sse-event') {
    facts.push({
      label: 'event',
      value: sse.event || 'message',
      ...(sse.lines.some((line) => line.role === 'event') ? {} : { note: 'The default, as no event field was sent.' }),
    })
  }
  if (detail.kind === 'sse-comment') {
    const text = (sse.lines[0]?.value ?? '').replace(/^ /, '')
    const shown = text.length > SHOWN_TEXT ? `${text.slice(0, SHOWN_TEXT)}…` : text
    facts.push({ label: 'text', value: shown || 'empty', look: text ? 'wire' : 'words' })
  }
  // A comment or a retry line sets no id, and which one is in force is not kept with it.
  if (detail.kind === 'sse-event' || detail.kind === 'sse-id') facts.push(...idFacts(sse))
  if (sse.retry !== null) {
    facts.push({ label: 'retry', value: `${formatCount(sse.retry)} ms`, note: 'How long to wait before reconnecting.' })
  }
  if (detail.kind === 'sse-event') {
    facts.push(
      sse.dropped
        ? { label: 'dispatched', value: 'no, dropped', look: 'words', tone: 'warn', note: whyDropped(sse) }
        : { label: 'dispatched', value: 'yes', look: 'words' },
    )
  }
  return facts
}

function idFacts(sse: SseFields): Fact[] {
  return [
    {
      label: 'id',
      value: sse.id === null ? 'not set here' : sse.id === '' ? 'set to the empty string' : sse.id,
      look: sse.id ? 'wire' : 'words',
      ...(sse.id === '' ? { note: 'This forgets the last event ID: no Last-Event-ID on reconnecting.' } : {}),
    },
    {
      label: 'last event ID',
      value: sse.lastEventId || 'empty',
      look: sse.lastEventId ? 'wire' : 'words',
      note: sse.lastEventId
        ? 'What a reconnecting client would send as Last-Event-ID at that moment.'
        : 'A reconnecting client would send no Last-Event-ID.',
    },
  ]
}

/** HTML 9.2.6: no data, no event; an unfinished block at the end of the stream is discarded. */
export function whyDropped(sse: SseFields): string {
  const last = sse.lines.at(-1)
  if (last?.role === 'more') return 'The specification does not dispatch this block.'
  if (!last || last.end === '' || last.role !== 'blank') {
    return 'The stream ended before the blank line that would have ended the block.'
  }
  return sse.lines.some((line) => line.role === 'data')
    ? 'The specification does not dispatch this block.'
    : 'The block has no data field, and without data nothing is dispatched.'
}
