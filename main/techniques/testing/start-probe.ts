/** Starts a probe into a memory recorder; closed when the test is finished. */
import { onTestFinished } from 'vitest'
import { DEFAULT_REQUEST, type ConnectRequest } from '../../../preload/contract/index.ts'
import type { CreateProbe, Outcome, Probe, ProbeState } from '../technique.ts'
import { createMemoryRecorder, type MemoryRecorder } from './memory-recorder.ts'

export interface Started {
  probe: Probe
  recorder: MemoryRecorder
  /** Every state it went through, without repeats. */
  states: ProbeState[]
  messages: string[]
  until(reached: () => boolean): Promise<void>
  /** The failure's sentence; `ended` when it did not fail. */
  ending(): Promise<string>
  outcome(): Promise<Outcome>
}

export function startProbe(create: CreateProbe, request: Partial<ConnectRequest> & { url: string }): Started {
  const recorder = createMemoryRecorder()
  const states: ProbeState[] = []
  const messages: string[] = []
  const probe = create({
    request: { ...DEFAULT_REQUEST, ...request },
    recorder,
    onState(state, message) {
      if (states.at(-1) !== state) states.push(state)
      messages.push(message)
      recorder.touch()
    },
  })
  onTestFinished(() => probe.close())
  return {
    probe,
    recorder,
    states,
    messages,
    until: recorder.until,
    ending: async () => {
      const outcome = await probe.done
      return outcome.how === 'failed' ? outcome.failure.message : 'ended'
    },
    outcome: () => probe.done,
  }
}
