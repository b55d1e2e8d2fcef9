/** Whether the Electron project can run: the binary is there, and a display for it. */
import { hasDisplay } from '../main/cli/browsers.ts'
import { findElectron } from '../scripts/electron.ts'

export const electronBinary = findElectron()

/** The reason to skip; empty when there is none. */
export const electronMissing = !electronBinary
  ? "Electron's binary is not installed (npx install-electron fetches it)"
  : hasDisplay()
    ? ''
    : 'there is no display for Electron'
