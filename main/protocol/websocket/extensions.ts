/**
 * Sec-WebSocket-Extensions: its grammar (RFC 6455 9.1) and the negotiation of permessage-deflate (RFC 7692 5, 7.1),
 * for both roles. Text in, parameters out; the compression itself is deflate.ts.
 */

/** What both ends agreed on. Window bits say how far back (2^bits bytes) a side's compressor may refer. */
export interface DeflateParameters {
  clientNoContextTakeover: boolean
  serverNoContextTakeover: boolean
  /** 8-15. */
  clientMaxWindowBits: number
  /** 8-15. */
  serverMaxWindowBits: number
}

export interface WebSocketAgreement {
  /** null: no compression, so RSV1 is a fault. */
  deflate: DeflateParameters | null
}

export const PLAIN: WebSocketAgreement = Object.freeze({ deflate: null })

export interface Extension {
  name: string
  /** `true` for a parameter without a value. */
  parameters: [name: string, value: string | true][]
}

/** What our clients offer: everything that can be had. */
export const DEFLATE_OFFER = 'permessage-deflate; client_max_window_bits'

const NAME = 'permessage-deflate'
const ITEM = /^[ \t]*([!#$%&'*+\-.^_`|~0-9A-Za-z]+)[ \t]*/
const VALUE = /^=[ \t]*(?:([!#$%&'*+\-.^_`|~0-9A-Za-z]+)|"((?:[^"\\]|\\.)*)")[ \t]*/

/** The elements of all Sec-WebSocket-Extensions lines, in order; null when one is malformed. RFC 6455 9.1 */
export function parseExtensions(values: readonly string[]): Extension[] | null {
  const found: Extension[] = []
  let rest = values.join(',')
  while (rest !== '') {
    // Empty list elements are allowed (RFC 9110 5.6.1).
    const skipped = /^[ \t,]+/.exec(rest)
    if (skipped) {
      rest = rest.slice(skipped[0].length)
      continue
    }
    const name = ITEM.exec(rest)
    if (!name) return null
    rest = rest.slice(name[0].length)
    const extension: Extension = { name: name[1]!, parameters: [] }
    while (rest.startsWith(';')) {
      const key = ITEM.exec(rest.slice(1))
      if (!key) return null
      rest = rest.slice(1 + key[0].length)
      const value = VALUE.exec(rest)
      if (value) rest = rest.slice(value[0].length)
      extension.parameters.push([key[1]!, value ? (value[1] ?? value[2]!.replace(/\\(.)/g, '$1')) : true])
    }
    if (rest !== '' && !rest.startsWith(',')) return null
    found.push(extension)
  }
  return found
}

/** Window bits as RFC 7692 7.1.2 writes them: 8-15, no leading zero. */
const readBits = (value: string | true): number | null =>
  typeof value === 'string' && /^(?:[89]|1[0-5])$/.test(value) ? Number(value) : null

interface Read {
  parameters: DeflateParameters
  /** Said without a value in an offer: the client can limit its window when told to. */
  clientBits: 'absent' | 'any' | 'given'
  serverBits: boolean
  /** Why it cannot be accepted; empty when it can. */
  problem: string
}

/** RFC 7692 7.1: unknown names, repeated names and invalid values each make the whole element unacceptable. */
function readParameters(extension: Extension, role: 'offer' | 'answer'): Read {
  const read: Read = {
    parameters: {
      clientNoContextTakeover: false,
      serverNoContextTakeover: false,
      clientMaxWindowBits: 15,
      serverMaxWindowBits: 15,
    },
    clientBits: 'absent',
    serverBits: false,
    problem: '',
  }
  const seen = new Set<string>()
  const wrong = (problem: string): void => {
    read.problem ||= problem
  }
  for (const [name, value] of extension.parameters) {
    if (seen.has(name)) wrong(`${name} is given twice`)
    seen.add(name)
    const bits = readBits(value)
    const said = value === true ? name : `${name}=${value}`
    switch (name) {
      case 'client_no_context_takeover':
      case 'server_no_context_takeover':
        if (value !== true) wrong(`${said} must have no value`)
        if (name.startsWith('client')) read.parameters.clientNoContextTakeover = true
        else read.parameters.serverNoContextTakeover = true
        break
      case 'client_max_window_bits':
        read.clientBits = value === true ? 'any' : 'given'
        // RFC 7692 7.1.2.2: only an offer may leave the value out.
        if (bits !== null) read.parameters.clientMaxWindowBits = bits
        else if (value !== true || role === 'answer') wrong(`${said} is not 8-15`)
        break
      case 'server_max_window_bits':
        read.serverBits = true
        if (bits !== null) read.parameters.serverMaxWindowBits = bits
        else wrong(`${said} is not 8-15`)
        break
      default:
        wrong(`${said} is unknown`)
    }
  }
  return read
}

export interface DeflateAnswer {
  parameters: DeflateParameters
  /** The value of the server's Sec-WebSocket-Extensions. */
  header: string
}

/** The server's choice: the first offer it can take, and the answer to it; null when none. RFC 7692 5.1 */
export function acceptDeflate(offers: readonly string[]): DeflateAnswer | null {
  for (const offer of parseExtensions(offers) ?? []) {
    if (offer.name !== NAME) continue
    const { parameters, clientBits, serverBits, problem } = readParameters(offer, 'offer')
    if (problem !== '') continue // declined; the next one may do
    const words = [NAME]
    if (parameters.serverNoContextTakeover) words.push('server_no_context_takeover')
    if (parameters.clientNoContextTakeover) words.push('client_no_context_takeover')
    if (serverBits) words.push(`server_max_window_bits=${parameters.serverMaxWindowBits}`)
    if (clientBits === 'given') words.push(`client_max_window_bits=${parameters.clientMaxWindowBits}`)
    return { parameters, header: words.join('; ') }
  }
  return null
}

/** What is wrong with the permessage-deflate elements of a request; empty when nothing is. */
export function offerProblem(offers: readonly string[]): string {
  const parsed = parseExtensions(offers)
  if (!parsed) return 'the header is malformed'
  for (const offer of parsed) {
    const { problem } = offer.name === NAME ? readParameters(offer, 'offer') : { problem: '' }
    if (problem !== '') return problem
  }
  return ''
}

export interface DeflateReading {
  /** null: the answer has no permessage-deflate. With a problem: as good as they can be read. */
  parameters: DeflateParameters | null
  /** An extension in the answer that is none of the offers; empty when there is none. */
  unasked: string
  /** Why a client must fail the connection; empty when it need not. */
  problem: string
}

/** The client's reading of the server's answer to its offers (null: offers unknown). RFC 6455 4.1, RFC 7692 7.1 */
export function readDeflateAnswer(answers: readonly string[], offers: readonly string[] | null): DeflateReading {
  const parsed = parseExtensions(answers)
  if (!parsed) return { parameters: null, unasked: '', problem: 'the header is malformed' }
  const offered = offers === null ? null : (parseExtensions(offers) ?? [])
  const unasked = parsed.find(({ name }) => offered !== null && !offered.some((offer) => offer.name === name))
  const ours = parsed.filter(({ name }) => name === NAME)
  const first = ours[0]
  const reading: DeflateReading = { parameters: null, unasked: unasked?.name ?? '', problem: '' }
  if (!first) return reading

  const answer = readParameters(first, 'answer')
  reading.parameters = answer.parameters
  reading.problem = ours.length > 1 ? 'it is answered twice' : answer.problem
  if (reading.problem === '' && offered !== null && unasked === undefined) {
    const fits = offered.filter(({ name }) => name === NAME).map((offer) => readParameters(offer, 'offer'))
    if (!fits.some((offer) => answersOffer(answer, offer))) reading.problem = 'no offer allows these parameters'
  }
  return reading
}

/** RFC 7692 7.1.1, 7.1.2 */
function answersOffer(answer: Read, offer: Read): boolean {
  if (offer.problem !== '') return false
  if (offer.parameters.serverNoContextTakeover && !answer.parameters.serverNoContextTakeover) return false
  if (offer.serverBits && !answer.serverBits) return false
  if (answer.parameters.serverMaxWindowBits > offer.parameters.serverMaxWindowBits) return false
  // The client's window may be limited only when the client said that it can.
  if (answer.clientBits === 'given' && offer.clientBits === 'absent') return false
  return answer.parameters.clientMaxWindowBits <= offer.parameters.clientMaxWindowBits || answer.clientBits !== 'given'
}

/**
 * What a client compresses with: an offer that says how it will do so binds it although the answer does not repeat
 * it, for a server may rely on that. Of several offers the strictest, which suits them all. RFC 7692 7.1.1.2, 7.1.2.2
 */
export function keepOffered(parameters: DeflateParameters, offers: readonly string[]): DeflateParameters {
  const said = (parseExtensions(offers) ?? [])
    .filter(({ name }) => name === NAME)
    .map((offer) => readParameters(offer, 'offer').parameters)
  return {
    ...parameters,
    clientNoContextTakeover: [parameters, ...said].some(({ clientNoContextTakeover }) => clientNoContextTakeover),
    clientMaxWindowBits: Math.min(...[parameters, ...said].map(({ clientMaxWindowBits }) => clientMaxWindowBits)),
  }
}
