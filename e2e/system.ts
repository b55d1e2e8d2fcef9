/** What the window does to the system around it, files saved and text copied, read in the way each host allows. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ElectronApplication, Page } from '@playwright/test'

export interface SavedFile {
  name: string
  text: string
}

export interface System {
  /** The file that `act` makes the window save. */
  saved(act: () => Promise<void>): Promise<SavedFile>
  clipboard(): Promise<string>
}

export const browserSystem = (window: Page): System => ({
  async saved(act) {
    const [download] = await Promise.all([window.waitForEvent('download'), act()])
    return { name: download.suggestedFilename(), text: readFileSync(await download.path(), 'utf8') }
  },
  async clipboard() {
    await window.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    return window.evaluate(() => navigator.clipboard.readText())
  },
})

/** Playwright sees no downloads of Electron, and the page may not read the clipboard: the main process tells. */
export const electronSystem = (electron: ElectronApplication): System => ({
  async saved(act) {
    const folder = mkdtempSync(join(tmpdir(), 'pushscope-saved-'))
    try {
      const path = join(folder, 'file')
      const name = electron.evaluate(
        ({ session }, to) =>
          new Promise<string>((resolve, reject) => {
            session.defaultSession.once('will-download', (_event, item) => {
              item.setSavePath(to) // so that no dialog asks
              item.once('done', (_done, state) =>
                state === 'completed' ? resolve(item.getFilename()) : reject(new Error(`The download was ${state}.`)),
              )
            })
          }),
        path,
      )
      await electron.evaluate(() => null) // it listens by then: questions are answered in order
      await act()
      return { name: await name, text: readFileSync(path, 'utf8') }
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
  clipboard: () => electron.evaluate(({ clipboard }) => clipboard.readText()),
})
