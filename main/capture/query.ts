/**
 * A filter made ready for scanning: which rows of a page match. Columns first, text last, since only text needs bytes.
 * Pure of threads: view.ts runs it here, query-worker.ts in a thread.
 */
import { FLAG, FROM, KIND, KINDS, type Filter } from '../../preload/contract/index.ts'
import type { Narrow } from './row.ts'

export interface ColumnQuery {
  /** Bits of the kinds that can match. */
  readonly kinds: number
  /** A flag that a page must have on some row; 0: none. */
  readonly flag: number
  matches(narrow: Narrow, row: number): boolean
}

const FRAME = KIND['ws-frame']
const FINDING = FLAG.finding

export function compileColumns(filter: Filter): ColumnQuery {
  const { from, opcodes, connection, findings } = filter
  // Opcodes alone mean frames alone; beside other kinds they narrow the frames only.
  const named = filter.kinds.length > 0 ? filter.kinds : opcodes.length > 0 ? (['ws-frame'] as const) : KINDS
  const kinds = named.reduce((bits, kind) => bits | (1 << (KIND[kind] ?? 31)), 0)
  const senders = from.length === 0 ? 7 : from.reduce((bits, one) => bits | (1 << FROM[one]), 0)
  const codes = opcodes.length === 0 ? 0xffff : opcodes.reduce((bits, one) => bits | (1 << (one & 15)), 0)
  return {
    kinds,
    flag: findings ? FINDING : 0,
    matches(narrow, i) {
      const kind = narrow.kind[i]!
      return (
        ((kinds >>> kind) & 1) === 1 &&
        ((senders >>> narrow.from[i]!) & 1) === 1 &&
        (kind !== FRAME || ((codes >>> (narrow.code[i]! & 15)) & 1) === 1) &&
        (!findings || (narrow.flags[i]! & FINDING) !== 0) &&
        (connection === null || narrow.connection[i] === connection)
      )
    },
  }
}

/** Appends the seqs of a page's matching rows. `matchText` is asked last and only when given. */
export function scanPage(
  query: ColumnQuery,
  narrow: Narrow,
  firstSeq: number,
  count: number,
  found: number[],
  matchText: ((row: number) => boolean) | null,
): void {
  for (let i = 0; i < count; i++) {
    if (query.matches(narrow, i) && (matchText === null || matchText(i))) found.push(firstSeq + i)
  }
}

/** Whether a page with these kinds and flags can have a matching row. */
export const canMatch = (query: ColumnQuery, kinds: number, flags: number): boolean =>
  (query.kinds & kinds) !== 0 && (query.flag === 0 || (query.flag & flags) !== 0)
