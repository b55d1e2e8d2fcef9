import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import {
  PROJECT_PAGE,
  fence,
  fenceContents,
  isExternal,
  isPermitted,
  mayNavigate,
  type FenceOptions,
} from './security.ts'

test.each([
  ['https://www.rfc-editor.org/rfc/rfc6455.html#section-5.2', true],
  ['https://html.spec.whatwg.org/multipage/server-sent-events.html', true],
  [PROJECT_PAGE, true],
  [`${PROJECT_PAGE}/releases`, true],
  [`${PROJECT_PAGE}-evil`, false],
  ['https://github.com/', false],
  ['http://www.rfc-editor.org/', false],
  ['https://www.rfc-editor.org:444/', false],
  ['https://user:secret@www.rfc-editor.org/', false],
  ['https://www.rfc-editor.org.evil.example/', false],
  ['https://evil.example/?https://www.rfc-editor.org/', false],
  ['file:///etc/passwd', false],
  ['javascript:alert(1)', false],
  ['mailto:a@example.org', false],
  ['smb://host/share', false],
  ['', false],
])('the system is asked to open %s: %s', (url, opened) => {
  expect(isExternal(url)).toBe(opened)
})

test.each([
  [{ url: 'app://pushscope/', isMainFrame: true }, true],
  [{ url: 'https://evil.example/', isMainFrame: true }, false],
  [{ url: 'http://127.0.0.1:8002/clock', isMainFrame: true }, false],
  [{ url: 'file:///etc/passwd', isMainFrame: true }, false],
  [{ url: 'http://127.0.0.1:8002/clock', isMainFrame: false }, true],
  [{ url: 'http://127.0.0.1.evil.example/', isMainFrame: false }, false],
  [{ url: 'https://evil.example/', isMainFrame: false }, false],
  [{ url: 'app://pushscope/', isMainFrame: false }, false],
])('%o may be navigated to: %s', (navigation, allowed) => {
  expect(mayNavigate(navigation)).toBe(allowed)
})

test('our page may copy text and reach this machine; nothing else is permitted, and nobody else anything', () => {
  const ours = { requestingUrl: 'app://pushscope/', isMainFrame: true }
  expect(isPermitted('clipboard-sanitized-write', ours)).toBe(true)
  expect(isPermitted('loopback-network', ours)).toBe(true)
  for (const permission of ['clipboard-read', 'media', 'geolocation', 'notifications', 'openExternal', 'fullscreen'])
    expect(isPermitted(permission, ours)).toBe(false)
  expect(isPermitted('clipboard-sanitized-write', { ...ours, isMainFrame: false })).toBe(false)
  expect(isPermitted('clipboard-sanitized-write', { isMainFrame: true })).toBe(false)
  expect(isPermitted('clipboard-sanitized-write', { ...ours, requestingUrl: 'http://127.0.0.1:8000/' })).toBe(false)
})

/** A WebContents, as far as the fence touches it. */
class Contents extends EventEmitter {
  open: ((details: { url: string }) => { action: string }) | null = null
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.open = handler
  }
  /** Whether an event with these details is stopped. */
  stops(event: string, details: object): boolean {
    let stopped = false
    this.emit(event, { ...details, preventDefault: () => (stopped = true) })
    return stopped
  }
}

test('a fenced window opens no window, goes nowhere, redirects nowhere, embeds nothing', () => {
  const contents = new Contents()
  const opened: string[] = []
  fenceContents(contents as unknown as Parameters<typeof fenceContents>[0], (url) => opened.push(url))
  expect(contents.open?.({ url: 'https://evil.example/' })).toEqual({ action: 'deny' })
  expect(contents.open?.({ url: 'https://www.rfc-editor.org/rfc/rfc6455.html' })).toEqual({ action: 'deny' })
  expect(opened).toEqual(['https://www.rfc-editor.org/rfc/rfc6455.html'])
  for (const event of ['will-frame-navigate', 'will-redirect']) {
    expect(contents.stops(event, { url: 'https://evil.example/', isMainFrame: true })).toBe(true)
    expect(contents.stops(event, { url: 'app://pushscope/', isMainFrame: true })).toBe(false)
  }
  expect(contents.stops('will-attach-webview', {})).toBe(true)
})

test('every window is fenced as it is made, and its session answers every wish for a permission', () => {
  const app = new EventEmitter()
  const handlers: Record<string, (...args: unknown[]) => unknown> = {}
  const session = new Proxy({}, { get: (_, name: string) => (handler: never) => void (handlers[name] = handler) })
  fence({ app, session, openExternal: () => undefined } as unknown as FenceOptions)

  const contents = new Contents()
  app.emit('web-contents-created', {}, contents)
  expect(contents.open?.({ url: 'https://evil.example/' })).toEqual({ action: 'deny' })

  let granted: unknown
  const answer = (value: boolean): void => void (granted = value)
  handlers['setPermissionRequestHandler']!(null, 'media', answer, {
    requestingUrl: 'app://pushscope/',
    isMainFrame: true,
  })
  expect(granted).toBe(false)
  expect(handlers['setPermissionCheckHandler']!(null, 'media', '', { isMainFrame: true })).toBe(false)
  expect(handlers['setDevicePermissionHandler']!({})).toBe(false)
  expect(handlers['on']).toBe('will-download')
})
