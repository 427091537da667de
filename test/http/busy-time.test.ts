import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Deps } from '../../src/deps.ts'
import { busyNow, refreshBusy } from '../../src/features/meeting/busy.ts'
import type { CalendarProvider } from '../../src/features/meeting/provider.ts'
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../src/kernel/clock.ts'
import { addDays } from '../../src/kernel/zoned-time.ts'
import { classStatus, confirmedClass, json, slot } from '../support/booking.ts'
import { askedOfGoogle, newcomer } from '../support/scene.ts'
import { type Client, MONDAY_9H, openWorld, type World } from '../support/world.ts'
import { appointment, interval, send, TAKEN } from './booking-bench.ts'

/** As long as a page would take that waits for Google. */
const PATIENCE_MS = 12 * SECOND_MS
/** Two seconds for whoever comes first, and the rest for a machine that has other things to do. */
const SOON_MS = 10 * SECOND_MS

let world: World
beforeAll(async () => {
  world = await openWorld({ patienceMs: PATIENCE_MS })
})
afterAll(() => world.close())
beforeEach(() => world.clock.set(MONDAY_9H))
afterEach(() => world.control('/google/faults', undefined, 'DELETE'))

async function stateAt(date: string, time: string): Promise<string | undefined> {
  const answer = await world.anonymous.get(`/api/availability?from=${date}&to=${date}`)
  const { slots } = (await answer.json()) as { slots: { start: string; state: string }[] }
  return slots.find(({ start }) => start === slot(date, time).start)?.state
}

async function teacherId(): Promise<string> {
  const [row] = await world.rows<{ id: string }>('SELECT id FROM teacher')
  return row?.id ?? ''
}

async function lasts(work: () => Promise<unknown>): Promise<number> {
  const before = performance.now()
  await work()
  return performance.now() - before
}

/** A stop on the way: whoever waits there goes on when it is opened. */
function createStop() {
  const opened = Promise.withResolvers<void>()
  const reached = Promise.withResolvers<void>()
  return {
    reached: reached.promise,
    open: () => opened.resolve(),
    async wait() {
      reached.resolve()
      await opened.promise
    },
  }
}

/** Dependencies whose calendar answers free/busy, but the answer only arrives after the stop. */
function withLateAnswers(stop: { wait(): Promise<void> }): Deps {
  const { calendar } = world.deps
  const freeBusy: CalendarProvider['freeBusy'] = async (...question) => {
    const answer = await calendar.freeBusy(...question)
    await stop.wait()
    return answer
  }
  return { ...world.deps, calendar: { ...calendar, freeBusy } }
}

describe('pages and a Google that hangs (behaviour 4.9)', () => {
  let student: Client
  beforeAll(async () => {
    student = await newcomer(world)
  })

  it('show what was read before, without asking', async () => {
    await world.settle()
    await world.control('/google/faults', { route: 'freebusy.query', kind: 'hang', count: 1_000 })
    world.clock.advance(10 * MINUTE_MS)
    const before = (await askedOfGoogle(world, 'POST', '/freeBusy')).length
    const pages = ['/api/availability', '/']
    for (const page of pages) expect(await lasts(() => world.anonymous.get(page))).toBeLessThan(SOON_MS)
    expect(await lasts(() => student.get('/inicio/reservas'))).toBeLessThan(SOON_MS)
    expect(await stateAt('2026-11-24', '10:00')).toBe('free')
    expect(await askedOfGoogle(world, 'POST', '/freeBusy')).toHaveLength(before)
  })

  it('answer soon also when nothing can be believed any more, and a crowd asks only once', async () => {
    await world.settle()
    await world.control('/google/faults', { route: 'freebusy.query', kind: 'hang', count: 1_000 })
    world.clock.advance(31 * MINUTE_MS)
    const { calendar } = world.deps
    let questions = 0
    world.deps.calendar = {
      ...calendar,
      freeBusy: (...question) => {
        questions += 1
        return calendar.freeBusy(...question)
      },
    }
    const crowd = Array.from({ length: 20 }, () => world.anonymous.get('/'))
    expect(await lasts(() => Promise.all(crowd))).toBeLessThan(SOON_MS)
    expect(await lasts(() => student.get('/inicio/reservas'))).toBeLessThan(SOON_MS)
    const visits = async () => {
      for (let visit = 0; visit < 5; visit++) await world.anonymous.get('/')
    }
    // Not two seconds for each of them.
    expect(await lasts(visits)).toBeLessThan(SOON_MS)
    expect(await stateAt('2026-11-24', '10:00')).toBe('unavailable')
    world.deps.calendar = calendar
    expect(questions).toBe(1)
  })

  it('know it again as soon as the timed reading has succeeded', async () => {
    world.clock.advance(2 * DAY_MS)
    // The question of the test before may still be on its way, and its failure is one.
    await refreshBusy(world.deps, await teacherId())
    await world.settle()
    world.clock.advance(2 * MINUTE_MS)
    await world.settle()
    expect(await stateAt('2026-11-26', '10:00')).toBe('free')
  })
})

describe('two readings at once', () => {
  it('an older answer that arrives later does not replace a newer one', async () => {
    await world.settle()
    const stop = createStop()
    const older = refreshBusy(withLateAnswers(stop), await teacherId())
    await stop.reached
    world.clock.advance(SECOND_MS)
    await appointment(world, slot('2026-12-01', '10:00'))
    expect(await refreshBusy(world.deps, await teacherId())).toBe(true)
    stop.open()
    await older
    expect(await stateAt('2026-12-01', '10:00')).toBe('taken')
  })

  it('a hold is decided on what its own question said, whatever else was stored meanwhile', async () => {
    const { start, end } = slot('2026-12-01', '15:00')
    const busy = (await world.control('/google/events', { start: { dateTime: start }, end: { dateTime: end } })) as { id: string }
    const stop = createStop()
    const own = busyNow(withLateAnswers(stop), { id: await teacherId(), horizonDays: 60 }, new Date(start), new Date(end))
    await stop.reached
    world.clock.advance(SECOND_MS)
    await world.control(`/google/events/${busy.id}`, undefined, 'DELETE')
    await refreshBusy(world.deps, await teacherId())
    stop.open()
    expect(await own).toEqual({ ok: true, value: [{ startsAt: new Date(start), endsAt: new Date(end) }] })
    expect(await stateAt('2026-12-01', '15:00')).toBe('free')
  })
})

describe('days that no reading has reached', () => {
  it('are not shown as free, and those that were read stay so', async () => {
    await world.settle()
    await world.control('/google/faults', { route: 'freebusy.query', kind: 'error', status: 503, count: 1_000 })
    const admin = await world.admin()
    const schedule = await json(admin.get('/api/admin/schedule'))
    expect((await admin.send('PUT', '/api/admin/schedule', { ...schedule, horizonDays: 150 })).status).toBe(200)
    expect(await stateAt(addDays('2026-11-23', 100), '10:00')).not.toBe('free')
    expect(await stateAt('2026-12-04', '10:00')).toBe('free')
    await world.control('/google/faults', undefined, 'DELETE')
    world.clock.advance(2 * MINUTE_MS)
    await world.settle()
    expect(await stateAt(addDays('2026-11-23', 100), '10:00')).toBe('free')
    await admin.send('PUT', '/api/admin/schedule', { ...schedule, horizonDays: 60 })
  })
})

describe('an event that cannot be removed', () => {
  it("only its own time is free again, not the teacher's appointment in the same hour", async () => {
    const host = await newcomer(world)
    const first = await confirmedClass(world, host, slot('2026-12-10', '10:00'))
    const second = await confirmedClass(world, host, slot('2026-12-10', '12:00'))
    await world.control('/google/faults', { route: 'events.delete', kind: 'error', status: 503, count: 1_000 })
    for (const { classId } of [first, second]) {
      await host.post(`/api/classes/${classId}/cancel`)
      expect(await classStatus(world, classId)).toBe('cancelled')
    }
    await appointment(world, interval('2026-12-10', '12:30', 60))
    world.clock.advance(2 * MINUTE_MS)
    await world.settle()
    expect(await stateAt('2026-12-10', '10:00')).toBe('free')
    expect(await stateAt('2026-12-10', '12:00')).toBe('taken')
    expect(await stateAt('2026-12-10', '13:00')).toBe('taken')
    const other = await newcomer(world)
    const refused = await send(other, '/api/checkout', slot('2026-12-10', '12:00'))
    expect({ status: refused.status, error: refused.body.error }).toEqual({ status: 409, error: TAKEN })
    expect((await send(other, '/api/checkout', slot('2026-12-10', '10:00'))).status).toBe(200)
  })

  it('a day later, with the event moved by hand: its new time is free, too', async () => {
    const host = await newcomer(world)
    const { classId } = await confirmedClass(world, host, slot('2026-12-11', '10:00'))
    const [row] = await world.rows<{ event: string }>('SELECT google_event_id AS event FROM virtual_class WHERE id = $1', [classId])
    await world.control('/google/faults', { route: 'events.delete', kind: 'error', status: 503, count: 1_000 })
    await host.post(`/api/classes/${classId}/cancel`)
    const { start, end } = interval('2026-12-11', '10:30', 60)
    await world.control(`/google/events/${row?.event}`, { start: { dateTime: start }, end: { dateTime: end } }, 'PATCH')
    world.clock.advance(2 * MINUTE_MS)
    await world.settle()
    expect([await stateAt('2026-12-11', '10:00'), await stateAt('2026-12-11', '11:00')]).toEqual(['free', 'free'])
  })
})
