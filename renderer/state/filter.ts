/** What the filter bar says, and the contract's filter that follows from it. */
import { computed, shallowReadonly, shallowRef } from 'vue'
import type { Filter, From, Kind } from '../../preload/contract/index.ts'

/** Chips that choose kinds; several add up. WebSocket frames are told apart by opcode (RFC 6455 5.2): 8 to 15 control. */
export const KIND_CHIPS = {
  frames: { label: 'Frames', kinds: ['ws-frame', 'ws-message'], opcodes: [0, 1, 2, 3, 4, 5, 6, 7] },
  control: { label: 'Control', kinds: ['ws-frame'], opcodes: [8, 9, 10, 11, 12, 13, 14, 15] },
  events: {
    label: 'Events',
    kinds: ['sse-event', 'sse-comment', 'sse-retry', 'sse-id', 'script-call'],
    opcodes: [],
  },
  http: { label: 'HTTP', kinds: ['http-request', 'http-response', 'http-body', 'poll'], opcodes: [] },
  api: { label: 'API', kinds: ['api-event'], opcodes: [] },
} as const satisfies Record<string, { label: string; kinds: readonly Kind[]; opcodes: readonly number[] }>
export type KindChip = keyof typeof KIND_CHIPS

export interface FilterChoice {
  from: readonly From[]
  chips: readonly KindChip[]
  findings: boolean
  text: string
}

const NOTHING: FilterChoice = { from: [], chips: [], findings: false, text: '' }

const choice = shallowRef<FilterChoice>(NOTHING)
export const filterChoice = shallowReadonly(choice)

export const isFiltered = computed(() => {
  const { from, chips, findings, text } = choice.value
  return from.length > 0 || chips.length > 0 || findings || text !== ''
})

export function toFilter({ from, chips, findings, text }: FilterChoice): Filter {
  const chosen = chips.map((chip) => KIND_CHIPS[chip])
  const frames = chips.includes('frames')
  const control = chips.includes('control')
  return {
    from: [...from],
    kinds: [...new Set(chosen.flatMap(({ kinds }) => [...kinds]))],
    // Both together are all frames, which needs no list.
    opcodes: frames === control ? [] : chosen.flatMap(({ opcodes }) => [...opcodes]),
    text,
    findings,
    connection: null,
  }
}

const toggled = <T>(list: readonly T[], item: T): T[] =>
  list.includes(item) ? list.filter((other) => other !== item) : [...list, item]

const set = (change: Partial<FilterChoice>): void => {
  choice.value = { ...choice.value, ...change }
}

export const toggleFrom = (from: From): void => set({ from: toggled(choice.value.from, from) })
export const toggleChip = (chip: KindChip): void => set({ chips: toggled(choice.value.chips, chip) })
export const toggleFindings = (): void => set({ findings: !choice.value.findings })
export const searchFor = (text: string): void => set({ text })
export const clearFilter = (): void => {
  choice.value = NOTHING
}
/** All rows, of whatever text is searched for. */
export const clearChips = (): void => set({ ...NOTHING, text: choice.value.text })
