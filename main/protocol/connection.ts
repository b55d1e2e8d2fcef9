/**
 * Follows one connection from its first byte, both directions: which answer belongs to which request, when HTTP
 * ends and frames begin, how the connection ends. Writes the rows of heads, polls and the close; bodies and lost
 * bytes are http/direction.ts, frames are websocket/dissector.ts.
 * https://www.rfc-editor.org/rfc/rfc9112#section-9
 */
import { FLAG, FROM, FROMS, KIND, type Limits, type RequestHead, type Technique } from '../../preload/contract/index.ts'
import { answerFindings, bodyReaderFor, isSideRequest } from './http/answer.ts'
import { createDirection, type Completed, type HeadPlace, type HeadPlan } from './http/direction.ts'
import { createExchanges, type Exchange } from './http/exchanges.ts'
import { requestFraming, responseFraming } from './http/framing.ts'
import type { HeadFinding } from './http/head.ts'
import { createHeldBytes } from './http/held-bytes.ts'
import { maySwitch, switchFindings, switchFor, type Switch } from './http/switching.ts'
import { hasToken, headerValues } from './http/tokens.ts'
import type { Dissector, RowSink, Sender } from './row-sink.ts'
import { createWebSocketDissector } from './websocket/dissector.ts'
import { asksForWebSocket, auditRequest, auditResponse } from './websocket/handshake.ts'

export interface ConnectionOptions {
  /** Null: the Content-Type of answers tells. */
  technique: Technique | null
  limits: Limits
}

export interface ConnectionDissector extends Dissector {
  /** Became known late; only before the first body byte. */
  setTechnique(technique: Technique): void
}

/** The answer being read. */
interface Current {
  exchange: Exchange | null
  seq: number
  status: number
  interim: boolean
  place: HeadPlace
}

export function createConnectionDissector(sink: RowSink, options: ConnectionOptions): ConnectionDissector {
  const { limits } = options
  let { technique } = options
  const exchanges = createExchanges(limits)
  const held = createHeldBytes(limits.headBytes)
  let current: Current | null = null
  let switching: Switch | null = null
  let frames: Dissector | null = null

  /** Why the last message was the last of its sender, '' when it was not (RFC 9112 9.3, 9.6). */
  const lastFor: [client: string, server: string] = ['', '']
  const ended: [client: boolean, server: boolean] = [false, false]
  /** What it left unfinished is told. */
  const finished: [client: boolean, server: boolean] = [false, false]
  let endedFirst: Sender | null = null
  let wasReset = false
  /** Bytes the other side had sent when the first side ended. */
  let sentByThen = 0
  let cuts = 0
  let leftEarly = false

  const tell = (findings: readonly HeadFinding[]): void => {
    for (const { id, note } of findings) sink.finding(id, note)
  }

  const headRow = (from: Sender, place: HeadPlace, kind: number, code: number): number =>
    sink.row(place.at, from, kind, place.truncated ? FLAG.truncated : 0, code, place.wireOffset, place.wireLength, 0)

  const afterLast = (
    from: Sender,
    { version, headers }: Pick<RequestHead, 'version' | 'headers'>,
    interim = false,
  ): HeadFinding[] => {
    const why = lastFor[from]
    if (!interim) lastFor[from] = whyLast(version, headers)
    return why === '' ? [] : [{ id: 'http-after-close', note: why }]
  }

  const requests = createDirection('request', FROM.client, sink, limits, {
    onHead(head, place): HeadPlan {
      const framing = requestFraming(head)
      const findings = [...place.findings, ...afterLast(FROM.client, head)]
      if (!place.truncated) {
        findings.push(...framing.findings)
        // RFC 9112 3.2
        const hosts = headerValues(head.headers, 'host').length
        if (hosts !== 1 && head.version !== 'HTTP/1.0')
          findings.push({ id: 'http-host-missing', note: `${hosts} given` })
        if (asksForWebSocket(head)) findings.push(...auditRequest(head))
      }
      const seq = headRow(FROM.client, place, KIND['http-request']!, 0)
      sink.details(head)
      tell(findings)
      if (!ended[FROM.client]) {
        const { firstAt, wireLength: headBytes } = place
        const known = exchanges.asked({ seq, head, firstAt, headBytes, sentAt: null, answered: false })
        if (!known)
          requests.giveUp('Too many requests wait for an answer: from here on these are bytes.', [{ id: 'http-lost' }])
      }
      return { framing, reader: () => null }
    },
    onComplete({ at }) {
      const exchange = exchanges.newest()
      if (exchange === null || requests.lost) return false
      exchange.sentAt = at
      // what follows is HTTP or something else, as the answer decides (RFC 9110 7.8, 9.3.6)
      return maySwitch(exchange.head) && !exchange.answered
    },
  })

  const responses = createDirection('response', FROM.server, sink, limits, {
    onHead(head, place): HeadPlan {
      // RFC 9110 15.2: any number of 1xx may come before the answer; 101 is one that nothing follows
      const interim = head.status >= 100 && head.status < 200 && head.status !== 101
      const exchange = interim ? exchanges.oldest() : exchanges.answer()
      const request = exchange?.head ?? null
      const plan = responseFraming(head, request?.method ?? null)
      const wantedFrames = request !== null && asksForWebSocket(request)
      const switches = head.status === 101
      const gotFrames = switches && (technique === 'websocket' || hasToken(head.headers, 'upgrade', 'websocket'))
      const findings = [...place.findings, ...afterLast(FROM.server, head, interim)]
      if (exchange === null && !requests.lost) findings.push({ id: 'http-answer-unasked' })
      if (!place.truncated) {
        findings.push(...plan.findings)
        if (gotFrames || (wantedFrames && !interim)) findings.push(...auditResponse(request, head))
        else if (switches) findings.push(...switchFindings(request, head))
        else if (!interim)
          findings.push(...answerFindings({ technique, request, response: head, framing: plan.framing }))
      }
      head.requestSeq = exchange?.seq ?? null
      const seq = headRow(FROM.server, place, KIND['http-response']!, head.status)
      sink.details(head)
      tell(findings)
      current = { exchange, seq, status: head.status, interim, place }
      switching = place.truncated ? null : switchFor(request, head)
      if (switching === null && !interim && exchange === exchanges.newest()) releaseHeld(place.at)
      // chosen at the first byte of the body: the technique may become known between it and the head
      const answer = () => ({ technique, request, response: head, framing: plan.framing })
      return { framing: plan, reader: () => bodyReaderFor(answer(), sink, limits) }
    },
    onComplete(completed) {
      if (current !== null && !current.interim) pollRow(current, completed)
      current = null
      return switching !== null
    },
  })

  const directions = [requests, responses] as const

  const pollRow = ({ exchange, seq, status, place }: Current, { at, wireEnd, bodyBytes }: Completed): void => {
    if (technique !== 'polling' && technique !== 'long-polling') return
    if (exchange === null || status === 101 || isSideRequest(exchange.head)) return
    const start = place.wireOffset
    sink.row(at, FROM.server, KIND.poll!, 0, status, start, wireEnd - start, bodyBytes)
    sink.details({
      requestSeq: exchange.seq,
      responseSeq: seq,
      status,
      // an answer may come before its request is complete
      waited: exchange.sentAt === null ? 0 : Math.max(0, Math.round(place.firstAt - exchange.sentAt)),
      took: Math.round(at - exchange.firstAt),
      empty: status === 204 || status === 304 || bodyBytes === 0,
      headerBytes: exchange.headBytes + place.wireLength,
      bodyBytes,
    })
  }

  /** The answer decided for HTTP: what the client sent meanwhile is its next requests. */
  const releaseHeld = (at: number): void => {
    if (!requests.paused) return
    requests.resume()
    for (const bytes of held.take()) takeFromClient(bytes, at)
  }

  const takeFromClient = (bytes: Uint8Array, at: number): void => {
    const taken = requests.feed(bytes, 0, at)
    if (taken === bytes.length || held.add(bytes.subarray(taken))) return
    requests.giveUp('Too much came before the answer: from here on these are bytes.', [{ id: 'http-lost' }])
    requests.resume()
    for (const piece of held.take()) requests.feed(piece, 0, at)
    requests.feed(bytes, taken, at)
  }

  const takeFromServer = (bytes: Uint8Array, at: number): void => {
    const taken = responses.feed(bytes, 0, at)
    if (taken === bytes.length && !responses.paused) return
    performSwitch(at)
    if (taken < bytes.length) feed(FROM.server, bytes.subarray(taken), at)
  }

  const performSwitch = (at: number): void => {
    const chosen = switching
    switching = null
    responses.resume()
    requests.cut(at, true) // a head that was on its way is none of the new protocol's
    requests.resume()
    lastFor.fill('')
    const waiting = held.take()
    if (chosen?.to === 'frames') {
      frames = createWebSocketDissector(sink, chosen.agreement, limits, [requests.position, responses.position])
    } else {
      for (const direction of directions) {
        if (chosen?.to === 'bytes') direction.giveUp(chosen.text, [])
        else direction.restart()
      }
    }
    for (const bytes of waiting) feed(FROM.client, bytes, at)
    if (ended[FROM.client]) frames?.end(FROM.client, at)
  }

  const feed = (from: Sender, bytes: Uint8Array, at: number): void => {
    if (bytes.length === 0) return
    if (frames !== null && !directions[from].lost) frames.feed(from, bytes, at)
    else if (from === FROM.client) takeFromClient(bytes, at)
    else takeFromServer(bytes, at)
  }

  /** The side has said all: what it left unfinished becomes a row. */
  const finish = (from: Sender, at: number, reset = false): void => {
    if (finished[from]) return
    finished[from] = true
    const direction = directions[from]
    const receiverLeft = endedFirst !== from && direction.position === sentByThen
    if (direction.cut(at, receiverLeft, reset)) {
      if (receiverLeft) leftEarly = true
      else cuts += 1
    }
    direction.end(at)
  }

  const closeRow = (at: number): void => {
    const by = endedFirst ?? FROM.client
    const open = responses.lost ? 0 : exchanges.waiting()
    sink.row(at, by, KIND.close!, 0, 0, directions[by].position, 0, 0)
    sink.details({
      by: FROMS[by]!,
      clean: cuts === 0 && open === 0,
      how: howItEnded(by, wasReset, cuts > 0, leftEarly, open),
    })
    if (open > 0) sink.finding('http-no-answer', open === 1 ? undefined : `${open} requests`)
  }

  return {
    feed(from, bytes, at) {
      if (!ended[from]) feed(from, bytes, at)
    },
    end(from, at, reset = false) {
      if (ended[from]) return
      ended[from] = true
      const other: Sender = from === FROM.client ? FROM.server : FROM.client
      if (endedFirst === null) {
        endedFirst = from
        wasReset = reset
        sentByThen = directions[other].position + (other === FROM.client ? held.length : 0)
      }
      if (frames !== null) {
        directions[from].end(at)
        frames.end(from, at)
        return
      }
      // while the answer may still switch, what the client sent cannot be judged
      if (!(from === FROM.client && requests.paused)) finish(from, at, reset)
      if (!ended[other]) return
      while (requests.paused) releaseHeld(at) // each turn takes at least a head
      finish(FROM.client, at)
      closeRow(at)
    },
    setTechnique(known) {
      technique = known
    },
  }
}

/** RFC 9112 9.3: a message is its sender's last when it says so, or is HTTP/1.0 and does not say the contrary. */
function whyLast(version: string, headers: RequestHead['headers']): string {
  if (hasToken(headers, 'connection', 'close')) return 'it said "Connection: close"'
  return version === 'HTTP/1.0' && !hasToken(headers, 'connection', 'keep-alive')
    ? 'it was HTTP/1.0 without keep-alive'
    : ''
}

/** One sentence for the close row. */
function howItEnded(by: Sender, reset: boolean, cut: boolean, leftEarly: boolean, unanswered: number): string {
  const did = `${by === FROM.client ? 'The client' : 'The server'} ${reset ? 'reset' : 'ended'} the connection`
  if (cut) return `${did} inside a message.`
  if (leftEarly) return `${did} while the other side was still sending.`
  return unanswered > 0 ? `${did} before the answer.` : `${did}.`
}
