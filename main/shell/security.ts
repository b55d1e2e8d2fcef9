/**
 * What a window may not do, however the page came to try: navigate, open windows, embed webviews, get permissions,
 * download what it did not make itself, hand links to the system other than to the specifications and the project's page.
 * https://www.electronjs.org/docs/latest/tutorial/security
 */
import type { App, Session, WebContents } from 'electron'
import { fenceDownloads } from './downloads.ts'
import { isOurs } from './origin.ts'

export const PROJECT_PAGE = 'https://github.com/pushscope/pushscope'
/** Where newer versions are; nothing updates itself. */
export const RELEASES = `${PROJECT_PAGE}/releases`

const SPECIFICATIONS = [
  'www.rfc-editor.org',
  'html.spec.whatwg.org',
  'websockets.spec.whatwg.org',
  'fetch.spec.whatwg.org',
  'encoding.spec.whatwg.org',
  'mimesniff.spec.whatwg.org',
]

/** Pages that the system's browser may be asked to open. */
export function isExternal(url: string): boolean {
  const parsed = URL.parse(url)
  if (parsed?.protocol !== 'https:' || parsed.username !== '' || parsed.password !== '' || parsed.port !== '')
    return false
  const project = URL.parse(PROJECT_PAGE)!
  const ofProject = parsed.pathname === project.pathname || parsed.pathname.startsWith(`${project.pathname}/`)
  return SPECIFICATIONS.includes(parsed.hostname) || (parsed.hostname === project.hostname && ofProject)
}

/** The window stays on its page; frames in it show reference servers, which are on this machine. */
export function mayNavigate({ url, isMainFrame }: { url: string; isMainFrame: boolean }): boolean {
  if (isMainFrame) return isOurs(url)
  const parsed = URL.parse(url)
  return parsed?.protocol === 'http:' && parsed.hostname === '127.0.0.1'
}

/**
 * Two permissions, for our own page alone: writing text to the clipboard when a button is pressed, and reaching
 * servers on this machine (Chromium asks for that since it calls them a local network).
 */
export function isPermitted(permission: string, { requestingUrl, isMainFrame }: Requester): boolean {
  const harmless = ['clipboard-sanitized-write', 'loopback-network', 'local-network-access']
  return isMainFrame && requestingUrl !== undefined && isOurs(requestingUrl) && harmless.includes(permission)
}

export interface Requester {
  requestingUrl?: string
  isMainFrame: boolean
}

export interface FenceOptions {
  app: Pick<App, 'on'>
  session: Pick<
    Session,
    'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler' | 'on'
  >
  openExternal(url: string): void
}

/** Puts the fence around every window there will be. Before the first one. */
export function fence({ app, session, openExternal }: FenceOptions): void {
  session.setPermissionRequestHandler((_contents, permission, callback, details) =>
    callback(isPermitted(permission, details)),
  )
  session.setPermissionCheckHandler((_contents, permission, _origin, details) => isPermitted(permission, details))
  session.setDevicePermissionHandler(() => false)
  fenceDownloads(session)
  app.on('web-contents-created', (_event, contents) => fenceContents(contents, openExternal))
}

export function fenceContents(
  contents: Pick<WebContents, 'on' | 'setWindowOpenHandler'>,
  openExternal: (url: string) => void,
): void {
  contents.setWindowOpenHandler(({ url }) => {
    if (isExternal(url)) openExternal(url)
    return { action: 'deny' }
  })
  contents.on('will-frame-navigate', (details) => {
    if (!mayNavigate(details)) details.preventDefault()
  })
  contents.on('will-redirect', (details) => {
    if (!mayNavigate(details)) details.preventDefault()
  })
  contents.on('will-attach-webview', (event) => event.preventDefault())
}
