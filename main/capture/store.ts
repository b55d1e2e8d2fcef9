/**
 * The way of closed pages into the file: a bounded queue in front of the writer's thread (store-worker.ts).
 * Pages stay readable here until they are stored; then their memory is used again.
 */
import { Worker } from 'node:worker_threads'
import { messageOf } from './errors.ts'
import { giveMemory, onForgotten, takeMemory } from './page-pool.ts'
import { createOpenPage, createPageMemory, packPage, type OpenPage, type PageSummary } from './page.ts'
import type { StoreAnswer, StoreRequest } from './store-worker.ts'
import { workerUrl } from './worker-url.ts'

/** The sockets rest when so much waits for the disk, and go on below the second figure. */
const FULL = { bytes: 64 * 1024 * 1024, pages: 128 }
const LOW = { bytes: 16 * 1024 * 1024, pages: 32 }

export interface Store {
  /** A fresh page. */
  page(id: number, firstSeq: number): OpenPage
  write(page: OpenPage, summary: PageSummary): void
  /** The same page on memory of its own, for rows that come too late; that which it had is used again. */
  retire(page: OpenPage): OpenPage
  /** Bytes in the file and on their way there, about. */
  size(): number
  /** Pages that wait, oldest first. */
  readonly waiting: ReadonlyMap<number, OpenPage>
  /** Resolves when nothing waits. */
  drained(): Promise<void>
  close(): Promise<void>
}

export interface StoreOptions {
  file: string
  onStored(lastPage: number): void
  /** Called once: the file can no longer be written. What waits stays in memory. */
  onFailed(message: string): void
  /** The queue is full; it has room again. */
  onHold(hold: boolean): void
}

export function createStore({ file, onStored, onFailed, onHold }: StoreOptions): Store {
  const waiting = new Map<number, OpenPage>()
  let bytes = 0
  let written = 0
  let held = false
  let failed = false
  let idle: (() => void)[] = []

  const settle = (): void => {
    if (held && (failed || (bytes <= LOW.bytes && waiting.size <= LOW.pages))) {
      held = false
      onHold(false)
    }
    if (waiting.size > 0 && !failed) return
    const resolve = idle
    idle = []
    for (const one of resolve) one()
  }

  const link = openWriter(file, {
    stored(ids, size) {
      written += size
      for (const id of ids) {
        const page = waiting.get(id)
        if (!page) continue
        waiting.delete(id)
        bytes -= sizeOf(page)
        giveMemory(page.memory)
      }
      onStored(ids.at(-1) ?? 0)
      settle()
    },
    failed(message) {
      if (failed) return
      failed = true
      onFailed(message)
      settle()
    },
  })

  return {
    waiting,
    size: () => written + bytes,
    page: (id, firstSeq) => createOpenPage(id, firstSeq, takeMemory()),
    retire({ id, firstSeq, memory }) {
      giveMemory(memory)
      return createOpenPage(id, firstSeq, createPageMemory())
    },
    write(page, summary) {
      waiting.set(page.id, page)
      bytes += sizeOf(page)
      if (failed) return
      link.send(page, summary)
      if (!held && (bytes >= FULL.bytes || waiting.size >= FULL.pages)) {
        held = true
        onHold(true)
      }
    },
    drained: () => (waiting.size === 0 || failed ? Promise.resolve() : new Promise((resolve) => idle.push(resolve))),
    close: () => link.close(),
  }
}

/** Bytes the page takes in memory, and at most in the file, about. */
const sizeOf = (page: OpenPage): number =>
  page.byteCount + page.contentCount + page.count * 54 + page.segmentCount * 29 + page.details.size

interface Link {
  send(page: OpenPage, summary: PageSummary): void
  close(): Promise<void>
}

interface LinkListener {
  /** `size` is the bytes they take in the file. */
  stored(pages: number[], size: number): void
  failed(message: string): void
}

interface Writer {
  worker: Worker
  links: Map<number, LinkListener & { closed(): void }>
  /** Numbers of the memories that it has seen. */
  known: Set<number>
}

/** The thread is shared by all captures of the process; it keeps the process alive only while one is open. */
let shared: Writer | null = null
let lastCapture = 0

function openWriter(file: string, listener: LinkListener): Link {
  const capture = ++lastCapture
  const current = (shared ??= startWorker())
  const post = (request: StoreRequest): void => current.worker.postMessage(request)
  let closed: () => void = () => undefined
  const done = new Promise<void>((resolve) => (closed = resolve))
  current.links.set(capture, { ...listener, closed })
  current.worker.ref()
  post({ type: 'open', capture, file })

  let closing = false
  const { known } = current
  return {
    send(page, summary) {
      const { id } = page.memory
      post({ type: 'page', capture, page: packPage(page, summary, known.has(id)) })
      known.add(id)
    },
    async close() {
      if (!closing) post({ type: 'close', capture })
      closing = true
      await done
      current.links.delete(capture)
      if (current.links.size === 0) current.worker.unref()
    },
  }
}

function startWorker(): Writer {
  const worker = new Worker(workerUrl('store-worker'))
  const links: Writer['links'] = new Map()
  worker.on('message', (answer: StoreAnswer) => {
    const link = links.get(answer.capture)
    if (answer.type === 'stored') link?.stored(answer.pages, answer.size)
    else if (answer.type === 'failed') link?.failed(answer.message)
    else link?.closed()
  })
  const over = (reason: string): void => {
    if (shared?.worker === worker) shared = null
    for (const link of links.values()) {
      link.failed(reason)
      link.closed()
    }
  }
  worker.on('error', (error) => over(messageOf(error)))
  worker.on('exit', () => over('The writer ended.'))
  const known = new Set<number>()
  onForgotten((memories) => {
    for (const id of memories) known.delete(id)
    worker.postMessage({ type: 'forget', memories } satisfies StoreRequest)
  })
  return { worker, links, known }
}
