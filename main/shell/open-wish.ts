/**
 * Fulfils a wish of the system: what the window is to show for a link or a file. Nothing is connected to and the file
 * itself stays as it is: a capture is copied into the data directory, where the engine reads it like any other.
 *
 * Here a capture is told by its first bytes only; what is in it is read by the engine's process, never by this one.
 */
import { createHash, randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { access, copyFile, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import type { Opening } from '../../preload/channels.ts'
import { makeDirectory } from '../capture/make-directory.ts'
import { realtimeEndpoints } from './har.ts'
import { showName, urlOfLink, type Wish } from './wishes.ts'

const SUFFIX = '.pushscope'
const LARGEST_ARCHIVE = 64 * 1024 * 1024
/** https://www.sqlite.org/fileformat2.html#the_database_header, with our application_id `PSCP`. */
const MAGIC = Buffer.from('SQLite format 3\0', 'latin1')
const APPLICATION = Buffer.from('PSCP', 'latin1')
const APPLICATION_AT = 68

/** `captures`: the folder in the data directory. Never rejects: what cannot be opened becomes a notice. */
export async function openWish(wish: Wish, captures: string): Promise<Opening> {
  if (wish.type === 'link') return openLink(wish.link)
  const name = showName(basename(wish.path))
  try {
    return extname(wish.path).toLowerCase() === SUFFIX
      ? await openCapture(wish.path, name, captures)
      : await openArchive(wish.path, name)
  } catch (error) {
    return { type: 'notice', message: `${name} cannot be opened: ${why(error)}.`, hint: '' }
  }
}

function openLink(link: string): Opening {
  const url = urlOfLink(link)
  return url === null
    ? {
        type: 'notice',
        message: 'A link was not followed: it does not lead to an endpoint.',
        hint: 'Links look like pushscope://open?url=wss%3A%2F%2Fexample.org%2F, with a ws, wss, http or https URL.',
      }
    : {
        type: 'url',
        url,
        message: 'A link filled in the URL.',
        hint: 'Nothing is connected until you press Connect.',
      }
}

async function openCapture(path: string, name: string, captures: string): Promise<Opening> {
  const file = await realpath(path)
  const { mtime, size } = await stat(file)
  if (!(await isCapture(file)))
    return { type: 'notice', message: `${name} is not a Pushscope capture.`, hint: 'The file was not touched.' }

  makeDirectory(captures)
  if (dirname(file) === (await realpath(captures)))
    return { type: 'capture', id: basename(file, SUFFIX), message: '', hint: '' }

  // The same file gets the same id, so that it is not copied again; its time first, as all ids begin.
  const log = await sizeOf(`${file}-wal`)
  const print = createHash('sha256').update(`${file} ${size} ${mtime.getTime()} ${log}`).digest('hex').slice(0, 12)
  const id = `${mtime.toISOString().replace(/\D/g, '').slice(0, 17)}-${print}`
  const target = join(captures, id + SUFFIX)
  if ((await sizeOf(target)) === 0) await copyCapture(file, target)
  return { type: 'capture', id, message: `Opened a copy of ${name}.`, hint: 'The file itself stays as it is.' }
}

async function isCapture(file: string): Promise<boolean> {
  const handle = await open(file)
  try {
    const head = Buffer.alloc(100)
    const { bytesRead } = (await handle.stat()).isFile() ? await handle.read(head, 0, head.length, 0) : { bytesRead: 0 }
    const application = head.subarray(APPLICATION_AT, APPLICATION_AT + APPLICATION.length)
    return bytesRead === head.length && head.subarray(0, MAGIC.length).equals(MAGIC) && application.equals(APPLICATION)
  } finally {
    await handle.close()
  }
}

/** Whoever wrote the capture may have been killed: its last rows are then in the log beside it. */
async function copyCapture(file: string, target: string): Promise<void> {
  const part = join(dirname(target), `.${randomBytes(6).toString('hex')}.part`)
  try {
    await access(`${file}-wal`).then(
      () => copyFile(`${file}-wal`, `${target}-wal`),
      () => undefined,
    )
    await copyFile(file, part, constants.COPYFILE_FICLONE)
    await rename(part, target)
  } catch (error) {
    await Promise.all([part, `${target}-wal`].map((one) => rm(one, { force: true })))
    throw error
  }
}

async function openArchive(path: string, name: string): Promise<Opening> {
  const info = await stat(path)
  if (!info.isFile()) return { type: 'notice', message: `${name} is not a file.`, hint: '' }
  if (info.size > LARGEST_ARCHIVE) return { type: 'notice', message: `${name} is too large to look into.`, hint: '' }
  const endpoints = realtimeEndpoints((await readFile(path, 'utf8')).replace(/^\uFEFF/, ''))
  if (endpoints === null) return { type: 'notice', message: `${name} is not an HTTP archive.`, hint: '' }
  const hint = 'An HTTP archive keeps no bytes of the wire, so what it recorded cannot be shown as a capture.'
  const [first, ...others] = endpoints
  if (first === undefined) return { type: 'notice', message: `${name} lists no WebSocket and no event stream.`, hint }
  const rest = others.length === 0 ? '' : `, the first of ${endpoints.length}`
  return { type: 'url', url: first, message: `The URL is filled in from ${name}${rest}. Nothing is connected.`, hint }
}

const sizeOf = (file: string): Promise<number> =>
  stat(file).then(
    ({ size }) => size,
    () => 0,
  )

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EACCES: 'reading it, or writing to the data directory, is not permitted',
  EPERM: 'reading it, or writing to the data directory, is not permitted',
  EROFS: 'the data directory cannot be written',
  ENOSPC: 'there is no space left in the data directory',
  EISDIR: 'it is a folder',
}

function why(error: unknown): string {
  const code = String((error as Partial<NodeJS.ErrnoException> | null)?.code ?? 'of an unknown fault')
  return REASONS[code] ?? code
}
