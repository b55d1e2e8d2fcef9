/** Bounds text that a peer chose before it becomes layout: a megabyte in one line stalls a window. */

/** The text, or its first `most` characters and how many more there are. Never ends inside a surrogate pair. */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text
  const last = text.charCodeAt(most - 1)
  const end = last >= 0xd800 && last <= 0xdbff ? most - 1 : most
  return `${text.slice(0, end)}… (${text.length - end} more characters)`
}
