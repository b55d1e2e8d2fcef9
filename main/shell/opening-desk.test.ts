import { expect, test } from 'vitest'
import type { Opening } from '../../preload/channels.ts'
import { createOpeningDesk, type OpeningRequest } from './opening-desk.ts'

const url = (n: number): Opening => ({ type: 'url', url: `ws://127.0.0.1/${n}`, message: '', hint: '' })

function play() {
  const told: [window: number, channel: string, opening: Opening][] = []
  const desk = createOpeningDesk((id) => id < 3)
  const request = (id: number, page = 'app://pushscope/', parent: unknown = null): OpeningRequest => ({
    sender: { id },
    senderFrame: {
      url: page,
      parent,
      isDestroyed: () => false,
      send: (channel, opening) => told.push([id, channel, opening]),
    },
  })
  return { desk, told, request }
}

test('what came before a window asked is told in order and once', () => {
  const { desk, told, request } = play()
  desk.open(url(1))
  desk.open(url(2))
  desk.watch(request(1))
  desk.open(url(3))
  desk.watch(request(1))
  expect(told).toEqual([1, 2, 3].map((n) => [1, 'pushscope:opening', url(n)]))
})

test('frames of servers, foreign pages and unknown windows are told nothing', () => {
  const { desk, told, request } = play()
  desk.open(url(1))
  desk.watch(request(1, 'http://127.0.0.1:8002/clock', {}))
  desk.watch(request(1, 'app://pushscope/', {}))
  desk.watch(request(1, 'https://evil.example/'))
  desk.watch(request(3))
  desk.watch({ sender: { id: 1 }, senderFrame: null })
  expect(told).toEqual([])
})

test('what a frame that went away or a closed window missed waits for the next one, within bounds', () => {
  const { desk, told, request } = play()
  const gone = request(1)
  gone.senderFrame!.isDestroyed = () => true
  desk.watch(gone)
  desk.open(url(1))
  desk.watch(request(2))
  desk.pageGone(2)
  for (let n = 0; n < 100; n++) desk.open(url(n))
  desk.watch(request(1))
  expect(told).toHaveLength(1 + 32)
  expect(told[0]).toEqual([2, 'pushscope:opening', url(1)])
  expect(told.at(-1)).toEqual([1, 'pushscope:opening', url(99)])
})
