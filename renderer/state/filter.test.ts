import { describe, expect, test } from 'vitest'
import { toFilter, type FilterChoice } from './filter.ts'

const none: FilterChoice = { from: [], chips: [], findings: false, text: '' }

describe('the chips ask for', () => {
  test('data frames by opcode', () => {
    const filter = toFilter({ ...none, chips: ['frames'] })
    expect(filter.kinds).toEqual(['ws-frame', 'ws-message'])
    expect(filter.opcodes).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  })

  test('control frames by opcode', () => {
    const filter = toFilter({ ...none, chips: ['control'] })
    expect(filter.kinds).toEqual(['ws-frame'])
    expect(filter.opcodes).toEqual([8, 9, 10, 11, 12, 13, 14, 15])
  })

  test('all frames when both are on, each kind once', () => {
    const filter = toFilter({ ...none, chips: ['frames', 'control', 'api'] })
    expect(filter.kinds).toEqual(['ws-frame', 'ws-message', 'api-event'])
    expect(filter.opcodes).toEqual([])
  })

  test('direction, findings and text as they are', () => {
    expect(toFilter({ from: ['client'], chips: [], findings: true, text: '/a/' })).toEqual({
      from: ['client'],
      kinds: [],
      opcodes: [],
      text: '/a/',
      findings: true,
      connection: null,
    })
  })
})
