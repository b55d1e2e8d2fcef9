/**
 * Where Electron keeps its data: in the one data directory of all hosts, so that a capture of the browser host is there
 * in the window too. (Electron's own choice on Linux is the folder for settings.) Before the lock, which lies in it.
 */
import type { App, CommandLine } from 'electron'
import { makeDirectory } from '../capture/make-directory.ts'

/** The App, as far as it is used. */
export interface PlacedApp {
  commandLine: Pick<CommandLine, 'hasSwitch'>
  setPath: App['setPath']
}

/** `--user-data-dir` wins; where `directory` cannot be made, Electron's own stays. */
export function placeData(app: PlacedApp, directory: string): void {
  if (app.commandLine.hasSwitch('user-data-dir')) return
  try {
    makeDirectory(directory)
    app.setPath('userData', directory) // throws where there is no such folder
  } catch {
    // A read-only home: the engine says so in the window.
  }
}
