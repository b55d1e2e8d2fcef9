/** A capture told line by line, so that tests read like transcripts. */
import type { Technique } from '../../../preload/contract/index.ts'
import type { Capture } from '../capture.ts'

type Line = [from: 'client' | 'server', bytes: string | Uint8Array]

/** One connection; text is Latin-1, so that a character is a byte. */
export function play(capture: Capture, technique: Technique | null, lines: readonly Line[]): void {
  const connection = capture.recorder.connection(technique)
  for (const [from, bytes] of lines)
    connection.bytes(from === 'client' ? 0 : 1, typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)
}

export const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`

export const GET = 'GET /clock HTTP/1.1\r\nHost: x\r\n\r\n'

export const answer = (type: string, headers: string, body: string): string =>
  `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\n${headers}\r\n\r\n${body}`
