import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../db/client.ts'
import { migrate } from '../db/migrate.ts'
import { openEmbedded } from '../db/open.ts'
import type { Deps } from '../deps.ts'
import { HOUR_MS, ManualClock, MINUTE_MS, SECOND_MS } from '../kernel/clock.ts'
import { JOBS } from './registry.ts'
import { queueTimedJobs } from './schedule.ts'

const START = '2026-11-23T12:00:00.000Z'

describe('the timed jobs', () => {
  let db: Database
  let queued: string[] = []
  const clock = new ManualClock(START)
  const deps = { clock, jobs: { enqueue: async (job: { name: string }) => void queued.push(job.name) } } as unknown as Deps

  beforeAll(async () => {
    db = await openEmbedded(null)
    await migrate(db, fileURLToPath(new URL('../db/migrations', import.meta.url)), clock.now())
    deps.db = db
  })
  beforeEach(async () => {
    await db.execute('DELETE FROM timed_job')
    clock.set(START)
    queued = []
  })
  afterAll(() => db.close())

  const look = async () => {
    queued = []
    await queueTimedJobs(deps)
    return queued
  }

  it('are all known to the worker, and all queued at the first look', async () => {
    const first = await look()
    expect(first.length).toBeGreaterThan(4)
    expect(first.filter((name) => !JOBS.some((job) => job.name === name))).toEqual([])
    expect(await look()).toEqual([])
  })

  it('look for due payments and for ended holds at least every 30 seconds, and for ended classes too (behaviour 7)', async () => {
    await look()
    clock.advance(30 * SECOND_MS)
    expect(await look()).toEqual(expect.arrayContaining(['payment.check', 'class.complete']))
  })

  it('come back once per interval of their own', async () => {
    await look()
    const counts = new Map<string, number>()
    for (let minute = 0; minute < 60; minute++) {
      clock.advance(MINUTE_MS)
      for (const name of await look()) counts.set(name, (counts.get(name) ?? 0) + 1)
    }
    expect(Object.fromEntries(counts)).toEqual({
      'payment.check': 60,
      'class.complete': 60,
      'mirror.poll': 60,
      'mirror.tend-channels': 6,
      'meeting.check-links': 12,
      'attendance.read': 6,
      'notice.remind': 12,
      'activity.look-after': 12,
      'meeting.revive': 60,
      'operation.watch-dead-jobs': 60,
      'statement.make': 12,
      'payment.revive-refunds': 1,
    })
    clock.advance(23 * HOUR_MS)
    expect(await look()).toEqual(expect.arrayContaining(['operation.clean-up', 'meeting.check-connections']))
  })

  it('are queued once when several workers look at the same time', async () => {
    queued = []
    await Promise.all([queueTimedJobs(deps), queueTimedJobs(deps), queueTimedJobs(deps)])
    expect(queued).toEqual([...new Set(queued)])
    expect(queued.length).toBeGreaterThan(4)
  })

  it('go on after the clock was set back', async () => {
    clock.advance(48 * HOUR_MS)
    await look()
    clock.set(START)
    expect(await look()).toContain('payment.check')
  })
})
