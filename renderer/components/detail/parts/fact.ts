/** One line of a key/value list, as KeyValues.vue draws it. */
export interface Fact {
  label: string
  value: string
  /** `wire` is monospace: it came over the wire or counts bytes. `words` is prose. */
  look?: 'wire' | 'words'
  tone?: 'client' | 'server' | 'local' | 'warn' | 'bad'
  /** The value is a link to this row. */
  seq?: number
  /** A sentence below the value. */
  note?: string
}
