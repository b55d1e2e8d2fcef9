import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { fenceDownloads, mayDownload, saveDialog } from './downloads.ts'

const PAGE = 'app://pushscope/'
const BLOB = 'blob:app://pushscope/7f1c2d6e-0000-4000-8000-000000000000'

test.each([
  [BLOB, PAGE, true],
  [BLOB, 'https://evil.example/', false],
  ['blob:https://evil.example/7f1c', PAGE, false],
  ['blob:http://127.0.0.1:8002/7f1c', PAGE, false],
  ['blob:null/7f1c', PAGE, false],
  ['app://pushscope/index.html', PAGE, false],
  ['data:text/plain,x', PAGE, false],
  ['https://evil.example/setup.exe', PAGE, false],
  ['http://127.0.0.1:8002/clock', PAGE, false],
  ['file:///etc/passwd', PAGE, false],
  ['', PAGE, false],
])('%s from %s may be saved: %s', (url, page, saved) => {
  expect(mayDownload(url, page, 'app://pushscope')).toBe(saved)
  expect(mayDownload(url, page, '')).toBe(saved)
  for (const initiator of ['null', 'http://127.0.0.1:8002', 'app://other'])
    expect(mayDownload(url, page, initiator)).toBe(false)
})

test.each([
  ['clock.ndjson', 'clock.ndjson', 'ndjson'],
  ['row-3-wire.bin', 'row-3-wire.bin', 'bin'],
  ['../../.bashrc', '.bashrc', '*'],
  ['..\\..\\start.bat', 'start.bat', '*'],
  ['evil\u202Egnp.exe', 'evil\uFFFDgnp.exe', '*'],
  ['', 'pushscope', '*'],
])('%j is offered as %j', (given, offered, first) => {
  const { defaultPath, filters } = saveDialog(given)
  expect([defaultPath, filters?.[0]?.extensions]).toEqual([offered, [first]])
})

test('a dialog for our own, a stop for everything else', () => {
  const session = new EventEmitter()
  fenceDownloads(session as unknown as Parameters<typeof fenceDownloads>[0])
  const play = (url: string) => {
    const done: unknown[] = []
    session.emit(
      'will-download',
      { preventDefault: () => done.push('stopped') },
      {
        getURL: () => url,
        getInitiatorOrigin: () => 'app://pushscope',
        getFilename: () => 'a.ndjson',
        setSaveDialogOptions: (options: { defaultPath: string }) => done.push(options.defaultPath),
      },
      { getURL: () => PAGE },
    )
    return done
  }
  expect(play(BLOB)).toEqual(['a.ndjson'])
  expect(play('https://evil.example/a.ndjson')).toEqual(['stopped'])
})
