/** Where the icons are, and which there are. `npm run icons` makes them. */
import { join } from 'node:path'
import { ROOT } from '../child.ts'

export const MARK = join(ROOT, 'renderer', 'public', 'favicon.svg')
export const ICONS = join(import.meta.dirname, 'resources', 'icons')

export const PNG_SIZES = [16, 22, 24, 32, 48, 64, 96, 128, 256, 512, 1024] as const
