/**
 * CodeMirror as a read-only text view with search. Everything it shows is text; nothing is ever edited.
 * It lives in a shadow root, where its styles are constructed sheets: a strict style-src forbids its style elements.
 */
import { defaultKeymap } from '@codemirror/commands'
import { json } from '@codemirror/lang-json'
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { highlightSelectionMatches, openSearchPanel, search, searchKeymap } from '@codemirror/search'
import { Compartment, EditorState, type Extension } from '@codemirror/state'
import { drawSelection, EditorView, highlightSpecialChars, keymap, lineNumbers } from '@codemirror/view'
import { tags } from '@lezer/highlight'

export interface TextEditor {
  set(text: string, isJson: boolean): void
  wrap(on: boolean): void
  find(): void
  destroy(): void
}

// Colours of the window say who sent something, so syntax is told apart by weight and tone alone.
const TONES = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--text)', fontWeight: '600' },
  { tag: [tags.punctuation, tags.separator, tags.bracket, tags.brace], color: 'var(--faint)' },
  { tag: [tags.bool, tags.null], fontStyle: 'italic' },
])

const LOOK = EditorView.theme({
  '&': { height: '100%', color: 'var(--text)', backgroundColor: 'transparent', fontSize: 'var(--text-small)' },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '-2px' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '19px', scrollbarWidth: 'thin' },
  '.cm-content': { caretColor: 'var(--text)', padding: '4px 0' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--faint)', border: '0', paddingLeft: '8px' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--hit)',
  },
  '.cm-specialChar': { color: 'var(--bad)' },
  '.cm-selectionMatch': { backgroundColor: 'var(--sel)' },
  '.cm-searchMatch': { backgroundColor: 'var(--hit)', outline: '1px solid var(--accent)' },
  '.cm-searchMatch-selected': { backgroundColor: 'var(--accent-fill)', color: 'var(--on-accent)' },
  '.cm-panels': { backgroundColor: 'var(--raised)', color: 'var(--text)' },
  '.cm-panels.cm-panels-top': { borderBottom: '1px solid var(--line)' },
  '.cm-panel.cm-search': { font: '12px/20px var(--font)', padding: '6px 24px 6px 8px' },
  '.cm-panel.cm-search label': { fontSize: '12px' },
  '.cm-panel.cm-search [name=close]': { color: 'inherit', fontSize: '16px' },
  '.cm-textfield': {
    backgroundColor: 'var(--bg)',
    border: '1px solid var(--line-strong)',
    borderRadius: '4px',
    fontSize: '12px',
  },
  '.cm-button': {
    backgroundImage: 'none',
    backgroundColor: 'var(--panel)',
    color: 'var(--text)',
    border: '1px solid var(--line-strong)',
    borderRadius: '4px',
    fontSize: '12px',
  },
})

export function createTextEditor(root: ShadowRoot, label: string): TextEditor {
  const language = new Compartment()
  const wrapping = new Compartment()
  let isJson = false
  let wrapped = true

  const extensions = (): Extension => [
    EditorState.readOnly.of(true),
    EditorView.contentAttributes.of({ 'aria-label': label, 'aria-readonly': 'true', tabindex: '0' }),
    lineNumbers(),
    highlightSpecialChars(),
    drawSelection(),
    highlightSelectionMatches(),
    search({ top: true }),
    keymap.of([...searchKeymap, ...defaultKeymap]),
    syntaxHighlighting(TONES),
    language.of(isJson ? json() : []),
    wrapping.of(wrapped ? EditorView.lineWrapping : []),
    LOOK,
  ]
  const view = new EditorView({ state: EditorState.create({ extensions: extensions() }), parent: root, root })

  return {
    set(text, nowJson) {
      const current = view.state.doc.toString()
      if (nowJson === isJson && text === current) return
      if (nowJson === isJson && current !== '' && text.startsWith(current)) {
        // More of the same: keep the place and the selection.
        view.dispatch({ changes: { from: view.state.doc.length, insert: text.slice(current.length) } })
        return
      }
      isJson = nowJson
      view.setState(EditorState.create({ doc: text, extensions: extensions() }))
    },
    wrap(on) {
      wrapped = on
      view.dispatch({ effects: wrapping.reconfigure(on ? EditorView.lineWrapping : []) })
    },
    find: () => void openSearchPanel(view),
    destroy: () => view.destroy(),
  }
}
