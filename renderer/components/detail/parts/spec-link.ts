/** Where a section that the contract names can be read: `RFC 6455 11.3.1` -> its address; empty when not known. */

export function specLink(spec: string): string {
  const rfc = /^RFC (\d{1,5})(?: ([\d.]*\d))?$/.exec(spec)
  if (rfc) return `https://www.rfc-editor.org/rfc/rfc${rfc[1]}${rfc[2] ? `#section-${rfc[2]}` : ''}`
  return STANDARDS.find(([start]) => spec.startsWith(start))?.[1] ?? ''
}

const STANDARDS: readonly (readonly [start: string, link: string])[] = [
  ['HTML 9.2', 'https://html.spec.whatwg.org/multipage/server-sent-events.html'],
  ['HTML', 'https://html.spec.whatwg.org/multipage/'],
  ['Fetch', 'https://fetch.spec.whatwg.org/'],
  ['WebSockets', 'https://websockets.spec.whatwg.org/'],
]

/** Only these are opened from what a finding or a table says; anything else is shown as text. */
export const isWebLink = (link: string): boolean => /^https:\/\//.test(link)
