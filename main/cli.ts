#!/usr/bin/env node
/**
 * The command's door. It imports nothing by itself, so that an old Node gets a sentence instead of a stack trace:
 * everything behind it needs `node:sqlite`.
 */
export {}

const NEEDED = 24
const LINGER = 3_000 // ms that a socket or worker left open may keep the process

if (Number(process.versions.node.split('.', 1)[0]) < NEEDED) {
  process.stderr.write(`pushscope needs Node ${NEEDED} or newer; this is Node ${process.versions.node}.\n`)
  process.exitCode = 2
} else {
  const { main } = await import('./cli/main.ts')
  process.exitCode = await main(process.argv.slice(2))
  setTimeout(() => process.exit(), LINGER).unref()
}
