import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { invitationUrl } from '../../src/features/academy/invitation.ts'
import { closeCases, openCase } from '../../src/features/operation/attention.ts'
import { DAY_MS } from '../../src/kernel/clock.ts'
import { checkout, confirmedClass, json, slot } from '../support/booking.ts'
import { atGoogle, beginSignIn, comeBack, cookiesSet } from '../support/google-pages.ts'
import { newcomer } from '../support/scene.ts'
import { BASE_URL, type Client, MONDAY_9H, openWorld, type World } from '../support/world.ts'
import { createPreference, send, slotDispenser, TAKEN } from './booking-bench.ts'

const ANA = 'ana@academia.test'
const PAGE = '/admin/profesores'
const next = slotDispenser()

let world: World
let admin: Client
let first: string
let ana: string

/** Which teacher gives that class. */
async function teacherOf(classId: unknown): Promise<string> {
  const [row] = await world.rows<{ teacher_id: string }>('SELECT teacher_id FROM virtual_class WHERE id = $1', [classId])
  return row?.teacher_id ?? ''
}

async function pageOf(client: Client, path: string): Promise<string> {
  return (await client.get(path)).text()
}

async function invitationOf(email: string): Promise<string> {
  const [row] = await world.rows<{ id: string; email: string }>('SELECT id, email FROM teacher WHERE email = $1', [email])
  if (!row) throw new Error(`Nobody is called ${email}`)
  return new URL(invitationUrl(world.deps, row)).searchParams.get('invitacion') ?? ''
}

/** A teacher opens the invitation, presses the button and consents with that account. Returns where the product leads. */
async function acceptAs(email: string, token: string): Promise<string> {
  const begun = await world.anonymous.submit('/api/teachers/connect', { invitacion: token })
  const callback = await atGoogle(begun.headers.get('location') ?? '', { email })
  const back = await world.app.request(callback.href, { headers: { cookie: cookiesSet(begun) } })
  return back.headers.get('location') ?? ''
}

beforeAll(async () => {
  world = await openWorld()
  admin = await world.admin()
  const [only] = await world.rows<{ id: string }>('SELECT id FROM teacher')
  first = only?.id ?? ''
})
afterAll(() => world.close())

describe('an academy with one teacher', () => {
  it('offers no choice and names nobody', async () => {
    const student = await newcomer(world)
    const { classId } = await confirmedClass(world, student, next())
    for (const path of ['/inicio/reservas', '/inicio', '/inicio/mis-clases-virtuales', `/inicio/clases/${classId}`])
      expect(await pageOf(student, path)).not.toMatch(/¿Con quién\?|Individual, con/)
    expect(await pageOf(admin, '/admin/horarios')).not.toContain('?profe=')
    expect(await (await student.get(`/api/classes/${classId}/calendar.ics`)).text()).not.toContain('DESCRIPTION')
  })
})

describe('taking on a teacher (decision 025)', () => {
  it('says beside each field what is wrong, and keeps what was typed', async () => {
    const refused = await admin.submit(PAGE, { name: '', email: 'ana', calendarId: 'mi calendario' })
    expect(refused.status).toBe(400)
    const html = await refused.text()
    for (const words of ['Escribí el nombre', 'Escribí una dirección como', 'Tiene que ser «primary»', 'value="mi calendario"'])
      expect(html).toContain(words)
    expect(html.match(/aria-invalid="true"/g)).toHaveLength(3)
    expect(await world.rows('SELECT 1 FROM teacher')).toHaveLength(1)
  })

  it('is for the admin only, sent twice is done once, and names the first one, too', async () => {
    const student = await newcomer(world)
    expect((await student.submit(PAGE, { name: 'Ana', email: ANA, calendarId: '' })).status).toBe(403)
    for (const _ of [1, 2])
      expect((await admin.submit(PAGE, { name: 'Ana Ruiz', email: ` ${ANA.toUpperCase()} `, calendarId: '' })).status).toBe(303)
    expect((await admin.submit(PAGE, { name: 'Otra', email: ANA, calendarId: '' })).status).toBe(400)
    const rows = await world.rows<{ id: string; display_name: string }>('SELECT id, display_name FROM teacher ORDER BY created_at')
    expect(rows).toHaveLength(2)
    expect(rows[0]?.display_name).not.toBe('Tu profe')
    ana = rows[1]?.id ?? ''
  })

  it('hours and closed times are each their own; how long a class takes is everybody’s', async () => {
    const monday = { weekday: 1, opens: '09:00', closes: '12:00' }
    const hours = { slotMinutes: 60, minNoticeMinutes: 60, horizonDays: 90, opening: [monday] }
    expect((await admin.send('PUT', `/api/admin/schedule?teacherId=${ana}`, hours)).status).toBe(200)
    expect(await json(admin.get(`/api/admin/schedule?teacherId=${ana}`))).toEqual(hours)
    expect(await json(admin.get('/api/admin/schedule'))).toMatchObject({ minNoticeMinutes: 120, horizonDays: 60 })
    // Nobody else's hours may become too short for it: her Monday has three of them.
    const longer = { ...((await json(admin.get('/api/admin/schedule'))) as typeof hours), slotMinutes: 240 }
    expect((await admin.send('PUT', '/api/admin/schedule', longer)).status).toBe(400)
    const typed = { slotMinutes: '240', minNoticeMinutes: '120', horizonDays: '60', from_2: '09:00', to_2: '21:00' }
    const refused = await admin.submit('/admin/horarios', typed)
    expect(refused.status).toBe(400)
    expect(await refused.text()).toContain('Ana Ruiz tiene algún intervalo más corto')
    expect(await json(admin.get(`/api/admin/schedule?teacherId=${ana}`))).toEqual(hours)
    await admin.send('PUT', `/api/admin/schedule?teacherId=${ana}`, { ...hours, slotMinutes: 45 })
    expect(await json(admin.get('/api/admin/schedule'))).toMatchObject({ slotMinutes: 45, minNoticeMinutes: 120 })
    const usual = { ...((await json(admin.get('/api/admin/schedule'))) as typeof hours), slotMinutes: 60 }
    expect((await admin.send('PUT', `/api/admin/schedule?teacherId=${ana}`, { ...usual, horizonDays: 60 })).status).toBe(200)
    const html = await pageOf(admin, `/admin/horarios?profe=${ana}`)
    expect(html).toContain(`action="/admin/horarios?profe=${ana}"`)
    const closed = await admin.submit(`/admin/bloqueos?profe=${ana}`, { allDay: '1', day: '2026-12-24', note: 'Nochebuena' })
    expect(closed.headers.get('location')).toContain(`profe=${ana}`)
    expect(await pageOf(admin, '/admin/horarios')).not.toContain('Nochebuena')
  })

  it('takes no bookings before a calendar is connected', async () => {
    const refused = await admin.submit(`${PAGE}/${ana}/estado`, { activo: '1' })
    expect(refused.headers.get('location')).toContain('ok=sin-calendario')
    expect((await send(await newcomer(world), '/api/checkout', { ...next(), teacherId: ana })).status).toBe(404)
    expect(await pageOf(await newcomer(world), '/inicio/reservas')).not.toContain('¿Con quién?')
  })
})

describe('the invitation to connect a calendar', () => {
  it('is worth nothing when it was altered, is over, or is used with another Google account', async () => {
    const token = await invitationOf(ANA)
    for (const bad of ['', 'x', token.replace(ana, first), token.slice(0, -1)]) {
      expect((await world.anonymous.get(`/profesores/conectar?invitacion=${bad}`)).status).toBe(404)
      expect((await world.anonymous.submit('/api/teachers/connect', { invitacion: bad })).headers.get('location')).toContain('/profesores/')
    }
    await world.control('/google/accounts', { email: 'mala@correo.test', name: 'Mala', email_verified: true })
    expect(await acceptAs('mala@correo.test', token)).toContain('error=not-teacher')
    expect(await world.rows('SELECT 1 FROM google_connection WHERE teacher_id = $1', [ana])).toEqual([])
    expect(await world.rows(`SELECT 1 FROM app_user WHERE email = 'mala@correo.test'`)).toEqual([])
    world.clock.advance(8 * DAY_MS)
    expect((await world.anonymous.get(`/profesores/conectar?invitacion=${token}`)).status).toBe(404)
    world.clock.set(MONDAY_9H)
  })

  it('says what is in the way when the address is another Google account’s, or the account gives classes already', async () => {
    await world.rows(
      `INSERT INTO app_user (id, email, name, created_at, updated_at) VALUES (gen_random_uuid(), $1, 'Otra', now(), now())`,
      ['bea@academia.test'],
    )
    await admin.submit(PAGE, { name: 'Bea', email: 'bea@academia.test', calendarId: '' })
    await world.control('/google/accounts', { email: 'bea@academia.test', name: 'Bea', email_verified: true })
    const bea = await invitationOf('bea@academia.test')
    expect(await acceptAs('bea@academia.test', bea)).toContain('error=email-taken')
    const page = `/profesores/conectar?invitacion=${bea}`
    expect(await pageOf(world.anonymous, `${page}&error=email-taken`)).toContain('ya es de otra cuenta de Google')
    await world.rows(`UPDATE teacher SET email = 'profe.otra@academia.test' WHERE email = 'bea@academia.test'`)
    await world.rows(`UPDATE teacher SET email = 'x@academia.test' WHERE id = $1`, [first])
    await world.rows(`UPDATE teacher SET email = $1 WHERE email = 'profe.otra@academia.test'`, [world.deps.config.adminEmail])
    expect(await acceptAs(world.deps.config.adminEmail, await invitationOf(world.deps.config.adminEmail))).toContain('error=other-teacher')
    await world.rows('DELETE FROM opening_interval WHERE teacher_id NOT IN ($1, $2)', [first, ana])
    await world.rows('DELETE FROM sign_in_attempt')
    await world.rows('DELETE FROM teacher WHERE id NOT IN ($1, $2)', [first, ana])
    await world.rows('UPDATE teacher SET email = $2 WHERE id = $1', [first, world.deps.config.adminEmail])
  })

  it('connects the teacher, who becomes no admin, and takes the invitation off the page', async () => {
    await world.control('/google/accounts', { email: ANA, name: 'Ana', email_verified: true })
    const token = await invitationOf(ANA)
    expect(await pageOf(admin, PAGE)).toContain('/profesores/conectar?invitacion=')
    expect(await pageOf(world.anonymous, `/profesores/conectar?invitacion=${token}`)).toContain('Hola, Ana Ruiz.')
    expect(await acceptAs(ANA, token)).toContain('ok=connected')
    const [row] = await world.rows<{ email: string; role: string }>(
      `SELECT c.email, u.role FROM google_connection c JOIN teacher t ON t.id = c.teacher_id JOIN app_user u ON u.id = t.user_id WHERE t.id = $1`,
      [ana],
    )
    expect(row).toEqual({ email: ANA, role: 'USER' })
    expect(await pageOf(admin, PAGE)).not.toContain('/profesores/conectar?invitacion=')
    const attempt = await beginSignIn(world)
    const back = await comeBack(world, await atGoogle(attempt.address.href, { email: ANA }), attempt.cookie)
    expect((await world.anonymous.get(PAGE, { cookie: cookiesSet(back) })).status).toBe(403)
  })

  it('whose health the admin reads, and whose calendar is tried on the spot, where each has a tab', async () => {
    expect(await pageOf(admin, PAGE)).toContain(`href="/admin/google?profe=${ana}"`)
    const theirs = await pageOf(admin, `/admin/google?profe=${ana}`)
    expect(theirs).toContain(ANA)
    expect(theirs).toContain(`/admin/profesores#profe-${ana}`)
    expect(theirs).not.toContain('action="/api/admin/google/disconnect"')
    expect(await pageOf(admin, '/admin/google')).toContain('action="/api/admin/google/disconnect"')
    const told = await admin.submit(`/admin/google/probar?profe=${ana}`, {})
    expect(told.headers.get('location')).toBe(`/admin/google?ok=probando&profe=${ana}`)
    await world.settle()
    for (const [reason, title, way] of [
      ['calendar_disconnected', 'la conexión con el calendario de Ana Ruiz', `/admin/profesores#profe-${ana}`],
      ['calendar_trial_failed', 'El calendario de Ana Ruiz no pasó', `/admin/google?profe=${ana}`],
    ] as const) {
      const about = { subject: 'connection', subjectId: ana, reason } as const
      await openCase(world.deps, world.deps.db.handle, { ...about, detail: '' })
      const panel = await pageOf(admin, '/admin')
      expect(panel).toContain(title)
      expect(panel).toContain(`href="${way}"`)
      await closeCases(world.deps, world.deps.db.handle, about)
    }
    expect(await world.rows('SELECT trial_error FROM google_connection WHERE teacher_id = $1 AND tried_at IS NOT NULL', [ana])).toEqual([
      { trial_error: null },
    ])
  })
})

describe('booking with one of several', () => {
  beforeAll(async () => {
    expect((await admin.submit(`${PAGE}/${ana}/estado`, { activo: '1' })).headers.get('location')).toContain('ok=activo')
  })

  it('offers each in their own hours', async () => {
    const at = (teacherId: string) => json(world.anonymous.get(`/api/availability?from=2026-12-24&to=2026-12-24&teacherId=${teacherId}`))
    expect((await at(ana)).slots).toEqual([])
    expect((await at(first)).slots).toHaveLength(12)
  })

  it('anybody: whoever has fewer classes that week gives it, and then the other one; a third person finds it taken', async () => {
    const when = slot('2026-12-07', '10:00')
    const busy = await checkout(await newcomer(world), slot('2026-12-08', '10:00'), { teacherId: first })
    expect(await teacherOf(busy.classId)).toBe(first)
    const one = await checkout(await newcomer(world), when)
    expect(await teacherOf(one.classId)).toBe(ana)
    const state = async (who = '') => {
      const { slots } = (await json(world.anonymous.get(`/api/availability?from=2026-12-07&to=2026-12-07${who}`))) as {
        slots: { start: string; state: string }[]
      }
      return slots.find(({ start }) => start === when.start)?.state
    }
    expect([await state(), await state(`&teacherId=${ana}`), await state(`&teacherId=${first}`)]).toEqual(['free', 'taken', 'free'])
    const two = await checkout(await newcomer(world), when)
    expect(await teacherOf(two.classId)).toBe(first)
    expect(await state()).toBe('taken')
    const third = await send(await newcomer(world), '/api/checkout', when)
    expect(third).toMatchObject({ status: 409, body: { error: TAKEN } })
    expect(third.body.alternatives).toHaveLength(3)
  })

  it('asked again, the same person keeps the same teacher, and never gets both', async () => {
    const student = await newcomer(world)
    const when = next()
    const held = await checkout(student, when)
    expect(await checkout(student, when)).toEqual(held)
    expect(await checkout(student, when, { teacherId: await teacherOf(held.classId) })).toEqual(held)
    const other = (await teacherOf(held.classId)) === ana ? first : ana
    for (const more of [{ teacherId: other }, { text: 'Otra cosa' }])
      expect(await send(student, '/api/checkout', { ...when, ...more })).toMatchObject({ status: 409, body: { error: TAKEN } })
  })

  it('in the order of the specification, a preference remembers for whom it was made', async () => {
    const student = await newcomer(world)
    const preferenceId = await createPreference(student, { teacherId: ana })
    const when = next()
    expect((await send(student, '/api/booking', { ...when, preferenceId, teacherId: first })).status).toBe(400)
    const booked = await send(student, '/api/booking', { ...when, preferenceId })
    expect(await teacherOf(booked.body.classId)).toBe(ana)
    expect((await send(student, '/api/booking', { ...when, preferenceId })).body).toEqual(booked.body)
  })

  it('an unknown teacher is refused wherever one may be named', async () => {
    const student = await newcomer(world)
    for (const teacherId of ['x', 7, '00000000-0000-4000-8000-000000000000']) {
      expect((await send(student, '/api/checkout', { ...next(), teacherId })).status).toBe(404)
      expect((await send(student, '/api/mercado-pago/create-preference', { type: 'individual', teacherId })).status).toBe(404)
      expect((await world.anonymous.get(`/api/availability?teacherId=${teacherId}`)).status).toBe(404)
    }
  })

  it('pages offer the choice without script, carry it along, and say whose the class is everywhere', async () => {
    const student = await newcomer(world)
    const when = next()
    const week = await pageOf(student, `/inicio/reservas?start=${when.start}&profe=${ana}`)
    expect(week).toContain('¿Con quién?')
    expect(week).toContain(`name="profe" value="${ana}"`)
    const check = await pageOf(student, `/inicio/pre-compra?start=${when.start}&profe=${ana}`)
    expect(check).toContain('<dd>Ana Ruiz</dd>')
    expect(await pageOf(student, `/inicio/pre-compra?start=${when.start}`)).toContain('Quien esté libre')
    const form = { ...when, type: 'individual', n: '1', text: '', profe: ana, key: 'clave-1' }
    expect((await student.submit('/inicio/pre-compra', form)).status).toBe(303)
    expect(await pageOf(student, '/inicio')).toContain('con Ana Ruiz')
    const [row] = await world.rows<{ id: string; preference_id: string; order_id: string }>(
      `SELECT c.id, o.preference_id, o.id AS order_id FROM virtual_class c JOIN payment_order o ON o.class_id = c.id
       WHERE c.starts_at = $1 AND c.teacher_id = $2`,
      [when.start, ana],
    )
    await world.control('/mercado-pago/pay', { preferenceId: row?.preference_id })
    await world.settle()
    const paths = ['/inicio/mis-clases-virtuales', '/inicio/historial', `/inicio/clases/${row?.id}`, `/inicio/clases/${row?.id}/pase`]
    for (const path of [...paths, `/inicio/clases/${row?.id}/../../mis-clases-virtuales/${row?.id}/reprogramar`])
      expect(await pageOf(student, new URL(path, BASE_URL).pathname), path).toContain('con Ana Ruiz')
    expect(await pageOf(student, `/inicio/facturacion/${row?.order_id}`)).toContain('Ana Ruiz')
    expect(await (await student.get(`/api/classes/${row?.id}/calendar.ics`)).text()).toContain('Ana Ruiz')
    expect(await pageOf(admin, '/admin')).toContain('con Ana Ruiz')
    const { events } = (await world.control(`/google/events?calendar=${ANA}`)) as { events: { start: { dateTime: string } }[] }
    expect(events.map(({ start }) => Date.parse(start.dateTime))).toContain(Date.parse(when.start))
  })

  it('a class is moved within the hours of its own teacher', async () => {
    const student = await newcomer(world)
    const { classId } = await confirmedClass(world, student, next(), { teacherId: ana })
    await admin.post('/api/admin/blackouts', { from: '2027-01-04', to: '2027-01-04', teacherId: ana })
    const taken = await send(student, `/api/classes/${classId}/reschedule`, slot('2027-01-04', '10:00'))
    expect(taken.status).toBe(400)
    expect((await send(student, `/api/classes/${classId}/reschedule`, slot('2027-01-05', '10:00'))).status).toBe(200)
    expect(await teacherOf(classId)).toBe(ana)
  })

  it('one who takes no bookings any more keeps their classes and gets no new ones', async () => {
    const student = await newcomer(world)
    const kept = await confirmedClass(world, student, next(), { teacherId: ana })
    expect((await admin.submit(`${PAGE}/${ana}/estado`, { activo: '0' })).status).toBe(303)
    expect((await send(await newcomer(world), '/api/checkout', { ...next(), teacherId: ana })).status).toBe(404)
    expect(await teacherOf((await checkout(await newcomer(world), next())).classId)).toBe(first)
    expect(await pageOf(student, '/inicio/reservas')).not.toContain('¿Con quién?')
    expect(await pageOf(student, '/inicio/mis-clases-virtuales')).toContain('con Ana Ruiz')
    expect((await send(student, `/api/classes/${kept.classId}/reschedule`, next())).status).toBe(200)
    await admin.submit(`${PAGE}/${ana}/estado`, { activo: '1' })
    expect(await pageOf(student, '/inicio/reservas')).toContain('¿Con quién?')
  })

  it('one whose calendar cannot be read is passed over; only when nobody’s can be is there something to explain', async () => {
    await world.control(`/google/grants/${ANA}`, undefined, 'DELETE')
    const held = await checkout(await newcomer(world), next())
    expect(await teacherOf(held.classId)).toBe(first)
    world.clock.advance(DAY_MS)
    const week = await json(world.anonymous.get('/api/availability'))
    expect(week.reason).toBeUndefined()
    expect(await json(world.anonymous.get(`/api/availability?teacherId=${ana}`))).toMatchObject({ reason: 'calendar' })
    expect(await pageOf(admin, PAGE)).toContain('Enlace para que vuelva a conectar')
    const [mail] = await world.rows<{ kind: string }>(
      `SELECT n.kind FROM notice n JOIN teacher t ON t.user_id = n.user_id WHERE t.id = $1`,
      [ana],
    )
    expect(mail?.kind).toBe('calendar-disconnected')
  })

  it('one whose calendar is disconnected takes no bookings, though nothing says any more when they are busy', async () => {
    expect((await admin.submit(`${PAGE}/${ana}/desconectar`, {})).headers.get('location')).toContain('ok=desconectado')
    expect((await send(await newcomer(world), '/api/checkout', { ...next(), teacherId: ana })).status).toBe(404)
    expect(await teacherOf((await checkout(await newcomer(world), next())).classId)).toBe(first)
    expect((await admin.submit(`${PAGE}/${ana}/estado`, { activo: '1' })).headers.get('location')).toContain('ok=sin-calendario')
  })
})
