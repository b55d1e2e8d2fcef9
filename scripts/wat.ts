/** `npm run wat`: assembles each `x.wat` into `x-wasm.ts` beside it, which is committed: programs need no assembler. */
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import initWabt from 'wabt'
import { ROOT } from './child.ts'

/** What `x-wasm.ts` has to be for the text of `x.wat`. Throws an Error that names the fault's line. */
export async function assemble(file: string): Promise<string> {
  const module = (await initWabt()).parseWat(file, readFileSync(file, 'utf8'), { simd: true })
  try {
    module.validate()
    const base64 = Buffer.from(module.toBinary({}).buffer).toString('base64')
    const lines = (base64.match(/.{1,110}/g) ?? []).map((line) => `  '${line}'`)
    return `/** ${basename(file)}, assembled (\`npm run wat\`), in base64. */\nexport const WASM =\n${lines.join(' +\n')}\n`
  } finally {
    module.destroy()
  }
}

export const watFiles = (): string[] => globSync('main/**/*.wat', { cwd: ROOT }).map((file) => join(ROOT, file))

export const assembled = (file: string): string => file.replace(/\.wat$/, '-wasm.ts')

if (import.meta.main) for (const file of watFiles()) writeFileSync(assembled(file), await assemble(file))
