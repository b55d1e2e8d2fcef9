/** Sessions, each whole, byte by byte and cut at every point: the same rows. */
import { describe, expect, test } from 'vitest'
import { HTTP_SESSIONS } from './testing/http-sessions.ts'
import { byteByByte, cutAt, cutFree, lineOf, longest, play, whole } from './testing/play.ts'
import { UPGRADE_SESSIONS } from './testing/upgrade-sessions.ts'

const SESSIONS = [...HTTP_SESSIONS, ...UPGRADE_SESSIONS]

describe('sessions', () => {
  test.each(SESSIONS)('$name', ({ session, expected }) => {
    expect(play(session).map(lineOf)).toEqual(expected)
  })

  test.each(SESSIONS)('$name: the same rows however it is cut', ({ session }) => {
    const rows = cutFree(play(session, whole))
    expect(cutFree(play(session, byteByByte))).toEqual(rows)
    for (let point = 1; point < longest(session); point += 1) {
      expect(cutFree(play(session, cutAt(point))), `cut at ${point}`).toEqual(rows)
    }
  })
})
