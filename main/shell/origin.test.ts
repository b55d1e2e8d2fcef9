import { expect, test } from 'vitest'
import { isOurSender, isOurs } from './origin.ts'

test.each([
  ['app://pushscope/', true],
  ['app://pushscope/index.html#x', true],
  ['app://other/', false],
  ['app://pushscope.evil.example/', false],
  ['app://user@pushscope/', true], // no such thing as a password on our own scheme: same host, same files
  ['http://pushscope/', false],
  ['https://evil.example/app://pushscope/', false],
  ['file:///pushscope/', false],
  ['about:blank', false],
  ['', false],
])('%s is ours: %s', (url, ours) => {
  expect(isOurs(url)).toBe(ours)
})

test('a message is heard only from the top frame of our window while it shows our page', () => {
  const isOurWindow = (id: number): boolean => id === 7
  const top = { url: 'app://pushscope/', parent: null }
  const cases: [sender: Parameters<typeof isOurSender>[0], heard: boolean][] = [
    [{ sender: { id: 7 }, senderFrame: top }, true],
    [{ sender: { id: 8 }, senderFrame: top }, false],
    [{ sender: { id: 7 }, senderFrame: null }, false],
    [{ sender: { id: 7 }, senderFrame: { ...top, parent: top } }, false],
    [{ sender: { id: 7 }, senderFrame: { ...top, url: 'http://127.0.0.1:8002/clock' } }, false],
    [{ sender: { id: 7 }, senderFrame: { ...top, url: 'about:srcdoc' } }, false],
  ]
  for (const [sender, heard] of cases) expect(isOurSender(sender, isOurWindow)).toBe(heard)
})
