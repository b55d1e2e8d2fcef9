/**
 * Where the panes are and how large: remembered between runs. In a small window the panes fold: the detail goes below,
 * then over the list, and the side becomes a drawer, whatever was chosen.
 */
import { useWindowSize } from '@vueuse/core'
import { computed, shallowReadonly, shallowRef } from 'vue'
import { isBoolean, isNumber, oneOf, stored } from './storage.ts'

export type Placement = 'right' | 'below'

/** px, smallest and largest. */
export const BOUNDS = {
  side: { min: 190, max: 420 },
  right: { min: 300, max: 1200 },
  below: { min: 140, max: 900 },
  composer: { min: 64, max: 400 },
} as const
export type Pane = keyof typeof BOUNDS

/** The list keeps at least this much. */
const LIST_WIDTH = 400
const LIST_HEIGHT = 150
const CHROME_HEIGHT = 44 + 26

const { width, height } = useWindowSize()

const sizes = {
  side: stored('side', 0, isNumber),
  right: stored('right', 0, isNumber),
  below: stored('below', 0, isNumber),
  composer: stored('composer', 108, isNumber),
}
const sideWanted = stored('sideShown', true, isBoolean)
const detailWanted = stored('detailShown', true, isBoolean)
const placementWanted = stored<Placement | 'auto'>('placement', 'auto', oneOf('auto', 'right', 'below'))
const drawer = shallowRef(false)

/** Too narrow for a side beside the list: it slides over it. */
export const sideIsDrawer = computed(() => width.value < 820)
export const sideShown = computed(() => (sideIsDrawer.value ? drawer.value : sideWanted.value))
/** Too small for list and detail together: the detail covers the list while a row is open. */
export const detailCovers = computed(() => height.value < 520 && width.value < 1100)
export const detailShown = shallowReadonly(detailWanted)

export const placement = computed<Placement>(() => {
  const room = width.value - (sideIsDrawer.value || !sideWanted.value ? 0 : sideWidth.value)
  if (room < LIST_WIDTH + BOUNDS.right.min) return 'below'
  if (placementWanted.value !== 'auto') return placementWanted.value
  return room < 940 ? 'below' : 'right'
})

const clamp = (size: number, pane: Pane, room: number): number =>
  Math.round(Math.max(BOUNDS[pane].min, Math.min(size, BOUNDS[pane].max, Math.max(room, BOUNDS[pane].min))))

/** Below this the list needs every pixel: side and detail start smaller. */
const ROOMY = 1400

/** A size of 0 means: never dragged, so it follows the window. */
export const sideWidth = computed(() =>
  clamp(sizes.side.value || (width.value < ROOMY ? 224 : 248), 'side', width.value - LIST_WIDTH),
)
export const rightWidth = computed(() =>
  clamp(
    // From 460 px on a row of the hex view has room for 16 bytes.
    sizes.right.value || (width.value < ROOMY ? 372 : Math.min(width.value * 0.32, 720)),
    'right',
    width.value - (sideShown.value && !sideIsDrawer.value ? sideWidth.value : 0) - LIST_WIDTH,
  ),
)
export const belowHeight = computed(() =>
  clamp(sizes.below.value || height.value * 0.4, 'below', height.value - CHROME_HEIGHT - LIST_HEIGHT),
)
export const composerHeight = computed(() => clamp(sizes.composer.value, 'composer', height.value / 3))

export function resizePane(pane: Pane, size: number): void {
  sizes[pane].value = Math.max(BOUNDS[pane].min, Math.min(size, BOUNDS[pane].max))
}

export function toggleSide(show?: boolean): void {
  const shown = sideIsDrawer.value ? drawer : sideWanted
  shown.value = show ?? !shown.value
}

export function toggleDetail(show?: boolean): void {
  detailWanted.value = show ?? !detailWanted.value
}

export function togglePlacement(): void {
  placementWanted.value = placement.value === 'right' ? 'below' : 'right'
}
