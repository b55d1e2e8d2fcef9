import { expect, test } from 'vitest'
import { signAdHoc } from './ad-hoc-signature.ts'

test('the application is signed as a whole, and then verified', async () => {
  const ran: string[] = []
  await signAdHoc('/dist/Pushscope.app', (name, args) => {
    ran.push([name, ...args].join(' '))
    return Promise.resolve('')
  })
  expect(ran).toEqual([
    'codesign --force --deep --sign - /dist/Pushscope.app',
    'codesign --verify --deep --strict /dist/Pushscope.app',
  ])
})

test('a signature that does not hold fails the build', async () => {
  const signing = signAdHoc('/dist/Pushscope.app', (_name, [verb]) =>
    verb === '--verify'
      ? Promise.reject(new Error('codesign failed: a sealed resource is invalid'))
      : Promise.resolve(''),
  )
  await expect(signing).rejects.toThrow('a sealed resource is invalid')
})
