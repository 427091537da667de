import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { saveProfile, saveUserData } from '../../src/features/identity/settings.ts'
import { messagesPart } from '../../src/features/support/export.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/kernel/clock.ts'
import { checkout, json, slot } from '../support/booking.ts'
import { atGoogle } from '../support/books.ts'
import { classFor, freshSlots, later, meetUrlOf, newcomer, userIdOf } from '../support/scene.ts'
import { BASE_URL, type Client, MONDAY_9H, openWorld, type World } from '../support/world.ts'

const PAGE = '/inicio/configuracion'
const CLOSE = `${PAGE}/eliminar`
const FOREIGN = { origin: 'https://otro.example' }
const GOOD = { localidad: 'Ñorquincó', nivel: 'avanzado', telefono: '+54 9 11-5555 1234', newsletter: 'si' }

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const emailOf = async (client: Client) => String(((await json(client.get('/api/auth/session'))).user as { email: string }).email)
const textOf = async (answer: Response | Promise<Response>) => (await answer).text()
/** Signs in again through Google: a login of its own, as on another device. */
async function onAnotherDevice(email: string, userAgent: string): Promise<Client> {
  const app = { request: world.app.request.bind(world.app) }
  await world.control('/google/settings', { autoApprove: email }, 'PATCH')
  const begun = await world.anonymous.submit('/api/auth/login', { callbackUrl: '/inicio' })
  const back = await fetch(begun.headers.get('location') ?? '', { redirect: 'manual' })
  await world.control('/google/settings', { autoApprove: null }, 'PATCH')
  const callback = new URL(back.headers.get('location') ?? '')
  const cookieOf = (answer: Response) =>
    answer.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .filter((pair) => !pair?.endsWith('='))
      .join('; ')
  const finished = await app.request(`${BASE_URL}${callback.pathname}${callback.search}`, {
    headers: { cookie: cookieOf(begun), 'user-agent': userAgent },
  })
  const cookie = cookieOf(finished)
  const headers = (more: Record<string, string> = {}) => ({ cookie, ...more })
  return {
    ...world.anonymous,
    cookie,
    get: (path, more) => world.anonymous.get(path, headers(more)),
    submit: (path, fields, more) => world.anonymous.submit(path, fields, headers(more)),
  }
}

describe('GET and POST /api/user-data (behaviour 4.12)', () => {
  it('answers and keeps the four fields and nothing else', async () => {
    const client = await newcomer(world)
    const fresh = { localidad: '-', nivel: 'inicial', telefono: null, newsletter: 'no' }
    expect(await json(client.get('/api/user-data'))).toEqual(fresh)
    const data = { ...GOOD, telefono: '+5491155551234' }
    const saved = await client.post('/api/user-data', { ...GOOD, role: 'ADMIN', email: 'otra@correo.test' })
    expect([saved.status, await json(saved)]).toEqual([200, { message: 'User data received', data }])
    expect(await json(client.get('/api/user-data'))).toEqual(data)
    expect((await client.post('/api/user-data', fresh)).status).toBe(200)
    expect(((await json(client.get('/api/auth/session'))).user as { isAdmin: boolean }).isAdmin).toBe(false)
  })

  it('refuses strangers, other sites and what is not JSON, in this order', async () => {
    const client = await newcomer(world)
    expect((await world.anonymous.get('/api/user-data')).status).toBe(401)
    expect((await world.anonymous.post('/api/user-data', '{', FOREIGN)).status).toBe(401)
    expect((await client.post('/api/user-data', '{', FOREIGN)).status).toBe(403)
    expect((await client.post('/api/user-data', '{')).status).toBe(400)
  })

  it.each([
    [
      { localidad: '¡Rosario!', nivel: 'x' },
      'La localidad solo puede tener letras, números, espacios, comas, puntos, guiones, apóstrofos y paréntesis (hasta 40)',
    ],
    [{ nivel: 'experto', telefono: '1' }, 'Nivel inválido'],
    [{ telefono: '11 5555-1234', newsletter: 1 }, 'Teléfono inválido'],
    [{ newsletter: 'quizás' }, 'Valor de newsletter inválido'],
  ])('%j', async (wrong, error) => {
    const client = await world.student()
    const answer = await client.post('/api/user-data', { ...GOOD, ...wrong })
    expect([answer.status, await json(answer)]).toEqual([400, { error }])
  })
})

describe('/inicio/configuracion', () => {
  it('sends strangers to sign in and refuses forms of other sites', async () => {
    expect((await world.anonymous.get(PAGE)).headers.get('location')).toContain('/ingresar')
    const client = await world.student()
    for (const path of ['/datos', '/apariencia', '/mails', '/sesiones/cerrar-las-demas', '/eliminar'])
      expect((await client.submit(PAGE + path, {}, FOREIGN)).status).toBe(403)
  })

  it('keeps a name of one’s own through the next sign-in, until it is emptied', async () => {
    const client = await world.signIn('nombre@correo.test', 'Nombre De Google')
    const save = (nombre: string) => client.submit(`${PAGE}/datos`, { ...GOOD, nombre })
    expect((await save('  Ani   R. ')).headers.get('location')).toBe(`${PAGE}?ok=guardado#datos`)
    expect(await textOf(client.get(`${PAGE}?ok=guardado`))).toContain('¡Configuración actualizada correctamente!')
    const again = await onAnotherDevice('nombre@correo.test', '')
    expect((await json(again.get('/api/auth/session'))).user).toMatchObject({ name: 'Ani R.' })
    await save('')
    expect((await json(again.get('/api/auth/session'))).user).toMatchObject({ name: 'Nombre De Google' })
  })

  it('says beside each field what is wrong, keeps what was typed and stores nothing', async () => {
    const client = await newcomer(world)
    const answer = await client.submit(`${PAGE}/datos`, { nombre: '<1>', localidad: '¡Calle 13!', nivel: 'basico', telefono: '011 5555' })
    expect(answer.status).toBe(400)
    const html = await answer.text()
    for (const id of ['nombre', 'localidad', 'telefono']) expect(html).toContain(`id="${id}-error"`)
    expect(html.split('autofocus').length).toBe(2)
    expect(html).toContain('<a href="#telefono">Teléfono</a>')
    for (const value of ['&lt;1&gt;', '¡Calle 13!', '011 5555']) expect(html).toContain(`value="${value}"`)
    expect(await json(client.get('/api/user-data'))).toMatchObject({ localidad: '-', nivel: 'inicial' })
  })

  it('language, theme and zone follow the person to every device, over what a browser keeps', async () => {
    const client = await newcomer(world)
    const saved = await client.submit(`${PAGE}/apariencia`, { tema: 'dark', idioma: 'en', zona: 'Europe/Madrid' })
    expect(saved.headers.getSetCookie().map((line) => line.split(';')[0])).toEqual(['hiy-idioma=en', 'hiy-tema=dark'])
    const other = await onAnotherDevice(await emailOf(client), '')
    const html = await textOf(other.get('/inicio/reservas', { cookie: `${other.cookie}; hiy-idioma=es; hiy-tema=light` }))
    expect(html.slice(0, 80)).toContain('<html lang="en" data-theme="dark">')
    expect(html).toContain('data-zone="Europe/Madrid"')
    // 14:00 in Argentina.
    expect(html).toMatch(/data-instant="2026-11-2\dT17:00:00.000Z">Your time: 18:00</)
    // The switch of the footer is the same choice.
    await other.submit('/preferencias', { idioma: 'es' })
    expect((await textOf(client.get(PAGE))).slice(0, 80)).toContain('<html lang="es-AR" data-theme="dark">')
    const refused = await client.submit(`${PAGE}/apariencia`, { tema: 'light', idioma: 'en', zona: 'Luna/Mar' })
    expect([refused.status, (await refused.text()).includes('id="zona-error"')]).toEqual([400, true])
  })

  it('mails that are not wanted are skipped when their time comes; the others leave', async () => {
    const { host, start, classId } = await classFor(world, 1, slot('2026-11-26', '18:00'))
    await host.submit(`${PAGE}/mails`, { hora: 'si', actividad: 'si', boletin: 'no' })
    for (const before of [DAY_MS, HOUR_MS]) {
      world.clock.set(later(start, -before))
      await world.settle()
    }
    expect(
      await world.rows(`SELECT kind, state, last_error FROM notice WHERE class_id = $1 AND kind LIKE 'reminder%' ORDER BY kind`, [classId]),
    ).toEqual([
      { kind: 'reminder-24h', state: 'skipped', last_error: 'not wanted' },
      { kind: 'reminder-60min', state: 'sent', last_error: null },
    ])
    world.clock.set(MONDAY_9H)
  })
})

describe('logins of a person', () => {
  const PHONE = 'Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/141.0.0.0 Mobile Safari/537.36'

  it('are listed with rough words and a name that is no key, and end one by one or all but this one', async () => {
    const email = 'sesiones@correo.test'
    const here = await world.signIn(email)
    const phone = await onAnotherDevice(email, PHONE.padEnd(400, 'x'))
    const tablet = await onAnotherDevice(email, 'Mozilla/5.0 (iPad; CPU OS 18_6) Version/18.6 Safari/604.1')
    const [stored] = await world.rows<{ id: string; agent: string }>(
      `SELECT public_id AS id, user_agent AS agent FROM session WHERE user_agent LIKE '%Android%' AND user_id = $1`,
      [await userIdOf(world, email)],
    )
    expect(stored?.agent).toHaveLength(200)
    const html = await textOf(here.get(PAGE))
    for (const words of ['Chrome en Android', 'Safari en iPad', 'Este dispositivo']) expect(html).toContain(words)
    for (const { cookie } of [here, phone, tablet]) expect(html).not.toContain(cookie.split('=')[1])

    // Somebody else's form with that id changes nothing, nor does one that is none.
    const stranger = await newcomer(world)
    await stranger.submit(`${PAGE}/sesiones/${stored?.id}/cerrar`, {})
    await here.submit(`${PAGE}/sesiones/nada/cerrar`, {})
    expect((await phone.get('/api/user-data')).status).toBe(200)
    // The public id is no login.
    expect((await world.anonymous.get('/api/user-data', { cookie: `hiy-session=${stored?.id}` })).status).toBe(401)

    await here.submit(`${PAGE}/sesiones/${stored?.id}/cerrar`, {})
    expect([(await phone.get('/api/user-data')).status, (await tablet.get('/api/user-data')).status]).toEqual([401, 200])
    await here.submit(`${PAGE}/sesiones/cerrar-las-demas`, {})
    expect([(await here.get('/api/user-data')).status, (await tablet.get('/api/user-data')).status]).toEqual([200, 401])
  })

  it('are noted as used hourly, and say so', async () => {
    const client = await newcomer(world)
    const userId = await userIdOf(world, await emailOf(client))
    const usedAt = async () => (await world.rows<{ used_at: Date }>('SELECT used_at FROM session WHERE user_id = $1', [userId]))[0]?.used_at
    world.clock.advance(HOUR_MS - 1)
    await client.get('/api/user-data')
    expect(await usedAt()).toEqual(new Date(MONDAY_9H))
    world.clock.advance(1)
    await client.get('/api/user-data')
    expect(await usedAt()).toEqual(world.clock.now())
    world.clock.set(MONDAY_9H)
  })
})

describe('the file with everything of a person', () => {
  const slotOf = freshSlots('2026-11-30')

  it('has every part, and nothing that belongs to others or opens a door', async () => {
    const scene = await classFor(world, 2, slotOf(), 'Entrevista')
    const guest = await newcomer(world, 'Invitada Ajena')
    world.clock.set(later(scene.start, -30 * MINUTE_MS))
    expect((await guest.post('/api/access-code', { accessCode: scene.code })).status).toBe(200)
    const answer = await scene.host.get('/api/user-data/export')
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="hablainglesya-2026-11-30.json"')
    const text = await answer.text()
    const file = JSON.parse(text) as Record<string, Record<string, unknown>[]>
    expect(Object.keys(file)).toEqual(
      expect.arrayContaining([
        'cuenta',
        'sesiones',
        'clasesReservadas',
        'participaciones',
        'ordenes',
        'pagos',
        'devoluciones',
        'avisos',
        'actividades',
        'tickets',
        'mensajes',
      ]),
    )
    const email = await emailOf(scene.host)
    expect(file.cuenta).toMatchObject([{ email, nivel: 'inicial' }])
    expect(file.clasesReservadas).toMatchObject([{ id: scene.classId, objetivo: 'Entrevista', precio: 30_000, estado: 'scheduled' }])
    expect(file.participaciones).toMatchObject([{ clase: scene.classId, rol: 'anfitrion' }])
    expect(file.ordenes).toMatchObject([{ preferencia: scene.preferenceId, estado: 'approved', importe: 30_000 }])
    expect(file.pagos).toMatchObject([{ estado: 'approved', importe: 30_000 }])
    expect(file.avisos).toMatchObject([{ tipo: 'class-confirmed', estado: 'sent' }])
    const theirs = await textOf(guest.get('/api/user-data/export'))
    expect(theirs).toContain(scene.classId)
    expect(theirs).not.toContain(email)
    const secrets = [
      scene.code,
      await meetUrlOf(world, scene.classId),
      scene.host.cookie.split('=')[1],
      'token',
      await emailOf(guest),
      'Invitada',
    ]
    for (const secret of secrets) expect(text).not.toContain(secret)
    world.clock.set(MONDAY_9H)
  })

  it('is read no further once its reader has gone', async () => {
    const reading = vi.spyOn(messagesPart, 'read')
    const reader = (await (await newcomer(world)).get('/api/user-data/export')).body?.getReader()
    await reader?.read()
    await reader?.cancel()
    for (let trip = 0; trip < 40; trip++) await world.rows('SELECT 1')
    expect(reading).not.toHaveBeenCalled()
    reading.mockRestore()
  })

  it('needs a login', async () => {
    expect((await world.anonymous.get('/api/user-data/export')).status).toBe(401)
  })
})

describe('ending an account', () => {
  const slotOf = freshSlots('2026-12-07')

  it('waits for classes, holds and payments of one’s own, and says which', async () => {
    const { host } = await classFor(world, 1, slotOf())
    await checkout(host, slotOf())
    const refused = await host.submit(CLOSE, { email: await emailOf(host) })
    expect(refused.status).toBe(409)
    const html = await refused.text()
    for (const text of ['Tenés una clase por venir.', 'Tenés un horario reservado sin pagar.']) expect(html).toContain(text)
    expect((await host.get('/api/user-data')).status).toBe(200)
  })

  it('needs the address, and is not for the teacher', async () => {
    const client = await newcomer(world)
    const refused = await client.submit(CLOSE, { email: 'otra@correo.test' })
    expect([refused.status, (await refused.text()).includes('id="confirmar-error"')]).toEqual([400, true])
    const admin = await world.admin()
    expect((await admin.submit(CLOSE, { email: await emailOf(admin) })).status).toBe(403)
  })

  it('erases the person, frees the seats, keeps the books, and lets the same Google account start anew', async () => {
    const scene = await classFor(world, 2, slotOf())
    const email = 'se.va@correo.test'
    const client = await world.signIn(email, 'Se Va')
    await client.post('/api/user-data', GOOD)
    // A class of the past and a payment of theirs stay.
    const past = await classFor(world, 1, slotOf(), 'Secreto Privado')
    const userId = await userIdOf(world, email)
    world.clock.set(later(scene.start, -30 * MINUTE_MS))
    expect((await client.post('/api/access-code', { accessCode: scene.code })).status).toBe(200)
    await world.settle()
    const invited = async () => (await atGoogle(world)).find((event) => event.classId === scene.classId)?.attendees.includes(email)
    expect(await invited()).toBe(true)
    await world.rows('UPDATE notice SET state = $2 WHERE user_id = $1', [userId, 'queued'])

    const closed = await client.submit(CLOSE, { email: ' SE.VA@correo.test' })
    expect([closed.status, closed.headers.get('location')]).toEqual([303, '/cuenta-eliminada'])
    expect(await textOf(world.anonymous.get('/cuenta-eliminada'))).toContain('Eliminamos tu cuenta')
    expect(closed.headers.get('clear-site-data')).toBe('"cache", "storage"')
    expect((await client.get('/api/user-data')).status).toBe(401)
    // A form that was on its way writes nothing any more.
    await saveProfile(world.deps, userId, { name: 'Se Va', localidad: 'Olmos', nivel: 'avanzado', telefono: null })
    await saveUserData(world.deps, userId, { localidad: 'Olmos', nivel: 'avanzado', telefono: null, newsletter: 'si' })
    const history = await textOf(scene.host.get(`/inicio/clases/${scene.classId}/historia.csv`))
    expect(history.match(/Cuenta eliminada/g)).toHaveLength(2)
    const [row] = await world.rows('SELECT name, email, image, telefono, localidad, nivel, newsletter FROM app_user WHERE id = $1', [
      userId,
    ])
    expect(row).toEqual({
      ...{ name: 'Cuenta eliminada', email: `${userId}@cuenta.invalid`, image: null, telefono: null },
      ...{ localidad: '-', nivel: 'inicial', newsletter: 'no' },
    })
    expect(await world.rows('SELECT 1 FROM participation WHERE user_id = $1', [userId])).toEqual([])
    expect(await world.rows(`SELECT 1 FROM notice WHERE user_id = $1 AND state = 'queued'`, [userId])).toEqual([])
    expect(await world.rows(`SELECT actor_id FROM audit_log WHERE action = 'account.close'`)).toEqual([{ actor_id: userId }])
    await world.settle()
    expect(await invited()).toBe(false)

    // The seat is somebody else's now.
    const next = await newcomer(world)
    expect((await next.post('/api/access-code', { accessCode: scene.code })).status).toBe(200)
    // What was booked and paid before stays, under no name.
    world.clock.set(later(past.end, DAY_MS))
    await world.settle()
    await world.rows(
      `INSERT INTO class_note (class_id, went_well, errors_heard, vocabulary, created_at, updated_at) VALUES ($1, 'Tema Privado', '', '', $2, $2)`,
      [past.classId, past.end],
    )
    expect(await textOf(past.host.get('/api/user-data/export'))).toContain('Tema Privado')
    const [task] = (await json(past.host.get('/api/activities'))).response as { id: string }[]
    await past.host.post(`/api/activities/${task?.id}/submit`, { answers: {} })
    const pastId = await userIdOf(world, await emailOf(past.host))
    await past.host.submit(CLOSE, { email: await emailOf(past.host) })
    expect(await world.rows('SELECT 1 FROM class_note')).toEqual([])
    for (const table of ['task', 'activity_submission', 'review_card'])
      expect(await world.rows(`SELECT 1 FROM ${table} WHERE user_id = $1`, [pastId])).toEqual([])
    expect(JSON.stringify(await world.rows('SELECT * FROM virtual_class, task'))).not.toContain('Secreto Privado')
    // Nothing is made for them any more, whoever asks for it.
    await world.rows("UPDATE virtual_class SET activity_status = 'pending' WHERE id = $1", [past.classId])
    const admin = await world.admin()
    await admin.post(`/api/admin/classes/${past.classId}/activity/generate`)
    world.clock.advance(HOUR_MS)
    await world.settle()
    await admin.post(`/api/admin/classes/${past.classId}/activity`, { title: 'Own', content: 'Read.' })
    expect(await world.rows('SELECT 1 FROM task WHERE class_id = $1', [past.classId])).toEqual([])
    expect(
      await world.rows('SELECT o.status, u.name FROM payment_order o JOIN app_user u ON u.id = o.user_id WHERE o.class_id = $1', [
        past.classId,
      ]),
    ).toEqual([{ status: 'approved', name: 'Cuenta eliminada' }])

    const anew = await onAnotherDevice(email, '')
    expect((await anew.get('/api/user-data')).status).toBe(200)
    expect(await userIdOf(world, email)).not.toBe(userId)
    world.clock.set(MONDAY_9H)
  })
})
