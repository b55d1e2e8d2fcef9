import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'electron-vite'
import { readdirSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { NONCE_PLACEHOLDER } from './main/web/security-headers.ts'

const at = (path: string): string => resolve(import.meta.dirname, path)

/** A worker is a file of its own, so each is an entry. */
const workers = readdirSync(at('main/capture'))
  .filter((name) => name.endsWith('-worker.ts'))
  .map((name) => [basename(name, '.ts'), at(`main/capture/${name}`)])

/** Three builds: main (every entry flat in out/main, so workers find each other), preload (one CommonJS file), renderer. */
export default defineConfig({
  main: {
    build: {
      rollupOptions: {
        input: {
          index: at('main/index.ts'),
          engine: at('main/engine/process.ts'),
          cli: at('main/cli.ts'),
          ...Object.fromEntries(workers),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      // A sandboxed preload can require nothing but `electron`, so whatever it uses is inside it.
      externalizeDeps: false,
      rollupOptions: {
        input: { index: at('preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: at('renderer'),
    plugins: [vue()],
    html: { cspNonce: NONCE_PLACEHOLDER },
    build: {
      outDir: at('out/renderer'),
      target: 'chrome140',
      rollupOptions: { input: { index: at('renderer/index.html') } },
    },
  },
})
