/**
 * The lines of a JSON tree: which are there for what is opened, each bounded in length and number.
 * Pure; JsonTree.vue draws them and keeps what is open.
 */
import { childrenOf, countChildren, type JsonChild, type JsonNode, type JsonType } from './json-scan.ts'

/** Children shown at first and with each press of "show more". */
export const STEP = 100
/** Characters of one value shown on its line. */
const PREVIEW = 300
/** Children counted for the number behind a container; past it the number reads `10 000+`. */
const COUNTED = 10_000

/** What is open: start of the container in the text -> how many children it shows. */
export type OpenNodes = ReadonlyMap<number, number>

export interface JsonLine {
  /** Stable while the text is the same. */
  id: string
  depth: number
  /** Key as written, index, or empty for the root. */
  key: string
  /** The same key stood in this object before; only the last one counts for most readers. */
  duplicate: boolean
  type: JsonType | 'more'
  node: JsonNode
  open: boolean
  /** The value as written, or what a closed container holds; cut at 300 characters. */
  text: string
  /** Children of a container, as words: `3 keys`, `1 item`. */
  count: string
}

export function jsonLines(text: string, root: JsonNode, open: OpenNodes): JsonLine[] {
  const lines: JsonLine[] = []
  addLine(lines, text, { ...root, key: null }, '', 0, false, open)
  return lines
}

function addLine(
  lines: JsonLine[],
  text: string,
  node: JsonChild,
  key: string,
  depth: number,
  duplicate: boolean,
  open: OpenNodes,
): void {
  const container = node.type === 'object' || node.type === 'array'
  const shown = container ? open.get(node.start) : undefined
  lines.push({
    id: `${node.start}`,
    depth,
    key,
    duplicate,
    type: node.type,
    node,
    open: shown !== undefined,
    text: preview(text, node),
    count: container ? countWords(text, node) : '',
  })
  if (shown === undefined) return
  const { children, next } = childrenOf(text, node, shown)
  const seen = new Set<string>()
  children.forEach((child, index) => {
    const repeated = child.key !== null && seen.has(child.key)
    if (child.key !== null) seen.add(child.key)
    addLine(lines, text, child, child.key ?? String(index), depth + 1, repeated, open)
  })
  if (next >= 0) {
    lines.push({
      id: `${node.start}+`,
      depth: depth + 1,
      key: '',
      duplicate: false,
      type: 'more',
      node,
      open: false,
      text: `show ${STEP} more`,
      count: '',
    })
  }
}

/** The root and small containers on the first levels, until about `budget` lines are there. */
export function openAtFirst(text: string, root: JsonNode, budget = 60): Map<number, number> {
  const open = new Map<number, number>()
  let level: JsonNode[] = [root]
  let lines = 1
  for (let depth = 0; depth < 3 && lines < budget; depth++) {
    const next: JsonNode[] = []
    for (const node of level) {
      if (node.type !== 'object' && node.type !== 'array') continue
      const { children } = childrenOf(text, node, STEP)
      if (depth > 0 && lines + children.length > budget) continue
      open.set(node.start, STEP)
      lines += children.length
      next.push(...children)
    }
    level = next
  }
  return open
}

function preview(text: string, node: JsonNode): string {
  const written = text.slice(node.start, Math.min(node.end, node.start + PREVIEW + 1))
  const line = node.type === 'object' || node.type === 'array' ? written.replace(/\s+/g, ' ') : written
  return line.length > PREVIEW ? `${line.slice(0, PREVIEW)}…` : line
}

function countWords(text: string, node: JsonNode): string {
  const count = countChildren(text, node, COUNTED)
  const noun = node.type === 'object' ? 'key' : 'item'
  return `${count}${count === COUNTED ? '+' : ''} ${noun}${count === 1 ? '' : 's'}`
}
