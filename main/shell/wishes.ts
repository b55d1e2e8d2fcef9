/**
 * What the system asks us to open, as it stands in argv or comes with an event: links of our scheme and files. Pure:
 * nothing is read, and a link is worth no more than the URL in it.
 *
 * `pushscope://open?url=<URL, percent-encoded>` fills in the URL bar. Any web page can offer such a link, so the URL is
 * checked strictly, and nothing else can be said with one.
 */
import { extname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const LINK_SCHEME = 'pushscope'
export const FILE_EXTENSIONS = ['.pushscope', '.har'] as const

export type Wish = { type: 'link'; link: string } | { type: 'file'; path: string }

const LONGEST_LINK = 8_192
const LONGEST_URL = 2_048
const MOST = 8
/** Control and format characters (bidi overrides, zero width), line separators, halves of surrogate pairs. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u

/** Arguments that are neither links nor files of ours are passed over: Chromium's switches among them. */
export function readWishes(args: readonly string[], directory: string): Wish[] {
  return args.flatMap((arg) => readWish(arg, directory) ?? []).slice(0, MOST)
}

function readWish(arg: string, directory: string): Wish | null {
  if (arg.length > LONGEST_LINK || arg.startsWith('-')) return null
  if (/^pushscope:/i.test(arg)) return { type: 'link', link: arg }
  // Linux desktops hand files over as URLs: `%U` in the desktop entry.
  const path = /^file:\/\//i.test(arg) ? pathOf(arg) : /^[a-z][a-z\d+.-]+:\/\//i.test(arg) ? null : arg
  if (path === null || !FILE_EXTENSIONS.some((one) => one === extname(path).toLowerCase())) return null
  return { type: 'file', path: resolve(directory, path) }
}

function pathOf(url: string): string | null {
  try {
    return fileURLToPath(url)
  } catch {
    return null // a file of another host
  }
}

/** The wishes as arguments again, to be handed to the instance that runs already. */
export const toArguments = (wishes: readonly Wish[]): string[] =>
  wishes.map((wish) => (wish.type === 'link' ? wish.link : wish.path))

/** The wishes that a second instance handed over; null when it said nothing that we understand. */
export function handedOver(data: unknown): Wish[] | null {
  const args = (data as { args?: unknown } | null | undefined)?.args
  if (!Array.isArray(args) || !args.every((arg) => typeof arg === 'string')) return null
  return readWishes(args, '/') // all absolute
}

/** The URL that a link fills in; null when it is not such a link. */
export function urlOfLink(link: string): string | null {
  if (link.length > LONGEST_LINK || UNSEEN.test(link)) return null
  const parsed = URL.parse(link)
  if (parsed?.protocol !== `${LINK_SCHEME}:` || parsed.host !== 'open' || !['', '/'].includes(parsed.pathname))
    return null
  const [only, ...more] = parsed.searchParams
  return only?.[0] === 'url' && more.length === 0 ? checkUrl(only[1]) : null
}

/** The URL as it may stand in the URL bar: of a scheme that we speak, of bounded length, without a password in it. */
export function checkUrl(text: string): string | null {
  if (text.length > LONGEST_URL || UNSEEN.test(text) || !/^(?:wss?|https?):\/\//i.test(text)) return null
  const parsed = URL.parse(text)
  if (!parsed || parsed.username !== '' || parsed.password !== '') return null
  return parsed.href.length > LONGEST_URL ? null : parsed.href
}

/** A file's name as it may stand in a sentence. */
export const showName = (name: string): string => {
  const seen = name.replace(new RegExp(UNSEEN, 'gu'), '\uFFFD')
  return seen.length > 80 ? `${seen.slice(0, 60)}…${seen.slice(-16)}` : seen
}
