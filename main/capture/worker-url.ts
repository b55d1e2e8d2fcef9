/**
 * Where a worker's code lies: beside this file as TypeScript when run from source, flat in out/main when built
 * (electron.vite.config.ts names the entries).
 */
export function workerUrl(name: 'store-worker' | 'query-worker'): URL {
  const here = import.meta.url
  return new URL(`${name}.${here.endsWith('.ts') ? 'ts' : 'js'}`, here)
}
