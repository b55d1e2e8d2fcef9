import { describe, expect, test } from 'vitest'
import { FOLLOWING, nextFollow, sticks, type FollowEvent } from './follow.ts'

const up: FollowEvent = { type: 'moved', up: true, atEnd: false }
const upAtEnd: FollowEvent = { type: 'moved', up: true, atEnd: true }
const down: FollowEvent = { type: 'moved', up: false, atEnd: false }
const toEnd: FollowEvent = { type: 'moved', up: false, atEnd: true }
const opened: FollowEvent = { type: 'opened' }
const closed: FollowEvent = { type: 'closed' }
const toggled: FollowEvent = { type: 'toggled' }

describe('the list sticks to its end', () => {
  test.each<[string, FollowEvent[], boolean]>([
    ['from the start', [], true],
    ['not after scrolling up', [up], false],
    ['not after a wheel-up at the very end', [upAtEnd], false],
    ['not while scrolling down short of the end', [up, down], false],
    ['again when the end is reached', [up, toEnd], true],
    ['not while a row is open', [opened], false],
    ['again when the row is closed', [opened, closed], true],
    ['not when the row is closed after scrolling away', [opened, up, closed], false],
    ['not when the end is reached with a row open', [up, opened, toEnd], false],
    ['again when that row is closed', [up, opened, toEnd, closed], true],
    ['not after the chip was switched off', [toggled], false],
    ['again after the chip was switched on', [up, toggled], true],
    ['when the chip is switched on with a row open, which closes it', [opened, toggled], true],
    ['in a new capture that runs', [opened, up, { type: 'reset', live: true }], true],
    ['not in one that is over', [{ type: 'reset', live: false }], false],
  ])('%s', (_name, happened, expected) => {
    expect(sticks(happened.reduce(nextFollow, FOLLOWING))).toBe(expected)
  })
})
