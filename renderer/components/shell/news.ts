/** The newest section of the changelog, as lines of plain text: nothing in it is ever taken for markup. Pure. */

export interface News {
  /** The section's heading: `1.2.0 - 2026-11-20`. */
  title: string
  lines: readonly NewsLine[]
}

export interface NewsLine {
  as: 'heading' | 'item' | 'text'
  text: string
}

/** The section of that version, else the newest one that says anything; null when none does. */
export function readNews(changelog: string, version: string): News | null {
  const sections = changelog
    .split(/^## +/m)
    .slice(1)
    .map(readSection)
    .filter(({ lines }) => lines.length > 0)
  return sections.find(({ title }) => title.split(' ', 1)[0] === version) ?? sections[0] ?? null
}

function readSection(section: string): News {
  const [title = '', ...lines] = section.split(/\r?\n/)
  return { title: plain(title), lines: lines.filter((line) => line.trim() !== '' && !isTarget(line)).map(readLine) }
}

function readLine(line: string): NewsLine {
  const [, mark = '', text = ''] = /^\s*(#{3,}|[-*])?\s*(.*)$/.exec(line) ?? []
  return { as: mark.startsWith('#') ? 'heading' : mark === '' ? 'text' : 'item', text: plain(text) }
}

/** `[1.0.0]: https://…`, which only other lines point at. */
const isTarget = (line: string): boolean => /^\[[^\]]+\]:\s/.test(line)

const plain = (text: string): string =>
  text
    .replace(/\[([^\]]+)\](?:\([^)]*\))?/g, '$1')
    .replace(/\*\*|`/g, '')
    .trim()
