/**
 * What the search field means: text as it stands, or `/regex/flags`. The engine matches; the window only tells the
 * reader how the text will be taken. An invalid regex is taken literally.
 */
export interface Search {
  kind: 'none' | 'text' | 'regex'
  /** Why a text that looks like a regex is none; empty otherwise. */
  problem: string
}

export function parseSearch(text: string): Search {
  if (text === '') return { kind: 'none', problem: '' }
  const [, source, flags] = /^\/(.+)\/([a-z]*)$/s.exec(text) ?? []
  if (source === undefined || flags === undefined) return { kind: 'text', problem: '' }
  try {
    new RegExp(source, flags)
    return { kind: 'regex', problem: '' }
  } catch (error) {
    return { kind: 'text', problem: error instanceof Error ? error.message : 'Not a regular expression.' }
  }
}
