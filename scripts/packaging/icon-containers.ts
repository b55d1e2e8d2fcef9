/**
 * The two containers that hold one icon in many sizes, each size a PNG: .ico (Windows) and .icns (macOS). No pixels
 * are touched here.
 * https://learn.microsoft.com/en-us/previous-versions/ms997538(v=msdn.10)
 * https://en.wikipedia.org/wiki/Apple_Icon_Image_format
 */

export interface IconImage {
  /** Pixels on each side. */
  size: number
  png: Uint8Array
}

/** 256 is the largest an .ico can say; it is written as 0. */
export const ICO_SIZES = [16, 24, 32, 48, 64, 128, 256] as const

/** Retina sizes have types of their own: `ic11` is 16 points at twice the density. */
export const ICNS_TYPES = [
  ['icp4', 16],
  ['ic11', 32],
  ['icp5', 32],
  ['ic12', 64],
  ['ic07', 128],
  ['ic13', 256],
  ['ic08', 256],
  ['ic14', 512],
  ['ic09', 512],
  ['ic10', 1024],
] as const

/** ICONDIR, one ICONDIRENTRY each, then the PNGs. Throws when a size of ICO_SIZES is missing. */
export function createIco(images: readonly IconImage[]): Buffer {
  const chosen = ICO_SIZES.map((size) => ({ size, png: pngOf(images, size) }))
  const directory = Buffer.alloc(6 + 16 * chosen.length)
  directory.writeUInt16LE(1, 2) // an icon, not a cursor
  directory.writeUInt16LE(chosen.length, 4)
  let offset = directory.length
  for (const [index, { size, png }] of chosen.entries()) {
    const entry = 6 + 16 * index
    directory[entry] = size % 256
    directory[entry + 1] = size % 256
    directory.writeUInt16LE(1, entry + 4) // colour planes
    directory.writeUInt16LE(32, entry + 6) // bits per pixel
    directory.writeUInt32LE(png.length, entry + 8)
    directory.writeUInt32LE(offset, entry + 12)
    offset += png.length
  }
  return Buffer.concat([directory, ...chosen.map(({ png }) => png)])
}

/** `icns`, the file's length, then per image its type, the length of type, length and PNG, and the PNG. */
export function createIcns(images: readonly IconImage[]): Buffer {
  const blocks = ICNS_TYPES.map(([type, size]) => icnsBlock(type, pngOf(images, size)))
  return icnsBlock('icns', Buffer.concat(blocks))
}

function icnsBlock(type: string, content: Uint8Array): Buffer {
  const head = Buffer.alloc(8)
  head.write(type, 'latin1')
  head.writeUInt32BE(8 + content.length, 4)
  return Buffer.concat([head, content])
}

function pngOf(images: readonly IconImage[], size: number): Uint8Array {
  const image = images.find((one) => one.size === size)
  if (!image) throw new Error(`There is no image of ${size} pixels.`)
  return image.png
}

/** Width and height as the PNG's first chunk tells; null when it is no PNG. https://www.w3.org/TR/png-3/#11IHDR */
export function pngSize(bytes: Uint8Array): { width: number; height: number } | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (buffer.length < 24 || buffer.toString('latin1', 0, 8) !== '\x89PNG\r\n\x1a\n') return null
  return { width: buffer.readUInt32BE(16), height: buffer.readUInt32BE(20) }
}
