import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Database } from '../db/client.ts'
import { openEmbedded } from '../db/open.ts'
import type { Deps } from '../deps.ts'
import { HOUR_MS, ManualClock, MINUTE_MS, SECOND_MS } from '../kernel/clock.ts'
import type { Log } from '../kernel/log.ts'
import { defineJob, type JobDefinition } from './define.ts'
import { LOSSES_MAX } from './lost.ts'
import { createJobs, type JobRunner } from './queue.ts'

const START = '2026-11-23T12:00:00.000Z'
/** The shortest pause after each loss; the longest is twice that, a quarter of an hour at most. */
const PAUSES_MS = [0, 8, 16, 32, 64, 128, 256].map((seconds) => seconds * SECOND_MS)

const None = z.object({})
let runs = 0
/** What a run comes to. `never`: its process dies meanwhile. */
let ending: 'never' | 'throws' | 'well' = 'well'
let began: () => void = () => {}
const run = async () => {
  runs += 1
  began()
  if (ending === 'never') await new Promise(() => {})
  if (ending === 'throws') throw new Error('no luck')
}
const twiceJob = defineJob({ name: 'test.twice', payload: None, retriesMax: 1, run })
const timedJob = defineJob({ name: 'test.timed', payload: None, retriesMax: 0, run })
const JOBS = [twiceJob, timedJob] as unknown as readonly JobDefinition[]
const SILENT = { info() {}, warn() {}, error() {}, debug() {} } as unknown as Log

describe('a job whose run is lost', () => {
  let db: Database
  const clock = new ManualClock(START)
  const lives: JobRunner[] = []

  beforeAll(async () => {
    db = await openEmbedded(null)
  })
  beforeEach(async () => {
    runs = 0
    ending = 'well'
    await live('pglite')
    await db.execute('DELETE FROM pgboss.job')
  })
  afterAll(async () => {
    for (const jobs of lives) await jobs.stop()
    await db.close()
  })

  async function live(backend: 'pglite' | 'postgres'): Promise<JobRunner> {
    const jobs = createJobs(db, clock, SILENT, JOBS, backend)
    lives.push(jobs)
    await jobs.prepare()
    return jobs
  }
  const deps = () => ({ db, clock }) as unknown as Deps
  /** Works until it is in the middle of the job; nobody hears of that run again. Fails when there is none to run. */
  async function die(jobs: JobRunner): Promise<void> {
    ending = 'never'
    const isAtWork = new Promise<'at work'>((resolve) => {
      began = () => resolve('at work')
    })
    expect(await Promise.race([isAtWork, jobs.drain(deps())])).toBe('at work')
  }

  let survivor: JobRunner | null = null
  /** As on each database: the next process at once, or one that lives when the time of the run is over. */
  const BACKENDS = {
    pglite: { next: () => live('pglite'), message: `The process ended while this job was at work, ${LOSSES_MAX} times in a row` },
    postgres: {
      async next() {
        survivor ??= await live('postgres')
        clock.advance((twiceJob.timeoutSeconds + 1) * SECOND_MS)
        await survivor.supervise()
        return survivor
      },
      message: `This job did not end within its time: its process died, or it hangs, ${LOSSES_MAX} times in a row`,
    },
  } as const

  describe.each([
    { backend: 'pglite', job: timedJob },
    { backend: 'postgres', job: twiceJob },
  ] as const)('on $backend', ({ backend, job }) => {
    const { next, message } = BACKENDS[backend]

    it('is due again at once, then after growing pauses, and in the end on the dead-letter list: it may be what kills', async () => {
      let jobs = await next()
      await jobs.enqueue(job, {}, { key: 'a' })
      for (const pauseMs of [0, ...PAUSES_MS]) {
        clock.advance(pauseMs - 1)
        if (pauseMs > 0) expect(await jobs.drain(deps())).toBe(0)
        clock.advance(pauseMs + 1)
        await die(jobs)
        jobs = await next()
      }
      expect(runs).toBe(LOSSES_MAX)
      clock.advance(24 * HOUR_MS)
      ending = 'well'
      expect(await jobs.drain(deps())).toBe(0)
      expect(await jobs.stateOf(job, 'a')).toBe('died')
      expect(await jobs.deadJobs(1)).toEqual([{ id: `${job.name}:a`, error: message }])
    })

    it('has none of its tries used up by that, and a run that ends by itself begins the count anew', async () => {
      let jobs = await next()
      await jobs.enqueue(twiceJob, {}, { key: 'a' })
      const lose = async (times: number) => {
        for (let lost = 0; lost < times; lost++) {
          await die(jobs)
          jobs = await next()
          clock.advance(15 * MINUTE_MS)
        }
      }
      for (let failed = 0; failed <= twiceJob.retriesMax; failed++) {
        await lose(LOSSES_MAX - 1)
        expect(await jobs.deadJobs(1)).toEqual([])
        ending = 'throws'
        expect(await jobs.drain(deps())).toBe(1)
        clock.advance(15 * MINUTE_MS)
      }
      expect(await jobs.deadJobs(1)).toEqual([{ id: 'test.twice:a', error: 'Error: no luck' }])
    })
  })

  it('was given up before, and is asked for again all the same: it has a single life, until a person says otherwise', async () => {
    let jobs = await live('pglite')
    const lives = async () => {
      for (let lost = 0; lost <= LOSSES_MAX; lost++) {
        clock.advance(15 * MINUTE_MS)
        if ((await jobs.stateOf(twiceJob, 'a')) === 'died') return lost
        await die(jobs)
        jobs = await live('pglite')
      }
      return Number.POSITIVE_INFINITY
    }
    await jobs.enqueue(twiceJob, {}, { key: 'a' })
    expect(await lives()).toBe(LOSSES_MAX)
    await jobs.enqueue(twiceJob, {}, { key: 'a' })
    expect(await lives()).toBe(1)
    await jobs.enqueue(twiceJob, {}, { key: 'b' })
    await die(jobs)
    jobs = await live('pglite')
    expect(await jobs.stateOf(twiceJob, 'b')).toBe('waiting')
    ending = 'well'
    await jobs.drain(deps())
    expect(await jobs.reviveDead('test.twice:a')).toBe(true)
    expect(await lives()).toBe(LOSSES_MAX)
  })
})
