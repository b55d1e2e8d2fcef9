/** What only Electron's own binary can show: processes that die come back, and the fence holds against the page itself. */
import type { ElectronApplication } from '@playwright/test'
import { expect, test, type App } from '../fixtures.ts'
import { inspector } from '../pages/inspector.ts'

const shell = ({ electron }: App): ElectronApplication => electron!

async function capture(app: App): Promise<void> {
  const { startServer, connect, rows } = inspector(app.window)
  await startServer('Server-Sent Events')
  await connect()
  await expect(rows('event').nth(1)).toBeVisible()
}

test('an engine that is killed comes back, says so, and what was captured is there', async ({ app }) => {
  await capture(app)
  const pid = await shell(app).evaluate(
    (electron) => electron.app.getAppMetrics().find(({ name }) => name === 'Pushscope Engine')?.pid,
  )
  process.kill(pid!, 'SIGKILL')
  const notices = app.window.getByRole('status', { name: 'Notices' })
  await expect(notices).toContainText('The engine was started again')
  const captures = app.window.getByRole('list', { name: 'Captures' })
  await expect(captures.getByRole('button', { name: /^More about capture/ })).toHaveCount(1)
  await capture(app)
})

test('a page whose process dies is loaded again, and finds the capture that goes on', async ({ app }) => {
  await capture(app)
  await shell(app).evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]!.webContents.forcefullyCrashRenderer(),
  )
  // Playwright lets go of a page that crashed; the main process still sees it.
  const text = (): Promise<string> =>
    shell(app).evaluate(async ({ BrowserWindow }) => {
      const { webContents } = BrowserWindow.getAllWindows()[0]!
      return String(await webContents.executeJavaScript('document.body.innerText').catch(() => ''))
    })
  await expect.poll(text).toContain('was loaded again')
  await expect.poll(text).toContain('event')
})

test('the page opens no window, goes nowhere, and gets no permission', async ({ app }) => {
  const { window } = app
  expect(await window.evaluate('window.open("https://example.org/") === null')).toBe(true)
  await window.evaluate('void (location.href = "https://example.org/")')
  await window.evaluate('void (location.href = "file:///etc/passwd")')
  expect(await window.evaluate('Notification.requestPermission()')).toBe('denied')
  expect(await window.evaluate('navigator.clipboard.readText().catch(({ name }) => name)')).toBe('NotAllowedError')
  expect(window.url()).toBe('app://pushscope/')
  expect(shell(app).windows()).toHaveLength(1)
})

test('a second start hands its link over, which is filled in and not followed', async ({ app }) => {
  const url = app.window.getByRole('textbox', { name: 'URL' })
  await expect(url).toBeVisible()
  await shell(app).evaluate((electron) => {
    const link = 'pushscope://open?url=ws%3A%2F%2F127.0.0.1%3A9%2F'
    electron.app.emit('second-instance', {}, ['pushscope', link], '/', null)
  })
  await expect(url).toHaveValue('ws://127.0.0.1:9/')
  await expect(app.window.getByRole('contentinfo', { name: 'Status' })).toContainText('No capture')
})
