import { nextTick } from 'vue'
import { beforeEach, expect, test, vi } from 'vitest'

const openings: (() => Promise<void>)[] = []
const engine = { settings: vi.fn(), saveSetting: vi.fn() }
vi.mock('../backend/index.ts', () => ({ engine, onLinkOpen: (open: () => Promise<void>) => openings.push(open) }))
const leave = vi.fn<(event: string, listener: () => void) => void>()

const load = async () => {
  vi.resetModules()
  return import('./storage.ts')
}
const open = (values: Record<string, unknown>): Promise<void> => {
  engine.settings.mockResolvedValueOnce({ ok: true, value: values })
  return openings.at(-1)!()
}

beforeEach(() => {
  vi.useFakeTimers()
  vi.clearAllMocks()
  vi.stubGlobal('addEventListener', leave)
})

test('refs get what was kept when it makes sense, those that come later too, and nothing of it is saved again', async () => {
  const { stored, isNumber, isBoolean, settingsRead } = await load()
  const side = stored('side', 0, isNumber)
  const shown = stored('shown', true, isBoolean)
  await open({ side: 300, shown: 'perhaps', late: 7 })
  await settingsRead
  expect([side.value, shown.value, stored('late', 0, isNumber).value]).toEqual([300, true, 7])
  vi.runAllTimers()
  expect(engine.saveSetting).not.toHaveBeenCalled()
})

test('what was changed before it came stays, and is saved', async () => {
  const { stored, isNumber } = await load()
  const side = stored('side', 0, isNumber)
  side.value = 250
  await open({ side: 300 })
  expect(side.value).toBe(250)
  vi.runAllTimers()
  expect(engine.saveSetting.mock.calls).toEqual([['side', 250]])
})

test('what was changed long before it came stays too', async () => {
  const { stored, isNumber } = await load()
  const side = stored('side', 0, isNumber)
  side.value = 250
  vi.runAllTimers()
  await open({ side: 300 })
  expect(side.value).toBe(250)
})

test('a pane that is dragged is saved where it set out and where it came to rest; back where it was too', async () => {
  const { stored, isNumber } = await load()
  const side = stored('side', 0, isNumber)
  await open({ side: 300 })
  for (let width = 300; width <= 320; width++) side.value = width
  vi.runAllTimers()
  side.value = 300
  await nextTick()
  vi.runAllTimers()
  expect(engine.saveSetting.mock.calls).toEqual([
    ['side', 301],
    ['side', 320],
    ['side', 300],
  ])
})

test('a change is saved at once, and the next one soon, or when the window goes', async () => {
  const { stored, isNumber } = await load()
  const side = stored('side', 0, isNumber)
  await open({})
  side.value = 250
  expect(engine.saveSetting.mock.calls).toEqual([['side', 250]])
  side.value = 260
  expect(engine.saveSetting).toHaveBeenCalledOnce()
  const [event, save] = leave.mock.calls.at(-1)!
  expect(event).toBe('pagehide')
  save()
  expect(engine.saveSetting.mock.calls).toEqual([
    ['side', 250],
    ['side', 260],
  ])
})

test('a link that drops before the answer is asked again when it is back', async () => {
  const { stored, isNumber, settingsRead } = await load()
  const side = stored('side', 0, isNumber)
  engine.settings.mockResolvedValueOnce({ ok: false, error: { code: 'engine-gone', message: '', hint: '' } })
  await openings.at(-1)!()
  await open({ side: 300 })
  await settingsRead
  expect(side.value).toBe(300)
  await openings.at(-1)!() // the next drop asks for nothing
  expect(engine.settings).toHaveBeenCalledTimes(2)
})
