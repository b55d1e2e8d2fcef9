/**
 * The memory of pages, used again by all captures of the process: fresh memory costs more than all that is written to
 * it. A while after the last page was stored it is given back.
 */
import { createPageMemory, type PageMemory } from './page.ts'

/** ms without a stored page. */
const REST = 2_000
/** Kept after that. */
const KEPT = 1

const spare: PageMemory[] = []
let forgotten: (memories: number[]) => void = () => undefined
let rest: NodeJS.Timeout | null = null

/** Hears the numbers of memories that come no more: the writer's thread has views on them. */
export function onForgotten(listener: (memories: number[]) => void): void {
  forgotten = listener
}

export const takeMemory = (): PageMemory => spare.pop() ?? createPageMemory()

/** The page that it was made for is stored, and nobody reads it there any more. */
export function giveMemory(memory: PageMemory): void {
  spare.push(memory)
  if (rest) rest.refresh()
  else rest = setTimeout(giveBack, REST).unref()
}

function giveBack(): void {
  rest = null
  if (spare.length > KEPT) forgotten(spare.splice(KEPT).map(({ id }) => id))
}
