import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEFAULT_LIMITS } from '../../preload/contract/index.ts'
import type { Sender } from '../protocol/row-sink.ts'
import { createCapture, openCapture, readCaptureInfo, renameCapture, type CaptureReader } from './capture.ts'
import { PAGE_BYTES, PAGE_ROWS } from './row.ts'
import { createRecordDissector, encodeRecord } from './testing/records.ts'
import { META, temporaryCapture, temporaryFile } from './testing/temporary.ts'
import { REQUEST, RESPONSE, serverFrame } from './testing/websocket.ts'

const wireOf = (reader: CaptureReader, seq: number): Buffer =>
  Buffer.from(reader.bytes(seq, 'wire', 0, 64 * 1024 * 1024))

describe('rows in are rows out', () => {
  it('over many pages, while it runs and after it was opened again', async () => {
    const capture = temporaryCapture({}, createRecordDissector)
    const connection = capture.recorder.connection(null)
    const count = 20_000
    const record = (n: number): Buffer => encodeRecord(Buffer.from(`record ${n}`.padEnd(n % 90)))
    for (let n = 1; n <= count; n += 100)
      connection.bytes(1, Buffer.concat(Array.from({ length: 100 }, (_, i) => record(n + i))))
    expect(capture.reader.count).toBe(count)
    const check = (reader: CaptureReader): void => {
      expect(reader.count).toBe(count)
      for (let n = 1; n <= count; n += 37) expect(wireOf(reader, n)).toEqual(record(n))
      const rows = reader.summaries(0, PAGE_ROWS - 5, 10)
      expect(rows.map((row) => row.seq)).toEqual(Array.from({ length: 10 }, (_, i) => PAGE_ROWS - 4 + i))
    }
    check(capture.reader) // open page and pages in the queue
    await capture.flush()
    check(capture.reader)
    await capture.close()
    const reader = openCapture(capture.file)
    check(reader)
    reader.close()
  })

  it('whatever the records, chunks and connections', async () => {
    const size = fc.oneof(
      { weight: 20, arbitrary: fc.nat(300) },
      { weight: 1, arbitrary: fc.integer({ min: PAGE_BYTES - 8, max: PAGE_BYTES * 2 }) },
    )
    const sends = fc.array(
      fc.record({ connection: fc.nat(1), from: fc.constantFrom<Sender>(0, 1), size, cut: fc.nat(5_000) }),
      { minLength: 1, maxLength: 60 },
    )
    await fc.assert(
      fc.asyncProperty(sends, async (sends) => {
        const capture = temporaryCapture({}, createRecordDissector)
        const connections = [capture.recorder.connection(null), capture.recorder.connection(null)]
        const expected: Buffer[] = []
        for (const [n, { connection, from, size, cut }] of sends.entries()) {
          const record = encodeRecord(Buffer.alloc(size, n + 1))
          expected.push(record)
          connections[connection]!.bytes(from, record.subarray(0, cut))
          connections[connection]!.bytes(from, record.subarray(cut))
        }
        const check = (reader: CaptureReader): void => {
          expect(reader.count).toBe(expected.length)
          expected.forEach((record, i) => {
            expect(wireOf(reader, i + 1).equals(record)).toBe(true)
            const { cut } = sends[i]!
            const { arrivals } = reader.detail(i + 1)!
            expect(arrivals.map((arrival) => arrival.length)).toEqual(
              [Math.min(cut, record.length), record.length - cut].filter((length) => length > 0),
            )
          })
        }
        check(capture.reader)
        await capture.close()
        const reader = openCapture(capture.file)
        check(reader)
        reader.close()
      }),
      { numRuns: 20 },
    )
  })

  it('keeps the bytes of a message that never ends', async () => {
    const capture = temporaryCapture({}, createRecordDissector)
    const connection = capture.recorder.connection(null)
    const endless = Buffer.alloc(PAGE_BYTES * 2, 7)
    endless.writeUInt32BE(0xffff_ffff)
    connection.bytes(0, endless)
    await capture.close()
    const db = new DatabaseSync(capture.file)
    expect(db.prepare('SELECT max(end) AS end FROM span').get()).toEqual({ end: endless.length })
    db.close()
    expect(readCaptureInfo(capture.file)).toMatchObject({ rows: 0, bytes: endless.length })
  })
})

describe('a range of bytes', () => {
  it('is given in parts, for wire, payload and content, unmasked at any offset', () => {
    const capture = temporaryCapture()
    const connection = capture.recorder.connection('websocket')
    connection.bytes(0, REQUEST)
    connection.bytes(1, RESPONSE)
    const text = 'The quick brown fox jumps over the lazy dog. '.repeat(10)
    const key = [1, 2, 3, 4]
    const masked = Buffer.from(text).map((byte, i) => byte ^ key[i & 3]!)
    connection.bytes(0, Buffer.from([0x81, 0x80 | 126, text.length >> 8, text.length & 255, ...key]))
    connection.bytes(0, masked)
    const { reader } = capture
    for (const [offset, length] of [
      [0, 9],
      [5, 7],
      [6, 100],
      [447, 50],
    ] as const)
      expect(Buffer.from(reader.bytes(3, 'content', offset, length)).toString()).toBe(
        text.slice(offset, offset + length),
      )
    expect(reader.bytes(3, 'wire', 8, 4)).toEqual(new Uint8Array(masked.subarray(0, 4)))
    expect(reader.bytes(3, 'wire', 10_000, 4)).toHaveLength(0)
    expect(reader.bytes(99, 'wire', 0, 4)).toHaveLength(0)
  })
})

describe('totals', () => {
  it('count messages, payload, findings and the ping', async () => {
    const capture = temporaryCapture()
    const connection = capture.recorder.connection('websocket')
    connection.bytes(0, REQUEST)
    connection.bytes(1, RESPONSE)
    connection.bytes(1, serverFrame(0x81, 'abc')) // a message
    connection.bytes(1, serverFrame(0x89, 'p'))
    connection.bytes(0, Buffer.from([0x8a, 0x81, 1, 0, 0, 0, 'p'.charCodeAt(0) ^ 1]))
    connection.bytes(1, serverFrame(0x01, 'de')) // one of two frames
    connection.bytes(1, serverFrame(0x80, 'f'))
    connection.bytes(1, serverFrame(0x81, Buffer.from([0xff]))) // a message, with a finding
    const stats = capture.stats()
    expect(stats).toMatchObject({
      messages: 3,
      payload: 3 + 3 + 1,
      findings: 1,
      unstored: 0,
      rows: capture.reader.count,
    })
    expect(stats.bytes).toEqual({ client: REQUEST.length + 7, server: RESPONSE.length + 5 + 3 + 4 + 3 + 3 })
    expect(stats.ping).toBeGreaterThan(0)
    await capture.close()
    const reader = openCapture(capture.file)
    expect(reader.stats()).toEqual({ ...stats, time: reader.stats().time })
    reader.close()
  })
})

describe('bounds', () => {
  it('stops storing at the size limit, says so once, and goes on counting', async () => {
    const capture = temporaryCapture({ captureBytes: 1_000_000 }, createRecordDissector)
    const connection = capture.recorder.connection(null)
    const record = encodeRecord(Buffer.alloc(60_000))
    for (let i = 0; i < 40; i++) connection.bytes(1, record)
    connection.local({ kind: 'close', details: { by: 'server', clean: true, how: 'it ended' } })
    const { rows, bytes, unstored } = capture.stats()
    expect(bytes.server).toBe(40 * record.length)
    expect(unstored).toBeGreaterThan(20 * record.length)
    expect(bytes.server - unstored).toBeGreaterThanOrEqual(1_000_000 - PAGE_BYTES)
    const lines = capture.reader.ndjson(1, 1_000).map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(lines).toHaveLength(rows)
    const notes = lines.filter((line) => line['kind'] === 'note')
    expect(notes).toHaveLength(1)
    expect(notes[0]).toMatchObject({ findings: [{ id: 'capture-full', severity: 'warning' }] })
    expect(lines.at(-1)).toMatchObject({ kind: 'close' })
    await capture.close()
  })

  it('pauses the connections while the disk falls behind, and loses nothing', async () => {
    const capture = temporaryCapture({}, createRecordDissector)
    const connection = capture.recorder.connection(null)
    const holds: boolean[] = []
    const released = new Promise<void>((resolve) =>
      connection.onHold((hold) => {
        holds.push(hold)
        if (!hold) resolve()
      }),
    )
    const record = encodeRecord(Buffer.alloc(PAGE_BYTES - 4))
    let sent = 0
    // No turn of the event loop in between, so the writer's answers cannot come.
    for (; holds.length === 0 && sent < 1_000; sent++) connection.bytes(1, record)
    expect(holds).toEqual([true])
    await released
    expect(holds).toEqual([true, false])
    expect(capture.reader.count).toBe(sent + 1)
    expect(JSON.parse(capture.reader.ndjson(sent + 1, 1)[0]!)).toMatchObject({
      kind: 'note',
      text: expect.stringMatching(/^The connections were paused from \d+\.\d{3} s to \d+\.\d{3} s\.$/),
      findings: [{ id: 'capture-paused' }],
    })
  })
})

describe('what must not happen', () => {
  it('a file that can no longer be written is said in a row, and the rest is counted', async () => {
    const capture = temporaryCapture({}, createRecordDissector)
    const connection = capture.recorder.connection(null)
    const record = encodeRecord(Buffer.from('kept'))
    connection.bytes(1, record)
    await capture.flush()
    const vandal = new DatabaseSync(capture.file)
    vandal.exec('DROP TABLE page_index')
    vandal.close()
    connection.bytes(1, record)
    await capture.flush()
    connection.bytes(1, record)
    expect(capture.stats()).toMatchObject({ rows: 3, unstored: record.length })
    expect(wireOf(capture.reader, 1)).toEqual(record)
    expect(wireOf(capture.reader, 2)).toEqual(record)
    expect(JSON.parse(capture.reader.ndjson(3, 1)[0]!)).toMatchObject({
      kind: 'note',
      text: expect.stringMatching(/^The file can no longer be written: no such table/),
      findings: [{ id: 'capture-full' }],
    })
  })

  it('a dissector that throws ends the rows of its connection alone', () => {
    const capture = temporaryCapture({}, () => ({
      feed: (_from, bytes) => {
        if (bytes[0] === 0) throw new Error('oops')
      },
      end: () => undefined,
      setTechnique: () => undefined,
    }))
    const connection = capture.recorder.connection(null)
    connection.bytes(0, Buffer.from([0]))
    connection.bytes(0, Buffer.from([0]))
    capture.recorder.connection(null).bytes(0, Buffer.from([1]))
    expect(capture.reader.count).toBe(1)
    expect(capture.reader.detail(1)).toMatchObject({ kind: 'error', connection: 1, details: { code: 'internal' } })
    expect(capture.stats().bytes.client).toBe(3)
  })
})

describe('a killed process', () => {
  it('loses at most the open page, and the file opens again', async () => {
    const file = temporaryFile()
    const child = spawn(process.execPath, [join(import.meta.dirname, 'testing/endless-writer.ts'), file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    // The child tells how many rows were stored, then goes on writing until it is killed.
    const [line] = (await once(child.stdout, 'data')) as [Buffer]
    child.kill('SIGKILL')
    await once(child, 'exit')
    const stored = Number(line.toString())
    expect(stored).toBeGreaterThan(1_000)
    const reader = openCapture(file)
    expect(reader.count).toBeGreaterThanOrEqual(stored)
    expect(reader.stats().rows).toBe(reader.count)
    expect(reader.summaries(0, reader.count - 1, 1)[0]?.summary).toBe(`message ${reader.count - 2}`)
    reader.close()
  })
})

describe('files that cannot be used', () => {
  it('are told apart by their code', () => {
    const file = temporaryFile()
    expect(() => openCapture(file)).toThrow(expect.objectContaining({ code: 'not-found' }))
    writeFileSync(file, 'not a database at all, but long enough to look at: '.repeat(100))
    expect(() => openCapture(file)).toThrow(/is damaged or not a capture/)
    const under = join(file, 'under-a-file', 'x.pushscope')
    const options = { limits: DEFAULT_LIMITS, meta: META }
    expect(() => createCapture({ ...options, file: under })).toThrow(expect.objectContaining({ code: 'read-only' }))
    expect(() => createCapture({ ...options, file })).toThrow(/exists already/)
  })

  it('may be another SQLite database or a newer version', async () => {
    const other = temporaryFile()
    const db = new DatabaseSync(other)
    db.exec('CREATE TABLE t (x)')
    db.close()
    expect(() => openCapture(other)).toThrow(/is not a Pushscope capture/)
    const capture = temporaryCapture()
    await capture.close()
    const newer = new DatabaseSync(capture.file)
    newer.exec('PRAGMA user_version = 99')
    newer.close()
    expect(() => openCapture(capture.file)).toThrow(/newer version/)
  })

  it('may be damaged anywhere, and never bring the process down', async () => {
    const capture = temporaryCapture()
    const connection = capture.recorder.connection('websocket')
    connection.bytes(0, REQUEST)
    connection.bytes(1, RESPONSE)
    for (let i = 0; i < 500; i++) connection.bytes(1, serverFrame(0x81, `message ${i}`))
    await capture.close()
    const whole = readFileSync(capture.file)
    const read = (): 'opened' | 'refused' => {
      let reader: CaptureReader
      try {
        reader = openCapture(capture.file)
      } catch (error) {
        expect((error as { code?: string }).code).toBe('not-found')
        return 'refused'
      }
      reader.summaries(0, 0, 500)
      reader.detail(7)
      reader.handshake(1)
      reader.ndjson(1, 500)
      reader.close()
      return 'opened'
    }
    truncateSync(capture.file, whole.length >> 1)
    read()
    let opened = 0
    for (let at = 100; at < whole.length; at += 997) {
      const damaged = Buffer.from(whole)
      damaged.fill(0xa5, at, at + 64)
      writeFileSync(capture.file, damaged)
      if (read() === 'opened') opened++
    }
    expect(opened).toBeGreaterThan(0)
  })
})

it('goes on behind a page that cannot be read, and counts what it leaves out', async () => {
  const capture = temporaryCapture()
  const connection = capture.recorder.connection('websocket')
  connection.bytes(0, REQUEST)
  connection.bytes(1, RESPONSE)
  for (let i = 0; i < 20_000; i++) connection.bytes(1, serverFrame(0x81, `message ${i}`))
  await capture.close()
  const database = new DatabaseSync(capture.file)
  const pages = database.prepare('SELECT id, first_seq, rows FROM page_index ORDER BY id').all()
  expect(pages.length).toBeGreaterThan(3)
  const [damaged, last] = [pages[1]!, pages.at(-1)!].map((page) => ({
    first: Number(page['first_seq']),
    rows: Number(page['rows']),
  })) as [{ first: number; rows: number }, { first: number; rows: number }]
  database.exec("UPDATE page SET narrow = x'a5a5' WHERE id IN (2, (SELECT max(id) FROM page))")
  database.close()

  const reader = openCapture(capture.file)
  const lines: string[] = []
  let [seq, lost] = [1, 0]
  for (let text = reader.ndjsonText(seq, 700); text.rows > 0; text = reader.ndjsonText(seq, 700)) {
    lines.push(...[...text.pieces].join('').split('\n').slice(0, -1))
    seq += text.rows
    lost += text.lost
  }
  const there = Array.from({ length: reader.count }, (_, i) => i + 1).filter(
    (one) => one < damaged.first || (one >= damaged.first + damaged.rows && one < last.first),
  )
  expect(lost).toBe(damaged.rows + last.rows)
  expect(lines.map((line) => (JSON.parse(line) as { seq: number }).seq)).toEqual(there)
  expect(reader.ndjson(1, reader.count)).toEqual(lines)
  reader.close()
})

/** Five rows of a WebSocket over three pages, then damage. Gives the seqs of those that are exported. */
async function damagedBy(sql: string): Promise<{ seqs: number[]; lost: number; whole: boolean }> {
  const capture = temporaryCapture()
  const connection = capture.recorder.connection('websocket')
  connection.bytes(0, REQUEST)
  connection.bytes(1, RESPONSE)
  connection.bytes(1, serverFrame(0x81, 'one'))
  await capture.flush()
  const large = serverFrame(0x81, 'two pages hold this one')
  connection.bytes(1, large.subarray(0, 9))
  await capture.flush()
  connection.bytes(1, large.subarray(9))
  connection.bytes(1, serverFrame(0x81, 'three'))
  await capture.close()
  const database = new DatabaseSync(capture.file)
  database.exec(sql)
  database.close()
  const reader = openCapture(capture.file)
  const { pieces, lost } = reader.ndjsonText(1, 100)
  const lines = [...pieces].join('').split('\n').slice(0, -1)
  expect(reader.ndjson(1, 100)).toEqual(lines)
  expect(reader.handshake(1)?.connection).toBe(1)
  reader.close()
  return { seqs: lines.map((line) => (JSON.parse(line) as { seq: number }).seq), lost, whole: reader.whole }
}

it.each([
  ['nothing is damaged', 'SELECT 1', [1, 2, 3, 4, 5]],
  ['bytes that are missing', "UPDATE page SET bytes = x'' WHERE id = 1", [1, 2, 4, 5]],
  ['bytes of a row that goes on in the next page', "UPDATE page SET bytes = x'' WHERE id = 2", [1, 2, 3, 5]],
  ['a page whose bytes the next one needs', "UPDATE page SET narrow = x'00' WHERE id = 2", [1, 2, 3, 5]],
  ['details that cannot be read', "UPDATE page SET details = replace(details, '\"findings\"', '')", [3, 4, 5]],
  ['where a stream lies', 'DELETE FROM span WHERE page = 2', [1, 2, 3, 5]],
  ['a page that is gone', 'DELETE FROM page WHERE id = 2', [1, 2, 3, 5]],
  ['a head without headers', 'UPDATE page SET details = replace(details, \'"headers"\', \'"h"\')', [1, 2, 3, 4, 5]],
  ['details of another form', "UPDATE page SET details = '{}'", [3, 4, 5]],
  [
    'a time without a date',
    "UPDATE page SET wide = CAST(substr(wide, 1, 7) || x'f07f' || substr(wide, 10) AS BLOB) WHERE id = 3",
    [1, 2, 3],
  ],
] as const)('leaves out, and counts, each row that is not whole: %s', async (_, sql, seqs) => {
  expect(await damagedBy(sql)).toEqual({ seqs, lost: 5 - seqs.length, whole: true })
})

it.each([
  ['more rows than a page has', 'UPDATE page_index SET rows = 4097 WHERE id = 3'],
  ['more rows than there are numbers', 'UPDATE page_index SET rows = 1 << 60 WHERE id = 3'],
  ['less than none', 'UPDATE page_index SET rows = -1 WHERE id = 3'],
  ['half a row', 'UPDATE page_index SET rows = 0.5 WHERE id = 3'],
  ['words', "UPDATE page_index SET rows = 'many' WHERE id = 3"],
  ['rows of another page', 'UPDATE page_index SET first_seq = 1 WHERE id = 3'],
])('believes the list of pages no further than it can be true: %s', async (_, sql) => {
  expect(await damagedBy(sql)).toEqual({ seqs: [1, 2, 3], lost: 0, whole: false })
})

it('makes no room for more pieces of bytes than a page has', async () => {
  const before = process.memoryUsage().arrayBuffers
  const damage = 'UPDATE page SET segment_count = 50000000 WHERE id = 3'
  expect(await damagedBy(damage)).toEqual({ seqs: [1, 2, 3], lost: 2, whole: true })
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(500_000_000)
})

describe('how it ended', () => {
  const failed = { state: 'failed', message: 'Nothing listens there.' } as const

  it('is read from the file, without opening it as a whole too', async () => {
    const capture = temporaryCapture()
    expect(readCaptureInfo(capture.file).state).toBe('closed') // while it runs the file says nothing
    capture.keepEnding(failed)
    expect(capture.reader.meta.ending).toEqual(failed)
    await capture.close()
    expect(readCaptureInfo(capture.file).state).toBe('failed')
    const reader = openCapture(capture.file)
    expect(reader.meta.ending).toEqual(failed)
    reader.close()
  })

  it('is not known of files of older versions, which are read as ever', async () => {
    const capture = temporaryCapture()
    capture.recorder.local({ kind: 'note', details: { text: 'one row' } })
    await capture.close()
    expect(readCaptureInfo(capture.file)).toMatchObject({ state: 'closed', rows: 1 })
    const reader = openCapture(capture.file)
    expect(reader.meta.ending).toEqual({ state: 'closed', message: '' })
    reader.close()
  })
})

describe('names', () => {
  it('change while the capture runs, and are read without opening it as a whole', async () => {
    const capture = temporaryCapture()
    renameCapture(capture.file, 'orders')
    capture.recorder.local({ kind: 'note', details: { text: 'one row' } })
    await capture.flush()
    expect(readCaptureInfo(capture.file)).toMatchObject({ id: 'test', name: 'orders', rows: 1, source: 'probe' })
    expect(readCaptureInfo(capture.file).startedAt).toBe(capture.reader.meta.startedAt)
  })
})
