import { expect, test } from 'vitest'
import type { Header } from '../../../preload/contract/index.ts'
import { cacheProblem } from './caching.ts'

const problem = (answer: Header[], request: Header[] = [], status = 200, method = 'GET'): string | null =>
  cacheProblem(
    { method, target: '/', version: 'HTTP/1.1', headers: request },
    { status, reason: '', version: 'HTTP/1.1', headers: answer, requestSeq: null },
  )

test.each<[what: string, problem: string | null, expected: string | null]>([
  ['no Cache-Control', problem([]), 'no Cache-Control'],
  ['a lifetime', problem([['Cache-Control', 'public, max-age=60']]), 'max-age=60'],
  ['a shared lifetime first', problem([['Cache-Control', 'max-age=0, s-maxage=9']]), 's-maxage=9'],
  ['neither lifetime nor prohibition', problem([['Cache-Control', 'private']]), 'Cache-Control names no lifetime'],
  [
    'Expires after Date',
    problem([
      ['Date', 'Sat, 01 Jan 2022 00:00:00 GMT'],
      ['Expires', 'Sat, 01 Jan 2022 00:01:00 GMT'],
    ]),
    'Expires: Sat, 01 Jan 2022 00:01:00 GMT',
  ],
  ['no-store', problem([['cache-control', 'No-Store']]), null],
  ['no-cache', problem([['cache-control', 'no-cache="a"']]), null],
  ['max-age=0', problem([['cache-control', 'max-age=0']]), null],
  [
    'Expires at Date',
    problem([
      ['Date', 'Sat, 01 Jan 2022 00:00:00 GMT'],
      ['Expires', 'Sat, 01 Jan 2022 00:00:00 GMT'],
    ]),
    null,
  ],
  ['Expires: 0', problem([['Expires', '0']]), null],
  ['Pragma: no-cache', problem([['Pragma', 'no-cache']]), null],
  ['Vary: *', problem([['Vary', '*']]), null],
  ['a request that forbids it', problem([], [['Cache-Control', 'no-cache']]), null],
  ['a POST', problem([], [], 200, 'POST'), null],
  ['an error that no cache keeps', problem([], [], 500), null],
  ['204', problem([], [], 204), 'no Cache-Control'],
])('%s', (_, given, expected) => {
  expect(given).toBe(expected)
})
