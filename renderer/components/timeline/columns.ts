/** The columns of the list: their names, widths, and which of them are shown (remembered). */
import { computed } from 'vue'
import { isStrings, stored } from '../../state/storage.ts'
import { rowCount } from '../../state/view.ts'

export const COLUMNS = [
  { name: 'seq', label: '#', long: 'Number', width: '40px' },
  { name: 'time', label: 'time', long: 'Time', width: '95px' },
  { name: 'delta', label: 'delta', long: 'Time since the row before', width: '66px' },
  { name: 'who', label: '', long: 'Who sent it', width: '20px' },
  { name: 'kind', label: 'kind', long: 'Kind', width: '82px' },
  { name: 'summary', label: 'summary', long: 'Summary', width: 'minmax(80px, 1fr)' },
  { name: 'wire', label: 'wire', long: 'Bytes on the wire', width: '62px' },
  { name: 'payload', label: 'payload', long: 'Bytes of payload', width: '62px' },
] as const
export type ColumnName = (typeof COLUMNS)[number]['name']

/** A list of nothing but numbers teaches nothing: this one stays. */
export const ALWAYS: ColumnName = 'summary'

export const choosable = COLUMNS.filter(({ name }) => name !== ALWAYS)

const hidden = stored<string[]>('hiddenColumns', [], isStrings)

export const isShown = (name: ColumnName): boolean => name === ALWAYS || !hidden.value.includes(name)

export function showColumn(name: ColumnName, show: boolean): void {
  const others = hidden.value.filter((other) => other !== name)
  hidden.value = show ? others : [...others, name]
}

export const shownColumns = computed(() => COLUMNS.filter(({ name }) => isShown(name)))

/** Digits the number column has room for; it grows by whole steps, so that columns keep their width. */
const seqWidth = computed(() => {
  const digits = String(rowCount.value).length
  return digits <= 4 ? '40px' : digits <= 6 ? '60px' : '82px'
})

export const gridTemplate = computed(() =>
  shownColumns.value.map(({ name, width }) => (name === 'seq' ? seqWidth.value : width)).join(' '),
)
