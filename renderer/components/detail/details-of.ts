/** The stored details of a row, typed by its kind; null for a row of another kind or without any. */
import type { DetailsByKind, RowDetail } from '../../../preload/contract/index.ts'

export function detailsOf<K extends keyof DetailsByKind>(detail: RowDetail, kind: K): DetailsByKind[K] | null {
  return detail.kind === kind && detail.details !== null ? (detail.details as DetailsByKind[K]) : null
}
