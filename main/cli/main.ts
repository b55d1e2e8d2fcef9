/** Runs one command and answers its exit code. Each command is a file of its own. */
import { parseCommand, type Command } from './arguments.ts'
import { print, say } from './output.ts'
import { version } from './package.ts'
import { createStopper, type Stopper } from './stop.ts'
import { usage } from './usage.ts'

/** 0 done as asked, 1 it failed, 2 wrong usage. */
export async function main(argv: readonly string[]): Promise<number> {
  const command = parseCommand(argv)
  if (!command.ok) {
    say(`${command.error.message} \`pushscope --help\` tells more.`)
    return 2
  }
  const stopper = createStopper()
  try {
    return await run(command.value, stopper)
  } catch (error) {
    say(error instanceof Error ? error.message : String(error))
    return 1
  } finally {
    stopper.dispose()
  }
}

/** Commands are loaded when they run: `--help` needs no engine. */
async function run(command: Command, stopper: Stopper): Promise<number> {
  switch (command.name) {
    case 'help':
      return (await print(usage(command.about).trimEnd())) ? 0 : 1
    case 'version':
      return (await print(version())) ? 0 : 1
    case 'open':
      return (await import('./open.ts')).open(command, stopper)
    case 'servers':
      return (await import('./servers.ts')).servers(command, stopper)
    case 'capture':
      return (await import('./capture.ts')).capture(command, stopper)
    case 'export':
      return (await import('./export.ts')).exportFile(command, stopper)
  }
}
