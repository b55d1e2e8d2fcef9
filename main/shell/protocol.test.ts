import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listWindowFiles } from '../web/window-files.ts'
import { SCHEMES, createAppProtocol } from './protocol.ts'

const root = mkdtempSync(join(tmpdir(), 'pushscope-app-'))
let answer: ReturnType<typeof createAppProtocol>

beforeAll(() => {
  mkdirSync(join(root, 'renderer/assets'), { recursive: true })
  writeFileSync(join(root, 'secret.js'), 'secret')
  writeFileSync(join(root, 'renderer/index.html'), '<p nonce="__PUSHSCOPE_NONCE__">')
  writeFileSync(join(root, 'renderer/assets/a.js'), '1')
  answer = createAppProtocol(listWindowFiles(join(root, 'renderer'))!)
})
afterAll(() => rmSync(root, { recursive: true }))

test('the scheme is a secure origin and bypasses nothing', () => {
  expect(SCHEMES).toEqual([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, corsEnabled: true } },
  ])
})

test('the page comes with its policy and a nonce that both agree on', async () => {
  const page = await answer({ url: 'app://pushscope/', method: 'GET' })
  const nonce = /nonce="([^"]+)"/.exec(await page.text())?.[1]
  expect(page.status).toBe(200)
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(page.headers.get('content-security-policy')).toContain(`'nonce-${nonce}'`)
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'")
})

test.each([
  ['app://pushscope/assets/a.js?x=1#y', 200],
  ['app://pushscope/assets/b.js', 404],
  ['app://pushscope/assets', 404],
  ['app://pushscope/../secret.js', 404],
  ['app://pushscope/%2e%2e/secret.js', 404],
  ['app://pushscope/..%2fsecret.js', 404],
  ['app://pushscope/assets/..%5c..%5c..%5csecret.js', 404],
  ['app://pushscope//etc/passwd', 404],
  ['app://elsewhere/assets/a.js', 403],
])('%s is answered with %i', async (url, status) => {
  const given = await answer({ url, method: 'GET' })
  expect(given.status).toBe(status)
  expect(given.headers.get('x-content-type-options')).toBe('nosniff')
  expect(await given.text()).not.toContain('secret')
})

test('only GET', async () => {
  expect((await answer({ url: 'app://pushscope/', method: 'POST' })).status).toBe(405)
})
