/**
 * Opens the sockets of a probe: TCP or TLS, tapped before anyone writes to them, each with its `connect` and `tls`
 * rows. What is said on them is the business of undici, ws or whoever asked.
 */
import { isIP, type Socket } from 'node:net'
import { TLSSocket, type PeerCertificate } from 'node:tls'
import { buildConnector } from 'undici'
import { FROM, type DetailsByKind, type Technique } from '../../preload/contract/index.ts'
import type { ConnectionRecorder, Recorder } from '../capture/recorder.ts'
import { tap } from '../capture/tap.ts'
import { watchHeads, type OnHead } from './head-watch.ts'
import { certificateTrouble, placeOf, troubleError } from './failure.ts'

/** ms until a connection attempt is given up. */
export const CONNECT_TIMEOUT = 10_000

export interface DialerOptions {
  recorder: Recorder
  /** null: not known yet; the dissector looks at the Content-Type. */
  technique: Technique | null
  /** Take any certificate. It is shown all the same. */
  insecure: boolean
  connectTimeout?: number
  /** Sees the heads of a connection's answers before the recorder does. */
  watch?: (connection: ConnectionRecorder) => OnHead
}

export type Dialed = (error: Error | null, socket: Socket | null) => void

export interface Dialer {
  /** Calls back with a connected, tapped socket (after the TLS handshake for https and wss), or with why not. */
  dial(url: URL, done: Dialed): void
  /** Sockets opened so far: tells whether a request went over a fresh one. */
  opened(): number
  /** The connection of the last dial; null while there is none. */
  connection(): ConnectionRecorder | null
  /** The technique became known. */
  technique(technique: Technique): void
  /** Why the last socket broke; null when it did not. */
  socketError(): Error | null
  /** Ends every socket at once; nothing is dialled afterwards. */
  destroy(): void
  /** Resolves when no socket is left, so that all their bytes are recorded. */
  closed(): Promise<void>
}

type Connector = (options: buildConnector.Options, done: Dialed) => Socket

export function createDialer(options: DialerOptions): Dialer {
  const { recorder, insecure, connectTimeout = CONNECT_TIMEOUT } = options
  // Rejected certificates are looked at first and refused below: so their `tls` row is there to read.
  const connect = buildConnector({
    allowH2: false, // only HTTP/1.1 can be read on the wire
    maxCachedSessions: 0, // a resumed session shows no certificate
    timeout: connectTimeout,
    rejectUnauthorized: false,
  }) as unknown as Connector
  const sockets = new Set<Socket>()
  /** What is dialled and not yet connected, so that no row tells of it. */
  const pending = new Map<Socket, URL>()
  let waiting: (() => void)[] = []
  let technique = options.technique
  let newest: ConnectionRecorder | null = null
  let count = 0
  let broken: Error | null = null
  let destroyed = false

  const track = (socket: Socket): void => {
    sockets.add(socket)
    socket.once('close', () => {
      sockets.delete(socket)
      if (sockets.size > 0) return
      for (const resolve of waiting) resolve()
      waiting = []
    })
    socket.on('error', (error) => (broken = error))
  }

  const open = (socket: Socket, url: URL): void => {
    const connection = recorder.connection(technique)
    newest = connection
    count += 1
    broken = null
    connection.local({ kind: 'connect', details: connectDetails(socket, url, technique) })
    tap(socket, options.watch ? watchHeads(connection, options.watch(connection)) : connection, 'client')
    tellDestroy(socket, connection)
    if (!(socket instanceof TLSSocket)) return
    const details = tlsDetails(socket, url)
    connection.local({
      kind: 'tls',
      details,
      findings: details.authorized ? [] : [{ id: 'tls-certificate', note: details.authorizationError }],
    })
    if (!details.authorized && !insecure) {
      throw troubleError(certificateTrouble(details.authorizationError, url, details.subject))
    }
  }

  return {
    dial(url, done) {
      if (destroyed) return done(new Error('The probe was closed.'), null)
      newest = null
      const secure = url.protocol === 'https:' || url.protocol === 'wss:'
      const hostname = url.hostname.replace(/^\[|\]$/g, '')
      const socket = connect(
        {
          hostname,
          host: url.host,
          protocol: secure ? 'https:' : 'http:',
          port: url.port || (secure ? '443' : '80'),
          servername: isIP(hostname) === 0 ? hostname : '',
        },
        (error, connected) => {
          pending.delete(socket)
          if (error || !connected) return done(error ?? new Error('no socket'), null)
          try {
            open(connected, url)
          } catch (refused) {
            connected.destroy()
            return done(refused as Error, null)
          }
          done(null, connected)
        },
      )
      pending.set(socket, url)
      track(socket)
    },
    opened: () => count,
    connection: () => newest,
    technique(known) {
      technique = known
      newest?.technique(known)
    },
    socketError: () => broken,
    destroy() {
      destroyed = true
      for (const [socket, url] of pending) recorder.local({ kind: 'note', details: { text: unfinished(socket, url) } })
      pending.clear()
      for (const socket of sockets) socket.destroy()
    },
    closed: () => (sockets.size === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  }
}

/** A TLS socket has an address once TCP is connected. */
const unfinished = (socket: Socket, url: URL): string =>
  socket.remoteAddress === undefined
    ? `Ended before ${placeOf(url)} took the connection.`
    : `Ended before ${placeOf(url)} answered the TLS handshake.`

/** A socket that is destroyed here was ended by this side, whatever its streams report afterwards. */
function tellDestroy(socket: Socket, connection: ConnectionRecorder): void {
  const destroy = socket.destroy.bind(socket)
  socket.destroy = (error?: Error) => {
    const fromSystem = (error as NodeJS.ErrnoException | undefined)?.syscall !== undefined // a reset, a broken pipe
    if (!socket.destroyed && !fromSystem) connection.end(FROM.client)
    return destroy(error)
  }
}

const place = (address: string | undefined, port: number | undefined): string =>
  address?.includes(':') ? `[${address}]:${port}` : `${address}:${port}`

const connectDetails = (socket: Socket, url: URL, technique: Technique | null): DetailsByKind['connect'] => ({
  url: withoutCredentials(url),
  ...(technique === null ? {} : { technique }),
  remote: place(socket.remoteAddress, socket.remotePort),
  local: place(socket.localAddress, socket.localPort),
  by: 'probe',
})

/** A password in the URL is in the request's Authorization header; it need not stand in a title too. */
function withoutCredentials(url: URL): string {
  const shown = new URL(url)
  shown.password = ''
  return shown.href
}

function tlsDetails(socket: TLSSocket, url: URL): DetailsByKind['tls'] {
  const certificate = socket.getPeerCertificate() as Partial<PeerCertificate>
  const cipher = socket.getCipher()
  return {
    protocol: socket.getProtocol() ?? '',
    cipher: cipher.standardName || cipher.name,
    servername: isIP(url.hostname) === 0 ? url.hostname : '',
    alpn: socket.alpnProtocol || '',
    authorized: socket.authorized,
    // Node sets a code here; its types say Error.
    authorizationError: socket.authorized ? '' : String(socket.authorizationError),
    subject: nameOf(certificate.subject),
    issuer: nameOf(certificate.issuer),
    validTo: isoDate(certificate.valid_to ?? ''),
  }
}

/** `CN=example.org, O=Example`. */
const nameOf = (name: PeerCertificate['subject'] | undefined): string =>
  Object.entries(name ?? {})
    .map(([key, value]) => `${key}=${Array.isArray(value) ? value.join('+') : String(value)}`)
    .reverse()
    .join(', ')

function isoDate(text: string): string {
  const time = Date.parse(text)
  return Number.isNaN(time) ? text : new Date(time).toISOString()
}
