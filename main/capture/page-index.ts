/** Where each closed page begins, and what can be in it: enough to find a row and to pass pages over. */
export interface PageIndex {
  /** Closed pages; their ids are 1 to `length`. */
  readonly length: number
  /** Rows in closed pages. */
  readonly rows: number
  add(firstSeq: number, rows: number, kinds: number, flags: number): void
  /** The closed page that holds a row; 0 when none does. */
  pageOf(seq: number): number
  firstSeq(page: number): number
  /** Bit k: the page has a row of kind k. */
  kinds(page: number): number
  /** Flags set on any of its rows. */
  flags(page: number): number
}

export function createPageIndex(): PageIndex {
  // A capture that runs for days has a million small pages, so these are numbers and not objects.
  const firstSeqs: number[] = []
  const kinds: number[] = []
  const flags: number[] = []
  let rows = 0
  return {
    get length() {
      return firstSeqs.length
    },
    get rows() {
      return rows
    },
    add(firstSeq, count, kindBits, flagBits) {
      firstSeqs.push(firstSeq)
      kinds.push(kindBits)
      flags.push(flagBits)
      rows = firstSeq + count - 1
    },
    pageOf(seq) {
      if (seq < 1 || seq > rows) return 0
      let low = 0
      let high = firstSeqs.length // first page that begins after seq
      while (low < high) {
        const middle = (low + high) >>> 1
        if (firstSeqs[middle]! <= seq) low = middle + 1
        else high = middle
      }
      return low
    },
    firstSeq: (page) => firstSeqs[page - 1] ?? 0,
    kinds: (page) => kinds[page - 1] ?? 0,
    flags: (page) => flags[page - 1] ?? 0,
  }
}
