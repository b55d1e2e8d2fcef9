import { expect, test } from 'vitest'
import { add, countPlaywright, countVitest, line } from './counts.ts'

test('a unit test file that cannot be loaded counts as a failure', () => {
  const report = {
    numPassedTests: 5,
    numFailedTests: 1,
    numPendingTests: 2,
    numTodoTests: 1,
    testResults: [
      { status: 'failed', assertionResults: [{ status: 'passed' }, { status: 'failed' }] },
      { status: 'failed', assertionResults: [] },
      { status: 'passed', assertionResults: [{ status: 'passed' }] },
    ],
  }
  expect(countVitest(report)).toEqual({ passed: 5, failed: 2, skipped: 3 })
})

test('an end-to-end run that breaks outside of its tests has failed', () => {
  const report = { stats: { expected: 3, unexpected: 1, flaky: 1, skipped: 40 }, errors: [{ message: 'no tests' }] }
  expect(countPlaywright(report)).toEqual({ passed: 4, failed: 2, skipped: 40 })
})

test('the last line is plain', () => {
  const sum = add({ passed: 1, failed: 0, skipped: 2 }, { passed: 10, failed: 3, skipped: 0 })
  expect(line(sum)).toBe('11 passed, 3 failed, 2 skipped')
})
