import { afterAll, beforeAll, describe, expect, it } from 'vitest'
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
})
