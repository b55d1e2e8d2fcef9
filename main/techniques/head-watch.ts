/**
 * Looks at the heads of answers on their way to a connection's recorder, so that the technique is known before the
 * first body byte is dissected. Changes and holds back no byte; what is no head it lets pass.
 */
import type { IncomingHttpHeaders } from 'node:http'
import { DEFAULT_LIMITS, FROM } from '../../preload/contract/index.ts'
import type { TapTarget } from '../capture/tap.ts'

/** Return true to look at no more of them. */
export type OnHead = (status: number, headers: IncomingHttpHeaders) => boolean

const END = '\r\n\r\n'

export function watchHeads(target: TapTarget, onHead: OnHead): TapTarget {
  let watching = true
  let head = ''

  const look = (chunk: Uint8Array): void => {
    // A client waits for an answer before it asks again, so a head begins where a piece does.
    if (head === '' && Buffer.from(chunk.subarray(0, 5)).toString('latin1') !== 'HTTP/') return
    head += Buffer.from(chunk).toString('latin1')
    for (let end = head.indexOf(END); end >= 0; end = head.indexOf(END)) {
      const status = Number(head.slice(9, 12))
      const interim = status >= 100 && status < 200 && status !== 101
      if (!interim) {
        watching = !onHead(status, parse(head.slice(0, end)))
        head = ''
        return
      }
      head = head.slice(end + END.length)
    }
    if (head.length > DEFAULT_LIMITS.headBytes) watching = false
  }

  return {
    bytes(from, chunk) {
      if (watching && from === FROM.server) look(chunk)
      target.bytes(from, chunk)
    },
    end: (from, reset) => target.end(from, reset),
    onHold: (listener) => target.onHold(listener),
  }
}

function parse(head: string): IncomingHttpHeaders {
  const headers: IncomingHttpHeaders = {}
  for (const line of head.split('\r\n').slice(1)) {
    const colon = line.indexOf(':')
    if (colon <= 0) continue
    const name = line.slice(0, colon).toLowerCase()
    const value = line.slice(colon + 1).trim()
    headers[name] = headers[name] === undefined ? value : `${String(headers[name])}, ${value}`
  }
  return headers
}
