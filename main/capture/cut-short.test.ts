/** Captures whose end is missing: what lies before the cut is read as it was, and the rest is counted or told. */
import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { openCapture, readCaptureInfo, type CaptureReader } from './capture.ts'
import { cutOf } from './cut-short.ts'
import { temporaryCapture, temporaryFile } from './testing/temporary.ts'
import { REQUEST, RESPONSE, serverFrame } from './testing/websocket.ts'

const numbers = (page: number, length: number): string => `${page} `.repeat(length / 4)
const zeros = (page: number, length: number): Uint8Array => Buffer.alloc(length).fill(page, 0, length / 2)

/** `pages` pages of one message each, of `length` bytes or about. */
async function captureOf(
  pages: number,
  length: number,
  payload: typeof numbers | typeof zeros = numbers,
): Promise<{ file: string; whole: Buffer; lines: string[] }> {
  const capture = temporaryCapture()
  const connection = capture.recorder.connection('websocket')
  connection.bytes(0, REQUEST)
  connection.bytes(1, RESPONSE)
  for (let i = 0; i < pages; i++) {
    connection.bytes(1, serverFrame(payload === zeros ? 0x82 : 0x81, payload(i, length)))
    await capture.flush()
  }
  const lines = capture.reader.ndjson(1, capture.reader.count)
  await capture.close()
  return { file: capture.file, whole: readFileSync(capture.file), lines }
}

function linesOf(reader: CaptureReader): { lines: string[]; lost: number } {
  const lines: string[] = []
  let [seq, lost] = [1, 0]
  for (let text = reader.ndjsonText(seq, 500); text.rows > 0; text = reader.ndjsonText(seq, 500)) {
    lines.push(...[...text.pieces].join('').split('\n').slice(0, -1))
    seq += text.rows
    lost += text.lost
  }
  expect(seq - 1).toBe(reader.count)
  return { lines, lost }
}

it.each([
  ['small pages', 60, 40, numbers],
  ['pages of many of SQLite’s', 12, 60_000, numbers],
  ['small pages that end in zeros', 60, 400, zeros],
  ['pages of many of SQLite’s that end in zeros', 12, 12_000, zeros],
])('a cut anywhere leaves the rows before it as they were: %s', async (_, pages, length, payload) => {
  const { file, whole, lines } = await captureOf(pages, length, payload)
  const known = new Set(lines)
  let most = 0
  for (let size = 101; size < whole.length; size += 797) {
    writeFileSync(file, whole.subarray(0, size))
    let reader: CaptureReader
    try {
      reader = openCapture(file)
    } catch (error) {
      expect((error as Error).message).toBe(
        `${file} is damaged: ${whole.length - size} bytes are missing at its end, and no row can be read.`,
      )
      continue
    }
    const found = linesOf(reader)
    for (const line of found.lines) expect(known, `cut at ${size}`).toContain(line)
    expect(reader.count).toBe(found.lines.length + found.lost)
    if (reader.whole) expect(reader.count).toBe(lines.length)
    reader.close()
    most = Math.max(most, found.lines.length)
  }
  expect(most).toBeGreaterThan(lines.length / 2)
})

it.each([
  ['small pages', 200, 400],
  ['pages of many of SQLite’s', 20, 60_000],
])('loses of messages that end in zeros those alone which the cut may go through: %s', async (_, pages, length) => {
  const { file, whole, lines } = await captureOf(pages, length, zeros)
  writeFileSync(file, whole.subarray(0, Math.floor((whole.length * 0.6) / 8_192) * 8_192 + 100))
  const reader = openCapture(file)
  expect(linesOf(reader).lines.length).toBeGreaterThan(lines.length / 3)
  reader.close()
})

it('a cut through the last of SQLite’s pages is none that it tells of, and damages a row all the same', async () => {
  const { file, whole, lines } = await captureOf(3, 7_400, zeros)
  for (let missing = 1; missing < 8_192; missing += 97) {
    writeFileSync(file, whole.subarray(0, whole.length - missing))
    const reader = openCapture(file)
    for (const line of linesOf(reader).lines) expect(lines, `${missing} bytes are missing`).toContain(line)
    reader.close()
  }
})

it('says where the list of pages itself is cut, and lists the capture all the same', async () => {
  const { file, lines } = await captureOf(400, 4_000)
  truncateSync(file, Math.floor(readFileSync(file).length * 0.8))
  const reader = openCapture(file)
  expect(reader.whole).toBe(false)
  const found = linesOf(reader)
  expect(found.lines.length).toBeGreaterThan(lines.length / 2)
  expect(lines.slice(0, found.lines.length)).toEqual(found.lines)
  expect(readCaptureInfo(file).rows).toBe(reader.count)
  reader.close()
})

it('knows by how much a file is too short', async () => {
  const { file, whole } = await captureOf(1, 40)
  expect(cutOf(file)).toBeNull()
  truncateSync(file, whole.length - 8_192)
  expect(cutOf(file)).toEqual({ missing: 8_192, ragged: false })
  truncateSync(file, whole.length - 8_193)
  expect(cutOf(file)).toEqual({ missing: 8_193, ragged: true })
  writeFileSync(file, 'no database')
  expect(cutOf(file)).toBeNull()
  expect(cutOf(temporaryFile())).toBeNull()
})
