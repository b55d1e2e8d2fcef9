/** What is known about a connection before its first byte of HTTP: addresses and TLS, as key/value lines. */
import { type DetailsByKind, maskTarget, TECHNIQUE_LABELS } from '../../../../preload/contract/index.ts'
import type { Fact } from '../parts/fact.ts'

export function connectFacts(connect: DetailsByKind['connect']): Fact[] {
  return [
    ...(connect.url ? [{ label: 'URL', value: maskTarget(connect.url) }] : []),
    ...(connect.technique
      ? [{ label: 'technique', value: TECHNIQUE_LABELS[connect.technique], look: 'words' as const }]
      : []),
    { label: 'client', value: addresses(connect).client, tone: 'client' },
    { label: 'server', value: addresses(connect).server, tone: 'server' },
    {
      label: 'opened by',
      value: connect.by === 'probe' ? 'our probe' : 'a client of a reference server',
      look: 'words',
    },
  ]
}

export function tlsFacts(tls: DetailsByKind['tls']): Fact[] {
  return [
    { label: 'protocol', value: tls.protocol },
    { label: 'cipher', value: tls.cipher },
    { label: 'server name', value: tls.servername || 'none sent', note: 'Sent in the clear at the start (SNI).' },
    { label: 'ALPN', value: tls.alpn || 'none agreed' },
    tls.authorized
      ? { label: 'certificate', value: 'trusted', look: 'words', tone: 'server' }
      : {
          label: 'certificate',
          value: `not trusted: ${tls.authorizationError || 'no reason given'}`,
          look: 'words',
          tone: 'bad',
        },
    { label: 'subject', value: tls.subject },
    { label: 'issuer', value: tls.issuer },
    { label: 'valid until', value: tls.validTo },
  ]
}

/** Client and server address of a connection in that order, whoever recorded it. */
export function addresses(connect: DetailsByKind['connect']): { client: string; server: string } {
  return connect.by === 'probe'
    ? { client: connect.local, server: connect.remote }
    : { client: connect.remote, server: connect.local }
}
