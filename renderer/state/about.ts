/** What this program is made of, and whether it is newer than the last time. */
import { shallowReadonly, shallowRef } from 'vue'
import { engine, onLinkOpen } from '../backend/index.ts'
import { settingsRead, stored } from './storage.ts'

export interface Version {
  name: string
  version: string
}

/** Which page of ours is open over the window. */
export const page = shallowRef<'about' | 'news' | null>(null)

const list = shallowRef<readonly Version[]>([])
export const versions = shallowReadonly(list)
/** Empty until the engine has said it. */
const own = shallowRef('')
export const ownVersion = shallowReadonly(own)

/** Whose news have been seen; empty on the first start, when nothing is new to anybody. */
const seen = stored('seenVersion', '', (value): value is string => typeof value === 'string')

const SYSTEMS: Readonly<Record<string, string>> = { linux: 'Linux', darwin: 'macOS', win32: 'Windows' }

onLinkOpen(async () => {
  const hello = await engine.hello().catch(() => null)
  if (!hello) return
  const host = window.pushscope?.versions
  own.value = hello.version
  list.value = [
    { name: 'Pushscope', version: hello.version },
    ...(host ? [{ name: 'Electron', version: host.electron }] : []),
    { name: 'Chromium', version: host?.chromium ?? browserVersion() },
    { name: 'Node.js', version: hello.node },
    { name: SYSTEMS[hello.platform] ?? hello.platform, version: host?.system ?? '' },
  ]
  await settingsRead
  if (seen.value !== '' && seen.value !== hello.version) page.value ??= 'news'
  seen.value = hello.version
})

/** Browsers tell their major version only; the zeros behind it say nothing. */
const browserVersion = (): string =>
  /Chrome\/([\d.]+)/.exec(navigator.userAgent)?.[1]?.replace(/(?:\.0)+$/, '') ?? 'unknown'
