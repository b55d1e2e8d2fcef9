/**
 * The browser host: the engine and the window without Electron. An HTTP server on 127.0.0.1 that gives out the
 * window's files and opens the bridge. It starts no browser (main/cli/open.ts does).
 */
import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fail, ok, type Result } from '../../preload/contract/index.ts'
import type { Channel } from '../engine/bridge.ts'
import { createBridge } from './bridge.ts'
import { createToken, isOurHost } from './door.ts'
import { securityHeaders } from './security-headers.ts'
import { listWindowFiles, type WindowFiles } from './window-files.ts'

/** A blank page of our origin, for a window that is told its address afterwards. */
export const OPENING = '/opening'

export interface BrowserHostOptions {
  /** The folder of the built window (out/renderer). */
  root: string
  /** 0 takes a free one. */
  port: number
  /** Serves one window until its channel closes. */
  serve(channel: Channel): void
  /** Told whenever a window comes or goes. */
  onWindows?(count: number): void
}

export interface BrowserHost {
  port: number
  token: string
  /** What to open: `http://127.0.0.1:PORT/#token=…`. */
  url: string
  close(): Promise<void>
}

export async function createBrowserHost(options: BrowserHostOptions): Promise<Result<BrowserHost>> {
  const files = listWindowFiles(options.root)
  if (!files) return fail('not-found', `There is no built window in ${options.root}.`, 'Run `npm run build` first.')

  const token = createToken()
  const server = createServer((request, response) => void answer(request, response, files, port()))
  const port = (): number => (server.address() as AddressInfo | null)?.port ?? 0
  const bridge = createBridge({
    token,
    port,
    onWindow: options.serve,
    onCount: (count) => options.onWindows?.(count),
  })
  server.on('upgrade', bridge.upgrade)

  const problem = await listen(server, options.port)
  if (problem) return problem
  return ok({
    port: port(),
    token,
    url: `http://127.0.0.1:${port()}/#token=${token}`,
    close() {
      bridge.close()
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      return closed
    },
  })
}

async function listen(server: ReturnType<typeof createServer>, port: number): Promise<Result<never> | null> {
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE')
        resolve(fail('port-in-use', `Port ${port} is in use.`, 'Give another --port, or none for a free one.'))
      else resolve(fail('internal', `Port ${port} cannot be opened (${error.code ?? error.message}).`))
    })
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => resolve(null))
  })
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  files: WindowFiles,
  port: number,
): Promise<void> {
  const nonce = randomBytes(16).toString('base64')
  const send = (status: number, type: string, body: string | Uint8Array, more: Record<string, string> = {}): void => {
    const headers = {
      ...securityHeaders(nonce),
      'cache-control': 'no-store',
      'content-type': type,
      'content-length': String(Buffer.byteLength(body)),
      ...more,
    }
    response.writeHead(status, headers).end(request.method === 'HEAD' ? undefined : body)
  }
  const say = (status: number, sentence: string, more?: Record<string, string>): void =>
    send(status, 'text/plain; charset=utf-8', `${sentence}\n`, more)

  if (!isOurHost(request.headers.host, port)) return say(403, 'This host name is not ours.')
  if (request.method !== 'GET' && request.method !== 'HEAD') return say(405, 'Only GET.', { allow: 'GET, HEAD' })
  if (request.url === OPENING) return send(200, 'text/html; charset=utf-8', '<!doctype html><title>Pushscope</title>')
  const file = files.find((request.url ?? '').split('?', 1)[0]!)
  if (!file) return say(404, 'There is no such file.')
  try {
    send(200, file.type, await file.read(nonce))
  } catch {
    say(404, 'The file is gone; was the window built anew?')
  }
}
