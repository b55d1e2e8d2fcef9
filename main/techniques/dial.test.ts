/** Dialling: what is told of a socket, and which certificates are let through. */
import { rootCertificates, setDefaultCACertificates } from 'node:tls'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { createDialer, type Dialer } from './dial.ts'
import { troubleOf, type Trouble } from './failure.ts'
import { createCertificate, type CertificateOptions } from './testing/certificate.ts'
import { createMemoryRecorder, type MemoryRecorder } from './testing/memory-recorder.ts'
import { closedPort, serveTcp, serveTls } from './testing/servers.ts'

const DAY = 86_400_000

function begin(insecure = false): { dialer: Dialer; recorder: MemoryRecorder } {
  const recorder = createMemoryRecorder()
  const dialer = createDialer({ recorder, technique: 'websocket', insecure })
  onTestFinished(async () => {
    dialer.destroy()
    await dialer.closed()
  })
  return { dialer, recorder }
}
/** null when it connected. */
const dial = (dialer: Dialer, url: URL): Promise<Trouble | null> =>
  new Promise((resolve) => dialer.dial(url, (error) => resolve(error ? troubleOf(error, url) : null)))

it('tells where it was when it ended before there was a connection', async () => {
  const hello = Promise.withResolvers<unknown>()
  const silent = await serveTcp((socket) => socket.once('data', hello.resolve))
  const { dialer, recorder } = begin()
  dialer.dial(new URL(`wss://${silent}/`), () => undefined)
  await hello.promise
  dialer.destroy()
  await dialer.closed()
  expect(recorder.rows).toMatchObject([
    { kind: 'note', details: { text: `Ended before ${silent} answered the TLS handshake.` } },
  ])
})

describe('certificates, by a trusted authority', () => {
  afterEach(() => setDefaultCACertificates([...rootCertificates]))
  const local = { commonName: 'test', addresses: ['127.0.0.1'] }

  it.each<[string, CertificateOptions, RegExp | null]>([
    ['good', local, null],
    [
      'expired',
      { ...local, notBefore: new Date(Date.now() - 9 * DAY), notAfter: new Date(Date.now() - DAY) },
      /has expired/,
    ],
    [
      'not yet valid',
      { ...local, notBefore: new Date(Date.now() + DAY), notAfter: new Date(Date.now() + 9 * DAY) },
      /not valid yet/,
    ],
    [
      'for another host',
      { commonName: 'other.example', names: ['other.example'] },
      /not for 127\.0\.0\.1: it was issued for CN=other\.example/,
    ],
  ])('%s', async (_, options, sentence) => {
    const certificate = createCertificate(options)
    setDefaultCACertificates([certificate.cert])
    const place = await serveTls(certificate, () => undefined)
    const { dialer, recorder } = begin()
    const trouble = await dial(dialer, new URL(`https://${place}/`))
    expect(recorder.rowsOf('tls')[0]?.details['authorized']).toBe(sentence === null)
    if (sentence === null) return expect(trouble).toBeNull()
    expect(trouble).toMatchObject({ finding: 'tls-certificate', failure: { message: expect.stringMatching(sentence) } })
    expect(trouble?.failure.hint).not.toBe('')
  })
})

it('a connection begins with a row that names both ends', async () => {
  const place = await serveTcp(() => undefined)
  const { dialer, recorder } = begin()
  await dial(dialer, new URL(`ws://user:secret@${place}/x`))
  expect(recorder.rows).toMatchObject([
    { connection: 1, kind: 'connect', details: { technique: 'websocket', remote: place, by: 'probe' } },
  ])
  expect(recorder.rows[0]?.details['local']).toMatch(/^127\.0\.0\.1:\d+$/)
  expect(JSON.stringify(recorder.rows)).not.toContain('secret')
})

it('a port that refuses is no connection', async () => {
  const { dialer, recorder } = begin()
  expect(await dial(dialer, new URL(`ws://${await closedPort()}/`))).toMatchObject({ finding: 'net-refused' })
  expect(recorder.connections).toEqual([])
  expect(dialer.connection()).toBeNull()
})

it('after destroy() nothing is dialled, and closed() resolves when no socket is left', async () => {
  const place = await serveTcp(() => undefined)
  const { dialer, recorder } = begin()
  await dial(dialer, new URL(`http://${place}/`))
  dialer.destroy()
  await dialer.closed()
  expect(recorder.connections[0]?.ended).toEqual({ client: true, server: true })
  expect(await dial(dialer, new URL(`http://${place}/`))).not.toBeNull()
  expect(recorder.connections).toHaveLength(1)
})
