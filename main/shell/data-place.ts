/**
 * Where Electron keeps its data: in the one data directory of all hosts, so that a capture of the browser host is there
 * in the window too. (Electron's own choice on Linux is the folder for settings.) Before the lock, which lies in it.
 */
import { mkdirSync } from 'node:fs'
import type { App, CommandLine } from 'electron'

/** The App, as far as it is used. */
export interface PlacedApp {
  commandLine: Pick<CommandLine, 'hasSwitch'>
  setPath: App['setPath']
}

/** `--user-data-dir` wins; where `directory` cannot be made, Electron's own stays. */
export function placeData(app: PlacedApp, directory: string): void {
  if (app.commandLine.hasSwitch('user-data-dir')) return
  try {
    // Credentials pass through captures: nobody else's business.
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    app.setPath('userData', directory) // throws where there is no such folder
  } catch {
    // A read-only home: the engine says so in the window.
  }
}
