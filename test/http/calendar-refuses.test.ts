import { beforeAll, describe, expect, it } from 'vitest'
import { CALENDAR_SCOPES, type GoogleIdentity } from '../../src/features/identity/provider.ts'
import { storeGrant } from '../../src/features/meeting/connection.ts'
import { syncGuestsJob } from '../../src/features/meeting/guests.ts'
import { moveMeetingJob } from '../../src/features/meeting/move.ts'
import { restoreEventJob } from '../../src/features/meeting/restore.ts'
import { syncCalendar } from '../../src/features/mirror/sync.ts'
import { MINUTE_MS } from '../../src/kernel/clock.ts'
import { refuse } from '../../src/kernel/outcome.ts'
import { askedOfGoogle, meetUrlOf } from '../support/scene.ts'
import {
  cases,
  classAt,
  connectTo,
  eventAt,
  eventIdOf,
  move,
  OTHER,
  press,
  read,
  remove,
  type SceneWithEvent,
  scene,
  startAt,
  TEACHER,
  targetOf,
  useHandEditsBench,
  world,
} from './hand-edits-bench.ts'

useHandEditsBench()

const refusing = (route: string, method: string) =>
  world.control('/google/faults', { route, method, kind: 'error', status: 403, reason: 'forbidden', count: 1_000 })
const eventRoute = (eventId: string) => `/calendar/v3/calendars/*/events/${eventId}`
const calendarOf = async (classId: string) =>
  (await world.rows<{ calendar_id: string }>('SELECT calendar_id FROM virtual_class WHERE id = $1', [classId]))[0]?.calendar_id

describe('while the new calendar refuses the events that should go over to it', () => {
  let made: SceneWithEvent[]
  beforeAll(async () => {
    made = [await scene(), await scene(), await scene()]
    await world.control('/google/calendars', { email: TEACHER, id: OTHER })
    await connectTo(OTHER)
    await refusing('events.insert', 'POST')
    expect(await press('/admin/google/traer')).toBe('/admin/google?ok=trayendo')
    await read()
  })

  it('the event that stands, whose link works, follows its class', async () => {
    const [{ classId, eventId, host }] = made as [SceneWithEvent]
    await refusing('events.insert', 'POST')
    const to = targetOf()
    expect((await host.post(`/api/classes/${classId}/reschedule`, to)).status).toBe(200)
    await world.settle()
    expect(await startAt(eventId)).toBe(to.start)
    expect(await calendarOf(classId)).toBe('primary')
    expect((await classAt(classId)).state).not.toBe('synced')
  })

  it('and goes with its class', async () => {
    const [, { classId, eventId, host }] = made as [SceneWithEvent, SceneWithEvent]
    await refusing(eventRoute(eventId.replace(/g0$/, 'g1')), 'DELETE')
    expect((await host.post(`/api/classes/${classId}/cancel`)).status).toBe(200)
    await world.settle()
    expect((await eventAt(eventId)).status).toBe('cancelled')
  })

  it('once it takes them, a class that was moved meanwhile has its event there, at its hour', async () => {
    const [{ classId, eventId }] = made as [SceneWithEvent]
    const link = await meetUrlOf(world, classId)
    await world.control('/google/faults', undefined, 'DELETE')
    await read(20)
    const next = await eventIdOf(classId)
    expect(next).toBe(eventId.replace(/g0$/, 'g1'))
    expect(await startAt(next, OTHER)).toBe((await classAt(classId)).start)
    expect((await eventAt(eventId)).status).toBe('cancelled')
    expect(await meetUrlOf(world, classId)).not.toBe(link)
    expect((await classAt(classId)).state).toBe('synced')
    expect(await cases(classId)).toEqual([])
  })
})

describe('events that stay in a former calendar', () => {
  let made: SceneWithEvent[]
  beforeAll(async () => {
    await connectTo('primary')
    made = [await scene(), await scene(), await scene()]
    await connectTo(OTHER)
  })
  const teacherId = async () => (await world.rows<{ id: string }>('SELECT id FROM teacher'))[0]?.id ?? ''
  /** As every night. */
  const readAll = () => world.rows('UPDATE calendar_sync SET full_wanted = true')

  it('are all looked at in the end, when one reading has no time for more than one', async () => {
    const places = new Map<string, string>()
    for (const { classId, eventId } of made) {
      const to = targetOf()
      await move(eventId, to)
      places.set(classId, to.start)
    }
    await readAll()
    world.clock.advance(MINUTE_MS)
    const { calendar } = world.deps
    const getEvent: typeof calendar.getEvent = (...question) => {
      world.clock.advance(31_000)
      return calendar.getEvent(...question)
    }
    await syncCalendar({ ...world.deps, calendar: { ...calendar, getEvent } }, await teacherId())
    await read(2)
    for (const [classId, start] of places) expect((await classAt(classId)).start).toBe(start)
    await world.control('/log', undefined, 'DELETE')
    await read(2)
    for (const { eventId } of made) expect(await askedOfGoogle(world, 'GET', eventRoute(eventId).replace('*', 'primary'))).toEqual([])
  })

  it('and may not be read any more are told, until they may, and asked for no oftener than everything is read', async () => {
    const [{ eventId }] = made as [SceneWithEvent]
    const googlePage = async () => (await (await world.admin()).get('/admin/google')).text()
    await refusing(eventRoute(eventId), 'GET')
    await readAll()
    await read()
    await world.control('/log', undefined, 'DELETE')
    await read(2)
    expect(await googlePage()).toContain('Google no dejó leer el evento de una clase.')
    expect(await askedOfGoogle(world, 'GET', eventRoute(eventId).replace('*', 'primary'))).toEqual([])
    await world.control('/google/faults', undefined, 'DELETE')
    await readAll()
    await read()
    expect(await googlePage()).not.toContain('no dejó leer')
  })
})

describe('an account that is changed', () => {
  beforeAll(() => connectTo('primary'))

  /** Whoever `at` is connects a calendar in the teacher's place. */
  async function switchTo(at: { email: string; subject?: string }): Promise<void> {
    const [mine] = await world.rows<{ id: string; user_id: string }>('SELECT id, user_id FROM teacher')
    const scopes = ['openid', 'email', 'profile', ...CALENDAR_SCOPES]
    const grant = await world.control('/google/grants', { email: at.email, scopes })
    const identity = {
      subject: at.subject ?? String(grant.sub),
      email: at.email,
      grant: { refreshToken: String(grant.refresh_token), scopes, lifeSeconds: null },
    } as unknown as GoogleIdentity
    await world.deps.db.transaction((tx) => storeGrant(world.deps, tx, mine?.id ?? '', mine?.user_id ?? '', identity))
  }

  it('by its address alone keeps its events where they are', async () => {
    const { classId } = await scene()
    const [before] = await world.rows<{ subject: string }>('SELECT subject FROM google_connection')
    await switchTo({ email: 'profe.nueva@hablainglesya.test', subject: before?.subject ?? '' })
    expect(await calendarOf(classId)).toBe('primary')
    await connectTo('primary')
    expect(await calendarOf(classId)).toBe('primary')
  })

  it('while Google makes an event in its calendar has that event there, and not in the calendar of the next one', async () => {
    const { classId, eventId } = await scene()
    await remove(eventId)
    await read()
    await press(`/admin/clases/${classId}/recrear`)
    const { calendar } = world.deps
    const insertEvent: typeof calendar.insertEvent = async (...event) => {
      const made = await calendar.insertEvent(...event)
      await switchTo({ email: 'otra@hablainglesya.test' })
      return made
    }
    await restoreEventJob.run({ ...world.deps, calendar: { ...calendar, insertEvent } }, { classId })
    expect(await calendarOf(classId)).toBe(TEACHER)
    await connectTo('primary')
    expect(await calendarOf(classId)).toBe('primary')
    expect((await eventAt(await eventIdOf(classId))).status).toBe('confirmed')
  })

  it('while an event is looked for: that it is not found says nothing, and it is looked for again', async () => {
    const { classId, eventId } = await scene()
    const { calendar } = world.deps
    const updateEvent: typeof calendar.updateEvent = async () => {
      await switchTo({ email: 'otra@hablainglesya.test' })
      return refuse('not-found')
    }
    const deps = { ...world.deps, calendar: { ...calendar, updateEvent } }
    for (const job of [moveMeetingJob, syncGuestsJob]) {
      await job.run(deps, { classId })
      expect(await cases(classId)).toEqual([])
      expect(await world.deps.jobs.stateOf(job, classId)).toBe('waiting')
      await connectTo('primary')
    }
    expect((await eventAt(eventId)).status).toBe('confirmed')
    expect((await classAt(classId)).state).toBe('synced')
  })
})

describe('an event in a former calendar that may not be read any more', () => {
  it('is no hindrance to another one in the calendar of now', async () => {
    const { classId, eventId } = await scene()
    await connectTo(OTHER)
    await refusing(eventRoute(eventId), 'GET')
    await press(`/admin/clases/${classId}/recrear`)
    await read()
    expect(await calendarOf(classId)).toBe(OTHER)
    expect((await classAt(classId)).state).toBe('synced')
  })
})

describe('an event that is made again', () => {
  it('by one run, while another that failed is on its way back: nothing is told as wrong', async () => {
    const { classId, eventId } = await scene()
    await remove(eventId, OTHER)
    await read()
    await press(`/admin/clases/${classId}/recrear`)
    const { calendar } = world.deps
    const insertEvent: typeof calendar.insertEvent = async () => {
      await read()
      return refuse('unavailable')
    }
    await restoreEventJob.run(
      { ...world.deps, calendar: { ...calendar, insertEvent, getEvent: insertEvent as never } },
      { classId, failures: 9 },
    )
    expect((await classAt(classId)).state).toBe('synced')
    expect(await cases(classId)).toEqual([])
  })
})
