/** Whether what was measured at rest, round after round, grows. Pure: the last quarter beside the second. */

export interface Sample {
  round: number
  /** Bytes. */
  rss: number
  heap: number
  handles: number
  /** Open file descriptors; 0 where they cannot be counted. */
  files: number
}

/** What the first quarter warms up is not judged. */
const BOUNDS = {
  rss: { name: 'Memory', factor: 1.15, slack: 16 * 1_048_576 },
  handles: { name: 'Handles', factor: 1.3, slack: 8 },
  files: { name: 'Open files', factor: 1.3, slack: 8 },
} as const

/** A sentence for each thing that grew; empty when all is flat. */
export function judge(samples: readonly Sample[]): string[] {
  const quarter = Math.floor(samples.length / 4)
  if (quarter === 0) return ['There are too few rounds to judge.']
  const second = samples.slice(quarter, quarter * 2)
  const last = samples.slice(-quarter)
  return (Object.keys(BOUNDS) as (keyof typeof BOUNDS)[]).flatMap((key) => {
    const { name, factor, slack } = BOUNDS[key]
    const before = median(second.map((sample) => sample[key]))
    const after = median(last.map((sample) => sample[key]))
    return after > before * factor + slack ? [`${name} grew from ${before} to ${after}.`] : []
  })
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? 0
}
