import { describe, expect, it } from 'vitest'
import { HOUR_MS, SECOND_MS } from '../../src/kernel/clock.ts'
import { classStatus, json, orderStatus, slot } from '../support/booking.ts'
import { askedOfGoogle, expectCleanLog, meetUrlOf } from '../support/scene.ts'
import {
  cases,
  eventsOf,
  expectScheduledOnce,
  live,
  paidClass,
  runNext,
  type StoredEvent,
  useMeetingBench,
  world,
} from './meeting-bench.ts'

useMeetingBench()

describe('the event of a paid class is made (behaviour 4.5, 7, 10.7; google.md 6)', () => {
  it.each(['commit-then-500', 'commit-then-drop', 'malformed', 'truncated'])(
    'an insert that was carried out but answered with %s: one event',
    async (kind) => {
      const paid = await paidClass(2)
      await world.control('/google/faults', { route: 'events.insert', kind })
      await world.settle()
      expect(await classStatus(world, paid.classId)).toBe('pending')
      await runNext('meeting.create', paid.classId)
      await expectScheduledOnce(paid)
    },
  )

  it.each(['drop', 'error'])('an insert that was not carried out (%s): one event', async (kind) => {
    const paid = await paidClass(2)
    await world.control('/google/faults', { route: 'events.insert', kind })
    await world.settle()
    expect(await classStatus(world, paid.classId)).toBe('pending')
    await runNext('meeting.create', paid.classId)
    await expectScheduledOnce(paid)
  })

  it('409 and the event is ours: it is adopted', async () => {
    const paid = await paidClass(2)
    await world.control('/google/events', {
      id: paid.eventId,
      summary: 'Clase de Inglés',
      start: { dateTime: paid.start },
      end: { dateTime: paid.end },
      extendedProperties: { private: { bookingId: paid.classId } },
      conferenceData: { createRequest: { requestId: 'r', conferenceSolutionKey: { type: 'hangoutsMeet' } } },
    })
    await world.settle()
    await expectScheduledOnce(paid)
  })

  it("409 and the event is somebody else's: it is left alone, and ours gets another id", async () => {
    const paid = await paidClass(2)
    await world.control('/google/events', {
      id: paid.eventId,
      summary: 'Dentista',
      start: { dateTime: '2026-12-01T03:00:00Z' },
      end: { dateTime: '2026-12-01T04:00:00Z' },
    })
    await world.settle()
    expect(await classStatus(world, paid.classId)).toBe('scheduled')
    expect((await eventsOf(paid.classId)).map(({ id }) => id)).toEqual([paid.eventId.replace(/g0$/, 'g1')])
    expect(await world.control(`/google/events/${paid.eventId}`)).toMatchObject({ summary: 'Dentista', status: 'confirmed' })
    expect(world.logged.some(({ message }) => message.includes('belongs to something else'))).toBe(true)
  })

  it('an event that the teacher deleted meanwhile is replaced under a new generation (google.md 2.2)', async () => {
    await world.control('/google/conference', { mode: 'pending', gets: 50, count: 1 })
    const paid = await paidClass(2)
    await world.settle()
    expect(await classStatus(world, paid.classId)).toBe('pending')
    await world.control(`/google/events/${paid.eventId}`, undefined, 'DELETE')
    await runNext('meeting.create', paid.classId)
    expect(await classStatus(world, paid.classId)).toBe('scheduled')
    expect(live(await eventsOf(paid.classId)).map(({ id }) => id)).toEqual([paid.eventId.replace(/g0$/, 'g1')])
  })

  it('W23: without a link the class is not scheduled; the link is asked for at 1, 3, 10 and 30 seconds', async () => {
    await world.control('/google/conference', { mode: 'pending', gets: 3, count: 1 })
    const paid = await paidClass(2)
    await world.settle()
    const pauses: number[] = []
    while ((await classStatus(world, paid.classId)) === 'pending' && pauses.length < 10)
      pauses.push(await runNext('meeting.create', paid.classId))
    expect(pauses).toEqual([1, 3, 10, 30].map((seconds) => seconds * SECOND_MS))
    await expectScheduledOnce(paid)
    expect(await meetUrlOf(world, paid.classId)).toMatch(/^http/)
  })

  it('a conference that failed is asked for again under a new request id, in the same event', async () => {
    await world.control('/google/conference', { mode: 'failure', count: 1 })
    const paid = await paidClass(2)
    await world.settle()
    await expectScheduledOnce(paid)
    const patches = (await askedOfGoogle(world, 'PATCH', paid.eventId)).filter(({ body }) => body.includes('createRequest'))
    expect(patches.map(({ body }) => (JSON.parse(body) as StoredEvent).conferenceData?.createRequest?.requestId)).toEqual([
      `${paid.eventId}-1`,
    ])
    expect(patches[0]?.path).toContain('conferenceDataVersion=1')
  })

  it('G1: the link is the video entry point, even when a telephone comes first', async () => {
    await world.control('/google/conference', { mode: 'phone-first', count: 1 })
    const paid = await paidClass(2)
    await world.settle()
    const [event] = live(await eventsOf(paid.classId))
    const entries = event?.conferenceData?.entryPoints ?? []
    expect(entries[0]?.entryPointType).toBe('phone')
    expect(await meetUrlOf(world, paid.classId)).toBe(entries.find((entry) => entry.entryPointType === 'video')?.uri)
  })

  it('Retry-After is honoured, and the alarm does not ring for a single refusal', async () => {
    const paid = await paidClass(2)
    await world.control('/google/faults', {
      route: 'events.insert',
      kind: 'error',
      status: 429,
      reason: 'rateLimitExceeded',
      retryAfterSeconds: 300,
    })
    await world.settle()
    expect(await runNext('meeting.create', paid.classId)).toBe(300 * SECOND_MS)
    await expectScheduledOnce(paid)
    expect(await cases(paid.classId)).toEqual([])
  })

  it('scenario F: Google down for an hour', async () => {
    const paid = await paidClass(2)
    await world.control('/google/faults', { route: '/calendar/**', kind: 'error', status: 503, count: 10_000 })
    await world.settle()
    expect(await orderStatus(world, paid.preferenceId)).toBe('approved')
    const { notifications } = (await world.control('/mercado-pago/notifications')) as {
      notifications: { tries: { status?: number; answer?: { status: number } }[] }[]
    }
    expect(JSON.stringify(notifications)).not.toContain('"status":500')
    expect(await json(paid.host.get('/api/my-classes'))).toEqual({ response: [], preparing: 1 })
    expect(await (await paid.host.get('/inicio/mis-clases-virtuales')).text()).toContain(
      'Tu pago fue aprobado. Estamos preparando el enlace de tu clase.',
    )

    const pauses: number[] = []
    for (let failures = 2; failures <= 8; failures++) {
      expect(await cases(paid.classId)).toEqual([])
      pauses.push(await runNext('meeting.create', paid.classId))
    }
    expect(pauses.every((pause, index) => pause >= 5 * SECOND_MS * 2 ** index && pause <= 1.2 * 5 * SECOND_MS * 2 ** index)).toBe(true)
    expect(await cases(paid.classId)).toEqual([{ reason: 'calendar_failed', open: true }])
    const hourly = await runNext('meeting.create', paid.classId)
    expect(hourly).toBeGreaterThanOrEqual(HOUR_MS)
    expect(await classStatus(world, paid.classId)).toBe('pending')
    expect(await cases(paid.classId)).toHaveLength(1)

    await world.control('/google/faults', undefined, 'DELETE')
    const admin = await world.admin()
    const panel = (await json(admin.get('/api/admin/payments'))) as { response: { subjectId: string; reason: string }[] }
    expect(panel.response.filter(({ subjectId }) => subjectId === paid.classId).map(({ reason }) => reason)).toEqual(['calendar_failed'])
    for (let clicks = 0; clicks < 3; clicks++)
      expect((await admin.post('/api/calendar', { preferenceId: paid.preferenceId })).status).toBe(200)
    await expectScheduledOnce(paid)
    expect(await cases(paid.classId)).toEqual([{ reason: 'calendar_failed', open: false }])
    world.clock.advance(2 * HOUR_MS)
    await world.settle()
    await expectScheduledOnce(paid)
  })

  it('recovers by itself, without anybody doing anything', async () => {
    const paid = await paidClass(2)
    await world.control('/google/faults', { route: 'events.insert', kind: 'drop', count: 5 })
    await world.settle()
    for (let failures = 1; failures <= 5; failures++) await runNext('meeting.create', paid.classId)
    await expectScheduledOnce(paid)
  })

  it('still unmade at the start: full refund, event_failed, host and teacher are told, and no event stays behind', async () => {
    // Whoever has never signed in has no account to write to.
    await world.admin()
    const paid = await paidClass(2, slot('2026-11-24', '09:00'))
    await world.control('/google/faults', { route: 'events.insert', kind: 'commit-then-500' })
    await world.control('/google/faults', { route: 'events.insert', kind: 'error', status: 503, count: 1_000 })
    await world.settle()
    for (let tries = 0; tries < 200 && world.clock.now() < new Date(paid.start); tries++) await runNext('meeting.create', paid.classId)
    expect(world.clock.now().toISOString()).toBe(paid.start)
    const [row] = await world.rows('SELECT status, cancel_reason FROM virtual_class WHERE id = $1', [paid.classId])
    expect(row).toEqual({ status: 'cancelled', cancel_reason: 'event_failed' })
    expect(await world.rows('SELECT 1 FROM attention_case WHERE subject_id = $1 AND resolved_at IS NULL', [paid.classId])).toEqual([])
    const audited = await world.rows('SELECT action, detail FROM audit_log WHERE subject_id = $1', [paid.classId])
    expect(audited).toEqual([{ action: 'class.cancel', detail: { reason: 'event_failed', refund: 'full' } }])
    expect(await orderStatus(world, paid.preferenceId)).toBe('refunded')
    expect(live(await eventsOf(paid.classId))).toEqual([])
    const sent = await world.rows<{ kind: string }>("SELECT kind FROM notice WHERE class_id = $1 AND state = 'sent' ORDER BY kind", [
      paid.classId,
    ])
    expect(sent.map(({ kind }) => kind)).toEqual(['class-cancelled', 'class-preparing', 'link-missing', 'refund-made'])
    const history = (await json(paid.host.get('/api/my-classes?view=history'))) as { response: { cancelReason: string }[] }
    expect(history.response.map(({ cancelReason }) => cancelReason)).toEqual(['event_failed'])
  })

  it('a calendar that allows no Meet: never scheduled without a link, and the admin is told', async () => {
    await world.control('/google/conference', { mode: 'invalid' })
    const paid = await paidClass(2)
    await world.settle()
    for (let failures = 2; failures <= 8; failures++) await runNext('meeting.create', paid.classId)
    expect(await classStatus(world, paid.classId)).toBe('pending')
    expect(await cases(paid.classId)).toEqual([{ reason: 'calendar_failed', open: true }])
    const [row] = await world.rows<{ calendar_state: string; calendar_error: string }>(
      'SELECT calendar_state, calendar_error FROM virtual_class WHERE id = $1',
      [paid.classId],
    )
    expect(row?.calendar_state).toBe('failed')
    expect(row?.calendar_error).toContain('Invalid conference type value')
  })

  it('nothing of it is logged', () => expectCleanLog(world))
})
