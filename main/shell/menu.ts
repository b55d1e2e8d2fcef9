/** The menu, as a template. What a menu item does in the window, the page does by its own keys too. */
import type { MenuItemConstructorOptions } from 'electron'
import { PROJECT_PAGE, RELEASES } from './security.ts'

export interface MenuOptions {
  platform: NodeJS.Platform
  openExternal(url: string): void
  /** Shows a page of ours in the window. */
  showPage(page: 'about' | 'news'): void
}

const LINKS = [
  ['Pushscope on the Web', PROJECT_PAGE],
  ['RFC 6455: The WebSocket Protocol', 'https://www.rfc-editor.org/rfc/rfc6455.html'],
  ['RFC 7692: Compression for WebSocket', 'https://www.rfc-editor.org/rfc/rfc7692.html'],
  ['HTML: Server-Sent Events', 'https://html.spec.whatwg.org/multipage/server-sent-events.html'],
  ['RFC 9112: HTTP/1.1', 'https://www.rfc-editor.org/rfc/rfc9112.html'],
] as const

export function menuTemplate({ platform, openExternal, showPage }: MenuOptions): MenuItemConstructorOptions[] {
  const mac = platform === 'darwin'
  return [
    ...(mac ? [{ role: 'appMenu' } as const] : []),
    { label: 'File', submenu: [{ role: mac ? 'close' : 'quit' }] },
    { role: 'editMenu' },
    {
      label: 'View',
      submenu: [
        { role: 'reload' },
        { role: 'toggleDevTools' },
        { type: 'separator' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
      ],
    },
    { role: 'windowMenu' },
    {
      role: 'help',
      submenu: [
        ...LINKS.map(([label, url]) => ({ label, click: () => openExternal(url) })),
        { type: 'separator' },
        { label: 'What’s New', click: () => showPage('news') },
        { label: 'Check for Updates…', click: () => openExternal(RELEASES) },
        { label: 'About Pushscope', click: () => showPage('about') },
      ],
    },
  ]
}
