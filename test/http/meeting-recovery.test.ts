import { describe, expect, it } from 'vitest'
import { createMeetingJob } from '../../src/features/meeting/create.ts'
import { syncGuestsJob } from '../../src/features/meeting/guests.ts'
import { removeMeetingJob } from '../../src/features/meeting/remove.ts'
import { wakeMeetings } from '../../src/features/meeting/revive.ts'
import { openCase } from '../../src/features/operation/attention.ts'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/kernel/clock.ts'
import { classStatus, orderStatus } from '../support/booking.ts'
import { atGoogle, comeBack, cookiesSet } from '../support/google-pages.ts'
import { classFor, expectCleanLog, later, newcomer } from '../support/scene.ts'
import { MONDAY_9H } from '../support/world.ts'
import { cases, eventIdOf, paidClass, runNext, slotOf, stored, TEACHER, teacherId, useMeetingBench, world } from './meeting-bench.ts'

useMeetingBench()

describe('the event of a paid class when something goes badly wrong (behaviour 7)', () => {
  async function waits(job: string, classId: string): Promise<boolean> {
    const rows = await world.rows(`SELECT 1 FROM pgboss.job WHERE name = $1 AND state <= 'active' AND data->>'classId' = $2`, [
      job,
      classId,
    ])
    return rows.length > 0
  }

  async function audited(classId: string): Promise<{ action: string; detail: Record<string, unknown> }[]> {
    return world.rows('SELECT action, detail FROM audit_log WHERE subject_id = $1 ORDER BY at', [classId])
  }

  const startOf = async (eventId: string) => new Date((await stored(eventId)).start?.dateTime ?? '').toISOString()

  /** Calls of the calendar break inside the product, as a bug would. Returns what cures it. */
  function breakCalendar(...operations: ('insertEvent' | 'deleteEvent' | 'updateEvent')[]): () => void {
    const { calendar } = world.deps
    const broken = Object.fromEntries(operations.map((name) => [name, () => Promise.reject(new TypeError('a bug'))]))
    world.deps.calendar = { ...calendar, ...broken }
    return () => {
      world.deps.calendar = calendar
    }
  }

  /** Runs that job until its retries are used up. */
  async function runUntilDead({ name, retriesMax }: { name: string; retriesMax: number }, classId: string): Promise<void> {
    for (let runs = 0; runs < retriesMax; runs++) {
      await runNext(name, classId)
      // Pauses of the queue itself end between two milliseconds.
      world.clock.advance(1)
      await world.settle()
    }
  }

  describe('a job that throws until its retries are used up', () => {
    it('making the event: the admin is told, and the job goes on as soon as it can', async () => {
      const paid = await paidClass()
      const cure = breakCalendar('insertEvent')
      await world.settle()
      await runUntilDead(createMeetingJob, paid.classId)
      world.clock.advance(2 * MINUTE_MS)
      await world.settle()
      cure()
      expect(await cases(paid.classId)).toEqual([{ reason: 'calendar_failed', open: true }])
      expect(await waits('meeting.create', paid.classId)).toBe(true)
      await runNext('meeting.create', paid.classId)
      expect(await classStatus(world, paid.classId)).toBe('scheduled')
      expect(await cases(paid.classId)).toEqual([{ reason: 'calendar_failed', open: false }])
    })

    it('making the event, up to the start of the class: full refund, and nothing stays open', async () => {
      const paid = await paidClass()
      const cure = breakCalendar('insertEvent')
      await world.settle()
      await runUntilDead(createMeetingJob, paid.classId)
      world.clock.advance(2 * MINUTE_MS)
      await world.settle()
      // What breaks now breaks the job itself, whatever it would do at the start.
      const { db } = world.deps
      await db.handle.execute(`UPDATE pgboss.job SET data = '{"classId":"broken"}' WHERE data->>'classId' = '${paid.classId}'`)
      world.clock.set(later(paid.start, 2 * MINUTE_MS))
      await world.settle()
      cure()
      const [row] = await world.rows('SELECT status, cancel_reason FROM virtual_class WHERE id = $1', [paid.classId])
      expect(row).toEqual({ status: 'cancelled', cancel_reason: 'event_failed' })
      expect(await orderStatus(world, paid.preferenceId)).toBe('refunded')
      expect((await cases(paid.classId)).filter(({ open }) => open)).toEqual([])
      expect(await audited(paid.classId)).toContainEqual({ action: 'class.cancel', detail: { reason: 'event_failed', refund: 'full' } })
    })

    it('removing an event: the admin is told, and it goes on', async () => {
      const paid = await paidClass()
      await world.settle()
      const cure = breakCalendar('deleteEvent')
      await paid.host.post(`/api/classes/${paid.classId}/cancel`)
      await world.settle()
      await runUntilDead(removeMeetingJob, paid.classId)
      world.clock.advance(2 * MINUTE_MS)
      await world.settle()
      cure()
      expect(await cases(paid.classId)).toEqual([{ reason: 'calendar_failed', open: true }])
      await runNext('meeting.remove', paid.classId)
      expect((await stored(paid.eventId)).status).toBe('cancelled')
      expect(await cases(paid.classId)).toEqual([{ reason: 'calendar_failed', open: false }])
    })

    it('adding guests: the admin is told, and it goes on', async () => {
      const { code, classId, start } = await classFor(world, 2, slotOf())
      const cure = breakCalendar('updateEvent')
      world.clock.set(later(start, -HOUR_MS))
      expect((await (await newcomer(world)).post('/api/access-code', { accessCode: code })).status).toBe(200)
      await world.settle()
      await runUntilDead(syncGuestsJob, classId)
      world.clock.advance(2 * MINUTE_MS)
      await world.settle()
      cure()
      expect(await cases(classId)).toEqual([{ reason: 'calendar_failed', open: true }])
      await runNext('meeting.sync-guests', classId)
      expect((await stored(`${classId.replaceAll('-', '')}g0`)).attendees).toHaveLength(2)
      expect(await cases(classId)).toEqual([{ reason: 'calendar_failed', open: false }])
    })
  })

  describe('a job that is lost without a trace', () => {
    const lose = (job: string) => world.deps.db.handle.execute(`DELETE FROM pgboss.job WHERE name = '${job}'`)
    /** The timed look finds it, and a little later it is done. */
    async function found(): Promise<void> {
      for (let looks = 0; looks < 2; looks++) {
        world.clock.advance(10 * MINUTE_MS)
        await world.settle()
      }
    }

    it('moving an event: it follows all the same', async () => {
      const { host, classId } = await classFor(world, 1, slotOf())
      const to = slotOf()
      await world.control('/google/faults', { route: 'events.patch', kind: 'error', status: 503 })
      expect((await host.post(`/api/classes/${classId}/reschedule`, to)).status).toBe(200)
      await world.settle()
      await lose('meeting.move')
      await found()
      expect(await startOf(eventIdOf(classId))).toBe(to.start)
      expect((await cases(classId)).filter(({ open }) => open)).toEqual([])
    })

    it('making a deleted event again: it is made all the same, and stands where the class has gone meanwhile', async () => {
      const { host, classId } = await classFor(world, 1, slotOf())
      await world.control(`/google/events/${eventIdOf(classId)}`, undefined, 'DELETE')
      world.clock.advance(MINUTE_MS)
      await world.settle()
      await world.control('/google/faults', { route: 'events.insert', kind: 'error', status: 503 })
      const admin = await world.admin()
      expect((await admin.submit(`/admin/clases/${classId}/recrear`, {})).status).toBe(303)
      await world.settle()
      await lose('meeting.restore')
      const to = slotOf()
      expect((await host.post(`/api/classes/${classId}/reschedule`, to)).status).toBe(200)
      await found()
      expect(await startOf(eventIdOf(classId).replace(/g0$/, 'g1'))).toBe(to.start)
      expect((await cases(classId)).filter(({ open }) => open)).toEqual([])
    })
  })

  it('a case that the admin set aside stays so while the same trouble lasts, also when the calendar is connected again', async () => {
    const { host, classId } = await classFor(world, 1, slotOf())
    await world.control('/google/faults', { route: 'events.patch', kind: 'error', status: 503, count: 1_000 })
    expect((await host.post(`/api/classes/${classId}/reschedule`, slotOf())).status).toBe(200)
    await world.settle()
    for (let failures = 2; failures <= 8; failures++) await runNext('meeting.move', classId)
    const [open] = await world.rows<{ id: string }>('SELECT id FROM attention_case WHERE subject_id = $1', [classId])
    await (await world.admin()).submit(`/admin/casos/${open?.id}/resolver`, {})
    await runNext('meeting.move', classId)
    await wakeMeetings(world.deps, await teacherId())
    await world.settle()
    expect(await cases(classId)).toEqual([{ reason: 'calendar_failed', open: false }])
  })

  it('removing an event goes on when the hour of the class is over', async () => {
    const paid = await paidClass()
    await world.settle()
    await world.control('/google/faults', { route: 'events.delete', kind: 'error', status: 503, count: 100 })
    await paid.host.post(`/api/classes/${paid.classId}/cancel`)
    await world.settle()
    world.clock.set(later(paid.start, 2 * HOUR_MS))
    await world.settle()
    await world.control('/google/faults', undefined, 'DELETE')
    await runNext('meeting.remove', paid.classId)
    expect((await stored(paid.eventId)).status).toBe('cancelled')
  })

  it('a case of the calendar closes with the success, also when the job that brings it knows of no failure before', async () => {
    const fail = (classId: string) =>
      openCase(world.deps, world.deps.db.handle, { subject: 'class', subjectId: classId, reason: 'calendar_failed', detail: '' })
    const { code, classId, start } = await classFor(world, 2, slotOf())
    await fail(classId)
    world.clock.set(later(start, -HOUR_MS))
    await (await newcomer(world)).post('/api/access-code', { accessCode: code })
    await world.settle()
    expect(await cases(classId)).toEqual([{ reason: 'calendar_failed', open: false }])

    world.clock.set(MONDAY_9H)
    const paid = await paidClass()
    await world.settle()
    await paid.host.post(`/api/classes/${paid.classId}/cancel`)
    await fail(paid.classId)
    await world.settle()
    expect((await stored(paid.eventId)).status).toBe('cancelled')
    expect(await cases(paid.classId)).toEqual([{ reason: 'calendar_failed', open: false }])
  })

  it('a long wait without any failure to count is told, too', async () => {
    const paid = await paidClass()
    await world.control('/google/faults', {
      route: 'events.insert',
      kind: 'error',
      status: 429,
      reason: 'rateLimitExceeded',
      retryAfterSeconds: 3_600,
    })
    await world.settle()
    world.clock.advance(29 * MINUTE_MS)
    await world.settle()
    expect(await cases(paid.classId)).toEqual([])
    world.clock.advance(2 * MINUTE_MS)
    await world.settle()
    expect(await cases(paid.classId)).toEqual([{ reason: 'calendar_failed', open: true }])
    expect(await classStatus(world, paid.classId)).toBe('pending')
    await runNext('meeting.create', paid.classId)
    expect(await classStatus(world, paid.classId)).toBe('scheduled')
  })

  it('after an outage the link is asked for as quickly as ever: failures before the event existed do not count', async () => {
    await world.control('/google/faults', { route: 'events.insert', kind: 'error', status: 503, count: 9 })
    await world.control('/google/conference', { mode: 'pending', gets: 5, count: 1 })
    const paid = await paidClass()
    await world.settle()
    for (let failures = 1; failures <= 9; failures++) await runNext('meeting.create', paid.classId)
    const pauses: number[] = []
    while ((await classStatus(world, paid.classId)) === 'pending' && pauses.length < 10)
      pauses.push(await runNext('meeting.create', paid.classId))
    expect(pauses.slice(0, 4)).toEqual([1, 3, 10, 30].map((seconds) => seconds * SECOND_MS))
    expect(pauses[4]).toBeLessThanOrEqual(6 * SECOND_MS)
    expect(await classStatus(world, paid.classId)).toBe('scheduled')
  })

  it('a link that comes right before the start is found at the start, instead of giving the class up', async () => {
    const when = slotOf()
    world.clock.set(later(when.start, -4 * HOUR_MS))
    const paid = await paidClass(1, when)
    // So late that no other attempt can fall in between: their pauses are chance.
    const lateMs = new Date(paid.start).getTime() - 1 - world.clock.now().getTime()
    await world.control('/google/conference', { mode: 'pending', ms: lateMs, count: 1 })
    await world.settle()
    for (let tries = 0; tries < 200 && world.clock.now() < new Date(paid.start); tries++) await runNext('meeting.create', paid.classId)
    expect(world.clock.now().toISOString()).toBe(paid.start)
    expect(await classStatus(world, paid.classId)).toBe('scheduled')
  })

  it("an event of ours that was made for another hour is put at the class's hour before anybody is told", async () => {
    const paid = await paidClass()
    await world.control('/google/events', {
      id: paid.eventId,
      summary: 'Clase de Inglés',
      start: { dateTime: later(paid.start, 3 * HOUR_MS) },
      end: { dateTime: later(paid.end, 3 * HOUR_MS) },
      extendedProperties: { private: { bookingId: paid.classId } },
      conferenceData: { createRequest: { requestId: 'r', conferenceSolutionKey: { type: 'hangoutsMeet' } } },
    })
    await world.settle()
    expect(await startOf(paid.eventId)).toBe(paid.start)
    expect(await classStatus(world, paid.classId)).toBe('scheduled')
  })

  it('an event that was moved by hand before its link was ready is put back', async () => {
    await world.control('/google/conference', { mode: 'pending', gets: 1, count: 1 })
    const paid = await paidClass()
    await world.settle()
    const moved = { start: { dateTime: later(paid.start, HOUR_MS) }, end: { dateTime: later(paid.end, HOUR_MS) } }
    await world.control(`/google/events/${paid.eventId}`, moved, 'PATCH')
    for (let tries = 0; tries < 4 && (await classStatus(world, paid.classId)) === 'pending'; tries++)
      await runNext('meeting.create', paid.classId)
    expect(await startOf(paid.eventId)).toBe(paid.start)
    expect(await classStatus(world, paid.classId)).toBe('scheduled')
  })

  it('one that cannot be put back is a case for the admin, and the class is not confirmed at the wrong hour', async () => {
    await world.control('/google/conference', { mode: 'pending', gets: 1, count: 1 })
    const paid = await paidClass()
    await world.settle()
    const moved = { start: { dateTime: later(paid.start, HOUR_MS) }, end: { dateTime: later(paid.end, HOUR_MS) } }
    await world.control(`/google/events/${paid.eventId}`, moved, 'PATCH')
    await world.control('/google/faults', { route: 'events.patch', kind: 'error', status: 400, reason: 'invalid', count: 3 })
    for (let tries = 0; tries < 2; tries++) await runNext('meeting.create', paid.classId)
    expect(await classStatus(world, paid.classId)).toBe('pending')
    expect(await cases(paid.classId)).toEqual([{ reason: 'calendar_changed', open: true }])
    await world.control('/google/faults', undefined, 'DELETE')
    await runNext('meeting.create', paid.classId)
    expect(await classStatus(world, paid.classId)).toBe('scheduled')
    expect(await cases(paid.classId)).toEqual([{ reason: 'calendar_changed', open: false }])
  })

  it('given up: its own case is closed, and who reads the log finds out', async () => {
    const paid = await paidClass()
    await world.control('/google/faults', { route: 'events.insert', kind: 'error', status: 503, count: 1_000 })
    await world.settle()
    for (let failures = 2; failures <= 8; failures++) await runNext('meeting.create', paid.classId)
    expect(await cases(paid.classId)).toEqual([{ reason: 'calendar_failed', open: true }])
    world.clock.set(paid.start)
    await world.settle()
    expect(await classStatus(world, paid.classId)).toBe('cancelled')
    expect(await cases(paid.classId)).toEqual([{ reason: 'calendar_failed', open: false }])
    expect(await audited(paid.classId)).toContainEqual({ action: 'class.cancel', detail: { reason: 'event_failed', refund: 'full' } })
  })

  it('given up while the payment is disputed: the money stays owed, a person knows of the claim, and it goes back when the claim ends', async () => {
    const paid = await paidClass()
    await world.control('/google/faults', { route: 'events.insert', kind: 'error', status: 503, count: 1_000 })
    await world.settle()
    const [order] = await world.rows<{ payment: string }>(
      `SELECT p.id AS payment FROM payment_order o JOIN provider_payment p ON p.order_id = o.id WHERE o.preference_id = $1`,
      [paid.preferenceId],
    )
    await world.control(`/mercado-pago/payments/${order?.payment}/mediate`, {})
    await world.settle()
    world.clock.set(paid.start)
    await world.settle()
    expect(await classStatus(world, paid.classId)).toBe('cancelled')
    expect(await orderStatus(world, paid.preferenceId)).toBe('approved')
    expect(await cases(order?.payment ?? '')).toEqual([{ reason: 'in_mediation', open: true }])
    expect(await audited(paid.classId)).toContainEqual({ action: 'class.cancel', detail: { reason: 'event_failed', refund: 'full' } })
    await world.control(`/mercado-pago/payments/${order?.payment}/status`, { status: 'approved', detail: 'accredited' })
    await world.settle()
    expect(await orderStatus(world, paid.preferenceId)).toBe('refunded')
    expect(await cases(order?.payment ?? '')).toEqual([{ reason: 'in_mediation', open: false }])
  })

  it('connecting again wakes what waits for an hour: creations, removals and guests', async () => {
    const admin = await world.admin()
    const joined = await classFor(world, 2, slotOf())
    const leaving = await paidClass()
    await world.settle()
    const waiting = await paidClass()
    world.clock.set(later(joined.start, -HOUR_MS))
    await world.control(`/google/grants/${TEACHER}`, undefined, 'DELETE')
    expect((await leaving.host.post(`/api/classes/${leaving.classId}/cancel`)).status).toBe(200)
    expect((await (await newcomer(world)).post('/api/access-code', { accessCode: joined.code })).status).toBe(200)
    await world.settle()
    expect((await stored(leaving.eventId)).status).toBe('confirmed')
    expect(await classStatus(world, waiting.classId)).toBe('pending')

    const begun = await admin.submit('/api/admin/google/connect', {})
    const callback = await atGoogle(begun.headers.get('location') ?? '', { email: TEACHER })
    const done = await comeBack(world, callback, `${admin.cookie}; ${cookiesSet(begun)}`)
    expect(done.headers.get('location')).toBe('/admin/google?ok=connected')
    await world.settle()
    expect((await stored(leaving.eventId)).status).toBe('cancelled')
    expect((await stored(`${joined.classId.replaceAll('-', '')}g0`)).attendees).toHaveLength(2)
    expect(await classStatus(world, waiting.classId)).toBe('scheduled')
  })

  it('nothing of it is logged', () => expectCleanLog(world))
})
