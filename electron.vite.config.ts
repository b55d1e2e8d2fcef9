import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'electron-vite'
import { resolve } from 'node:path'

const at = (path: string): string => resolve(import.meta.dirname, path)

/** Three builds: main (every entry flat in out/main, so workers find each other), preload (one CommonJS file), renderer. */
export default defineConfig({
  main: {
    build: {
      rollupOptions: {
        input: {
          index: at('main/index.ts'),
          engine: at('main/engine/process.ts'),
          cli: at('main/cli.ts'),
          'store-worker': at('main/capture/store-worker.ts'),
          'query-worker': at('main/capture/query-worker.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      rollupOptions: {
        input: { index: at('preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: at('renderer'),
    plugins: [vue()],
    build: {
      outDir: at('out/renderer'),
      target: 'chrome140',
      rollupOptions: { input: { index: at('renderer/index.html') } },
    },
  },
})
