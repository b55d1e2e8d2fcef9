/** Headers that come along with any request of the web: negotiation, origin, identity, proxies, security. */
import type { HeaderMeaning } from './headers.ts'

export const WEB_HEADERS: Readonly<Record<string, HeaderMeaning>> = {
  // Negotiation
  accept: {
    meaning: 'Media types the client takes, best first; an EventSource sends text/event-stream.',
    spec: 'RFC 9110 12.5.1',
  },
  'accept-charset': { meaning: 'Charsets the client takes; deprecated, for all is UTF-8.', spec: 'RFC 9110 12.5.2' },
  'accept-encoding': {
    meaning: 'Compressions the client can undo; without it the server should not compress.',
    spec: 'RFC 9110 12.5.3',
  },
  'accept-language': { meaning: 'Natural languages the user reads, best first.', spec: 'RFC 9110 12.5.4' },
  'accept-ch': { meaning: 'Client hints that the server would like to get.', spec: 'RFC 8942 3.1' },
  'critical-ch': {
    meaning: 'Client hints without which the answer would be another; the browser asks again with them.',
    spec: 'Client Hints Reliability',
  },
  priority: {
    meaning: 'How urgent the answer is (`u=0` to `7`) and whether it helps in parts (`i`).',
    spec: 'RFC 9218 5',
  },
  'user-agent': { meaning: 'What program asks.', spec: 'RFC 9110 10.1.5' },
  from: { meaning: 'The mail address of the human behind an automatic client.', spec: 'RFC 9110 10.1.2' },
  'upgrade-insecure-requests': {
    meaning: '`1`: the client would rather have the page over HTTPS.',
    spec: 'Upgrade Insecure Requests',
  },
  'save-data': { meaning: '`on`: the user asks for less data.', spec: 'Save Data API' },
  dnt: { meaning: '`1`: the user does not want to be tracked; withdrawn.', spec: 'Tracking Preference Expression 5.2' },
  'sec-gpc': {
    meaning: '`1`: the user objects to the sale or sharing of personal data.',
    spec: 'Global Privacy Control',
  },
  'x-requested-with': {
    meaning: 'By convention XMLHttpRequest, set by script libraries; it forces a CORS preflight.',
    spec: 'none (convention)',
  },

  // Where a request comes from
  origin: {
    meaning:
      'Scheme, host and port of the page that asks; a browser always sends it with a WebSocket, and the server should check it.',
    spec: 'RFC 6454 7',
  },
  referer: {
    meaning: 'The URL of the page that asks, as far as its referrer policy shows it.',
    spec: 'RFC 9110 10.1.3',
  },
  'sec-fetch-site': {
    meaning: 'How the asking page relates to the target: same-origin, same-site, cross-site or none (the user).',
    spec: 'Fetch Metadata 2.3',
  },
  'sec-fetch-mode': {
    meaning: 'How the browser asks: navigate, cors, no-cors, same-origin or websocket.',
    spec: 'Fetch Metadata 2.2',
  },
  'sec-fetch-dest': {
    meaning: 'What the answer is for: document, iframe, script, image, or empty for fetch and EventSource.',
    spec: 'Fetch Metadata 2.1',
  },
  'sec-fetch-user': { meaning: '`?1`: a person began this navigation.', spec: 'Fetch Metadata 2.4' },
  'sec-fetch-storage-access': {
    meaning: 'Whether the request may carry third-party cookies.',
    spec: 'Storage Access Headers',
  },
  'sec-purpose': { meaning: '`prefetch`: the answer is fetched ahead of its use.', spec: 'Fetch 3.8' },
  'sec-ch-ua': { meaning: 'Brands and major versions of the browser.', spec: 'UA Client Hints' },
  'sec-ch-ua-mobile': { meaning: '`?1` on a mobile device.', spec: 'UA Client Hints' },
  'sec-ch-ua-platform': { meaning: 'The operating system.', spec: 'UA Client Hints' },
  'sec-ch-ua-platform-version': { meaning: 'The version of the operating system.', spec: 'UA Client Hints' },
  'sec-ch-ua-arch': { meaning: 'The architecture of the processor.', spec: 'UA Client Hints' },
  'sec-ch-ua-bitness': { meaning: 'The word size of the processor.', spec: 'UA Client Hints' },
  'sec-ch-ua-full-version-list': { meaning: 'Brands and full versions of the browser.', spec: 'UA Client Hints' },
  'sec-ch-ua-model': { meaning: 'The model of the device.', spec: 'UA Client Hints' },
  'sec-ch-prefers-color-scheme': {
    meaning: 'Whether the user prefers light or dark.',
    spec: 'User Preference Media Features Client Hints',
  },

  // CORS
  'access-control-allow-origin': {
    meaning:
      'The origin whose pages may read the answer, or `*`; without it fetch and EventSource of another origin fail.',
    spec: 'Fetch 3.3.3',
  },
  'access-control-allow-credentials': {
    meaning: '`true`: also when the request carried cookies.',
    spec: 'Fetch 3.3.3',
  },
  'access-control-allow-methods': {
    meaning: 'Methods that the real request may use (answer to a preflight).',
    spec: 'Fetch 3.3.3',
  },
  'access-control-allow-headers': {
    meaning: 'Headers that the real request may carry (answer to a preflight).',
    spec: 'Fetch 3.3.3',
  },
  'access-control-expose-headers': { meaning: 'Headers of the answer that the page may read.', spec: 'Fetch 3.3.3' },
  'access-control-max-age': {
    meaning: 'For how many seconds the preflight need not be repeated.',
    spec: 'Fetch 3.3.3',
  },
  'access-control-request-method': {
    meaning: 'The method that the real request will use (preflight).',
    spec: 'Fetch 3.3.2',
  },
  'access-control-request-headers': {
    meaning: 'The headers that the real request will carry (preflight).',
    spec: 'Fetch 3.3.2',
  },
  'access-control-request-private-network': {
    meaning: '`true`: a public page asks for an address in a private network (preflight).',
    spec: 'Private Network Access',
  },
  'access-control-allow-private-network': {
    meaning: '`true`: public pages may reach this private address.',
    spec: 'Private Network Access',
  },
  'timing-allow-origin': {
    meaning: 'Origins that may read the exact timing of this answer.',
    spec: 'Resource Timing',
  },

  // Who one is
  authorization: {
    meaning: 'The credentials of the client, with their scheme: Basic, Bearer, Digest.',
    spec: 'RFC 9110 11.6.2',
  },
  'www-authenticate': { meaning: 'Which credentials a 401 asks for.', spec: 'RFC 9110 11.6.1' },
  'authentication-info': { meaning: 'What the server adds after credentials were accepted.', spec: 'RFC 9110 11.6.3' },
  cookie: {
    meaning: 'What the server once gave the client to keep; a browser sends it with a WebSocket handshake too.',
    spec: 'RFC 6265 4.2',
  },
  'set-cookie': {
    meaning: 'Something for the client to keep and send back, with its lifetime and scope.',
    spec: 'RFC 6265 4.1',
  },

  // What answers
  server: { meaning: 'What program answers.', spec: 'RFC 9110 10.2.4' },
  'x-powered-by': {
    meaning: 'The framework behind the server; tells attackers more than users.',
    spec: 'none (convention)',
  },
  allow: { meaning: 'Methods that the resource takes; goes with 405.', spec: 'RFC 9110 10.2.1' },
  location: {
    meaning: 'Where to go instead (3xx), or what was created (201); a WebSocket client need not follow it.',
    spec: 'RFC 9110 10.2.2',
  },
  link: { meaning: 'Other resources that belong to this one, such as what to preload.', spec: 'RFC 8288 3' },
  'alt-svc': { meaning: 'Other hosts, ports and protocols that serve the same, such as HTTP/3.', spec: 'RFC 7838 3' },
  'server-timing': { meaning: 'How long the server took for what.', spec: 'Server Timing' },
  refresh: {
    meaning: 'Load this or another page again after so many seconds, as iframe polling may do.',
    spec: 'HTML 7.7',
  },
  'clear-site-data': { meaning: 'What the browser shall forget of this site.', spec: 'Clear Site Data' },

  // On the way
  via: {
    meaning: 'The proxies that passed the message on, nearest last; one that buffers can hold back a stream.',
    spec: 'RFC 9110 7.6.3',
  },
  forwarded: {
    meaning: 'Whom the proxy got the request from: address, host and scheme of the client.',
    spec: 'RFC 7239 4',
  },
  'x-forwarded-for': {
    meaning: 'Addresses of the client and of the proxies on the way; easily forged.',
    spec: 'none (convention; see RFC 7239)',
  },
  'x-forwarded-host': {
    meaning: 'The Host that the client asked the proxy for.',
    spec: 'none (convention; see RFC 7239)',
  },
  'x-forwarded-proto': {
    meaning: 'Whether the client came to the proxy by http or https.',
    spec: 'none (convention; see RFC 7239)',
  },
  'x-forwarded-port': {
    meaning: 'The port that the client asked the proxy for.',
    spec: 'none (convention; see RFC 7239)',
  },
  'x-real-ip': { meaning: 'The address of the client as the proxy saw it.', spec: 'none (nginx convention)' },
  'x-request-id': { meaning: 'A number by which the request is found in logs.', spec: 'none (convention)' },
  'max-forwards': { meaning: 'How many more proxies may pass on a TRACE or OPTIONS.', spec: 'RFC 9110 7.6.2' },
  'proxy-authenticate': { meaning: 'Which credentials a proxy asks for (407).', spec: 'RFC 9110 11.7.1' },
  'proxy-authorization': { meaning: 'Credentials for the proxy.', spec: 'RFC 9110 11.7.2' },
  'proxy-connection': {
    meaning: 'Connection as some clients send it to proxies; never standardised.',
    spec: 'RFC 9112 C.2.2',
  },
  'proxy-status': { meaning: 'What a proxy on the way did or failed to do.', spec: 'RFC 9209 2' },
  'cache-status': { meaning: 'Whether each cache on the way had the answer.', spec: 'RFC 9211 2' },
  'cdn-cache-control': { meaning: 'Cache-Control for content delivery networks alone.', spec: 'RFC 9213 3' },
  'x-cache': { meaning: 'Whether a cache on the way had the answer (HIT or MISS).', spec: 'none (convention)' },
  traceparent: { meaning: 'Which trace and span the request belongs to.', spec: 'Trace Context 3.2' },
  tracestate: { meaning: 'What the tracing systems on the way add to it.', spec: 'Trace Context 3.3' },
  'cf-ray': {
    meaning: 'The number of the request at Cloudflare and the data centre that took it.',
    spec: 'none (Cloudflare)',
  },
  'cf-cache-status': {
    meaning: 'Whether the cache of Cloudflare had the answer; DYNAMIC means that it does not keep it.',
    spec: 'none (Cloudflare)',
  },
  'cf-connecting-ip': { meaning: 'The address of the client as Cloudflare saw it.', spec: 'none (Cloudflare)' },
  nel: { meaning: 'Asks the browser to report network errors of this host.', spec: 'Network Error Logging' },
  'report-to': {
    meaning: 'Where the browser sends its reports; Reporting-Endpoints replaced it.',
    spec: 'Reporting API',
  },
  'reporting-endpoints': { meaning: 'Where the browser sends its reports.', spec: 'Reporting API' },

  // Security of pages
  'strict-transport-security': {
    meaning: 'For so many seconds the browser reaches this host by HTTPS and WSS only.',
    spec: 'RFC 6797 6.1',
  },
  'content-security-policy': {
    meaning: 'What the page may load and run; `connect-src` decides about fetch, EventSource and WebSocket.',
    spec: 'CSP 3.1',
  },
  'content-security-policy-report-only': {
    meaning: 'The same as Content-Security-Policy, reported and not enforced.',
    spec: 'CSP 3.2',
  },
  'x-content-type-options': {
    meaning: '`nosniff`: the Content-Type is final; a JSONP answer that is no JavaScript type is then not run.',
    spec: 'Fetch 3.6',
  },
  'x-frame-options': {
    meaning: 'Who may show the page in a frame; DENY stops iframe streaming, SAMEORIGIN that of other origins.',
    spec: 'HTML 7.6',
  },
  'x-xss-protection': { meaning: 'Switched a filter of old browsers; obsolete.', spec: 'none (convention)' },
  'referrer-policy': { meaning: 'How much of the URL the page gives away in Referer.', spec: 'Referrer Policy' },
  'permissions-policy': {
    meaning: 'Which browser features the page and its frames may use.',
    spec: 'Permissions Policy',
  },
  'cross-origin-opener-policy': {
    meaning: 'Whether windows of other origins keep a reference to the page.',
    spec: 'HTML 7.1.3',
  },
  'cross-origin-embedder-policy': {
    meaning: 'Whether the page loads only what agrees to be embedded.',
    spec: 'HTML 7.1.4',
  },
  'cross-origin-resource-policy': { meaning: 'Which origins may embed the answer.', spec: 'Fetch 3.7' },
  'origin-agent-cluster': { meaning: '`?1`: the page asks for a process of its own origin.', spec: 'HTML 7.1.2' },
}
