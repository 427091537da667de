import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MINUTE_MS } from '../../src/kernel/clock.ts'
import { checkout, classStatus, confirmedClass, orderStatus } from '../support/booking.ts'
import { freshSlots, newcomer, type Slot } from '../support/scene.ts'
import { type SecondTeacher, takeOn } from '../support/second-teacher.ts'
import { type Client, openWorld, type World } from '../support/world.ts'
import { createPreference, send, TAKEN } from './booking-bench.ts'

const next = freshSlots('2026-11-30')
const TWICE = 'Ya tenés una clase a esa hora'

describe('one person, one hour (decision 029)', () => {
  let world: World
  let admin: Client
  let first: string
  let ana: SecondTeacher
  beforeAll(async () => {
    world = await openWorld()
    admin = await world.admin()
    ana = await takeOn(world, 'Ana Ruiz', 'ana@academia.test')
    const [other] = await world.rows<{ id: string }>('SELECT id FROM teacher WHERE id <> $1', [ana.id])
    first = other?.id ?? ''
  })
  afterAll(() => world.close())

  const liveAt = (slot: Slot) =>
    world.rows(`SELECT 1 FROM virtual_class WHERE starts_at = $1 AND status IN ('pending', 'scheduled')`, [slot.start])

  /** A student with a class with each of the two teachers, at different hours. */
  async function withBoth() {
    const student = await newcomer(world)
    const [here, there] = [next(), next()]
    const mine = await confirmedClass(world, student, here, { teacherId: ana.id })
    await confirmedClass(world, student, there, { teacherId: first })
    return { student, classId: mine.classId, there }
  }

  it('a class cannot be moved into the hour of another one with somebody else, by nobody, and whoever wants it is told why', async () => {
    const { student, classId, there } = await withBoth()
    expect(await send(student, `/api/classes/${classId}/reschedule`, there)).toMatchObject({
      status: 409,
      body: { error: 'Ya tenés otra clase a esa hora' },
    })
    expect(await send(admin, `/api/classes/${classId}/reschedule`, there)).toMatchObject({
      status: 409,
      body: { error: 'El anfitrión ya tiene otra clase a esa hora' },
    })
    const page = await student.submit(`/inicio/mis-clases-virtuales/${classId}/reprogramar`, { start: there.start })
    expect(await page.text()).toContain('Ya tenés otra clase a esa hora')
    expect(await liveAt(there)).toHaveLength(1)
  })

  it('an event that is dragged there is only told, and cannot be accepted', async () => {
    const { classId, there } = await withBoth()
    world.clock.advance(MINUTE_MS)
    await world.settle()
    const [row] = await world.rows<{ event: string }>('SELECT google_event_id AS event FROM virtual_class WHERE id = $1', [classId])
    const times = { start: { dateTime: there.start }, end: { dateTime: there.end } }
    await world.control(`/google/events/${row?.event}?calendar=${ana.email}`, times, 'PATCH')
    world.clock.advance(MINUTE_MS)
    await world.settle()
    const [edit] = await world.rows<{ id: string; detail: string }>(
      'SELECT id, detail FROM calendar_edit WHERE class_id = $1 AND settled_at IS NULL',
      [classId],
    )
    expect(edit?.detail).toBe('own-class')
    const answered = await admin.submit(`/admin/calendario/${edit?.id}/aceptar`, {})
    expect(answered.headers.get('location')).toBe('/admin?ok=otra-clase')
    expect(await (await admin.get('/admin?ok=otra-clase')).text()).toContain(
      'A esa hora el anfitrión ya tiene otra clase o una reserva sin pagar',
    )
    expect(await liveAt(there)).toHaveLength(1)
  })

  it('late money for an hour that its payer has with somebody else by now goes back', async () => {
    const student = await newcomer(world)
    const when = next()
    const late = await checkout(student, when, { teacherId: ana.id })
    world.clock.advance(21 * MINUTE_MS)
    await world.settle()
    await confirmedClass(world, student, when, { teacherId: first })
    await world.control('/mercado-pago/pay', { preferenceId: late.preferenceId, force: true })
    await world.settle()
    expect(await classStatus(world, late.classId)).toBe('cancelled')
    expect(await orderStatus(world, late.preferenceId)).toBe('refunded')
    expect(await liveAt(when)).toHaveLength(1)
  })

  it('a lapsed hold of that hour that nobody asked about yet does not stand in the way', async () => {
    const student = await newcomer(world)
    const [when, else_] = [next(), next()]
    const { classId } = await confirmedClass(world, student, else_, { teacherId: ana.id })
    await checkout(student, when, { teacherId: first })
    world.clock.advance(21 * MINUTE_MS)
    expect((await send(student, `/api/classes/${classId}/reschedule`, when)).status).toBe(200)
  })

  it('booking it says so on the page; programs get the text of the contract, with alternatives', async () => {
    const student = await newcomer(world)
    const when = next()
    await confirmedClass(world, student, when, { teacherId: ana.id })
    const asked = await send(student, '/api/checkout', { ...when, teacherId: first })
    expect(asked).toMatchObject({ status: 409, body: { error: TAKEN } })
    expect(asked.body.alternatives).toHaveLength(3)
    const preferenceId = await createPreference(student, { teacherId: first })
    expect(await send(student, '/api/booking', { ...when, preferenceId })).toMatchObject({ status: 409, body: { error: TAKEN } })
    const form = { ...when, type: 'individual', n: '1', text: '', profe: first }
    const page = await student.submit('/inicio/pre-compra', { ...form, key: 'clave-propia' })
    expect(page.status).toBe(409)
    const html = await page.text()
    expect(html).toContain(TWICE)
    expect(html).not.toContain(TAKEN)
    await student.submit('/preferencias', { idioma: 'en' })
    expect(await (await student.submit('/inicio/pre-compra', { ...form, key: 'own-key' })).text()).toContain(
      'You have a class at that time already',
    )
  })

  it('an unpaid one of that hour, held meanwhile in another window, is offered in exchange', async () => {
    const student = await newcomer(world)
    const when = next()
    await checkout(student, when, { teacherId: ana.id })
    const form = { ...when, type: 'individual', n: '1', text: 'Otra cosa', profe: first, key: 'clave-ventana' }
    const html = await (await student.submit('/inicio/pre-compra', form)).text()
    expect(html).toContain(TWICE)
    expect(html).toContain('name="replace"')
  })

  it('a hold that ended while it was being exchanged makes no room: the limit stands (D7e)', async () => {
    const student = await newcomer(world)
    const when = next()
    const old = await checkout(student, when, { teacherId: ana.id })
    // While Mercado Pago is asked for the new preference, the old hold goes and five others come.
    const { createPreference: create } = world.deps.payments
    world.deps.payments.createPreference = async (wish) => {
      world.deps.payments.createPreference = create
      expect((await send(student, `/api/classes/${old.classId}/cancel`)).status).toBe(200)
      for (let held = 0; held < 5; held++) await checkout(student, next())
      return create(wish)
    }
    const form = { ...when, type: 'individual', n: '1', text: 'Otra cosa', profe: '', key: 'clave-cambio', replace: old.classId }
    expect((await student.submit('/inicio/pre-compra', form)).status).toBe(409)
    const held = await world.rows(
      `SELECT 1 FROM virtual_class c JOIN virtual_class o ON o.booked_by_id = c.booked_by_id
       WHERE o.id = $1 AND c.status = 'pending' AND c.paid_at IS NULL`,
      [old.classId],
    )
    expect(held).toHaveLength(5)
  })

  /** The same with both at one hour, as it could be before the rule: the database is taken back to then, and migrated again. */
  async function sharing() {
    const scene = await withBoth()
    const { classId, there } = scene
    const read = (name: string) => readFile(new URL(`../../src/db/migrations/${name}.sql`, import.meta.url), 'utf8')
    await world.rows('ALTER TABLE virtual_class DROP COLUMN shares_hour CASCADE')
    await world.rows('UPDATE virtual_class SET starts_at = $2, ends_at = $3 WHERE id = $1', [classId, there.start, there.end])
    await world.deps.db.execute(await read('018_own_hour'))
    await world.deps.db.execute(await read('023_shared_hour'))
    return scene
  }

  it('the migration leaves classes that share an hour as they are, and holds whoever moves one of them to the rule', async () => {
    const { student, there } = await sharing()
    expect(await liveAt(there)).toHaveLength(2)
    const marked = await world.rows<{ id: string }>('SELECT id FROM virtual_class WHERE shares_hour')
    expect(marked).toHaveLength(1)
    expect((await send(await newcomer(world), '/api/checkout', there)).status).toBe(409)
    const later = marked[0]?.id ?? ''
    expect((await send(student, `/api/classes/${later}/reschedule`, next())).status).toBe(200)
    expect(await world.rows('SELECT 1 FROM virtual_class WHERE shares_hour')).toEqual([])
    expect((await send(student, `/api/classes/${later}/reschedule`, there)).status).toBe(409)
  })

  it('when one of two that share an hour has gone, its host gets no other in that hour, by whatever way', async () => {
    const { student, there } = await sharing()
    // The one that is under the rule goes; the marked one stays.
    const [gone] = await world.rows<{ id: string; teacher: string }>(
      'SELECT id, teacher_id AS teacher FROM virtual_class WHERE starts_at = $1 AND NOT shares_hour',
      [there.start],
    )
    const elsewhere = await confirmedClass(world, student, next(), { teacherId: gone?.teacher })
    expect((await send(student, `/api/classes/${gone?.id}/cancel`)).status).toBe(200)
    await world.settle()
    const free = { ...there, teacherId: gone?.teacher }
    expect(await send(student, '/api/checkout', free)).toMatchObject({ status: 409, body: { error: TAKEN } })
    expect(await send(student, `/api/classes/${elsewhere.classId}/reschedule`, there)).toMatchObject({
      status: 409,
      body: { error: 'Ya tenés otra clase a esa hora' },
    })
    expect(await liveAt(there)).toHaveLength(1)
    // The hour of the teacher who has become free is anybody else's.
    expect((await send(await newcomer(world), '/api/checkout', free)).status).toBe(200)
  })
})
