/** Lint: the rings of the design, TypeScript at its strictest, Vue. Formatting is Prettier's. */
import prettier from 'eslint-config-prettier'
import vue from 'eslint-plugin-vue'
import tseslint from 'typescript-eslint'

/** Forbid imports of outer rings: `files` may not import what matches `patterns`. */
const ring = (files, patterns, message) => ({
  files,
  ignores: ['**/*.test.ts', '**/*.bench.ts'],
  rules: { 'no-restricted-imports': ['error', { patterns: [{ regex: patterns, message }] }] },
})

const NOT_ELECTRON = '^electron($|/)'

export default tseslint.config(
  { ignores: ['out/**', 'dist/**', 'node_modules/**', 'test-results/**', 'playwright-report/**'] },
  ...tseslint.configs.strict,
  ...vue.configs['flat/recommended'],
  {
    files: ['**/*.vue'],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
    rules: {
      'vue/no-v-html': 'error',
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/component-api-style': ['error', ['script-setup']],
    },
  },
  {
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off', // column and byte code proves its bounds once, outside the loop
      '@typescript-eslint/consistent-type-imports': 'error',
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  { files: ['main/cli/**', 'main/cli.ts', 'scripts/**'], rules: { 'no-console': 'off' } },
  ring(
    ['main/protocol/**'],
    `(^|/)(capture|techniques|engine|web|shell|cli)/|^(node:(?!crypto|zlib)|electron|ws|undici|eventsource)`,
    'main/protocol is pure: no sockets, files, timers or outer rings.',
  ),
  ring(
    ['main/capture/**'],
    `(^|/)(techniques|engine|web|shell|cli)/|${NOT_ELECTRON}`,
    'main/capture knows protocol only.',
  ),
  ring(
    ['main/techniques/**'],
    `(^|/)(engine|web|shell|cli)/|${NOT_ELECTRON}`,
    'main/techniques knows protocol and capture.',
  ),
  ring(['main/engine/**'], `(^|/)(web|shell|cli)/|${NOT_ELECTRON}`, 'main/engine knows no window and no host.'),
  ring(
    ['main/web/**', 'main/cli.ts', 'main/cli/**'],
    `(^|/)shell/|${NOT_ELECTRON}`,
    'Only main/shell, main/index.ts and preload import electron.',
  ),
  ring(
    ['preload/contract/**'],
    `^(?!\\./|\\.\\./(severity|techniques|controls|errors|rows|findings))`,
    'The contract imports nothing.',
  ),
  ring(['renderer/**'], `(^|/)main/|${NOT_ELECTRON}|^node:`, 'The renderer knows the contract only.'),
  prettier,
)
