/**
 * Which technique an endpoint speaks: from what was typed, from its URL, and from the head of its answer. Pure;
 * the request that gets the answer is guessing-probe.ts.
 */
import type { IncomingHttpHeaders } from 'node:http'
import { fail, ok, type Result, type Technique } from '../../preload/contract/index.ts'
import { headerOf, mediaType } from './headers.ts'

const SCHEMES = ['ws:', 'wss:', 'http:', 'https:']

/** What was typed as a URL; a missing scheme becomes http, or https for port 443. */
export function parseEndpoint(text: string): Result<URL> {
  const typed = text.trim()
  if (typed === '') return fail('bad-url', 'There is no URL.', 'Type one, such as ws://127.0.0.1:8004/')
  const scheme = /^([a-z][a-z0-9+.-]*):(?!\d)/i.exec(typed)?.[1]?.toLowerCase()
  if (scheme !== undefined && !SCHEMES.includes(`${scheme}:`)) {
    return fail('bad-url', `${scheme}: is not a scheme that can be inspected.`, 'Use ws, wss, http or https.')
  }
  if (scheme !== undefined && !/^[a-z]+:\/\//i.test(typed)) {
    return fail(
      'bad-url',
      `Two slashes are missing after ${scheme}:`,
      `Write ${scheme}://${typed.slice(scheme.length + 1).replace(/^\/+/, '')}`,
    )
  }
  const whole =
    scheme === undefined
      ? `${/^[^/?#]*:443(?:[/?#]|$)/.test(typed) ? 'https' : 'http'}://${typed.replace(/^\/\//, '')}`
      : typed
  const url = URL.canParse(whole) ? new URL(whole) : null
  if (!url)
    return fail('bad-url', describe(whole), 'A URL looks like ws://127.0.0.1:8004/ or https://example.org/events')
  url.hash = '' // never sent, and ws refuses it
  return ok(url)
}

/** What keeps `text` from being a URL. */
function describe(text: string): string {
  const authority = /^[a-z]+:\/\/([^/?#]*)/i.exec(text)?.[1] ?? ''
  const host = authority.replace(/^.*@/, '')
  const port = /:([^:\]]*)$/.exec(host)?.[1]
  if (host.startsWith('[') || (host.match(/:/g)?.length ?? 0) > 1)
    return 'An IPv6 address stands in brackets: [::1]:8004.'
  if (host === '' || host.startsWith(':')) return 'The URL has no host.'
  if (/\s/.test(host)) return 'The host has a space in it.'
  if (port !== undefined && !/^\d*$/.test(port)) return `The port "${port}" is not a number.`
  if (port !== undefined && Number(port) > 65_535) return `The port ${port} is larger than 65535.`
  return `"${host}" is not a host name or address.`
}

/** From the URL alone; null when it does not tell. */
export function guessTechnique(url: URL): Technique | null {
  if (url.protocol === 'ws:' || url.protocol === 'wss:') return 'websocket'
  const names = [...url.searchParams.keys()].map((name) => name.toLowerCase())
  const has = (...known: string[]): boolean => known.some((name) => names.includes(name))
  if (has('lasteventid', 'last-event-id', 'last_event_id')) return 'sse'
  if (has('since', 'cursor', 'wait', 'timeout')) return 'long-polling'
  if (has('callback', 'jsonp')) return 'polling'
  return null
}

export interface Guess {
  technique: Technique
  /** Half a sentence: `the Content-Type is text/event-stream`. */
  why: string
}

/** From the head of an answer to an ordinary GET. */
export function guessFromAnswer(status: number, headers: IncomingHttpHeaders): Guess {
  const upgrades = headerOf(headers, 'upgrade')
    .toLowerCase()
    .split(/[\s,]+/)
    .includes('websocket')
  if (status === 101 || (status >= 400 && upgrades)) {
    return { technique: 'websocket', why: `HTTP ${status} with Upgrade: websocket` }
  }
  if (status === 426 || (status >= 400 && headers['sec-websocket-version'] !== undefined)) {
    return { technique: 'websocket', why: `HTTP ${status} asks for an upgrade` }
  }
  const type = mediaType(headers)
  if (type === 'text/event-stream') return { technique: 'sse', why: 'the Content-Type is text/event-stream' }
  if (status < 300 && type === 'text/html' && headers['content-length'] === undefined) {
    return { technique: 'iframe-stream', why: 'the answer is HTML without a length, as an endless page is' }
  }
  return { technique: 'polling', why: `the answer is ${type || 'without a Content-Type'} and complete in itself` }
}

/** The same endpoint for a technique that needs the other kind of scheme: ws and http, wss and https. */
export function withSchemeOf(technique: Technique | null, url: URL): URL {
  const secure = url.protocol === 'wss:' || url.protocol === 'https:'
  const other = new URL(url)
  other.protocol = `${technique === 'websocket' ? 'ws' : 'http'}${secure ? 's' : ''}:`
  return other
}
