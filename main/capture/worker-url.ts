/**
 * Where a worker's code lies: beside this file as TypeScript when run from source, flat in out/main when built
 * (electron.vite.config.ts names the entries).
 */
export function workerUrl(name: 'store-worker' | 'query-worker'): URL {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  return new URL(`./${name}.${extension}`, import.meta.url)
}
