import { describe, expect, it } from 'vitest'
import type { Filter, ViewInfo } from '../../preload/contract/index.ts'
import { openCapture, type CaptureReader } from './capture.ts'
import { PAGE_ROWS } from './row.ts'
import { temporaryCapture } from './testing/temporary.ts'
import { MASKED_HELLO, REQUEST, RESPONSE, serverFrame } from './testing/websocket.ts'

const ANY: Filter = { from: [], kinds: [], opcodes: [], text: '', findings: false, connection: null }

/** The seqs of a filter's view, once the whole capture is scanned. */
async function seqsOf(reader: CaptureReader, filter: Partial<Filter>): Promise<number[]> {
  const view = await new Promise<ViewInfo>((resolve) => {
    const first = reader.createView({ ...ANY, ...filter }, (view) => {
      if (view.scanned === reader.count) resolve(view)
    })
    if (first.scanned === reader.count) resolve(first)
  })
  const seqs = reader.summaries(view.view, 0, view.count).map((row) => row.seq)
  expect(seqs).toHaveLength(view.count)
  reader.dropView(view.view)
  return seqs
}

/** Nine rows of every sort. */
async function small() {
  const capture = temporaryCapture()
  const connection = capture.recorder.connection('websocket')
  connection.bytes(0, REQUEST) // 1
  connection.bytes(1, RESPONSE) // 2
  connection.bytes(1, serverFrame(0x81, 'Grüße, hello')) // 3
  connection.bytes(0, MASKED_HELLO) // 4
  connection.bytes(1, serverFrame(0x82, Buffer.from([1, 2, 3]))) // 5
  connection.bytes(1, serverFrame(0x89, 'ping')) // 6
  connection.bytes(1, serverFrame(0x81, Buffer.from([0xff]))) // 7, with a finding
  capture.recorder.local({ kind: 'note', details: { text: 'a note of a+b' } }) // 8
  await capture.flush()
  return capture.reader
}

describe('a filter', () => {
  const cases: [title: string, filter: Partial<Filter>, seqs: number[]][] = [
    ['without conditions shows all', {}, [1, 2, 3, 4, 5, 6, 7, 8]],
    ['takes a direction', { from: ['client'] }, [1, 4]],
    ['takes several directions', { from: ['client', 'local'] }, [1, 4, 8]],
    ['takes kinds', { kinds: ['http-response', 'note'] }, [2, 8]],
    ['takes kind and direction together', { kinds: ['ws-frame'], from: ['client'] }, [4]],
    ['takes opcodes, which mean frames', { opcodes: [9] }, [6]],
    ['takes opcodes beside other kinds', { kinds: ['ws-frame', 'note'], opcodes: [1] }, [3, 4, 7, 8]],
    ['takes rows with findings', { findings: true }, [7]],
    ['takes a connection', { connection: 0 }, [8]],
    ['finds text in any case, masked or not', { text: 'HELLO' }, [3, 4]],
    ['finds text that is not ASCII', { text: 'GRÜSS' }, []],
    ['finds text that is not ASCII, in any case', { text: 'grüße' }, [3]],
    ['finds text in heads', { text: 'sec-websocket-accept' }, [2]],
    ['finds text in rows of words', { text: 'a+b' }, [8]],
    ['takes a regular expression', { text: '/^h.*o$/i' }, [4]],
    ['heeds the flags of a regular expression', { text: '/^h.*o$/' }, []],
    ['has the ends of lines for ^ and $', { text: '/^upgrade: websocket$/i' }, [1, 2]],
    ['takes an invalid regular expression literally', { text: '/(/' }, []],
    ['combines text and direction', { text: 'hello', from: ['server'] }, [3]],
    ['can match nothing', { kinds: ['sse-event'] }, []],
  ]
  it.each(cases)('%s', async (_title, filter, seqs) => {
    expect(await seqsOf(await small(), filter)).toEqual(seqs)
  })
})

describe('a view', () => {
  it('grows as rows arrive, here and in the thread', async () => {
    const capture = temporaryCapture()
    const connection = capture.recorder.connection('websocket')
    connection.bytes(0, REQUEST)
    connection.bytes(1, RESPONSE)
    const grown = (filter: Filter, count: number): Promise<ViewInfo> =>
      new Promise((resolve) => {
        capture.reader.createView(filter, (view) => {
          if (view.count === count) resolve(view)
        })
      })
    const perPage = PAGE_ROWS * 2
    const byColumn = grown({ ...ANY, kinds: ['ws-frame'], from: ['client'] }, 2)
    const byText = grown({ ...ANY, text: 'message 5000.' }, 1)
    const byRegex = grown({ ...ANY, text: '/^message \\d*000\\.$/' }, 8)
    connection.bytes(0, MASKED_HELLO)
    for (let i = 1; i <= perPage; i++) connection.bytes(1, serverFrame(0x81, `message ${i}.`))
    connection.bytes(0, MASKED_HELLO)
    await capture.flush()
    expect((await byColumn).count).toBe(2)
    const { view } = await byText
    expect(capture.reader.summaries(view, 0, 9).map((row) => row.summary)).toEqual(['message 5000.'])
    expect((await byRegex).count).toBe(8)
  })

  it('knows where a row is, or the next one after it', async () => {
    const reader = await small()
    const { view } = reader.createView({ ...ANY, kinds: ['ws-frame'] }, () => undefined)
    expect([0, 1, 3, 5, 7, 8].map((seq) => reader.locate(view, seq))).toEqual([0, 0, 0, 2, 4, 5])
    expect([0, 1, 3, 8, 99].map((seq) => reader.locate(0, seq))).toEqual([0, 0, 2, 7, 8])
    expect(reader.summaries(view, 2, 2).map((row) => row.seq)).toEqual([5, 6])
    reader.dropView(view)
    expect(reader.summaries(view, 0, 10)).toEqual([])
  })

  it('whose regular expression never ends can be dropped, and others go on', async () => {
    const capture = temporaryCapture()
    const connection = capture.recorder.connection('websocket')
    connection.bytes(0, REQUEST)
    connection.bytes(1, RESPONSE)
    connection.bytes(1, serverFrame(0x81, 'a'.repeat(200)))
    await capture.flush()
    const { reader } = capture
    const quick = Promise.withResolvers<ViewInfo>()
    reader.createView({ ...ANY, text: '/aaa/' }, (view) => quick.resolve(view))
    const endless = reader.createView({ ...ANY, text: '/^(a|aa)+b$/' }, () => undefined)
    await quick.promise // the thread takes the endless one next
    const other = seqsOf(reader, { text: '/a{200}/' })
    reader.dropView(endless.view)
    expect(await other).toEqual([3])
  })

  it('is the same over a stored capture of many pages', async () => {
    const capture = temporaryCapture()
    const connection = capture.recorder.connection('websocket')
    connection.bytes(0, REQUEST)
    connection.bytes(1, RESPONSE)
    for (let i = 3; i <= 20_000; i++) connection.bytes(1, serverFrame(i % 100 === 0 ? 0x89 : 0x81, `row ${i}`))
    await capture.close()
    const reader = openCapture(capture.file)
    const pings = Array.from({ length: 200 }, (_, i) => (i + 1) * 100)
    expect(await seqsOf(reader, { opcodes: [9] })).toEqual(pings)
    expect(await seqsOf(reader, { opcodes: [9], text: '00' })).toEqual(pings)
    expect(await seqsOf(reader, { text: '/^row 1999\\d$/' })).toEqual(Array.from({ length: 10 }, (_, i) => 19_990 + i))
    reader.close()
  })
})
