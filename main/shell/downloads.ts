/**
 * What the window may download: what it made itself, as a `blob:` of our own origin, to where the reader says in a
 * dialog. Everything else is stopped: frames in the window show servers that send what they like.
 */
import { basename } from 'node:path'
import type { DownloadItem, Event, SaveDialogOptions, Session, WebContents } from 'electron'
import { isOurs } from './origin.ts'
import { showName } from './wishes.ts'

const EXTENSIONS: Readonly<Record<string, string>> = { ndjson: 'Rows, one JSON object a line', bin: 'Bytes' }

/** `blob:app://pushscope/…`, in our page, and not begun by a frame of another origin in it (empty: not told). */
export function mayDownload(url: string, page: string, initiator: string): boolean {
  const ours = url.startsWith('blob:') && isOurs(url.slice('blob:'.length)) && isOurs(page)
  return ours && (initiator === '' || isOurs(initiator))
}

export function saveDialog(filename: string): SaveDialogOptions {
  const name = showName(basename(filename.replaceAll('\\', '/'))) || 'pushscope'
  const extension = name.split('.').at(-1) ?? ''
  const known = Object.hasOwn(EXTENSIONS, extension) ? [{ name: EXTENSIONS[extension]!, extensions: [extension] }] : []
  return { defaultPath: name, filters: [...known, { name: 'All files', extensions: ['*'] }] }
}

/** Without a path set, Electron asks for one in the dialog; a dialog that is cancelled ends the download. */
export function fenceDownloads(session: Pick<Session, 'on'>): void {
  session.on('will-download', (event: Event, item: DownloadItem, contents: WebContents) => {
    if (!mayDownload(item.getURL(), contents.getURL(), item.getInitiatorOrigin())) return event.preventDefault()
    item.setSaveDialogOptions(saveDialog(item.getFilename()))
  })
}
