import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { DAY_MS, MINUTE_MS } from '../../src/kernel/clock.ts'
import { checkout, classStatus, payAndConfirm, slot } from '../support/booking.ts'
import { type Client, MONDAY_9H, openWorld, type World } from '../support/world.ts'
import { bookSlot, interval, lastPreferenceSent, preferencesMade, send, slotDispenser, TAKEN, unchanged } from './booking-bench.ts'

const PATH = '/api/checkout'

describe('POST /api/checkout (4.8)', () => {
  let world: World
  let ana: Client
  let bruno: Client
  const freshSlot = slotDispenser('2026-12-14', 20)
  beforeAll(async () => {
    world = await openWorld({ env: { MAX_UNPAID_HOLDS: '100' } })
    ana = await world.signIn('ana@example.com')
    bruno = await world.signIn('bruno@example.com')
  })
  afterEach(async () => {
    world.clock.set(MONDAY_9H)
    await world.control('/mercado-pago/faults', undefined, 'DELETE')
  })
  afterAll(() => world.close())

  const row = async (classId: unknown) => (await world.rows('SELECT * FROM virtual_class WHERE id = $1', [classId]))[0]
  const classesAt = (when: { start: string }) =>
    world.rows<{ id: string; status: string; cancel_reason: string | null }>(
      'SELECT id, status, cancel_reason FROM virtual_class WHERE starts_at = $1 ORDER BY created_at, id',
      [when.start],
    )

  describe('the one action', () => {
    it('holds the slot, writes the order and makes the preference', async () => {
      const when = freshSlot()
      const { status, body } = await send(ana, PATH, { ...when, isGroupClass: true, studentsCount: 4, text: ' Trabajo ', price: 48000 })
      expect(status).toBe(200)
      expect(Object.keys(body).sort()).toEqual(['classId', 'holdExpiresAt', 'initPoint', 'preferenceId', 'price', 'success'])
      expect(body).toMatchObject({ success: true, price: 48000, holdExpiresAt: '2026-11-23T12:20:00.000Z' })
      expect(await row(body.classId)).toMatchObject({
        status: 'pending',
        class_type: 'grupal',
        max_participants: 4,
        learning_focus: 'Trabajo',
        starts_at: new Date(when.start),
        hold_expires_at: new Date('2026-11-23T12:20:00Z'),
        paid_at: null,
      })
      const [order] = await world.rows('SELECT * FROM payment_order WHERE class_id = $1', [body.classId])
      expect(order).toMatchObject({ preference_id: body.preferenceId, init_point: body.initPoint, status: 'pending' })
      const sent = await lastPreferenceSent(world)
      expect(sent).toMatchObject({
        external_reference: order?.id,
        items: [{ unit_price: 48000, title: 'HablaInglesYa - Clase virtual para 4 persona(s)' }],
      })
      expect(new Date(String(sent.expiration_date_to))).toEqual(new Date('2026-11-23T12:20:00Z'))
      expect(await world.rows('SELECT 1 FROM participation WHERE class_id = $1', [body.classId])).toEqual([])
    })

    it('ends in a confirmed class when it is paid', async () => {
      const held = await checkout(ana, freshSlot())
      await payAndConfirm(world, held.preferenceId)
      expect(await classStatus(world, held.classId)).toBe('scheduled')
    })

    it('row 1: login, origin, JSON', async () => {
      const when = freshSlot()
      await unchanged(world, async () => {
        expect(await send(world.anonymous, PATH, when)).toEqual({ status: 401, body: { error: 'Unauthorized' } })
        expect(await send(ana, PATH, when, { origin: 'https://attacker.example' })).toEqual({
          status: 403,
          body: { error: 'Origen no permitido' },
        })
        for (const text of ['', 'null,', '{"start"', '{"text":"\\u0000"}']) {
          expect(await send(ana, PATH, text)).toEqual({ status: 400, body: { error: 'El cuerpo de la solicitud no es JSON válido' } })
        }
      })
    })

    it('row 4: the checks of a booking, in their order', async () => {
      const good = slot('2026-12-01', '10:00')
      const REFUSED: [text: string, body: unknown][] = [
        ['Missing booking data', {}],
        ['Missing booking data', []],
        ['Missing start or end date', { start: good.start }],
        ['La fecha debe estar en formato ISO 8601 con zona horaria', { ...good, start: '2026-12-01T10:00:00' }],
        ['La fecha debe estar en formato ISO 8601 con zona horaria', { ...good, end: '0000-00-00T00:00:00Z' }],
        ['Tipo de clase inválido', { ...good, isGroupClass: 'no' }],
        ['La cantidad de alumnos no es válida para este tipo de clase', { ...good, isGroupClass: true, studentsCount: 6 }],
        ['El objetivo debe ser un texto', { ...good, text: ['x'] }],
        ['El objetivo no puede superar los 100 caracteres', { ...good, text: 'x'.repeat(101) }],
        ['La hora de fin debe ser posterior a la de inicio', { start: good.end, end: good.start }],
        ['La clase debe durar 60 minutos', interval('2026-12-01', '10:00', 120)],
        ['El horario ya pasó', slot('2026-11-21', '10:00')],
        ['La reserva debe hacerse con al menos 2 horas de anticipación', slot('2026-11-23', '10:00')],
        ['Solo se puede reservar hasta 60 días en adelante', slot('2027-01-23', '10:00')],
        ['El horario está fuera de los horarios de atención', slot('2026-12-06', '10:00')],
        ['El horario debe coincidir con uno de los turnos disponibles', slot('2026-12-01', '10:30')],
      ]
      await unchanged(world, async () => {
        for (const [error, body] of REFUSED) expect(await send(ana, PATH, body)).toEqual({ status: 400, body: { error } })
        // What is wrong with the slot is told before what is wrong with the price.
        expect((await send(ana, PATH, { ...slot('2026-12-06', '10:00'), price: 1 })).body.error).toBe(
          'El horario está fuera de los horarios de atención',
        )
      })
    })

    it('row 5: a price that is not the server’s', async () => {
      await unchanged(world, async () => {
        for (const price of [1, 14999, 15000.5, -15000, 'gratis', '', {}, true]) {
          expect(await send(ana, PATH, { ...freshSlot(), price })).toEqual({
            status: 400,
            body: { error: 'El precio no coincide con la tarifa vigente', expectedPrice: 15000 },
          })
        }
      })
      for (const price of [null, '15000', 15000]) expect((await send(ana, PATH, { ...freshSlot(), price })).status).toBe(200)
    })
  })

  describe('rows 2 and 3: the idempotency key', () => {
    it('the same key and body get the first answer for 24 hours, whatever has become of the hold', async () => {
      const body = { ...freshSlot(), text: 'Uno' }
      const key = { 'idempotency-key': 'first-answer' }
      const first = await send(ana, PATH, body, key)
      expect(first.status).toBe(200)
      await ana.post(`/api/classes/${first.body.classId}/cancel`)
      await unchanged(world, async () => expect(await send(ana, PATH, body, key)).toEqual(first))
      world.clock.advance(DAY_MS - 1)
      expect(await send(ana, PATH, body, key)).toEqual(first)
      world.clock.advance(1)
      const next = await send(ana, PATH, body, key)
      expect(next.status).toBe(200)
      expect(next.body.classId).not.toBe(first.body.classId)
    })

    it('the same key with another body is refused', async () => {
      const body = freshSlot()
      const key = { 'idempotency-key': 'other-body' }
      await send(ana, PATH, body, key)
      const refused = { status: 409, body: { error: 'La clave de idempotencia ya se usó con otros datos' } }
      await unchanged(world, async () => {
        expect(await send(ana, PATH, freshSlot(), key)).toEqual(refused)
        expect(await send(ana, PATH, { ...body, text: 'x' }, key)).toEqual(refused)
        // Before the body is even looked at (row 4).
        expect(await send(ana, PATH, {}, key)).toEqual(refused)
      })
    })

    it('keys of different people have nothing to do with each other', async () => {
      const key = { 'idempotency-key': 'shared' }
      const first = await send(ana, PATH, freshSlot(), key)
      const second = await send(bruno, PATH, freshSlot(), key)
      expect([first.status, second.status]).toEqual([200, 200])
      expect(second.body.classId).not.toBe(first.body.classId)
    })

    it('a refused request does not use the key up', async () => {
      const key = { 'idempotency-key': 'after-a-failure' }
      const body = freshSlot()
      await world.control('/mercado-pago/faults', { route: 'preference.create', kind: 'error', status: 500 })
      expect((await send(ana, PATH, body, key)).status).toBe(500)
      expect((await send(ana, PATH, body, key)).status).toBe(200)
    })

    it('two equal calls with the same key at the same moment get the same answer', async () => {
      const body = freshSlot()
      const answers = await Promise.all([1, 2, 3].map(() => send(ana, PATH, body, { 'idempotency-key': 'parallel' })))
      expect(answers[1]).toEqual(answers[0])
      expect(answers[2]).toEqual(answers[0])
      expect(await classesAt(body)).toHaveLength(1)
    })

    it('of different bodies at the same moment one goes on, and the others hold nothing', async () => {
      const bodies = [freshSlot(), freshSlot(), freshSlot()]
      const answers = await Promise.all(bodies.map((body) => send(ana, PATH, body, { 'idempotency-key': 'parallel-bodies' })))
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409])
      const held = await Promise.all(bodies.map(classesAt))
      expect(held.flat()).toHaveLength(1)
    })

    it('works with every visible character and up to 100 of them', async () => {
      for (const name of ['!~:"\'{}', 'k'.repeat(100)]) {
        const body = freshSlot()
        const first = await send(ana, PATH, body, { 'idempotency-key': name })
        await ana.post(`/api/classes/${first.body.classId}/cancel`)
        expect(await send(ana, PATH, body, { 'idempotency-key': name })).toEqual(first)
      }
    })
  })

  describe('row 6: the same hold again', () => {
    it('double click: one class, one order, one preference', async () => {
      const body = { ...freshSlot(), text: 'Doble' }
      const before = await preferencesMade(world)
      const [first, second] = await Promise.all([send(ana, PATH, body), send(ana, PATH, body)])
      expect(first.status).toBe(200)
      expect(second).toEqual(first)
      expect(await classesAt(body)).toHaveLength(1)
      expect(await world.rows('SELECT 1 FROM payment_order WHERE class_id = $1', [first.body.classId])).toHaveLength(1)
      expect(await preferencesMade(world)).toBe(before + 1)
    })

    it('a nervous finger: six equal calls at once', async () => {
      const body = freshSlot()
      const before = await preferencesMade(world)
      const answers = await Promise.all(Array.from({ length: 6 }, () => send(ana, PATH, body)))
      for (const each of answers) expect(each).toEqual(answers[0])
      expect(answers[0]?.status).toBe(200)
      expect(await preferencesMade(world)).toBe(before + 1)
    })

    it('going back and paying again leads to the same preference, until the hold ends', async () => {
      const body = freshSlot()
      const first = await send(ana, PATH, body)
      world.clock.advance(20 * MINUTE_MS - 1)
      await unchanged(world, async () => expect(await send(ana, PATH, body)).toEqual(first))
      world.clock.advance(1)
      const next = await send(ana, PATH, body)
      expect(next.status).toBe(200)
      expect(next.body.classId).not.toBe(first.body.classId)
      expect(next.body.preferenceId).not.toBe(first.body.preferenceId)
    })

    it('another objective, type or head-count for a slot one holds oneself is a conflict', async () => {
      const when = freshSlot()
      await send(ana, PATH, { ...when, text: 'Uno' })
      await unchanged(world, async () => {
        for (const more of [{}, { text: 'Dos' }, { text: 'Uno', isGroupClass: true, studentsCount: 2 }]) {
          expect(await send(ana, PATH, { ...when, ...more })).toMatchObject({ status: 409, body: { error: TAKEN } })
        }
      })
    })

    it('a hold that a crash left without its preference gets one when the person tries again', async () => {
      const body = freshSlot()
      const first = await send(ana, PATH, body)
      await world.rows('UPDATE payment_order SET preference_id = NULL, init_point = NULL WHERE class_id = $1', [first.body.classId])
      // The order is the same and so is the key towards Mercado Pago: it answers with the same preference.
      expect(await send(ana, PATH, body)).toEqual(first)
    })

    it('a hold made through POST /api/booking is found, too', async () => {
      const when = freshSlot()
      const booked = await bookSlot(ana, when)
      expect(await send(ana, PATH, when)).toMatchObject({
        status: 200,
        body: { classId: booked.body.classId, preferenceId: booked.preferenceId },
      })
    })

    it('a class that is paid is no hold any more', async () => {
      const when = freshSlot()
      const held = await checkout(ana, when)
      await payAndConfirm(world, held.preferenceId)
      expect(await send(ana, PATH, when)).toMatchObject({ status: 409, body: { error: TAKEN } })
    })

    it('somebody else’s hold is a conflict', async () => {
      const when = freshSlot()
      await checkout(ana, when)
      const refused = await unchanged(world, () => send(bruno, PATH, when))
      expect(refused).toMatchObject({ status: 409, body: { error: TAKEN } })
    })

    it('when Mercado Pago fails for the first of two equal calls, neither leaves an active hold', async () => {
      const body = freshSlot()
      await world.control('/mercado-pago/faults', { route: 'preference.create', kind: 'error', status: 500, count: 10 })
      const answers = await Promise.all([send(ana, PATH, body), send(ana, PATH, body)])
      expect(answers).toEqual(Array(2).fill({ status: 500, body: { error: 'Error creating preference' } }))
      for (const each of await classesAt(body)) expect(each).toMatchObject({ status: 'cancelled', cancel_reason: 'booking_failed' })
      await world.control('/mercado-pago/faults', undefined, 'DELETE')
      expect((await send(bruno, PATH, body)).status).toBe(200)
    })
  })
})
