import { describe, expect, it } from 'vitest'
import { createMeeting, createMeetingJob } from '../../src/features/meeting/create.ts'
import { HOUR_MS, MINUTE_MS } from '../../src/kernel/clock.ts'
import { classStatus, json, orderStatus } from '../support/booking.ts'
import { expectCleanLog, newcomer } from '../support/scene.ts'
import { MONDAY_9H } from '../support/world.ts'
import { cases, eventsOf, live, paidClass, runNext, useMeetingBench, world } from './meeting-bench.ts'

useMeetingBench()

describe('the event of a cancelled class goes (behaviour 4.10, 7; google.md 6)', () => {
  it.each([
    ['its link is still being made', 'pending'],
    ['the answer of the insert was lost', 'commit-then-drop'],
    ['the insert answered 500 and was carried out', 'commit-then-500'],
  ])('row 8 of cancel: cancelled while %s, the event goes', async (_, trouble) => {
    if (trouble === 'pending') await world.control('/google/conference', { mode: 'pending', gets: 500, count: 1 })
    else await world.control('/google/faults', { route: 'events.insert', kind: trouble })
    const paid = await paidClass(2)
    await world.settle()
    expect(live(await eventsOf(paid.classId))).toHaveLength(1)
    const answer = await paid.host.post(`/api/classes/${paid.classId}/cancel`)
    expect(await json(answer)).toEqual({ success: true, status: 'cancelled', refund: 'full' })
    await world.settle()
    expect(live(await eventsOf(paid.classId))).toEqual([])
    world.clock.advance(HOUR_MS)
    await world.settle()
    expect(live(await eventsOf(paid.classId))).toEqual([])
    expect(await orderStatus(world, paid.preferenceId)).toBe('refunded')
  })

  it('a 404 of the endpoint that renews the access token does not say that the event is gone', async () => {
    const paid = await paidClass(2)
    await world.settle()
    await world.rows('UPDATE google_connection SET sealed_access_token = NULL, access_expires_at = NULL')
    world.clock.advance(2 * HOUR_MS)
    await world.control('/google/faults', { route: '/token', kind: 'error', status: 404, reason: 'notFound', count: 1 })
    expect((await paid.host.post(`/api/classes/${paid.classId}/cancel`)).status).toBe(200)
    await world.settle()
    expect(live(await eventsOf(paid.classId))).toHaveLength(1)
    world.clock.advance(HOUR_MS)
    await world.settle()
    expect(live(await eventsOf(paid.classId))).toEqual([])
  })

  it('the class is cancelled, and its event removed, while another worker is still making it: there is no second event (invariant 10)', async () => {
    const paid = await paidClass(2)
    await world.control('/google/conference', { mode: 'pending', gets: 50 })
    await world.settle()
    expect(live(await eventsOf(paid.classId))).toHaveLength(1)
    const admin = await world.admin()
    const { calendar } = world.deps
    let overtaken = false
    const overtakenCalendar: typeof calendar = {
      ...calendar,
      async getEvent(access, eventId) {
        if (!overtaken) {
          overtaken = true
          expect((await admin.post(`/api/classes/${paid.classId}/cancel`)).status).toBe(200)
          await world.settle()
        }
        return calendar.getEvent(access, eventId)
      },
    }
    const made = await createMeeting({ ...world.deps, calendar: overtakenCalendar }, paid.classId)
    expect(made).toMatchObject({ ok: false, reason: 'cancelled' })
    await world.settle()
    expect(await eventsOf(paid.classId)).toMatchObject([{ status: 'cancelled' }])
  })

  it('cancelled at the very moment when the event is made: the event goes', async () => {
    for (let round = 0; round < 4; round++) {
      const paid = await paidClass(2)
      await world.control('/google/faults', { route: 'events.insert', kind: 'error', status: 503 })
      await world.settle()
      const admin = await world.admin()
      const [, cancelled] = await Promise.all([
        admin.post('/api/calendar', { preferenceId: paid.preferenceId }),
        paid.host.post(`/api/classes/${paid.classId}/cancel`),
      ])
      expect(cancelled.status).toBe(200)
      await world.settle()
      world.clock.advance(HOUR_MS)
      await world.settle()
      expect(await classStatus(world, paid.classId)).toBe('cancelled')
      expect(live(await eventsOf(paid.classId))).toEqual([])
      world.clock.set(MONDAY_9H)
    }
  })

  it('cancelled, and found nothing to remove, while Google was still at work on the event: it goes as soon as it is there', async () => {
    const paid = await paidClass(2)
    await world.control('/google/faults', { route: 'events.insert', kind: 'error', status: 503 })
    await world.settle()
    const { calendar } = world.deps
    const asked = Promise.withResolvers<void>()
    const goOn = Promise.withResolvers<void>()
    world.deps.calendar = {
      ...calendar,
      async insertEvent(...event) {
        asked.resolve()
        await goOn.promise
        return calendar.insertEvent(...event)
      },
    }
    const making = (await world.admin()).post('/api/calendar', { preferenceId: paid.preferenceId })
    await asked.promise
    world.deps.calendar = calendar
    expect((await paid.host.post(`/api/classes/${paid.classId}/cancel`)).status).toBe(200)
    await world.settle()
    expect(await eventsOf(paid.classId)).toEqual([])
    goOn.resolve()
    expect((await making).status).toBe(409)
    await world.settle()
    expect((await eventsOf(paid.classId)).map(({ status }) => status)).toEqual(['cancelled'])
  })

  it('cancelled, and found nothing to remove, right before Google made the event and its answer was lost: it goes all the same', async () => {
    const paid = await paidClass(2)
    await world.control('/google/faults', { route: 'events.insert', kind: 'error', status: 503 })
    await world.settle()
    await world.control('/google/faults', { route: 'events.insert', kind: 'commit-then-500' })
    const { calendar } = world.deps
    const insertEvent: typeof calendar.insertEvent = async (...event) => {
      expect((await paid.host.post(`/api/classes/${paid.classId}/cancel`)).status).toBe(200)
      await world.settle()
      return calendar.insertEvent(...event)
    }
    await createMeetingJob.run({ ...world.deps, calendar: { ...calendar, insertEvent } }, { classId: paid.classId, polls: 0 })
    expect(live(await eventsOf(paid.classId))).toHaveLength(1)
    world.clock.advance(MINUTE_MS)
    await world.settle()
    expect(live(await eventsOf(paid.classId))).toEqual([])
  })

  it('cancelled while Google was so late that the event came after everybody had given it up: it goes with the next attempt', async () => {
    const paid = await paidClass(2)
    await world.control('/google/faults', { route: 'events.insert', kind: 'error', status: 503 })
    await world.settle()
    await paid.host.post(`/api/classes/${paid.classId}/cancel`)
    await world.settle()
    await world.control('/google/events', {
      id: paid.eventId,
      start: { dateTime: paid.start },
      end: { dateTime: paid.end },
      extendedProperties: { private: { bookingId: paid.classId } },
    })
    await runNext('meeting.create', paid.classId)
    expect(live(await eventsOf(paid.classId))).toEqual([])
  })

  it('refunded at Mercado Pago while the answer of the insert was lost: cancelled, and the event goes', async () => {
    const paid = await paidClass(2)
    await world.control('/google/faults', { route: 'events.insert', kind: 'commit-then-drop' })
    await world.settle()
    const { payments } = (await world.control('/mercado-pago/payments')) as { payments: { id: number; external_reference: string }[] }
    const [order] = await world.rows<{ id: string }>('SELECT id FROM payment_order WHERE preference_id = $1', [paid.preferenceId])
    await world.control(`/mercado-pago/payments/${payments.find((one) => one.external_reference === order?.id)?.id}/refund`, {})
    await world.settle()
    expect(await classStatus(world, paid.classId)).toBe('cancelled')
    world.clock.advance(HOUR_MS)
    await world.settle()
    expect(live(await eventsOf(paid.classId))).toEqual([])
  })

  it('an event that cannot be removed is tried again; after 8 failures the admin is told, and the case closes by itself', async () => {
    const paid = await paidClass(2)
    await world.settle()
    const route = `/calendar/v3/calendars/*/events/${paid.eventId}`
    await world.control('/google/faults', { route, method: 'DELETE', kind: 'error', status: 503, count: 8 })
    await paid.host.post(`/api/classes/${paid.classId}/cancel`)
    await world.settle()
    for (let failures = 2; failures <= 8; failures++) {
      expect(await cases(paid.classId)).toEqual([])
      await runNext('meeting.remove', paid.classId)
    }
    expect(await cases(paid.classId)).toEqual([{ reason: 'calendar_failed', open: true }])
    await runNext('meeting.remove', paid.classId)
    expect(live(await eventsOf(paid.classId))).toEqual([])
    expect(await cases(paid.classId)).toEqual([{ reason: 'calendar_failed', open: false }])
  })

  it('an event that the teacher had removed by hand counts as removed', async () => {
    const paid = await paidClass(2)
    await world.settle()
    await world.control(`/google/events/${paid.eventId}`, undefined, 'DELETE')
    await paid.host.post(`/api/classes/${paid.classId}/cancel`)
    await world.settle()
    const [row] = await world.rows('SELECT calendar_state FROM virtual_class WHERE id = $1', [paid.classId])
    expect(row).toEqual({ calendar_state: 'none' })
  })

  it('the slot of a cancelled class is free at once, although its event is still in the calendar', async () => {
    const paid = await paidClass(2)
    await world.settle()
    world.clock.advance(2 * MINUTE_MS)
    await world.settle()
    await world.control('/google/faults', { route: 'events.delete', kind: 'error', status: 503, count: 3 })
    await paid.host.post(`/api/classes/${paid.classId}/cancel`)
    const other = await newcomer(world)
    expect((await other.post('/api/checkout', { start: paid.start, end: paid.end })).status).toBe(200)
  })

  it('nothing of it is logged', () => expectCleanLog(world))
})
