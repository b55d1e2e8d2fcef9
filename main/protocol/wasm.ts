/**
 * Our WebAssembly modules: small loops over bytes that gain much from looking at 16 of them at once. They import
 * nothing and see nothing but their own memory. Their texts are the `.wat` files, `x-wasm.ts` is what became of them.
 */

// Its types come with those of a browser, which main has not.
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object) => { readonly exports: unknown }
}

export interface WasmMemory {
  readonly buffer: ArrayBuffer
}

/** An instance's exports; `T` is what the text says. */
export function instantiate<T extends { memory: WasmMemory }>(base64: string): T {
  const module = new WebAssembly.Module(Buffer.from(base64, 'base64'))
  return new WebAssembly.Instance(module).exports as T
}
