/**
 * Finds script elements in HTML as the HTML tokenizer does, one byte at a time: attributes, comments, raw text and
 * script data with its escaped states. Every byte that matters is ASCII. Builds no tree: what an element means inside
 * SVG or a template is not looked at. https://html.spec.whatwg.org/multipage/parsing.html#tokenization
 */

/** What a byte did. */
export const SAW = Object.freeze({
  nothing: 0,
  /** A `<` that may begin a script's start tag. */
  tag: 1,
  /** That tag, or what looked like one, is no script's. */
  other: 2,
  /** The start tag is over; the script's text begins behind this byte. */
  script: 3,
  /** A `<` that may begin the script's end tag. */
  endTag: 4,
  /** The end tag is over, and the element with it. */
  end: 5,
})

export interface Tokenizer {
  /** Looks at one byte and gives one of SAW. */
  step(byte: number): number
  /** The byte that has to come for anything to happen: `<`; -1 where every byte counts. Lets the caller skip. */
  awaited(): number
  /** Inside a script's tag or text. */
  inScript(): boolean
}

const numbered = <const Names extends readonly string[]>(...names: Names) =>
  Object.freeze(Object.fromEntries(names.map((name, n) => [name, n]))) as Readonly<Record<Names[number], number>>

const S = numbered(
  ...(['data', 'tagOpen', 'endTagOpen', 'tagName', 'beforeAttribute', 'attribute', 'afterAttribute'] as const),
  ...(['beforeValue', 'doubleQuoted', 'singleQuoted', 'unquoted', 'afterValue', 'selfClosing'] as const),
  ...(['declaration', 'declarationDash', 'bogusComment', 'commentStart', 'commentStartDash', 'comment'] as const),
  ...(['commentEndDash', 'commentEnd', 'commentEndBang', 'rawText', 'rawLess', 'rawEndOpen', 'rawEndName'] as const),
  ...(['plainText', 'script', 'scriptLess', 'scriptEndOpen', 'scriptEndName', 'escapeStart'] as const),
  ...(['escapeStartDash', 'escaped', 'escapedDash', 'escapedDashDash', 'escapedLess', 'escapedEndOpen'] as const),
  ...(['escapedEndName', 'doubleStart', 'double', 'doubleDash', 'doubleDashDash', 'doubleLess', 'doubleEnd'] as const),
)

/** Elements whose content is text up to their end tag. `noscript` is one where scripts run. */
const RAW = new Set(['title', 'textarea', 'style', 'xmp', 'iframe', 'noembed', 'noframes', 'noscript'])
/** No name that matters is longer. */
const LONGEST_NAME = 10

const LESS = 0x3c
const GREATER = 0x3e
const SLASH = 0x2f
const BANG = 0x21
const QUESTION = 0x3f
const DASH = 0x2d
const EQUALS = 0x3d
const DOUBLE = 0x22
const SINGLE = 0x27

const isSpace = (byte: number): boolean =>
  byte === 0x20 || byte === 0x0a || byte === 0x09 || byte === 0x0c || byte === 0x0d
const isLetter = (byte: number): boolean => (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a
const lower = (byte: number): string => String.fromCharCode(byte | 0x20)

export function createTokenizer(): Tokenizer {
  let state: number = S.data
  /** The tag's name so far, lower case; cut off when it is longer than any that matters. */
  let name = ''
  let isEnd = false
  /** The element whose raw text we are in. */
  let raw = ''
  let inScript = false
  /** A `<` was told of and nothing came of it yet. */
  let marked = false

  const add = (byte: number): void => {
    if (name.length <= LONGEST_NAME) name += isLetter(byte) ? lower(byte) : String.fromCharCode(byte)
  }

  const unmark = (next: number): number => {
    state = next
    if (!marked) return SAW.nothing
    marked = false
    return SAW.other
  }

  /** The tag's `>`. */
  const tagOver = (): number => {
    if (inScript && isEnd) {
      inScript = false
      marked = false
      state = S.data
      return SAW.end
    }
    if (!isEnd && name === 'script') {
      inScript = true
      marked = false
      state = S.script
      return SAW.script
    }
    if (!isEnd && name === 'plaintext') return unmark(S.plainText)
    if (!isEnd && RAW.has(name)) {
      raw = name
      return unmark(S.rawText)
    }
    return unmark(S.data)
  }

  const nameOver = (next: number): number => {
    state = next
    if (!marked || inScript || (!isEnd && name === 'script')) return SAW.nothing
    marked = false
    return SAW.other
  }

  const startTag = (byte: number, end: boolean): number => {
    isEnd = end
    name = ''
    add(byte)
    state = S.tagName
    return SAW.nothing
  }

  /** An end tag's name inside raw or script text: over at a space, `/` or `>` when it is the element's own. */
  const ownEndTag = (byte: number, element: string, back: number): number => {
    if (isLetter(byte)) {
      add(byte)
      return SAW.nothing
    }
    if (name === element) {
      isEnd = true
      if (isSpace(byte)) state = S.beforeAttribute
      else if (byte === SLASH) state = S.selfClosing
      else if (byte === GREATER) return tagOver()
      else return again(back, byte)
      return SAW.nothing
    }
    return again(back, byte)
  }

  const again = (next: number, byte: number): number => {
    state = next
    return step(byte)
  }

  /** `<` inside a script: perhaps its end. */
  const markEnd = (next: number): number => {
    state = next
    return SAW.endTag
  }

  const step = (byte: number): number => {
    switch (state) {
      case S.data:
        if (byte !== LESS) return SAW.nothing
        state = S.tagOpen
        marked = true
        return SAW.tag
      case S.tagOpen:
        if (isLetter(byte)) return startTag(byte, false)
        if (byte === SLASH) state = S.endTagOpen
        else if (byte === BANG) return unmark(S.declaration)
        else if (byte === QUESTION) return unmark(S.bogusComment)
        else if (byte === LESS)
          return SAW.tag // the one before was text
        else return unmark(S.data)
        return SAW.nothing
      case S.endTagOpen:
        if (isLetter(byte)) return startTag(byte, true)
        return unmark(byte === GREATER ? S.data : S.bogusComment)
      case S.tagName:
        if (isSpace(byte)) return nameOver(S.beforeAttribute)
        if (byte === SLASH) return nameOver(S.selfClosing)
        if (byte === GREATER) return tagOver()
        add(byte)
        return SAW.nothing

      case S.beforeAttribute:
      case S.afterAttribute:
        if (isSpace(byte)) return SAW.nothing
        if (byte === SLASH) state = S.selfClosing
        else if (byte === GREATER) return tagOver()
        else if (byte === EQUALS && state === S.afterAttribute) state = S.beforeValue
        else state = S.attribute
        return SAW.nothing
      case S.attribute:
        if (isSpace(byte)) state = S.afterAttribute
        else if (byte === SLASH) state = S.selfClosing
        else if (byte === GREATER) return tagOver()
        else if (byte === EQUALS) state = S.beforeValue
        return SAW.nothing
      case S.beforeValue:
        if (isSpace(byte)) return SAW.nothing
        if (byte === DOUBLE) state = S.doubleQuoted
        else if (byte === SINGLE) state = S.singleQuoted
        else if (byte === GREATER) return tagOver()
        else state = S.unquoted
        return SAW.nothing
      case S.doubleQuoted:
        if (byte === DOUBLE) state = S.afterValue
        return SAW.nothing
      case S.singleQuoted:
        if (byte === SINGLE) state = S.afterValue
        return SAW.nothing
      case S.unquoted:
        if (isSpace(byte)) state = S.beforeAttribute
        else if (byte === GREATER) return tagOver()
        return SAW.nothing
      case S.afterValue:
        return again(S.beforeAttribute, byte)
      case S.selfClosing:
        return byte === GREATER ? tagOver() : again(S.beforeAttribute, byte)

      case S.declaration:
        // A doctype ends at the first `>`, as a bogus comment does; CDATA exists in foreign content only.
        if (byte === DASH) state = S.declarationDash
        else return again(S.bogusComment, byte)
        return SAW.nothing
      case S.declarationDash:
        if (byte === DASH) state = S.commentStart
        else return again(S.bogusComment, byte)
        return SAW.nothing
      case S.bogusComment:
        if (byte === GREATER) state = S.data
        return SAW.nothing
      case S.commentStart:
      case S.commentStartDash:
        if (byte === GREATER)
          state = S.data // `<!-->` and `<!--->` are whole comments
        else if (byte === DASH) state = state === S.commentStart ? S.commentStartDash : S.commentEnd
        else state = S.comment
        return SAW.nothing
      case S.comment:
        if (byte === DASH) state = S.commentEndDash
        return SAW.nothing
      case S.commentEndDash:
        state = byte === DASH ? S.commentEnd : S.comment
        return SAW.nothing
      case S.commentEnd:
        if (byte === GREATER) state = S.data
        else if (byte === BANG) state = S.commentEndBang
        else if (byte !== DASH) state = S.comment
        return SAW.nothing
      case S.commentEndBang:
        if (byte === GREATER) state = S.data
        else state = byte === DASH ? S.commentEndDash : S.comment
        return SAW.nothing

      case S.rawText:
        if (byte === LESS) state = S.rawLess
        return SAW.nothing
      case S.rawLess:
        if (byte !== SLASH) return again(S.rawText, byte)
        state = S.rawEndOpen
        name = ''
        return SAW.nothing
      case S.rawEndOpen:
      case S.rawEndName:
        state = S.rawEndName
        return ownEndTag(byte, raw, S.rawText)
      case S.plainText:
        return SAW.nothing

      case S.script:
        return byte === LESS ? markEnd(S.scriptLess) : SAW.nothing
      case S.scriptLess:
        if (byte === SLASH) {
          state = S.scriptEndOpen
          name = ''
        } else if (byte === BANG) state = S.escapeStart
        else return again(S.script, byte)
        return SAW.nothing
      case S.scriptEndOpen:
      case S.scriptEndName:
        state = S.scriptEndName
        return ownEndTag(byte, 'script', S.script)
      case S.escapeStart:
      case S.escapeStartDash:
        if (byte !== DASH) return again(S.script, byte)
        state = state === S.escapeStart ? S.escapeStartDash : S.escapedDashDash
        return SAW.nothing
      case S.escaped:
      case S.escapedDash:
      case S.escapedDashDash:
        if (byte === LESS) return markEnd(S.escapedLess)
        if (byte === DASH) state = state === S.escaped ? S.escapedDash : S.escapedDashDash
        else state = byte === GREATER && state === S.escapedDashDash ? S.script : S.escaped
        return SAW.nothing
      case S.escapedLess:
        name = ''
        if (byte === SLASH) state = S.escapedEndOpen
        else if (isLetter(byte)) return again(S.doubleStart, byte)
        else return again(S.escaped, byte)
        return SAW.nothing
      case S.escapedEndOpen:
      case S.escapedEndName:
        state = S.escapedEndName
        return ownEndTag(byte, 'script', S.escaped)
      case S.doubleStart:
      case S.doubleEnd:
        // `<script` inside an escaped script: its own `</script` then only ends this inner stretch.
        if (isLetter(byte)) add(byte)
        else if (isSpace(byte) || byte === SLASH || byte === GREATER) {
          state = (name === 'script') === (state === S.doubleStart) ? S.double : S.escaped
        } else return again(state === S.doubleStart ? S.escaped : S.double, byte)
        return SAW.nothing
      case S.double:
      case S.doubleDash:
      case S.doubleDashDash:
        if (byte === LESS) state = S.doubleLess
        else if (byte === DASH) state = state === S.double ? S.doubleDash : S.doubleDashDash
        else state = byte === GREATER && state === S.doubleDashDash ? S.script : S.double
        return SAW.nothing
      case S.doubleLess:
        name = ''
        if (byte !== SLASH) return again(S.double, byte)
        state = S.doubleEnd
        return SAW.nothing
      default:
        return SAW.nothing
    }
  }

  return {
    step,
    awaited: () => (state === S.data || state === S.script || state === S.rawText ? LESS : -1),
    inScript: () => inScript || (marked && !isEnd && name === 'script' && state !== S.tagName),
  }
}
