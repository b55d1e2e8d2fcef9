/** What a capture is called and where it came from: the `meta` table. */
import type { DatabaseSync } from 'node:sqlite'
import { TECHNIQUES, type CaptureInfo, type Technique } from '../../preload/contract/index.ts'
import type { CaptureMeta } from './capture.ts'

export type StoredMeta = CaptureMeta & { startedAt: string }

export const writableMeta = (meta: StoredMeta): Record<string, string> => ({
  ...meta,
  technique: meta.technique ?? '',
})

export function readMeta(db: DatabaseSync): StoredMeta {
  const values = new Map<string, string>()
  for (const { key, value } of db.prepare('SELECT key, value FROM meta').iterate())
    values.set(String(key), String(value))
  const text = (key: string): string => values.get(key) ?? ''
  const source = text('source')
  const started = new Date(text('startedAt'))
  return {
    id: text('id'),
    name: text('name'),
    url: text('url'),
    technique: TECHNIQUES.find((technique): technique is Technique => technique === text('technique')) ?? null,
    source: SOURCES.find((known) => known === source) ?? 'probe',
    startedAt: (Number.isNaN(started.getTime()) ? new Date(0) : started).toISOString(),
  }
}

const SOURCES: readonly CaptureInfo['source'][] = ['probe', 'browser', 'server']
