/**
 * macOS: a signature by nobody over the finished application. Its new name, its Info.plist and the asar break the seal
 * that Electron comes with, and of a download with a broken seal macOS says that it is damaged, without an Open Anyway.
 * https://github.com/electron/forge/issues/3757
 */
import { runTool } from './run-tool.ts'

/** `app` is the `.app` folder. Rejects when the signature does not hold. */
export async function signAdHoc(app: string, run: typeof runTool = runTool): Promise<void> {
  // No hardened runtime: by its rules nobody's code may not load nobody's libraries.
  await run('codesign', ['--force', '--deep', '--sign', '-', app])
  await run('codesign', ['--verify', '--deep', '--strict', app])
}
