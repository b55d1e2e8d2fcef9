/** Test support: an endpoint that echoes, and what came out of it, as short lines that read like a transcript. */
import { DEFAULT_LIMITS, OPCODE, type Limits } from '../../../../preload/contract/index.ts'
import { readCloseBody } from '../close.ts'
import { readFrame, unmaskedPayload } from '../decode.ts'
import { createEndpoint, type Endpoint } from '../endpoint.ts'
import type { DeflateParameters } from '../extensions.ts'
import { headerLength, payloadLength } from '../frame.ts'

/** Cuts a stream of whole frames into frames. */
export function splitFrames(bytes: Uint8Array): Uint8Array[] {
  const frames: Uint8Array[] = []
  for (let i = 0; i < bytes.length;) {
    const size = headerLength(bytes[i + 1]!) + payloadLength(bytes, i)
    frames.push(bytes.subarray(i, i + size))
    i += size
  }
  return frames
}

/** `text "a"`, `binary 00ff`, `ping …`, `close 1002`. */
export function describeFrame(wire: Uint8Array): string {
  const frame = readFrame(wire)
  const payload = Buffer.from(unmaskedPayload(wire))
  const shown = frame.rsv1 ? `compressed ${payload.toString('hex')}` : undefined
  switch (frame.opcode) {
    case OPCODE.text:
      return `text ${shown ?? JSON.stringify(payload.toString('utf8'))}`
    case OPCODE.close:
      return payload.length === 0 ? 'close' : `close ${readCloseBody(payload).code}`
    default:
      return `${frame.opcodeName} ${shown ?? payload.toString('hex')}`
  }
}

export interface Talk {
  endpoint: Endpoint
  /** Frames that the endpoint wrote, all bytes of them. */
  written(): Buffer
  /** What it told: `message …`, `ping …`, `pong …`, `closed 1000 bye`, `failed 1002`, `finish`. */
  told: string[]
}

export interface TalkOptions {
  role?: 'client' | 'server'
  deflate?: DeflateParameters | null
  limits?: Partial<Limits>
  echo?: boolean
  autoPong?: boolean
}

export function createTalk({
  role = 'server',
  deflate = null,
  limits,
  echo = true,
  autoPong = true,
}: TalkOptions): Talk {
  const chunks: Uint8Array[] = []
  const told: string[] = []
  const endpoint = createEndpoint({
    role,
    agreement: { deflate },
    limits: { ...DEFAULT_LIMITS, ...limits },
    autoPong,
    maskKey: () => 0x3d21fa37,
    actions: {
      write: (bytes) => chunks.push(bytes),
      message: (payload, isText) => {
        told.push(`message ${isText ? JSON.stringify(payload.toString('utf8')) : payload.toString('hex')}`)
        if (echo) endpoint.sendMessage(payload, isText)
      },
      ping: (payload) => told.push(`ping ${payload.toString('hex')}`),
      pong: (payload) => told.push(`pong ${payload.toString('hex')}`),
      closed: (code, reason) => told.push(`closed ${code} ${reason}`.trimEnd()),
      failed: (code) => told.push(`failed ${code}`),
      finish: () => told.push('finish'),
    },
  })
  return { endpoint, told, written: () => Buffer.concat(chunks) }
}
