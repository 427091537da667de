import { afterEach, describe, expect, it } from 'vitest'
import type { Log } from '../kernel/log.ts'
import { createWorker, type Worker, type WorkSource } from './worker.ts'

const log = { error: () => {} } as unknown as Log

describe('the worker', () => {
  let worker: Worker | undefined
  afterEach(() => worker?.stop(0))

  it('lets no queue fill all places: a job of another one runs although a flood came first', async () => {
    const scene = source({ flood: 200, refunds: 0 }, () => 4)
    worker = createWorker(scene.source, log)
    worker.start()
    await scene.started('flood', 4)
    scene.add('refunds')
    worker.wake()
    await scene.started('refunds', 1)
    expect(scene.atWork('flood')).toBe(4)
  })

  it('gives each queue its turn when all places are taken', async () => {
    const scene = source({ a: 50, b: 50, c: 50 }, () => 8)
    worker = createWorker(scene.source, log)
    worker.start()
    for (let i = 0; i < 30; i++) await scene.finishOne()
    expect(Math.min(...['a', 'b', 'c'].map(scene.begun))).toBeGreaterThanOrEqual(6)
  })

  it('runs no more of a queue at once than its limit, and never more than eight in all', async () => {
    const scene = source({ hints: 20, a: 20, b: 20, c: 20 }, (name) => (name === 'hints' ? 1 : 4))
    worker = createWorker(scene.source, log)
    worker.start()
    for (let i = 0; i < 40; i++) await scene.finishOne()
    expect(scene.most('hints')).toBe(1)
    expect(scene.mostInAll()).toBe(8)
  })
})

/** Queues with so many jobs each; a job ends when the test says so. */
function source(waiting: Record<string, number>, atOnceMax: (name: string) => number) {
  const running: { name: string; end: () => void }[] = []
  const begun = new Map<string, number>()
  const most = new Map<string, number>()
  let mostInAll = 0
  let changed = Promise.withResolvers<void>()
  const atWork = (name: string) => running.filter((run) => run.name === name).length
  const work: WorkSource = {
    atOnceMax,
    dueQueues: async () => Object.keys(waiting).filter((name) => (waiting[name] ?? 0) > 0),
    take: async (name, limit) => {
      const count = Math.min(limit, waiting[name] ?? 0)
      waiting[name] = (waiting[name] ?? 0) - count
      return Array.from({ length: count }, () => () => {
        const end = Promise.withResolvers<void>()
        running.push({ name, end: end.resolve })
        begun.set(name, (begun.get(name) ?? 0) + 1)
        most.set(name, Math.max(most.get(name) ?? 0, atWork(name)))
        mostInAll = Math.max(mostInAll, running.length)
        changed.resolve()
        changed = Promise.withResolvers()
        return end.promise
      })
    },
  }
  return {
    source: work,
    atWork,
    add: (name: string) => {
      waiting[name] = (waiting[name] ?? 0) + 1
    },
    begun: (name: string) => begun.get(name) ?? 0,
    most: (name: string) => most.get(name) ?? 0,
    mostInAll: () => mostInAll,
    async started(name: string, count: number) {
      while ((begun.get(name) ?? 0) < count) await changed.promise
    },
    /** The job that runs longest ends, and another one begins. */
    async finishOne() {
      while (running.length === 0) await changed.promise
      const next = changed.promise
      running.shift()?.end()
      await next
    },
  }
}
