/**
 * app://pushscope/…: the window's files under a scheme of our own, so that the page has a real origin and no rights on
 * file:. The same list of files and the same headers as the browser host's.
 */
import { randomBytes } from 'node:crypto'
import type { CustomScheme } from 'electron'
import { securityHeaders } from '../web/security-headers.ts'
import type { WindowFiles } from '../web/window-files.ts'
import { SCHEME, isOurs } from './origin.ts'

/**
 * `standard` and `secure` give it an origin that counts as trustworthy; `supportFetchAPI` and `corsEnabled` let the
 * page load its own module scripts. No service workers, no bypassing of the policy.
 */
export const SCHEMES: CustomScheme[] = [
  { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, corsEnabled: true } },
]

/** The handler for the scheme. */
export function createAppProtocol(files: WindowFiles): (request: Pick<Request, 'url' | 'method'>) => Promise<Response> {
  return async ({ url, method }) => {
    const nonce = randomBytes(16).toString('base64')
    const refuse = (status: number): Response => new Response(null, { status, headers: securityHeaders(nonce) })
    if (method !== 'GET') return refuse(405)
    if (!isOurs(url)) return refuse(403)
    const file = files.find(new URL(url).pathname)
    if (!file) return refuse(404)
    try {
      const body = Buffer.from(await file.read(nonce))
      return new Response(body, { headers: { ...securityHeaders(nonce), 'content-type': file.type } })
    } catch {
      return refuse(404)
    }
  }
}
