/** Which tabs fit a row, and which one was last looked at for its kind. DetailPane.vue shows them. */
import type { Kind, RowDetail } from '../../../preload/contract/index.ts'
import { stored } from '../../state/storage.ts'
import { detailsOf } from './details-of.ts'

export const TAB_IDS = [
  'frame',
  'event',
  'poll',
  'script',
  'head',
  'facts',
  'payload',
  'message',
  'handshake',
  'timing',
] as const
export type TabId = (typeof TAB_IDS)[number]

export interface Tab {
  id: TabId
  label: string
}

/** The tab that is about the row itself. */
const OWN: Readonly<Record<Kind, Tab>> = {
  connect: { id: 'facts', label: 'Connection' },
  tls: { id: 'facts', label: 'TLS' },
  'http-request': { id: 'head', label: 'Request' },
  'http-response': { id: 'head', label: 'Response' },
  'http-body': { id: 'facts', label: 'Body' },
  'ws-frame': { id: 'frame', label: 'Frame' },
  'ws-message': { id: 'facts', label: 'Message' },
  'sse-event': { id: 'event', label: 'Event' },
  'sse-comment': { id: 'event', label: 'Comment' },
  'sse-retry': { id: 'event', label: 'Retry' },
  'sse-id': { id: 'event', label: 'ID' },
  'script-call': { id: 'script', label: 'Script' },
  poll: { id: 'poll', label: 'Poll' },
  reconnect: { id: 'facts', label: 'Reconnect' },
  close: { id: 'facts', label: 'Close' },
  error: { id: 'facts', label: 'Error' },
  'api-event': { id: 'facts', label: 'API event' },
  note: { id: 'facts', label: 'Note' },
}

export function tabsFor(detail: RowDetail): Tab[] {
  const { wire, payload, content } = detail.sizes
  return [
    OWN[detail.kind],
    ...(payload > 0 || content > 0
      ? [{ id: 'payload', label: 'Payload' } as const]
      : wire > 0
        ? [{ id: 'payload', label: 'Bytes' } as const]
        : []),
    ...(detailsOf(detail, 'ws-frame')?.messageSeq !== undefined ? [{ id: 'message', label: 'Message' } as const] : []),
    // Notes may belong to no connection.
    ...(detail.connection > 0 ? [{ id: 'handshake', label: 'Handshake' } as const] : []),
    { id: 'timing', label: 'Timing' },
  ]
}

type Chosen = Readonly<Partial<Record<Kind, TabId>>>

const isChosen = (value: unknown): value is Chosen =>
  typeof value === 'object' && value !== null && Object.values(value).every((id) => TAB_IDS.includes(id as TabId))

const chosen = stored<Chosen>('detail-tabs', {}, isChosen)

/** The tab last chosen for rows of this kind, if this row has it; else the one about the row itself. */
export function tabToShow(kind: Kind, tabs: readonly Tab[]): TabId {
  const last = chosen.value[kind]
  return tabs.some((tab) => tab.id === last) ? last! : tabs[0]!.id
}

export function rememberTab(kind: Kind, id: TabId): void {
  chosen.value = { ...chosen.value, [kind]: id }
}
