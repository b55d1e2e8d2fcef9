/** Self-signed certificates for tests, made on the spot (X.509 v3, ECDSA P-256): RFC 5280 4.1 in DER. */
import { createSign, generateKeyPairSync, randomBytes } from 'node:crypto'

export interface CertificateOptions {
  commonName: string
  /** IPv4 addresses it is for. */
  addresses?: string[]
  names?: string[]
  notBefore?: Date
  notAfter?: Date
}

const DAY = 86_400_000
const ECDSA_SHA256 = Buffer.from('06082a8648ce3d040302', 'hex')
const COMMON_NAME = Buffer.from('0603550403', 'hex')
const ALT_NAME = Buffer.from('0603551d11', 'hex')

export function createCertificate(options: CertificateOptions): { key: string; cert: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { notBefore = new Date(Date.now() - DAY), notAfter = new Date(Date.now() + DAY) } = options
  const name = sequence(der(0x31, sequence(COMMON_NAME, der(0x0c, Buffer.from(options.commonName)))))
  const alternatives = [
    ...(options.names ?? []).map((text) => der(0x82, Buffer.from(text))),
    ...(options.addresses ?? []).map((text) => der(0x87, Buffer.from(text.split('.').map(Number)))),
  ]
  const signed = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1, ...randomBytes(8)])),
    sequence(ECDSA_SHA256),
    name,
    sequence(time(notBefore), time(notAfter)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(sequence(ALT_NAME, der(0x04, sequence(...alternatives))))),
  )
  const signature = createSign('SHA256').update(signed).sign(privateKey)
  const whole = sequence(signed, sequence(ECDSA_SHA256), der(0x03, Buffer.concat([Buffer.from([0]), signature])))
  const base64 = whole.toString('base64').match(/.{1,64}/g) ?? []
  return {
    key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    cert: `-----BEGIN CERTIFICATE-----\n${base64.join('\n')}\n-----END CERTIFICATE-----\n`,
  }
}

const sequence = (...parts: Buffer[]): Buffer => der(0x30, Buffer.concat(parts))

function der(tag: number, content: Buffer): Buffer {
  const { length } = content
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

/** UTCTime: `261120160000Z`. */
const time = (date: Date): Buffer =>
  der(
    0x17,
    Buffer.from(
      `${date
        .toISOString()
        .replace(/\.\d+|[-:T]/g, '')
        .slice(2)}`,
    ),
  )
