/** Undoes the content codings of an answer, as its header names them. What is shown comes from the dissector, not from here. */
import type { IncomingHttpHeaders } from 'node:http'
import { DEFAULT_LIMITS, type Limits } from '../../preload/contract/index.ts'
import { createDecoder, type Decoder } from '../protocol/http/coding.ts'
import { headerTokens } from '../protocol/http/tokens.ts'
import { headerOf } from './headers.ts'

/** Null when nothing is coded, and when nobody knows the coding: browsers, too, take such bytes as they are. */
export function decoderOf(headers: IncomingHttpHeaders, limits: Limits = DEFAULT_LIMITS): Decoder | null {
  const value = headerOf(headers, 'content-encoding')
  return createDecoder(headerTokens([['content-encoding', value]], 'content-encoding'), limits).decoder
}

/** The whole body, of which no more than `most` bytes matter. */
export function plainBody(headers: IncomingHttpHeaders, body: Buffer, most: number): Buffer {
  const decoder = decoderOf(headers, { ...DEFAULT_LIMITS, inflated: most })
  if (decoder === null) return body
  const plain = Buffer.concat([decoder.decode(body), decoder.finish()])
  decoder.close()
  return plain.subarray(0, most)
}
