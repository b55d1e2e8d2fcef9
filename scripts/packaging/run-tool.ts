/** Runs a tool of the system to its end and gives what it printed; what it has to complain about becomes the error. */
import { execFile } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const LIMIT = 600_000 // ms
const OUTPUT = 64 * 1_024 * 1_024 // bytes

export interface ToolOptions {
  cwd?: string
  env?: Record<string, string>
}

export function runTool(name: string, args: readonly string[], { cwd, env = {} }: ToolOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { cwd, env: { ...process.env, LC_ALL: 'C', ...env }, timeout: LIMIT, maxBuffer: OUTPUT }
    execFile(name, args, options, (error, stdout, stderr) => {
      if (!error) return resolve(stdout)
      if ('code' in error && error.code === 'ENOENT') return reject(new Error(`${name} is not installed.`))
      reject(new Error(`${name} failed: ${(stderr || stdout || error.message).trim()}`))
    })
  })
}

/** Whether the tool is on the path. */
export function hasTool(name: string, path = process.env['PATH'] ?? ''): boolean {
  return path.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
