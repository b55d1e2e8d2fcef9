/**
 * What an answer means to the technique that asked: what is wrong with it, and who reads its body.
 * Knows heads only; the bytes are direction.ts.
 */
import type { Limits, RequestHead, ResponseHead, Technique } from '../../../preload/contract/index.ts'
import { createIframeDissector } from '../iframe/dissector.ts'
import { createJsonpDissector } from '../iframe/jsonp.ts'
import type { BodyDissector, RowSink } from '../row-sink.ts'
import { createSseDissector } from '../sse/dissector.ts'
import { decodeUtf8 } from '../sse/utf8.ts'
import { cacheProblem } from './caching.ts'
import type { Framing } from './framing.ts'
import type { HeadFinding } from './head.ts'
import { hasHeader, headerValue, isJavaScript, mediaType } from './tokens.ts'

export interface Answer {
  technique: Technique | null
  /** Null when none was seen. */
  request: RequestHead | null
  response: ResponseHead
  framing: Framing
}

/**
 * What a browser asks for besides the technique's own requests: the page that runs it, its icon, its styles.
 * https://www.w3.org/TR/fetch-metadata/#sec-fetch-dest-header
 */
const OTHER_DESTINATIONS = new Set([
  'document',
  'image',
  'style',
  'font',
  'manifest',
  'audio',
  'video',
  'object',
  'embed',
])

export const isSideRequest = (request: RequestHead | null): boolean =>
  request !== null && OTHER_DESTINATIONS.has(headerValue(request.headers, 'sec-fetch-dest')?.toLowerCase() ?? '')

const isOk = (status: number): boolean => status >= 200 && status < 300
/** An EventSource follows these (HTML 9.2.3 fetches with redirects). */
const REDIRECTS = new Set([301, 302, 303, 307, 308])

const EVENT_STREAM = 'text/event-stream'
/** Whatever the URL promised, a body of these types is no event stream. */
const NEVER_EVENTS = new Set(['text/html', 'application/json'])

/** Types that say nothing against a script. */
const UNTYPED = new Set(['', 'text/plain', 'application/octet-stream'])

/** The technique that this one answer is part of; null when it is a side request. */
function techniqueOf({ technique, request, response }: Answer): Technique | null {
  if (isSideRequest(request)) return null
  if (technique !== null) return technique
  return mediaType(response.headers).type === EVENT_STREAM ? 'sse' : null
}

/** Findings of the answer's row that the head alone tells. */
export function answerFindings(answer: Answer): HeadFinding[] {
  const { request, response } = answer
  const { status } = response
  const findings: HeadFinding[] = []
  if (status >= 400)
    findings.push({ id: 'http-refused', note: `HTTP ${status} ${response.reason}`.trim().slice(0, 80) })
  const technique = techniqueOf(answer)
  if (technique === 'sse') findings.push(...sseFindings(response))
  if (technique === 'iframe-stream' && isOk(status)) findings.push(...iframeFindings(response))
  if (technique === 'polling' || technique === 'long-polling') {
    const problem = cacheProblem(request, response)
    if (problem !== null) findings.push({ id: 'poll-cache', note: problem })
    const { type } = mediaType(response.headers)
    if (wantsScript(answer) && !isJavaScript(type)) {
      findings.push({ id: 'jsonp-content-type', note: `got ${type.slice(0, 60) || 'none'}` })
    }
  }
  return findings
}

/** A callback named in the query, and not asked for by `fetch`, which would read the answer rather than run it. */
function wantsScript({ request, response, framing }: Answer): boolean {
  if (request === null || !isOk(response.status) || framing.kind === 'none') return false
  if (headerValue(request.headers, 'sec-fetch-dest') === 'empty') return false
  return /[?&](?:callback|jsonp)=[\w$.]+(?:&|$)/.test(request.target)
}

/** https://html.spec.whatwg.org/multipage/server-sent-events.html#sse-processing-model */
function sseFindings({ status, headers }: ResponseHead): HeadFinding[] {
  if (status === 204) return [{ id: 'sse-no-content' }]
  if (REDIRECTS.has(status)) return []
  const findings: HeadFinding[] = []
  if (status !== 200) findings.push({ id: 'sse-status', note: `got ${status}` })
  const { type, parameters } = mediaType(headers)
  if (type !== EVENT_STREAM) {
    if (status === 200) findings.push({ id: 'sse-content-type', note: `got ${type.slice(0, 60) || 'none'}` })
    return findings
  }
  const charset = parameters.get('charset')
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) {
    findings.push({ id: 'sse-charset', note: `got ${charset.slice(0, 40)}` })
  }
  return findings
}

function iframeFindings({ headers }: ResponseHead): HeadFinding[] {
  const findings: HeadFinding[] = []
  const { type } = mediaType(headers)
  if (type !== 'text/html') findings.push({ id: 'iframe-content-type', note: `got ${type.slice(0, 60) || 'none'}` })
  if (hasHeader(headers, 'content-length')) findings.push({ id: 'iframe-complete' })
  return findings
}

/** HTML 9.2.4: Last-Event-ID carries the UTF-8 octets of the ID. */
function sseReader(request: RequestHead | null, sink: RowSink, limits: Limits): BodyDissector {
  const octets = request === null ? null : headerValue(request.headers, 'last-event-id')
  return createSseDissector(sink, limits, octets === null ? '' : decodeUtf8(Buffer.from(octets, 'latin1')))
}

/** Null when the body is shown as it is. */
export function bodyReaderFor(answer: Answer, sink: RowSink, limits: Limits): BodyDissector | null {
  const { response, framing } = answer
  if (framing.kind === 'none' || framing.kind === 'unknown') return null
  const { type } = mediaType(response.headers)
  if (type === EVENT_STREAM) return sseReader(answer.request, sink, limits)
  if (isSideRequest(answer.request) || !isOk(response.status)) return null
  switch (answer.technique) {
    case 'sse':
      // an EventSource refuses a wrong type; what it would have read still tells what is going on
      return NEVER_EVENTS.has(type) ? null : sseReader(answer.request, sink, limits)
    case 'iframe-stream':
      return type === 'text/html' || type === '' ? createIframeDissector(sink, limits) : null
    case 'polling':
    case 'long-polling':
      if (isJavaScript(type) || (wantsScript(answer) && UNTYPED.has(type))) return createJsonpDissector(sink, limits)
      return type === 'text/html' ? createIframeDissector(sink, limits) : null
    case null:
      // with a length it is an ordinary page
      return type === 'text/html' && framing.kind !== 'length' ? createIframeDissector(sink, limits) : null
    case 'websocket':
      return null
  }
}
