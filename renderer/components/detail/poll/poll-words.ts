/** A poll in words: whether it brought news, its figures, its links. Pure; PollTab.vue shows it. */
import type { DetailsByKind } from '../../../../preload/contract/index.ts'
import { formatBytes, formatDuration, formatPercent, significant } from '../../../format/index.ts'
import type { Fact } from '../parts/fact.ts'
import type { Share } from '../parts/ProportionBar.vue'

type Poll = DetailsByKind['poll']

export function pollSentence(poll: Poll): string {
  const after = formatDuration(poll.waited)
  if (!poll.empty) return `Answered with ${formatBytes(poll.bodyBytes)} of news after ${after}.`
  const why = poll.status === 304 ? 'not modified' : poll.status === 204 ? 'no content' : 'an empty body'
  return `No news: ${poll.status}, ${why}, after ${after}.`
}

export function pollFacts(poll: Poll): Fact[] {
  return [
    { label: 'status', value: String(poll.status), ...(poll.status >= 400 ? { tone: 'bad' as const } : {}) },
    { label: 'empty', value: poll.empty ? 'yes, no news' : 'no', look: 'words' },
    { label: 'took', value: formatDuration(poll.took), note: 'First byte of the request to last byte of the answer.' },
    { label: 'request', value: `#${poll.requestSeq}`, seq: poll.requestSeq },
    { label: 'answer', value: `#${poll.responseSeq}`, seq: poll.responseSeq },
  ]
}

/** Header bytes against body bytes of one cycle, both directions together. */
export function pollShares(poll: Poll): Share[] {
  const whole = poll.headerBytes + poll.bodyBytes
  const text = (size: number): string => `${formatBytes(size)} (${formatPercent(size, whole)})`
  return [
    { label: 'headers', size: poll.headerBytes, text: text(poll.headerBytes), tone: 'weak' },
    { label: 'body', size: poll.bodyBytes, text: text(poll.bodyBytes), tone: 'strong' },
  ]
}

export function overheadSentence(poll: Poll): string {
  return poll.bodyBytes === 0
    ? 'All of it was overhead: headers and no body.'
    : `${significant(poll.headerBytes / poll.bodyBytes)} header bytes for each byte of body.`
}
