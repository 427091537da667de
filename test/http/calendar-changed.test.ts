import { describe, expect, it } from 'vitest'
import { adoptCalendarGrant } from '../../src/features/meeting/adopt.ts'
import { calendarConnected } from '../../src/features/meeting/connect.ts'
import { disconnectCalendar } from '../../src/features/meeting/connection.ts'
import { enterPrimary, leavePrimary } from '../../src/features/meeting/whereabouts.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/kernel/clock.ts'
import { classFor, later, meetUrlOf, newcomer } from '../support/scene.ts'
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
  slotOf,
  startAt,
  story,
  TEACHER,
  targetOf,
  useHandEditsBench,
  world,
} from './hand-edits-bench.ts'

useHandEditsBench()

const teacher = async () =>
  (await world.rows<{ id: string; user_id: string }>('SELECT id, user_id FROM teacher'))[0] ?? { id: '', user_id: '' }
const calendarOf = async (classId: string) =>
  (await world.rows<{ calendar_id: string }>('SELECT calendar_id FROM virtual_class WHERE id = $1', [classId]))[0]?.calendar_id
const googlePage = async () => (await (await world.admin()).get('/admin/google')).text()

describe("after the teacher's calendar was changed (decision 028)", () => {
  const made: SceneWithEvent[] = []

  it('coming classes are not taken for deleted, and new ones are made in the new calendar', async () => {
    for (let classes = 0; classes < 4; classes++) made.push(await scene(2))
    await world.control('/google/calendars', { email: TEACHER, id: OTHER })
    await connectTo(OTHER)
    for (const { classId } of made) {
      expect(await cases(classId)).toEqual([])
      expect((await classAt(classId)).state).toBe('synced')
      expect(await calendarOf(classId)).toBe('primary')
    }
    const { classId } = await classFor(world, 1, slotOf())
    expect(await calendarOf(classId)).toBe(OTHER)
    expect((await eventAt(await eventIdOf(classId), OTHER)).status).toBe('confirmed')
    const page = await googlePage()
    expect(page).toContain('4 clases que vienen tienen su evento en el calendario que se usaba antes')
    expect(page).toContain('mientras la cuenta conectada pueda usar ese calendario')
  })

  it('what happens to a class happens to its event where it stands: moved, joined, cancelled', async () => {
    const [moved, joined, cancelled] = made as [SceneWithEvent, SceneWithEvent, SceneWithEvent]
    const to = targetOf()
    expect((await moved.host.post(`/api/classes/${moved.classId}/reschedule`, to)).status).toBe(200)
    expect((await cancelled.host.post(`/api/classes/${cancelled.classId}/cancel`)).status).toBe(200)
    await world.settle()
    expect(await startAt(moved.eventId)).toBe(to.start)
    expect((await eventAt(cancelled.eventId)).status).toBe('cancelled')
    const before = world.clock.now()
    world.clock.set(later(joined.start, -30 * MINUTE_MS))
    expect((await (await newcomer(world)).post('/api/access-code', { accessCode: joined.code })).status).toBe(200)
    await world.settle()
    world.clock.set(before)
    expect((await eventAt(joined.eventId)).attendees).toHaveLength(2)
    for (const { classId } of [moved, joined, cancelled]) expect(await cases(classId)).toEqual([])
  })

  it('what a hand changes there is found at night', async () => {
    const { classId, eventId } = made[3] as SceneWithEvent
    const to = targetOf()
    await move(eventId, to)
    world.clock.advance(DAY_MS)
    await read()
    expect((await classAt(classId)).start).toBe(to.start)
    expect(await story(classId)).toEqual(['moved by calendar'])
  })

  it('one click brings the events over: with another link that is told, and the former event goes', async () => {
    const { classId, eventId } = made[3] as SceneWithEvent
    const link = await meetUrlOf(world, classId)
    await world.control('/google/faults', { route: 'events.delete', kind: 'error', status: 503 })
    expect(await press('/admin/google/traer')).toBe('/admin/google?ok=trayendo')
    expect(await press('/admin/google/traer')).toBe('/admin/google?ok=trayendo')
    await read(2)
    const next = await eventIdOf(classId)
    expect(next).toBe(eventId.replace(/g0$/, 'g1'))
    expect(await calendarOf(classId)).toBe(OTHER)
    expect(await startAt(next, OTHER)).toBe((await classAt(classId)).start)
    expect((await eventAt(eventId)).status).toBe('cancelled')
    const other = await meetUrlOf(world, classId)
    expect(other).not.toBe(link)
    expect(JSON.stringify(await eventAt(next, OTHER))).toContain(other)
    expect(await world.rows(`SELECT 1 FROM notice WHERE class_id = $1 AND kind = 'link-ready'`, [classId])).toHaveLength(1)
    expect(await googlePage()).not.toContain('Eventos en otro calendario')
    expect(await story(classId)).toEqual(['moved by calendar', 'brought'])
    expect(await cases(classId)).toEqual([])
  })

  it('the former event goes although the job that takes it out died, and no job says in whose calendar it is', async () => {
    await connectTo('primary')
    const { classId, eventId } = await scene()
    await connectTo(OTHER)
    const { deleteEvent } = world.deps.calendar
    world.deps.calendar.deleteEvent = () => Promise.reject(new Error('a bug'))
    await press('/admin/google/traer')
    await read(3)
    expect(await calendarOf(classId)).toBe(OTHER)
    const jobs = await world.rows<{ data: object }>(`SELECT data FROM pgboss.job WHERE name = 'meeting.leave-calendar'`)
    expect([...new Set(jobs.flatMap(({ data }) => Object.keys(data)))].sort()).toEqual(['classId', 'eventId', 'failures'])
    // Somebody else's account has another principal calendar: the address remembers which one it is.
    const { id } = await teacher()
    const { handle } = world.deps.db
    const calendarLeft = async () => (await world.rows<{ calendar_id: string }>('SELECT calendar_id FROM left_event'))[0]?.calendar_id
    await leavePrimary(handle, id, TEACHER)
    expect(await calendarLeft()).toBe(TEACHER)
    await enterPrimary(handle, id, { subject: 'hers', email: TEACHER }, null)
    expect(await calendarLeft()).toBe('primary')
    await world.rows(`UPDATE pgboss.job SET state = 'failed' WHERE name = 'meeting.leave-calendar' AND state < 'completed'`)
    world.deps.calendar.deleteEvent = deleteEvent
    await read()
    expect((await eventAt(eventId)).status).toBe('confirmed')
    world.clock.advance(HOUR_MS)
    await read()
    expect((await eventAt(eventId)).status).toBe('cancelled')
    expect(await world.rows('SELECT 1 FROM left_event')).toEqual([])
  })

  it('disconnected, an account leaves its address at its events, and finds them when it is back', async () => {
    await connectTo('primary')
    const { classId, eventId } = await scene()
    const gone = await scene()
    await remove(gone.eventId)
    await read()
    for (const { id: caseId } of await cases(gone.classId)) await press(`/admin/casos/${caseId}/resolver`)
    const { id, user_id } = await teacher()
    await disconnectCalendar(world.deps, id, user_id)
    expect(await calendarOf(classId)).toBe(TEACHER)
    await adoptCalendarGrant(world.deps, id, async (scopes) => {
      const grant = await world.control('/google/grants', { email: TEACHER, scopes: ['openid', 'email', 'profile', ...scopes] })
      return { refreshToken: String(grant.refresh_token), subject: String(grant.sub), email: String(grant.email) }
    })
    await calendarConnected(world.deps, id)
    await read()
    expect(await calendarOf(classId)).toBe('primary')
    const to = targetOf()
    await move(eventId, to)
    await read()
    expect((await classAt(classId)).start).toBe(to.start)
    // What a person has set aside before is not told again.
    expect(await cases(gone.classId)).toEqual([])
  })
})
