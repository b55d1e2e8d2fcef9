/** The page at `/` of each reference server, for a plain browser. */
import { SERVERS, type ServerId } from '../../../preload/contract/index.ts'

/** Headers that belong to the page; send them with it. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'Content-Type': 'text/html; charset=utf-8',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
}

/** A whole, self-contained HTML document. */
export function renderPage(id: ServerId): string {
  return `<!doctype html>\n<title>${SERVERS[id].label}</title>\n`
}
