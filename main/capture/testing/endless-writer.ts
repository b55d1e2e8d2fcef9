/** Run as a process of its own: records into the file it is given, says how many rows are stored, and never stops. */
import { setImmediate as breath } from 'node:timers/promises'
import { DEFAULT_LIMITS } from '../../../preload/contract/index.ts'
import { createCapture } from '../capture.ts'
import { REQUEST, RESPONSE, serverFrame } from './websocket.ts'

const capture = createCapture({
  file: process.argv[2]!,
  limits: DEFAULT_LIMITS,
  meta: { id: 'killed', name: '', url: '', technique: 'websocket', source: 'probe' },
})
const connection = capture.recorder.connection('websocket')
connection.bytes(0, REQUEST)
connection.bytes(1, RESPONSE)
for (let n = 1; ; n++) {
  connection.bytes(1, serverFrame(0x81, `message ${n}`))
  if (n % 100 === 0) await breath()
  if (n !== 2_000) continue
  const rows = capture.reader.count
  await capture.flush()
  process.stdout.write(`${rows}\n`)
}
