import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../db/client.ts'
import { migrate } from '../db/migrate.ts'
import { openEmbedded } from '../db/open.ts'
import type { Deps } from '../deps.ts'
import { HOUR_MS, ManualClock, MINUTE_MS, SECOND_MS } from '../kernel/clock.ts'
import type { Log } from '../kernel/log.ts'
import { createJobs, type JobRunner } from './queue.ts'
import { JOBS } from './registry.ts'
import { queueTimedJobs, TIMED_JOBS } from './schedule.ts'

const START = '2026-11-23T12:00:00.000Z'

const at = (afterMs: number) => new Date(Date.parse(START) + afterMs).toISOString()

/** Those of which nobody can tell beforehand whether they find something. */
const ALWAYS: readonly string[] = ['mirror.poll', 'mirror.tend-channels', 'meeting.check-connections', 'operation.clean-up']

const ID = '00000000-0000-4000-8000-000000000001'
const MADE = { created_at: START, updated_at: START }
const PLACE = { class_type: 'individual', max_participants: 1 }
const ORDER = { id: ID, user_id: ID, teacher_id: ID, ...PLACE, amount_centavos: 1_500_000, expires_at: START, ...MADE }
const REFUND = { id: ID, payment_id: '1', amount_centavos: 1, reason: 'class_cancelled', state: 'sent', created_at: START }
const TRANSCRIPT = { class_id: ID, body: 'Hi', ...MADE }
const TABLES = ['payment_order', 'virtual_class', 'refund', 'class_transcript', 'left_event']
const READY = { google_event_id: 'event', meet_url: 'https://meet.google.com/abc-defg-hij', paid_at: START }
const BROKEN = { link_checked_at: START, link_broken_at: START }
const CANCELLED = { status: 'cancelled', cancelled_at: START, cancel_reason: 'host_cancelled' }

/** A class of an hour that begins so long after the start. */
function lesson(afterMs: number, fields: Record<string, unknown>): Record<string, unknown> {
  const hours = { starts_at: at(afterMs), ends_at: at(afterMs + HOUR_MS) }
  const event = fields.status === 'scheduled' ? READY : {}
  return { id: ID, teacher_id: ID, booked_by_id: ID, ...hours, ...PLACE, price_centavos: 1_500_000, ...MADE, ...event, ...fields }
}

describe('the timed jobs', () => {
  let db: Database
  let runner: JobRunner
  let queued: string[] = []
  const clock = new ManualClock(START)
  const told: string[] = []
  const deps = {
    clock,
    jobs: { enqueue: async (job: { name: string }) => void queued.push(job.name) },
    log: { error: ({ job }: { job: string }) => void told.push(job) },
  } as unknown as Deps

  beforeAll(async () => {
    db = await openEmbedded(null)
    await migrate(db, fileURLToPath(new URL('../db/migrations', import.meta.url)), clock.now())
    runner = createJobs(db, clock, {} as Log, JOBS, 'pglite')
    await runner.prepare()
    // Rows stand alone here: only what is asked of them matters.
    await db.execute('SET session_replication_role = replica')
    deps.db = db
  })
  beforeEach(async () => {
    for (const table of ['timed_job', 'daily_statement', ...TABLES]) await db.execute(`DELETE FROM ${table}`)
    clock.set(START)
    queued = []
  })
  afterAll(async () => {
    await runner.stop()
    await db.close()
  })

  /** Names of those whose turn it was. */
  const look = async () => {
    queued = []
    const turns = 'SELECT name, last_queued_at::text AS at FROM timed_job'
    const before = new Map((await db.execute(turns)).rows.map(({ name, at }) => [name, at]))
    await queueTimedJobs(deps)
    return (await db.execute(turns)).rows.filter(({ name, at }) => before.get(name) !== at).map(({ name }) => String(name))
  }

  it('are all known to the worker, and all have their turn at the first look', async () => {
    const first = await look()
    expect(first.toSorted()).toEqual(TIMED_JOBS.toSorted())
    expect(first.filter((name) => !JOBS.some((job) => job.name === name))).toEqual([])
    expect(await look()).toEqual([])
  })

  it('are not queued when they would find nothing to do; where that cannot be told beforehand they are', async () => {
    await look()
    expect(queued.toSorted()).toEqual([...ALWAYS, 'statement.make'].toSorted())
    await db.execute(`INSERT INTO daily_statement (day, state, made_at) VALUES ('2026-11-22', 'balanced', now())`)
    await db.execute('DELETE FROM timed_job')
    await look()
    expect(queued.toSorted()).toEqual([...ALWAYS].toSorted())
    clock.advance(24 * HOUR_MS)
    await look()
    expect(queued).toContain('statement.make')
  })

  it.each<[what: string, table: string, row: Record<string, unknown>, jobs: readonly string[]]>([
    ['an order whose question is due', 'payment_order', { ...ORDER, next_check_at: START }, ['payment.check']],
    ['an order whose question is not due yet', 'payment_order', { ...ORDER, next_check_at: at(SECOND_MS) }, []],
    ['a class that has ended', 'virtual_class', lesson(-2 * HOUR_MS, { status: 'scheduled' }), ['class.complete']],
    ['a class that is at work', 'virtual_class', lesson(-30 * MINUTE_MS, { status: 'scheduled' }), []],
    ['a link that was never looked at', 'virtual_class', lesson(5 * HOUR_MS, { status: 'scheduled' }), ['meeting.check-links']],
    ['a link that was looked at', 'virtual_class', lesson(5 * HOUR_MS, { status: 'scheduled', link_checked_at: START }), []],
    [
      'a link before the doors open',
      'virtual_class',
      lesson(HOUR_MS, { status: 'scheduled', link_checked_at: START }),
      ['meeting.check-links'],
    ],
    ['a link that is broken', 'virtual_class', lesson(5 * HOUR_MS, { ...BROKEN, status: 'scheduled' }), ['meeting.check-links']],
    ['a room of the teacher', 'virtual_class', lesson(5 * HOUR_MS, { status: 'scheduled', room_url: 'https://meet.jit.si/a' }), []],
    ['a hold', 'virtual_class', lesson(5 * HOUR_MS, { status: 'pending', hold_expires_at: at(HOUR_MS) }), []],
    [
      'a paid class that waits for its event',
      'virtual_class',
      lesson(5 * HOUR_MS, { status: 'pending', paid_at: at(-HOUR_MS) }),
      ['meeting.check-links', 'meeting.revive', 'notice.remind'],
    ],
    [
      'an event at the former hour',
      'virtual_class',
      lesson(50 * HOUR_MS, { status: 'scheduled', calendar_state: 'failed' }),
      ['meeting.revive'],
    ],
    [
      'an event to be made again',
      'virtual_class',
      lesson(50 * HOUR_MS, { status: 'scheduled', event_wanted_at: START }),
      ['meeting.revive'],
    ],
    [
      'the event of a cancelled class',
      'virtual_class',
      lesson(5 * HOUR_MS, { ...CANCELLED, paid_at: START, calendar_state: 'failed' }),
      ['meeting.revive'],
    ],
    [
      'an event in a former calendar',
      'left_event',
      { class_id: ID, teacher_id: ID, event_id: 'event', calendar_id: 'primary', left_at: START },
      ['meeting.revive'],
    ],
    ['a refund that nobody works on', 'refund', { ...REFUND, updated_at: at(-5 * HOUR_MS) }, ['payment.revive-refunds']],
    ['a refund that was just asked for', 'refund', { ...REFUND, updated_at: START }, []],
    ['a transcript whose time is over', 'class_transcript', { ...TRANSCRIPT, delete_at: START }, ['activity.look-after']],
    [
      'a day to look at again',
      'daily_statement',
      { day: '2026-11-22', state: 'balanced', made_at: START, next_look_at: START },
      ['statement.make'],
    ],
  ])('know of %s', async (_, table, row, jobs) => {
    await db.execute(`INSERT INTO daily_statement (day, state, made_at) VALUES ('2026-11-23', 'balanced', now())`)
    const names = Object.keys(row)
    await db.execute(`INSERT INTO ${table} (${names}) VALUES (${names.map((_, index) => `$${index + 1}`)})`, Object.values(row))
    await look()
    expect(queued.filter((name) => !ALWAYS.includes(name)).toSorted()).toEqual(jobs.toSorted())
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

  it('are all queued when the question of one of them fails: it must not stop the others, and there may be work', async () => {
    await db.execute('ALTER TABLE left_event RENAME TO left_event_away')
    try {
      await look()
      // Also what was queued until then, in the transaction that came to nothing.
      expect([...new Set(queued)].toSorted()).toEqual(TIMED_JOBS.toSorted())
      expect(told).toEqual(['meeting.revive'])
      expect(await look()).toEqual([])
    } finally {
      await db.execute('ALTER TABLE left_event_away RENAME TO left_event')
    }
  })

  it('go on after the clock was set back', async () => {
    clock.advance(48 * HOUR_MS)
    await look()
    clock.set(START)
    expect(await look()).toContain('payment.check')
  })
})
