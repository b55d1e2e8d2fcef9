/** The types of `bufferutil`, which ships none. Without a native build it falls back to plain loops by itself. */
declare module 'bufferutil' {
  const bufferUtil: {
    /** output[offset + i] = source[i] ^ mask[i % 4] for `length` bytes. */
    mask(source: Uint8Array, mask: Uint8Array, output: Uint8Array, offset: number, length: number): void
    unmask(buffer: Uint8Array, mask: Uint8Array): void
  }
  export default bufferUtil
}
