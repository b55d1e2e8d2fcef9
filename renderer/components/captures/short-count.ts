/** A count where there is room for few characters: `418`, `96.2 k`, `1.2 M`. Pure. */
export function shortCount(n: number): string {
  if (n < 10_000) return String(n)
  if (n < 999_500) return `${(n / 1_000).toFixed(n < 99_950 ? 1 : 0)} k`
  return `${(n / 1_000_000).toFixed(n < 99_950_000 ? 1 : 0)} M`
}
