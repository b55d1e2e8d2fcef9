/**
 * What only some rows have: named details and findings, as JSON text per page. A page of plain frames has none.
 */
import type { DetailsByKind, FindingId } from '../../preload/contract/index.ts'

export type Details = Partial<DetailsByKind[keyof DetailsByKind]>
export type StoredFinding = readonly [id: FindingId, note?: string]

/** Of an open page. */
export interface PageDetails {
  /** Adds details, returns their 1-based index. The same object again gives the same index. */
  add(details: Details): number
  addFinding(row: number, finding: StoredFinding): void
  /** As `readDetails` gives them. */
  at(index: number): Details | null
  findings(row: number): readonly StoredFinding[]
  /** Characters of JSON held so far, about. */
  readonly size: number
  encode(): string
}

const NONE: readonly StoredFinding[] = []

export function createPageDetails(): PageDetails {
  const texts: string[] = []
  const known = new Map<Details, number>()
  const findings = new Map<number, StoredFinding[]>()
  const own: PageDetails & { size: number } = {
    // Data and not an accessor: accessors of many objects of one make are slow to read.
    size: 0,
    add(details) {
      const seen = known.get(details)
      if (seen !== undefined) return seen
      const text = JSON.stringify(details) // at once: the giver may reuse what it holds
      own.size += text.length
      const index = texts.push(text)
      known.set(details, index)
      return index
    },
    addFinding(row, finding) {
      own.size += 32 + (finding[1]?.length ?? 0)
      const list = findings.get(row)
      if (list) list.push(finding)
      else findings.set(row, [finding])
    },
    at: (index) => {
      const text = texts[index - 1]
      return text === undefined ? null : (JSON.parse(text) as Details)
    },
    findings: (row) => findings.get(row) ?? NONE,
    encode: () =>
      texts.length === 0 && findings.size === 0
        ? ''
        : `{"details":[${texts.join(',')}],"findings":${JSON.stringify([...findings])}}`,
  }
  return own
}

/** Details of a stored page. Damaged text is as good as none. */
export function readDetails(text: string): Pick<PageDetails, 'at' | 'findings'> {
  const { details, findings } = parse(text)
  return {
    at: (index) => (details[index - 1] ?? null) as Details | null,
    findings: (row) => findings.get(row) ?? NONE,
  }
}

type Parsed = { details: readonly unknown[]; findings: ReadonlyMap<number, readonly StoredFinding[]> }
const NOTHING: Parsed = { details: [], findings: new Map() }

function parse(text: string): Parsed {
  if (text === '') return NOTHING
  try {
    const { details, findings } = JSON.parse(text) as { details?: unknown; findings?: unknown }
    if (!Array.isArray(details) || !Array.isArray(findings)) return NOTHING
    return { details, findings: new Map(findings as [number, StoredFinding[]][]) }
  } catch {
    return NOTHING
  }
}
