/** The parts of one poll on a time line: asked, waited, answered. Pure; CycleBar.vue draws it. */
import type { DetailsByKind } from '../../../../preload/contract/index.ts'

export interface CyclePart {
  name: 'asked' | 'waited' | 'answered'
  /** µs from the first byte of the request. */
  start: number
  duration: number
}

/**
 * `asking` is how long the request took to send, in µs; null when its bytes are not at hand, and then what is not
 * waiting counts as the answer, since a request is mostly one packet.
 */
export function cycleParts(poll: DetailsByKind['poll'], asking: number | null): CyclePart[] {
  const waited = clamp(poll.waited, poll.took)
  const asked = clamp(asking ?? 0, poll.took - waited)
  return [
    { name: 'asked', start: 0, duration: asked },
    { name: 'waited', start: asked, duration: waited },
    { name: 'answered', start: asked + waited, duration: Math.max(0, poll.took - asked - waited) },
  ]
}

const clamp = (value: number, most: number): number => Math.min(Math.max(value, 0), Math.max(most, 0))

/** Round marks for a scale of `took` µs: 1, 2 or 5 times a power of ten apart, at most five, without the zero. */
export function scaleMarks(took: number): number[] {
  if (!(took > 0)) return []
  const power = 10 ** Math.floor(Math.log10(took / 5))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => took / size <= 5) ?? took
  const marks: number[] = []
  for (let i = 1; i * step <= took * 1.0001; i++) marks.push(i * step)
  return marks
}
