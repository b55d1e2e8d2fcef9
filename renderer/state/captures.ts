/** All captures the engine knows, newest first: running ones and those on disk. */
import { shallowReadonly, shallowRef } from 'vue'
import type { CaptureInfo } from '../../preload/contract/index.ts'
import { engine, onLinkOpen, onWindowEvent } from '../backend/index.ts'
import { notify, valueOf } from './notices.ts'

const list = shallowRef<readonly CaptureInfo[]>([])
export const captures = shallowReadonly(list)

onWindowEvent('capturesChanged', (next) => {
  list.value = next
})
onLinkOpen(async () => {
  list.value = await engine.captures().catch(() => list.value)
})

export const captureInfo = (id: string): CaptureInfo | null => list.value.find((capture) => capture.id === id) ?? null

/** A capture that the list will bring soon; it shows at once. */
export function addCapture(capture: CaptureInfo): void {
  if (!captureInfo(capture.id)) list.value = [capture, ...list.value]
}

export async function renameCapture(id: string, name: string): Promise<void> {
  valueOf(await engine.renameCapture(id, name))
}

export async function deleteCapture(id: string): Promise<boolean> {
  return await engine.deleteCapture(id).then((result) => (result.ok ? true : (valueOf(result), false)))
}

/** Hands the whole capture over as a file, one JSON object a line; credentials as marks unless asked for. */
export async function saveCapture(id: string, secrets = false): Promise<void> {
  const info = captureInfo(id)
  const text = valueOf(await engine.exportCapture(id, secrets))
  if (!info || text === null) return
  const url = URL.createObjectURL(new Blob([text], { type: 'application/x-ndjson' }))
  const link = document.createElement('a')
  link.href = url
  link.download = `${fileName(info.name)}.ndjson`
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000) // the download has its own reference by then
  notify('info', `Exported ${link.download}.`)
}

const fileName = (name: string): string =>
  name.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[-.]+|-+$/g, '') || 'capture'

export const isLive = (capture: Pick<CaptureInfo, 'state'> | null): boolean =>
  capture !== null && capture.state !== 'closed' && capture.state !== 'failed'
