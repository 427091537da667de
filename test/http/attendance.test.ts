import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readAttendanceJob } from '../../src/features/attendance/commands.ts'
import { unreadClasses } from '../../src/features/attendance/store.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/kernel/clock.ts'
import { classFor, freshSlots, later, newcomer, userIdOf } from '../support/scene.ts'
import { openWorld, type World } from '../support/world.ts'

const slotOf = freshSlots()

describe('who was there (google.md 7)', () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld()
  })
  afterAll(() => world.close())

  const eventIdOf = async (classId: string) =>
    (await world.rows<{ id: string }>('SELECT google_event_id AS id FROM virtual_class WHERE id = $1', [classId]))[0]?.id
  const attendanceOf = (classId: string) =>
    world.rows(
      'SELECT u.email, p.attended, p.attended_minutes, p.attendance_source FROM participation p JOIN app_user u ON u.id = p.user_id WHERE class_id = $1 ORDER BY seat',
      [classId],
    )
  const emailsOf = async (classId: string) =>
    (
      await world.rows<{ email: string }>(
        'SELECT u.email FROM participation p JOIN app_user u ON u.id = p.user_id WHERE class_id = $1 ORDER BY seat',
        [classId],
      )
    ).map(({ email }) => email)

  it('while Meet was not asked whether it tells, the teacher says it by hand, once the class has begun', async () => {
    const admin = await world.admin()
    const { classId, host, start } = await classFor(world, 1, slotOf())
    const [email = ''] = await emailsOf(classId)
    const mark = { [`asistio_${await userIdOf(world, email)}`]: 'no' }
    expect((await admin.submit(`/admin/clases/${classId}/asistencia`, mark)).status).toBe(409)
    world.clock.set(start)
    expect((await host.submit(`/admin/clases/${classId}/asistencia`, mark)).status).toBe(403)
    expect((await admin.submit(`/admin/clases/${classId}/asistencia`, mark)).headers.get('location')).toContain('ok=asistencia')
    expect(await attendanceOf(classId)).toMatchObject([{ attended: false, attendance_source: 'manual' }])
    expect(await (await host.get(`/inicio/clases/${classId}`)).text()).toContain('No estuviste en la clase')
    world.clock.set(later(start, HOUR_MS))
    await world.settle()
    expect(await (await host.get('/inicio/historial?filter=all')).text()).toContain('No asististe')
  })

  it('an account that tells it is probed with the daily trial; then presence and minutes come from Meet', async () => {
    world.clock.advance(DAY_MS)
    await world.settle()
    expect(await world.rows('SELECT reads_attendance FROM google_connection')).toEqual([{ reads_attendance: true }])

    const { classId, host, code, start, end } = await classFor(world, 3, freshSlots('2026-11-28')())
    const [present, absent] = [await newcomer(world), await newcomer(world)]
    world.clock.set(start)
    for (const guest of [present, absent]) await guest.post('/api/access-code', { accessCode: code })
    const [hostEmail, presentEmail] = await emailsOf(classId)
    await world.control('/google/meetings', {
      eventId: await eventIdOf(classId),
      start: later(start, -5 * MINUTE_MS),
      end,
      participants: [
        { email: 'profe@hablainglesya.test', sessions: [{ start, end }] },
        {
          email: hostEmail,
          sessions: [
            { start: later(start, -5 * MINUTE_MS), end: later(start, 20 * MINUTE_MS) },
            { start: later(start, 30 * MINUTE_MS), end },
          ],
        },
        { email: presentEmail, sessions: [{ start: later(start, 50 * MINUTE_MS), end }] },
      ],
    })
    world.clock.set(end)
    await world.settle()
    world.clock.advance(16 * MINUTE_MS)
    await world.settle()
    expect(await attendanceOf(classId)).toMatchObject([
      { attended: true, attended_minutes: 50, attendance_source: 'meet' },
      { attended: true, attended_minutes: 10 },
      { attended: false, attended_minutes: null },
    ])
    expect(await (await host.get(`/inicio/clases/${classId}`)).text()).toContain('Estuviste en la clase')
  })

  it('nothing is settled while a meeting is still open; one that never ends leaves whoever was not seen unknown', async () => {
    const { classId, host, code, start, end } = await classFor(world, 2, freshSlots('2026-11-30')())
    const guest = await newcomer(world)
    world.clock.set(start)
    await guest.post('/api/access-code', { accessCode: code })
    const [hostEmail] = await emailsOf(classId)
    const eventId = await eventIdOf(classId)
    // The teacher stayed in the room; the host was there in a first meeting, which is over.
    await world.control('/google/meetings', {
      ...{ eventId, start, end: later(start, 20 * MINUTE_MS) },
      participants: [{ email: hostEmail, sessions: [{ start, end: later(start, 20 * MINUTE_MS) }] }],
    })
    await world.control('/google/meetings', {
      ...{ eventId, start: later(start, 25 * MINUTE_MS) },
      participants: [{ email: 'profe@hablainglesya.test', sessions: [{ start: later(start, 25 * MINUTE_MS) }] }],
    })
    for (const afterEndMs of [0, 16 * MINUTE_MS, 61 * MINUTE_MS, 6 * HOUR_MS, 24 * HOUR_MS]) {
      world.clock.set(later(end, afterEndMs))
      await world.settle()
      expect(await attendanceOf(classId)).toMatchObject([{ attended: null }, { attended: null }])
    }
    world.clock.set(later(end, 3 * DAY_MS))
    await world.settle()
    expect(await attendanceOf(classId)).toMatchObject([
      { attended: true, attended_minutes: 20, attendance_source: 'meet' },
      { attended: null, attendance_source: null },
    ])
    const admin = await world.admin()
    expect(await (await admin.get(`/admin/clases/${classId}`)).text()).toContain('Google Meet no dice si estuvo')
    expect(await (await host.get(`/inicio/clases/${classId}`)).text()).toContain('Estuviste en la clase')
  })

  it('classes that are not due yet keep none that is from being asked about, and a run ends in time', async () => {
    const { classId, end } = await classFor(world, 1, freshSlots('2026-12-07')())
    world.clock.set(later(end, 16 * MINUTE_MS))
    await world.settle()
    const now = world.clock.now()
    // Twenty looked at once, a moment ago, and this one due for its third look.
    await world.rows(`UPDATE virtual_class SET attendance_checks = 5 WHERE id <> $1`, [classId])
    await world.rows(
      `UPDATE virtual_class SET attendance_checks = 2, attendance_read_at = NULL, starts_at = $2::timestamptz - interval '8 hours', ends_at = $2::timestamptz - interval '7 hours' WHERE id = $1`,
      [classId, now],
    )
    const [row] = await world.rows<{ n: number }>(
      `INSERT INTO virtual_class SELECT (jsonb_populate_record(c, jsonb_build_object('id', gen_random_uuid(), 'google_event_id', gen_random_uuid(),
         'attendance_checks', 1, 'starts_at', $2::timestamptz - interval '90 minutes', 'ends_at', $2::timestamptz - interval '30 minutes'))).*
       FROM virtual_class c, generate_series(1, 25) WHERE c.id = $1 RETURNING 1 AS n`,
      [classId, now],
    )
    expect(row?.n).toBe(1)
    const due = await unreadClasses(world.deps.db.handle, now, 20)
    expect(due.map((one) => one.row.id)).toEqual([classId])

    await world.rows(`UPDATE virtual_class SET attendance_checks = 0 WHERE starts_at = $1::timestamptz - interval '90 minutes'`, [now])
    const { presences } = world.deps.calendar
    let asked = 0
    world.deps.calendar.presences = async (...question) => {
      asked++
      world.clock.advance(25_000)
      return presences(...question)
    }
    await readAttendanceJob.run(world.deps, {})
    world.deps.calendar.presences = presences
    expect(asked).toBe(3)
  })
})
