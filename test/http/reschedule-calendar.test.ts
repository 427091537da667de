import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { adoptCalendarGrant } from '../../src/features/meeting/adopt.ts'
import { calendarConnected } from '../../src/features/meeting/connect.ts'
import { moveMeetingJob } from '../../src/features/meeting/move.ts'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/kernel/clock.ts'
import { checkout, classStatus, json } from '../support/booking.ts'
import { askedOfGoogle, classFor, freshSlots, later, newcomer } from '../support/scene.ts'
import { MONDAY_9H, openWorld, type World } from '../support/world.ts'
import { casesOf, eventOf, moved, nextPatch, rowOf, shownAt } from './reschedule-bench.ts'

const slotOf = freshSlots('2026-11-25')
const targetOf = freshSlots('2026-12-14')
const DOWN = { route: '/calendar/**', kind: 'error', status: 503, count: 10_000 }

describe('the event follows its class (behaviour 7, google.md 2.2)', () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld()
  })
  afterAll(() => world.close())
  beforeEach(() => world.clock.set(MONDAY_9H))
  afterEach(() => world.control('/google/faults', undefined, 'DELETE'))

  const patchFails = (more: Record<string, unknown> = {}) =>
    world.control('/google/faults', { route: 'events.patch', kind: 'error', status: 503, ...more })

  it('by one patch of the times alone, which keeps the conference and mails nobody', async () => {
    const { host, classId } = await classFor(world, 2, slotOf())
    const to = targetOf()
    await moved(host, classId, to)
    await world.settle()
    const { id } = await eventOf(world, classId)
    const patches = await askedOfGoogle(world, 'PATCH', id)
    expect(patches).toHaveLength(1)
    expect(patches[0]?.path).toContain('conferenceDataVersion=1')
    expect(patches[0]?.path).toContain('sendUpdates=none')
    const body = JSON.parse(patches[0]?.body ?? '{}') as Record<string, { dateTime: string; timeZone: string }>
    expect(Object.keys(body).sort()).toEqual(['end', 'start'])
    expect(body.start?.timeZone).toBe('America/Argentina/Buenos_Aires')
    expect(body.start?.dateTime).toMatch(/-03:00$/)
  })

  it('to its last place when it was moved twice before the calendar was asked, in one patch', async () => {
    const { host, classId } = await classFor(world, 1, slotOf())
    await moved(host, classId, targetOf())
    const last = targetOf()
    await moved(host, classId, last)
    await world.settle()
    expect(await shownAt(world, classId)).toEqual(last)
    const { id } = await eventOf(world, classId)
    expect(await askedOfGoogle(world, 'PATCH', id)).toHaveLength(1)
    expect(await rowOf(world, classId)).toMatchObject({ calendar_state: 'synced' })
  })

  it('once more harmlessly when the job runs again', async () => {
    const { host, classId } = await classFor(world, 1, slotOf())
    const to = targetOf()
    await moved(host, classId, to)
    await world.settle()
    for (let times = 0; times < 2; times++) await moveMeetingJob.run(world.deps, { classId })
    expect(await shownAt(world, classId)).toEqual(to)
    expect(await rowOf(world, classId)).toMatchObject({ calendar_state: 'synced', move_count: 1 })
  })

  it.each(['commit-then-500', 'commit-then-drop', 'malformed', 'drop', 'error'])('a patch that ended with %s is repeated', async (kind) => {
    const { host, classId } = await classFor(world, 1, slotOf())
    const to = targetOf()
    await patchFails({ kind })
    await moved(host, classId, to)
    await world.settle()
    expect(await rowOf(world, classId)).toMatchObject({ calendar_state: 'queued' })
    const pause = await nextPatch(world, classId)
    expect(pause).toBeGreaterThanOrEqual(5 * SECOND_MS)
    expect(await shownAt(world, classId)).toEqual(to)
    expect(await rowOf(world, classId)).toMatchObject({ calendar_state: 'synced' })
    expect(await casesOf(world, classId)).toEqual([])
  })

  it('honours Retry-After', async () => {
    const { host, classId } = await classFor(world, 1, slotOf())
    await patchFails({ status: 429, reason: 'rateLimitExceeded', retryAfterSeconds: 300 })
    await moved(host, classId, targetOf())
    await world.settle()
    expect(await nextPatch(world, classId)).toBe(300 * SECOND_MS)
  })

  it('Google down: tried with growing pauses, an admin case after eight failures, hourly then; "Reintentar" brings it up to date', async () => {
    const when = slotOf()
    const { host, classId } = await classFor(world, 2, when)
    const to = targetOf()
    await moved(host, classId, to)
    await world.control('/google/faults', DOWN)
    await world.settle()
    const pauses: number[] = []
    for (let failures = 2; failures <= 8; failures++) {
      expect(await casesOf(world, classId)).toEqual([])
      pauses.push(await nextPatch(world, classId))
    }
    expect(pauses.every((pause, i) => pause >= 5 * SECOND_MS * 2 ** i && pause <= 1.2 * 5 * SECOND_MS * 2 ** i)).toBe(true)
    expect(await casesOf(world, classId)).toMatchObject([{ reason: 'calendar_failed', open: true }])
    expect((await casesOf(world, classId))[0]?.detail).toContain('El evento sigue en el horario anterior')
    expect(await nextPatch(world, classId)).toBeGreaterThanOrEqual(HOUR_MS)
    expect(await rowOf(world, classId)).toMatchObject({ calendar_state: 'failed', status: 'scheduled' })
    expect(await casesOf(world, classId)).toHaveLength(1)

    const admin = await world.admin()
    const panel = await (await admin.get('/admin')).text()
    expect(panel).toContain(`action="/admin/clases/${classId}/reintentar"`)
    const failed = await admin.submit(`/admin/clases/${classId}/reintentar`, {})
    expect(failed.headers.get('location')).toBe('/admin?ok=sin-evento')
    await world.control('/google/faults', undefined, 'DELETE')
    for (let clicks = 0; clicks < 2; clicks++) {
      const done = await admin.submit(`/admin/clases/${classId}/reintentar`, {})
      expect([done.status, done.headers.get('location')]).toEqual([303, '/admin?ok=lista'])
    }
    expect(await shownAt(world, classId)).toEqual(to)
    expect(await rowOf(world, classId)).toMatchObject({ calendar_state: 'synced' })
    expect(await casesOf(world, classId)).toMatchObject([{ reason: 'calendar_failed', open: false }])
    world.clock.advance(2 * HOUR_MS)
    await world.settle()
    expect(await shownAt(world, classId)).toEqual(to)
    expect(await casesOf(world, classId)).toHaveLength(1)
  })

  it('while it has not followed, the old slot is free and the new one taken; nothing is left behind afterwards', async () => {
    const [from, between, to] = [slotOf(), targetOf(), targetOf()]
    const { host, classId } = await classFor(world, 1, from)
    await patchFails({ count: 2 })
    await moved(host, classId, between)
    await world.settle()
    await moved(host, classId, to)
    await world.settle()
    expect(await shownAt(world, classId)).toEqual(from)
    const other = await newcomer(world)
    expect((await other.post('/api/checkout', to)).status).toBe(409)
    const taken = await checkout(other, from)
    expect(taken.classId).not.toBe(classId)
    expect((await other.post('/api/checkout', between)).status).toBe(200)
    await nextPatch(world, classId)
    expect(await shownAt(world, classId)).toEqual(to)
    expect(await world.rows('SELECT 1 FROM vacated_interval WHERE class_id = $1', [classId])).toEqual([])
  })

  it('a move that comes while the last one waits for its next attempt is carried over at once', async () => {
    const { host, classId } = await classFor(world, 1, slotOf())
    await patchFails({ count: 4 })
    await moved(host, classId, targetOf())
    await world.settle()
    for (let failures = 2; failures <= 4; failures++) await nextPatch(world, classId)
    const last = targetOf()
    await moved(host, classId, last)
    await world.settle()
    expect(await shownAt(world, classId)).toEqual(last)
  })

  it('a calendar that was disconnected: the move waits, and is carried over when it is connected again', async () => {
    const own = await openWorld({ calendar: false })
    try {
      await reconnect(own)
      const { host, classId } = await classFor(own, 1, { start: '2026-11-25T15:00:00.000Z', end: '2026-11-25T16:00:00.000Z' })
      await own.rows(`UPDATE google_connection SET status = 'disconnected'`)
      const to = { start: '2026-11-27T15:00:00.000Z', end: '2026-11-27T16:00:00.000Z' }
      // Busy time is believed for half an hour.
      await moved(host, classId, to)
      await own.settle()
      expect(await rowOf(own, classId)).toMatchObject({ calendar_state: 'queued' })
      await own.rows('DELETE FROM google_connection')
      await reconnect(own)
      const [teacher] = await own.rows<{ id: string }>('SELECT id FROM teacher')
      await calendarConnected(own.deps, teacher?.id ?? '')
      await own.settle()
      expect(await shownAt(own, classId)).toEqual(to)
      expect(await rowOf(own, classId)).toMatchObject({ calendar_state: 'synced' })
    } finally {
      await own.close()
    }
  })

  async function reconnect(own: World): Promise<void> {
    const [teacher] = await own.rows<{ id: string; email: string }>('SELECT id, email FROM teacher')
    await adoptCalendarGrant(own.deps, teacher?.id ?? '', async (scopes) => {
      const grant = await own.control('/google/grants', { email: teacher?.email, scopes: ['openid', 'email', 'profile', ...scopes] })
      return { refreshToken: String(grant.refresh_token), subject: String(grant.sub), email: String(grant.email) }
    })
  }

  it('cancelled after it was moved: the event goes, the patch that waits does not bring it back', async () => {
    const { host, classId } = await classFor(world, 1, slotOf())
    await patchFails({ count: 2 })
    await moved(host, classId, targetOf())
    await world.settle()
    expect(await json(host.post(`/api/classes/${classId}/cancel`))).toMatchObject({ status: 'cancelled', refund: 'full' })
    await world.settle()
    expect(await eventOf(world, classId)).toMatchObject({ status: 'cancelled' })
    expect(await world.rows('SELECT 1 FROM vacated_interval WHERE class_id = $1', [classId])).toEqual([])
    world.clock.advance(HOUR_MS)
    await world.settle()
    await moveMeetingJob.run(world.deps, { classId })
    expect(await eventOf(world, classId)).toMatchObject({ status: 'cancelled' })
    expect(await casesOf(world, classId)).toEqual([])
  })

  it('somebody deleted the event: a person is told, and nothing is tried for ever', async () => {
    const { host, classId } = await classFor(world, 1, slotOf())
    const { id } = await eventOf(world, classId)
    await world.control(`/google/events/${id}`, undefined, 'DELETE')
    await moved(host, classId, targetOf())
    await world.settle()
    expect(await casesOf(world, classId)).toMatchObject([{ reason: 'calendar_changed', open: true }])
    expect(await rowOf(world, classId)).toMatchObject({ status: 'scheduled', calendar_state: 'failed' })
    await expect(nextPatch(world, classId)).rejects.toThrow('No patch of the event waits')
  })

  it('guests who join while the event has not followed: both patches arrive, and neither closes the other’s case', async () => {
    const { host, classId, code, start } = await classFor(world, 3, slotOf())
    const admin = await world.admin()
    const guest = await world.signIn('invitada.calendario@correo.test')
    world.clock.set(later(start, -30 * MINUTE_MS))
    await patchFails({ count: 8 })
    expect((await guest.post('/api/access-code', { accessCode: code })).status).toBe(200)
    const to = targetOf()
    await moved(admin, classId, to)
    await world.settle()
    for (let rounds = 0; rounds < 20 && (await rowOf(world, classId)).calendar_state !== 'synced'; rounds++) await nextPatch(world, classId)
    world.clock.advance(2 * HOUR_MS)
    await world.settle()
    expect(await shownAt(world, classId)).toEqual(to)
    expect((await eventOf(world, classId)).attendees?.map(({ email }) => email)).toContain('invitada.calendario@correo.test')
    expect((await casesOf(world, classId)).filter(({ open }) => open)).toEqual([])
    expect(await classStatus(world, classId)).toBe('scheduled')
    expect((await host.get('/api/my-classes')).status).toBe(200)
  })

  it('over before Google was back: nothing is patched any more', async () => {
    const { classId, start } = await classFor(world, 1, slotOf())
    world.clock.set(later(start, -HOUR_MS))
    const to = targetOf()
    await patchFails({ count: 10_000 })
    await moved(await world.admin(), classId, to)
    await world.settle()
    world.clock.set(later(to.end, SECOND_MS))
    await world.settle()
    expect(await classStatus(world, classId)).toBe('completed')
    await expect(nextPatch(world, classId)).rejects.toThrow('No patch of the event waits')
  })
})
