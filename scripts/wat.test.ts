import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { assemble, assembled, watFiles } from './wat.ts'

test('what is committed is what the sources say', async () => {
  expect(watFiles()).toHaveLength(2)
  for (const file of watFiles()) expect(readFileSync(assembled(file), 'utf8'), file).toBe(await assemble(file))
})
