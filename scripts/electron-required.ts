/** `npm run electron:required`: fails where the end-to-end tests would skip Electron. For machines that must run it. */
import { electronMissing } from '../e2e/electron.ts'

if (electronMissing) {
  process.stderr.write(`Electron must run here, but ${electronMissing}.\n`)
  process.exitCode = 1
}
