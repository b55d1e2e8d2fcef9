import { expect, test } from 'vitest'
import { judge, type Sample } from './judge.ts'

const MiB = 1_048_576
const soak = (of: (round: number) => Partial<Sample>, rounds = 40): Sample[] =>
  Array.from({ length: rounds }, (_, round) => ({
    round,
    rss: 200 * MiB,
    heap: 0,
    handles: 10,
    files: 30,
    ...of(round),
  }))

test.each<[title: string, samples: Sample[], complaints: RegExp[]]>([
  ['flat', soak(() => ({})), []],
  ['what warms up in the first quarter', soak((round) => ({ rss: Math.min(round, 10) * 100 * MiB })), []],
  ['noise', soak((round) => ({ rss: (200 + (round % 7) * 10) * MiB, handles: 10 + (round % 3) })), []],
  ['one spike at the end', soak((round) => ({ rss: round === 39 ? 2_000 * MiB : 200 * MiB })), []],
  ['a few MiB a round', soak((round) => ({ rss: (200 + round * 6) * MiB })), [/^Memory grew/]],
  ['a handle a round', soak((round) => ({ handles: 10 + round })), [/^Handles grew/]],
  ['a file a round', soak((round) => ({ files: 10 + round })), [/^Open files grew/]],
  ['three rounds', soak(() => ({}), 3), [/too few/]],
])('%s', (_, samples, complaints) => {
  const found = judge(samples)
  expect(found).toHaveLength(complaints.length)
  complaints.forEach((complaint, i) => expect(found[i]).toMatch(complaint))
})
