/** Makes the packages once for all checks, with the makers whose tools are there. */
import type { TestProject } from 'vitest/node'
import { runForge } from './made.ts'
import { MAKER_TOOLS, missing } from './needs.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The unpacked application; empty when nothing could be made here. */
    app: string
    artifacts: string[]
    output: string
  }
}

export default async function setup(project: TestProject): Promise<(() => void) | undefined> {
  if (missing('linux', 'zip')) {
    for (const name of ['app', 'output'] as const) project.provide(name, '')
    project.provide('artifacts', [])
    return undefined
  }
  const targets = Object.entries(MAKER_TOOLS).filter(([, tool]) => !missing(tool))
  const made = await runForge('make', { targets: targets.map(([name]) => name) })
  project.provide('app', made.app)
  project.provide('artifacts', made.artifacts)
  project.provide('output', made.output)
  return made.dispose
}
