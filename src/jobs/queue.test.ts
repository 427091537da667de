import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import type { Database } from '../db/client.ts'
import { openEmbedded } from '../db/open.ts'
import type { Deps } from '../deps.ts'
import { ManualClock, MINUTE_MS, plus, SECOND_MS } from '../kernel/clock.ts'
import type { Log } from '../kernel/log.ts'
import { defineJob, type JobDefinition } from './define.ts'
import { createJobs, type JobRunner } from './queue.ts'

const START = '2026-11-23T12:00:00.000Z'
const RETRY_PAUSE_MS = 16 * SECOND_MS
/** However busy the machine is. */
const PATIENCE = { timeout: 30 * SECOND_MS }

const ran: string[] = []
let fails: (word: string) => Promise<void>

const Word = z.object({ word: z.string() })
const sayJob = defineJob({ name: 'test.say', payload: Word, run: async (_, { word }) => void ran.push(word) })
const failJob = defineJob({
  name: 'test.fail',
  payload: Word,
  retriesMax: 2,
  run: async (_, { word }) => {
    ran.push(word)
    await fails(word)
  },
})
const onceJob = defineJob({ name: 'test.once', payload: Word, retriesMax: 0, run: (_, { word }) => fails(word) })
const chainJob = defineJob({
  name: 'test.chain',
  payload: z.object({ links: z.number() }),
  run: async (deps, { links }) => {
    ran.push(`link ${links}`)
    if (links > 1) await deps.jobs.enqueue(chainJob, { links: links - 1 }, { key: 'chain' })
  },
})
const endlessJob: JobDefinition<{ turn: number }> = defineJob({
  name: 'test.endless',
  payload: z.object({ turn: z.number() }),
  run: (deps, { turn }) => deps.jobs.enqueue(endlessJob, { turn: turn + 1 }, { key: 'endless' }),
})
const JOBS = [sayJob, failJob, onceJob, chainJob, endlessJob] as unknown as readonly JobDefinition[]

describe('the job queue', () => {
  let db: Database
  let jobs: JobRunner
  let deps: Deps
  const clock = new ManualClock(START)
  const logged: { fields: object; message: string }[] = []

  beforeAll(async () => {
    db = await openEmbedded(null)
    jobs = createJobs(db, clock, recording(logged), JOBS, 'pglite')
    await jobs.prepare()
    deps = { jobs, db, clock } as unknown as Deps
  })
  beforeEach(async () => {
    await db.execute('DELETE FROM pgboss.job')
    ran.length = 0
    logged.length = 0
    clock.set(START)
    fails = async () => {}
  })
  afterAll(async () => {
    await jobs.stop()
    await db.close()
  })

  const waiting = async () => (await db.execute(`SELECT name FROM pgboss.job WHERE state < 'active'`)).rows.length

  it('keeps nothing of a transaction that is rolled back', async () => {
    const failed = db.transaction(async () => {
      await jobs.enqueue(sayJob, { word: 'never' }, { key: 'a' })
      expect(await waiting()).toBe(1)
      throw new Error('the change it belongs to did not happen')
    })
    await expect(failed).rejects.toThrow('did not happen')
    expect(await waiting()).toBe(0)
    expect(await jobs.drain(deps)).toBe(0)
  })

  it('undoes the transaction of a job that cannot be queued: each that waits is taken before it can be joined', async () => {
    let lost = 0
    const rivals: Database = {
      ...db,
      async execute(text, values) {
        const answer = await db.execute(text, values)
        if (!/^\s*UPDATE pgboss\.job SET start_after/.test(text)) return answer
        lost += 1
        return { ...answer, rows: [] }
      },
    }
    const unlucky = createJobs(rivals, clock, recording(logged), JOBS, 'pglite')
    await jobs.enqueue(sayJob, { word: 'first' }, { key: 'a' })
    const change = db.transaction(async (tx) => {
      await tx.execute(sql`CREATE TABLE changed (id int)`)
      await unlucky.enqueue(sayJob, { word: 'second' }, { key: 'a' })
    })
    await expect(change).rejects.toThrow('No job test.say could be queued')
    expect(lost).toBe(10)
    expect((await db.execute(`SELECT to_regclass('changed') AS at`)).rows).toEqual([{ at: null }])
  })

  it('runs what was committed, once', async () => {
    await db.transaction(() => jobs.enqueue(sayJob, { word: 'hola' }, { key: 'a' }))
    expect(await jobs.drain(deps)).toBe(1)
    expect(await jobs.drain(deps)).toBe(0)
    expect(ran).toEqual(['hola'])
  })

  it('runs the jobs that a job asks for in the same go', async () => {
    await jobs.enqueue(chainJob, { links: 3 }, { key: 'chain' })
    expect(await jobs.drain(deps)).toBe(3)
    expect(ran).toEqual(['link 3', 'link 2', 'link 1'])
  })

  it('holds a delayed job back until the clock is there', async () => {
    await jobs.enqueue(sayJob, { word: 'later' }, { key: 'a', startAfter: plus(clock.now(), MINUTE_MS) })
    clock.advance(MINUTE_MS - 1)
    expect(await jobs.drain(deps)).toBe(0)
    clock.advance(1)
    expect(await jobs.drain(deps)).toBe(1)
  })

  it('repeats a job that throws, and puts it on the dead-letter list after its last try', async () => {
    fails = async () => {
      throw new Error('no luck')
    }
    const deadBefore = await jobs.countDead()
    await jobs.enqueue(failJob, { word: 'try' }, { key: 'a' })
    expect(await jobs.drain(deps)).toBe(1)
    expect(await jobs.drain(deps)).toBe(0)
    for (let retry = 1; retry <= failJob.retriesMax; retry++) {
      clock.advance(RETRY_PAUSE_MS * 2 ** (retry - 1))
      expect(await jobs.drain(deps)).toBe(1)
    }
    expect(await jobs.countDead()).toBe(deadBefore + 1)
    clock.advance(24 * 60 * MINUTE_MS)
    expect(await jobs.drain(deps)).toBe(0)
    expect(ran).toEqual(['try', 'try', 'try'])
  })

  it('forgets the failures of a job that succeeds in the end', async () => {
    let left = 1
    fails = async () => {
      if (left-- > 0) throw new Error('not yet')
    }
    await jobs.enqueue(failJob, { word: 'try' }, { key: 'a' })
    await jobs.drain(deps)
    clock.advance(RETRY_PAUSE_MS)
    await jobs.drain(deps)
    expect(ran).toHaveLength(2)
    expect(await jobs.countDead()).toBe(0)
    expect(await waiting()).toBe(0)
  })

  it('treats a payload that the job does not understand as a failure, without running it', async () => {
    await jobs.enqueue(failJob as unknown as JobDefinition<{ wort: number }>, { wort: 1 }, { key: 'a' })
    await jobs.drain(deps)
    expect(ran).toEqual([])
    expect(logged.map(({ message }) => message)).toEqual(['job failed'])
  })

  it('says what failed, never with which values', async () => {
    fails = async () => {
      await db.handle.execute(`SELECT 'ana@correo.test' FROM "no_such_table"`)
    }
    await jobs.enqueue(failJob, { word: 'ana@correo.test' }, { key: 'a' })
    await jobs.drain(deps)
    expect(logged).toHaveLength(1)
    expect(JSON.stringify(logged)).toContain('no_such_table')
    expect(JSON.stringify(logged)).not.toContain('ana@')
    const { rows } = await db.execute('SELECT output::text FROM pgboss.job WHERE output IS NOT NULL')
    expect(JSON.stringify(rows)).toContain('no_such_table')
    expect(JSON.stringify(rows)).not.toContain('ana@')
  })

  describe('a row that is written along with a job', () => {
    const bell = (number: number, rests = false) => sql`INSERT INTO bell (number) VALUES (${number}) RETURNING ${rests}::boolean AS rests`
    const bells = async () => (await db.execute('SELECT number FROM bell ORDER BY number')).rows.map(({ number }) => number)
    beforeAll(() => db.execute('CREATE TABLE bell (number int PRIMARY KEY CHECK (number < 10))'))
    beforeEach(() => db.execute('DELETE FROM bell'))

    it('is there with it', async () => {
      await jobs.enqueue(sayJob, { word: 'hola' }, { key: 'same', along: bell(1) })
      expect([await bells(), await jobs.drain(deps), ran]).toEqual([[1], 1, ['hola']])
    })

    it('is not there without it, nor it without the row', async () => {
      await expect(jobs.enqueue(sayJob, { word: 'never' }, { key: 'same', along: bell(10) })).rejects.toThrow()
      expect(await waiting()).toBe(0)
      await db.execute('ALTER TABLE pgboss.job ADD CONSTRAINT out_of_order CHECK (false) NOT VALID')
      await expect(jobs.enqueue(sayJob, { word: 'never' }, { key: 'same', along: bell(1) })).rejects.toThrow()
      await db.execute('ALTER TABLE pgboss.job DROP CONSTRAINT out_of_order')
      expect(await bells()).toEqual([])
    })

    it('is there as well when one of that key waits; it says whether that one rests first', async () => {
      await jobs.enqueue(sayJob, { word: 'once' }, { key: 'same', startAfter: plus(clock.now(), 60 * MINUTE_MS) })
      await jobs.enqueue(sayJob, { word: 'once' }, { key: 'same', restMs: MINUTE_MS, along: bell(1, true) })
      expect(await jobs.drain(deps)).toBe(0)
      await jobs.enqueue(sayJob, { word: 'once' }, { key: 'same', restMs: MINUTE_MS, along: bell(2, false) })
      expect([await bells(), await jobs.drain(deps), ran]).toEqual([[1, 2], 1, ['once']])
    })
  })

  describe('a key', () => {
    it('keeps what waits as it was asked for first, brought forward; begun anew, it takes the new payload', async () => {
      const startAfter = plus(clock.now(), MINUTE_MS)
      for (const replaces of [false, true]) {
        await jobs.enqueue(sayJob, { word: 'first' }, { key: 'same', startAfter })
        await jobs.enqueue(sayJob, { word: 'second' }, { key: 'same', replaces })
        expect(await jobs.drain(deps)).toBe(1)
      }
      expect(ran).toEqual(['first', 'second'])
    })

    it('lets one job wait, however often it is asked for', async () => {
      for (const word of ['first', 'second', 'third']) await jobs.enqueue(sayJob, { word }, { key: 'same' })
      await jobs.enqueue(sayJob, { word: 'other' }, { key: 'other' })
      expect(await jobs.drain(deps)).toBe(2)
      expect(ran.sort()).toEqual(['first', 'other'])
    })

    it('does not hold back a request that comes while the job runs: it may have missed the news', async () => {
      fails = async (word) => {
        if (word === 'running') await jobs.enqueue(failJob, { word: 'again' }, { key: 'same' })
      }
      await jobs.enqueue(failJob, { word: 'running' }, { key: 'same' })
      await jobs.drain(deps)
      expect(ran).toEqual(['running', 'again'])
    })

    it('runs at the earliest of the times it was asked for', async () => {
      await jobs.enqueue(sayJob, { word: 'once' }, { key: 'same', startAfter: plus(clock.now(), 60 * MINUTE_MS) })
      await jobs.enqueue(sayJob, { word: 'once' }, { key: 'same', startAfter: plus(clock.now(), 90 * MINUTE_MS) })
      expect(await jobs.drain(deps)).toBe(0)
      await jobs.enqueue(sayJob, { word: 'once' }, { key: 'same' })
      expect(await jobs.drain(deps)).toBe(1)
      clock.advance(100 * MINUTE_MS)
      expect(await jobs.drain(deps)).toBe(0)
    })

    it('lets the waiting job rest first when it is told to', async () => {
      await jobs.enqueue(sayJob, { word: 'once' }, { key: 'same', startAfter: plus(clock.now(), 60 * MINUTE_MS) })
      for (let ring = 0; ring < 3; ring++) await jobs.enqueue(sayJob, { word: 'once' }, { key: 'same', restMs: 5 * SECOND_MS })
      clock.advance(5 * SECOND_MS - 1)
      expect(await jobs.drain(deps)).toBe(0)
      clock.advance(1)
      expect(await jobs.drain(deps)).toBe(1)
    })

    it('with a rest keeps no job waiting that is due already', async () => {
      await jobs.enqueue(sayJob, { word: 'once' }, { key: 'same', restMs: MINUTE_MS })
      await jobs.enqueue(sayJob, { word: 'once' }, { key: 'same', restMs: MINUTE_MS })
      expect(await jobs.drain(deps)).toBe(1)
    })

    it('is not brought forward by a transaction that is rolled back', async () => {
      await jobs.enqueue(sayJob, { word: 'once' }, { key: 'same', startAfter: plus(clock.now(), MINUTE_MS) })
      const failed = db.transaction(async () => {
        await jobs.enqueue(sayJob, { word: 'once' }, { key: 'same' })
        throw new Error('rolled back')
      })
      await expect(failed).rejects.toThrow('rolled back')
      expect(await jobs.drain(deps)).toBe(0)
    })
  })

  it('stops draining at its limit instead of running for ever', async () => {
    await jobs.enqueue(endlessJob, { turn: 1 }, { key: 'endless' })
    await expect(jobs.drain(deps, 25)).rejects.toThrow('More than 25 jobs ran without coming to rest; the last was test.endless')
  })

  it('gives a job whose process died to another one after its time, as soon as that one looks', async () => {
    const started = Promise.withResolvers<void>()
    fails = () => {
      started.resolve()
      return new Promise(() => {})
    }
    await jobs.enqueue(failJob, { word: 'lost' }, { key: 'a' })
    void jobs.drain(deps)
    await started.promise

    const other = createJobs(db, clock, recording(logged), JOBS, 'postgres')
    await other.prepare()
    clock.advance((failJob.timeoutSeconds - 1) * SECOND_MS)
    other.start({ ...deps, jobs: other })
    await vi.waitFor(async () => expect(await supervisedAt()).toBe(clock.now().getTime()), PATIENCE)
    expect(await waiting()).toBe(0)

    fails = async () => {}
    clock.advance(61 * SECOND_MS)
    other.wake()
    await vi.waitFor(() => expect(ran).toEqual(['lost', 'lost']), PATIENCE)
    await other.stop()
  })

  it('on the embedded database, takes up at once what was at work when the process ended', async () => {
    const started = Promise.withResolvers<void>()
    fails = () => {
      started.resolve()
      return new Promise(() => {})
    }
    await jobs.enqueue(failJob, { word: 'lost' }, { key: 'a' })
    void jobs.drain(deps)
    await started.promise
    expect(await waiting()).toBe(0)
    fails = async () => {}
    const restarted = createJobs(db, clock, recording(logged), JOBS, 'pglite')
    await restarted.prepare()
    expect(await restarted.drain(deps)).toBe(1)
    expect(ran).toEqual(['lost', 'lost'])
    await restarted.stop()
  })

  it('does not ask a person to look at a job that is never repeated', async () => {
    const deadBefore = await jobs.countDead()
    fails = async () => {
      throw new Error('once is enough')
    }
    await jobs.enqueue(onceJob, { word: 'once' }, { key: 'a' })
    expect(await jobs.drain(deps)).toBe(1)
    clock.advance(24 * 60 * MINUTE_MS)
    expect(await jobs.drain(deps)).toBe(0)
    expect(await jobs.countDead()).toBe(deadBefore)
  })

  async function supervisedAt(): Promise<number> {
    const { rows } = await db.execute(`SELECT max(monitor_claim_on) AS at FROM pgboss.queue WHERE name = 'test.fail'`)
    return new Date(String(rows[0]?.at)).getTime()
  }

  it('works by itself when started: committed jobs run at once, and stopping waits for the job at work', async () => {
    const worker = createJobs(db, clock, recording(logged), JOBS, 'pglite')
    await worker.prepare()
    const at = Promise.withResolvers<void>()
    const go = Promise.withResolvers<void>()
    let finished = false
    fails = async () => {
      at.resolve()
      await go.promise
      finished = true
    }
    worker.start({ ...deps, jobs: worker })
    await db.transaction(() => worker.enqueue(failJob, { word: 'work' }, { key: 'a' }))
    await at.promise
    const stopped = worker.stop()
    expect(finished).toBe(false)
    go.resolve()
    await stopped
    expect(finished).toBe(true)
    const { rows } = await db.execute(`SELECT state FROM pgboss.job WHERE name = 'test.fail'`)
    expect(rows).toEqual([{ state: 'completed' }])
  })

  it('once it has finished its work, requests that are still answered can queue more, for whoever works next', async () => {
    const worker = createJobs(db, clock, recording(logged), JOBS, 'pglite')
    await worker.prepare()
    worker.start({ ...deps, jobs: worker })
    await worker.finish()
    await worker.enqueue(sayJob, { word: 'late' }, { key: 'a' })
    expect(await waiting()).toBe(1)
    expect(await jobs.drain(deps)).toBe(1)
    await worker.stop()
  })
})

function recording(lines: { fields: object; message: string }[]): Log {
  const write = (fields: object, message: string) => void lines.push({ fields, message })
  return { info: write, warn: write, error: write, debug: write } as unknown as Log
}
