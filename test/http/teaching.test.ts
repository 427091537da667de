import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mailOf } from '../../src/features/notice/mail.ts'
import { HOUR_MS, MINUTE_MS } from '../../src/kernel/clock.ts'
import { confirmedClass } from '../support/booking.ts'
import { freshSlots, later, meetUrlOf, newcomer } from '../support/scene.ts'
import { type SecondTeacher, takeOn } from '../support/second-teacher.ts'
import { type Client, openWorld, type World } from '../support/world.ts'

const next = freshSlots('2026-11-30')

describe('the page of a teacher who is no admin (decision 029)', () => {
  let world: World
  let ana: SecondTeacher
  let first: string
  beforeAll(async () => {
    world = await openWorld()
    ana = await takeOn(world, 'Ana Ruiz', 'ana@academia.test')
    const [other] = await world.rows<{ id: string }>('SELECT id FROM teacher WHERE id <> $1', [ana.id])
    first = other?.id ?? ''
  })
  afterAll(() => world.close())

  const htmlOf = async (client: Client, path: string) => (await client.get(path)).text()

  it('is in the navigation of whoever gives classes, and of nobody else', async () => {
    expect(await htmlOf(ana.client, '/inicio')).toContain('href="/profe"')
    const student = await newcomer(world)
    expect(await htmlOf(student, '/inicio')).not.toContain('href="/profe"')
    expect((await student.get('/profe')).status).toBe(403)
    expect(await htmlOf(await world.admin(), '/admin')).not.toContain('href="/profe"')
  })

  it('shows their own classes with who comes and what about; the way in inside the window only, the link never', async () => {
    const host = await world.signIn('huesped@correo.test', 'Hugo Pérez')
    const when = next()
    const mine = await confirmedClass(world, host, when, { teacherId: ana.id, text: 'Viajes', isGroupClass: true, studentsCount: 2 })
    const other = await confirmedClass(world, await world.signIn('otra@correo.test', 'Olga Díaz'), next(), { teacherId: first })
    const page = await htmlOf(ana.client, '/profe')
    for (const words of ['Hugo Pérez', 'Viajes', `href="/profe/clases/${mine.classId}"`]) expect(page).toContain(words)
    for (const words of ['Olga Díaz', other.classId, mine.code, await meetUrlOf(world, mine.classId), '30.000'])
      expect(page).not.toContain(words)
    const join = `/api/classes/${mine.classId}/join`
    expect(page).not.toContain(join)
    expect((await ana.client.get(join)).status).toBe(403)
    expect((await ana.client.get(`/api/classes/${other.classId}/join`)).status).toBe(404)

    world.clock.set(later(when.start, -HOUR_MS))
    expect(await htmlOf(ana.client, '/profe')).toContain(join)
    const entered = await ana.client.get(join)
    expect([entered.status, entered.headers.get('location')]).toEqual([302, await meetUrlOf(world, mine.classId)])
    expect((await ana.client.get(`/profe/clases/${other.classId}`)).status).toBe(404)
    const record = await htmlOf(ana.client, `/profe/clases/${mine.classId}`)
    for (const words of ['Hugo Pérez', 'Usar otra sala', 'Notas de la clase', join]) expect(record).toContain(words)
  })

  it('gives a room, marks who was there and keeps notes, of their own classes alone', async () => {
    const when = next()
    const [mine, other] = [
      await confirmedClass(world, await newcomer(world), when, { teacherId: ana.id }),
      await confirmedClass(world, await newcomer(world), next(), { teacherId: first }),
    ]
    const path = `/profe/clases/${mine.classId}`
    const room = await ana.client.submit(`${path}/sala`, { url: 'https://meet.jit.si/ana' })
    expect(room.headers.get('location')).toBe(`${path}?ok=sala`)
    const faulty = await ana.client.submit(`${path}/sala`, { url: 'sala' })
    expect(faulty.status).toBe(400)
    expect(await faulty.text()).toContain('value="sala"')
    expect((await ana.client.submit(`${path}/asistencia`, {})).status).toBe(409)
    world.clock.set(when.start)
    expect((await ana.client.submit(`${path}/asistencia`, {})).headers.get('location')).toBe(`${path}?ok=asistencia`)
    expect((await ana.client.submit(`${path}/notas`, { wentWell: 'Todo', errorsHeard: '', vocabulary: '' })).headers.get('location')).toBe(
      `${path}?ok=notas`,
    )
    expect(await htmlOf(ana.client, path)).toContain('Todo')
    const long = await ana.client.submit(`${path}/notas`, { wentWell: 'x'.repeat(5_000), errorsHeard: '', vocabulary: '' })
    expect(long.status).toBe(400)
    expect(await long.text()).toContain('x'.repeat(1_000))
    for (const part of ['sala', 'sala/meet', 'asistencia', 'notas'])
      expect((await ana.client.submit(`/profe/clases/${other.classId}/${part}`, { url: 'https://meet.jit.si/x' })).status, part).toBe(404)
    expect(await world.rows('SELECT 1 FROM virtual_class WHERE id = $1 AND room_url IS NOT NULL', [other.classId])).toEqual([])
    world.clock.set(later(when.end, MINUTE_MS))
    await world.settle()
    expect(await htmlOf(ana.client, '/profe')).toContain('Ya dadas')
  })

  it('has one button while Google does not accept their calendar any more', async () => {
    expect(await htmlOf(ana.client, '/profe')).not.toContain('Conectar de nuevo')
    await world.rows(`UPDATE google_connection SET status = 'disconnected' WHERE teacher_id = $1`, [ana.id])
    const page = await htmlOf(ana.client, '/profe')
    expect(page).toContain('Conectar de nuevo')
    const invitacion = /name="invitacion" value="([^"]+)"/.exec(page)?.[1] ?? ''
    const begun = await ana.client.submit('/api/teachers/connect', { invitacion })
    expect(begun.headers.get('location')).toContain('login_hint=ana')
    await world.rows(`UPDATE google_connection SET status = 'connected' WHERE teacher_id = $1`, [ana.id])
  })

  it('is where mails lead them when a class has no link; the admin is led on to the panel', async () => {
    const mine = await confirmedClass(world, await newcomer(world), freshSlots('2026-12-14')(), { teacherId: ana.id })
    await world.rows('UPDATE virtual_class SET link_broken_at = $2 WHERE id = $1', [mine.classId, world.clock.now()])
    const [person] = await world.rows<{ id: string }>('SELECT user_id AS id FROM teacher WHERE id = $1', [ana.id])
    const row = { id: crypto.randomUUID(), userId: person?.id ?? '', classId: mine.classId, kind: 'link-missing', data: {} } as const
    const mail = await mailOf(world.deps, row as unknown as Parameters<typeof mailOf>[1])
    expect(typeof mail === 'string' ? mail : mail.text).toContain(`/profe/clases/${mine.classId}`)
    expect((await ana.client.get(`/profe/clases/${mine.classId}`)).status).toBe(200)
    const led = await (await world.admin()).get(`/profe/clases/${mine.classId}`)
    expect([led.status, led.headers.get('location')]).toEqual([302, `/admin/clases/${mine.classId}`])
  })
})
