/**
 * The window's options, and where it stands: remembered, and checked against the screens there are now. Pure but for
 * the one small file of `createBoundsFile`.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { BrowserWindowConstructorOptions, Rectangle } from 'electron'

const SIZE = { width: 1360, height: 860 }
const SMALLEST = { width: 900, height: 560 }
/** So much of the title bar must be on a screen, or the window cannot be dragged back. */
const REACHABLE = { width: 120, height: 40 }

/** `x` and `y` absent: the system chooses. */
export type Bounds = Pick<Rectangle, 'width' | 'height'> & Partial<Pick<Rectangle, 'x' | 'y'>>

export interface WindowLook {
  preload: string
  bounds: Bounds
  /** The theme of the system, so that nothing flashes before the page is there. */
  dark: boolean
}

export function windowOptions({ preload, bounds, dark }: WindowLook): BrowserWindowConstructorOptions {
  return {
    ...bounds,
    minWidth: SMALLEST.width,
    minHeight: SMALLEST.height,
    show: false,
    title: 'Pushscope',
    backgroundColor: dark ? '#0e1116' : '#f6f7f9',
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      disableDialogs: true,
    },
  }
}

/** Whether it filled the screen; the remembered bounds are what it shrinks to then. */
export const wasMaximized = (saved: unknown): boolean =>
  (saved as { maximized?: unknown } | null | undefined)?.maximized === true

/** The remembered bounds as far as they make sense; `screens` are work areas. */
export function fitBounds(saved: unknown, screens: readonly Rectangle[]): Bounds {
  if (!isRectangle(saved)) return SIZE
  const width = Math.max(SMALLEST.width, Math.min(saved.width, Math.max(...screens.map((one) => one.width))))
  const height = Math.max(SMALLEST.height, Math.min(saved.height, Math.max(...screens.map((one) => one.height))))
  const reachable = screens.some(
    (screen) =>
      saved.x + width >= screen.x + REACHABLE.width &&
      saved.x <= screen.x + screen.width - REACHABLE.width &&
      saved.y >= screen.y &&
      saved.y <= screen.y + screen.height - REACHABLE.height,
  )
  return reachable ? { x: saved.x, y: saved.y, width, height } : { width, height }
}

function isRectangle(value: unknown): value is Rectangle {
  if (typeof value !== 'object' || value === null) return false
  const { x, y, width, height } = value as Partial<Record<keyof Rectangle, unknown>>
  return [x, y, width, height].every((one) => Number.isSafeInteger(one)) && Number(width) > 0 && Number(height) > 0
}

export interface BoundsFile {
  /** Whatever was written last; null when there is nothing. What is no JSON is set aside. */
  read(): unknown
  write(bounds: Rectangle, maximized: boolean): void
}

export function createBoundsFile(file: string): BoundsFile {
  return {
    read() {
      try {
        return JSON.parse(readFileSync(file, 'utf8')) as unknown
      } catch (error) {
        if (error instanceof SyntaxError) setAside(file)
        return null
      }
    },
    write({ x, y, width, height }, maximized) {
      try {
        writeFileSync(file, JSON.stringify({ x, y, width, height, maximized }))
      } catch {
        // A read-only data directory: the window will stand where the system puts it.
      }
    },
  }
}

/** Kept for whoever wants to know what happened to it. */
function setAside(file: string): void {
  try {
    renameSync(file, `${file}.damaged`)
  } catch {
    // Then the next write replaces it.
  }
}
