/** What a capture is called, where it came from and how it ended: the `meta` table. */
import type { DatabaseSync } from 'node:sqlite'
import { TECHNIQUES, type CaptureInfo, type Technique } from '../../preload/contract/index.ts'
import type { CaptureEnding, CaptureMeta } from './capture.ts'

export type StoredMeta = CaptureMeta & { startedAt: string; ending: CaptureEnding }

/** Of a capture that runs, of one whose process was killed, and of files that say nothing of it. */
export const NO_ENDING: CaptureEnding = { state: 'closed', message: '' }

export const writableMeta = ({ id, name, url, technique, source, startedAt }: StoredMeta): Record<string, string> => ({
  ...{ id, name, url, source, startedAt },
  technique: technique ?? '',
})

export function writeEnding(db: DatabaseSync, { state, message }: CaptureEnding): void {
  const write = db.prepare('INSERT OR REPLACE INTO meta VALUES (?, ?), (?, ?)')
  write.run('state', state, 'message', message)
}

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
    ending: { state: text('state') === 'failed' ? 'failed' : 'closed', message: text('message') },
    startedAt: (Number.isNaN(started.getTime()) ? new Date(0) : started).toISOString(),
  }
}

const SOURCES: readonly CaptureInfo['source'][] = ['probe', 'browser', 'server']
