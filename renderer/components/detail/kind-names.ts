/** What a row is called at the head of its detail: its kind in full, with the list's own word where that adds something. */
import type { Kind, RowDetail } from '../../../preload/contract/index.ts'

const NAMES: Readonly<Record<Kind, string>> = {
  connect: 'Connection',
  tls: 'TLS handshake',
  'http-request': 'Request',
  'http-response': 'Response',
  'http-body': 'Body',
  'ws-frame': 'Frame',
  'ws-message': 'Message',
  'sse-event': 'Event',
  'sse-comment': 'Comment',
  'sse-retry': 'Reconnection time',
  'sse-id': 'Last event ID',
  'script-call': 'Script',
  poll: 'Poll',
  reconnect: 'Reconnect',
  close: 'Close',
  error: 'Error',
  'api-event': 'API event',
  note: 'Note',
}

export function kindName(detail: Pick<RowDetail, 'kind' | 'label'>): string {
  const name = NAMES[detail.kind]
  const { label } = detail
  const says = label !== '' && label !== detail.kind && !name.toLowerCase().includes(label.toLowerCase())
  return says ? `${name} · ${label}` : name
}
