import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { HOUR_MS, MINUTE_MS, plus, SECOND_MS } from '../../src/kernel/clock.ts'
import { addDays } from '../../src/kernel/zoned-time.ts'
import { classStatus, json, orderStatus, payAndConfirm, slot } from '../support/booking.ts'
import { type Client, MONDAY_9H, openWorld, type World } from '../support/world.ts'
import {
  appointment,
  bookSlot,
  createPreference,
  interval,
  send,
  slotDispenser,
  TAKEN,
  unchanged,
  whileNothingCanBeStored,
} from './booking-bench.ts'

const PATH = '/api/booking'

describe('POST /api/booking (4.2)', () => {
  let world: World
  let ana: Client
  let bruno: Client
  const freshSlot = slotDispenser('2026-12-14', 20)
  beforeAll(async () => {
    world = await openWorld({ env: { MAX_UNPAID_HOLDS: '100' } })
    ana = await world.signIn('ana@example.com', 'Ana')
    bruno = await world.signIn('bruno@example.com', 'Bruno')
  })
  afterEach(() => world.clock.set(MONDAY_9H))
  afterAll(() => world.close())

  const book = (client: Client, body: unknown, headers?: Record<string, string>) => send(client, PATH, body, headers)
  const row = async (classId: unknown) => (await world.rows('SELECT * FROM virtual_class WHERE id = $1', [classId]))[0]

  /** The answer to a slot asked for with a preference of its own. */
  const ask = async (when: { start: string; end: string }, client = ana) => {
    const { status, body } = await bookSlot(client, when)
    return { status, body }
  }

  describe('a booking that is accepted', () => {
    it('is a pending class with everything the contract lists, and nothing more', async () => {
      const when = freshSlot()
      const preferenceId = await createPreference(ana, { type: 'grupal', studentsCount: 3 })
      const { status, body } = await book(ana, {
        ...when,
        isGroupClass: true,
        studentsCount: 3,
        text: '  Viaje a Londres ',
        price: 36000,
        preferenceId,
      })
      expect(status).toBe(200)
      expect(body).toEqual({ success: true, status: 200, classId: expect.any(String), holdExpiresAt: '2026-11-23T12:20:00.000Z' })
      expect(await row(body.classId)).toMatchObject({
        status: 'pending',
        class_type: 'grupal',
        max_participants: 3,
        learning_focus: 'Viaje a Londres',
        host_type: 'anfitrion',
        activity_status: 'pending',
        starts_at: new Date(when.start),
        ends_at: new Date(when.end),
        google_event_id: null,
        meet_url: null,
        paid_at: null,
        calendar_state: 'none',
        reschedule_count: 0,
        hold_expires_at: new Date('2026-11-23T12:20:00Z'),
      })
      expect(Number((await row(body.classId))?.price_centavos)).toBe(3_600_000)
      const [person] = await world.rows(`SELECT id FROM app_user WHERE email = 'ana@example.com'`)
      expect((await row(body.classId))?.booked_by_id).toBe(person?.id)
      expect(await world.rows('SELECT 1 FROM participation WHERE class_id = $1', [body.classId])).toEqual([])
      expect(await world.rows('SELECT 1 FROM access_code WHERE class_id = $1', [body.classId])).toEqual([])
      const [order] = await world.rows('SELECT class_id FROM payment_order WHERE preference_id = $1', [preferenceId])
      expect(order?.class_id).toBe(body.classId)
      expect(JSON.stringify(await json(ana.get('/api/my-classes')))).not.toContain(String(body.classId))
    })

    it('without objective keeps none', async () => {
      for (const more of [{}, { text: '' }, { text: '   ' }]) {
        const { body } = await book(ana, { ...freshSlot(), ...more, preferenceId: await createPreference(ana) })
        expect((await row(body.classId))?.learning_focus).toBeNull()
      }
    })

    it('keeps an objective of exactly 100 characters, and an emoji is one', async () => {
      for (const text of ['x'.repeat(100), '😀'.repeat(100), `ñ${'á'.repeat(99)}`]) {
        const { status, body } = await book(ana, { ...freshSlot(), text, preferenceId: await createPreference(ana) })
        expect(status).toBe(200)
        expect((await row(body.classId))?.learning_focus).toBe(text)
      }
    })

    it('is individual unless it says otherwise, whatever its head-count is called', async () => {
      for (const more of [{ isGroupClass: false }, { studentsCount: 0 }, { studentsCount: '1' }, { price: '15000' }, { price: null }]) {
        const { status, body } = await book(ana, { ...freshSlot(), ...more, preferenceId: await createPreference(ana) })
        expect(status).toBe(200)
        expect(await row(body.classId)).toMatchObject({ class_type: 'individual', max_participants: 1 })
      }
    })

    it('back to back with another: both succeed', async () => {
      const [first, second] = [slot('2026-11-25', '17:00'), slot('2026-11-25', '18:00')]
      expect((await ask(first)).status).toBe(200)
      expect((await ask(second, bruno)).status).toBe(200)
    })

    it('becomes a confirmed class when it is paid', async () => {
      const { body, preferenceId } = await bookSlot(bruno, freshSlot())
      await payAndConfirm(world, preferenceId)
      expect(await classStatus(world, String(body.classId))).toBe('scheduled')
      expect(await orderStatus(world, preferenceId)).toBe('approved')
    })
  })

  describe('rows 1 to 10: the request itself', () => {
    it('row 1: nobody is signed in', async () => {
      const refused = await unchanged(world, () => book(world.anonymous, { ...freshSlot(), preferenceId: 'x' }))
      expect(refused).toEqual({ status: 401, body: { error: 'Unauthorized' } })
    })

    it('row 2: a page of another site, and no JSON', async () => {
      const preferenceId = await createPreference(ana)
      await unchanged(world, async () => {
        const foreign = { origin: 'https://attacker.example' }
        expect(await book(ana, { ...freshSlot(), preferenceId }, foreign)).toEqual({ status: 403, body: { error: 'Origen no permitido' } })
        for (const text of ['', '{"start"', 'start=1', `{"text":"a\u0000b"}`, '{"text":"a\\u0000b"}', '['.repeat(30_000)]) {
          expect(await book(ana, text)).toEqual({ status: 400, body: { error: 'El cuerpo de la solicitud no es JSON válido' } })
        }
      })
    })

    const when = slot('2026-12-01', '10:00')
    const zone = 'La fecha debe estar en formato ISO 8601 con zona horaria'
    const count = 'La cantidad de alumnos no es válida para este tipo de clase'
    const deep = JSON.parse(`${'['.repeat(500)}1${']'.repeat(500)}`) as unknown
    const REFUSED: [row: string, text: string, bodies: unknown[]][] = [
      ['3', 'Missing booking data', ['null', {}, '[]', '[1]', '"texto"', '7', 'true', deep]],
      [
        '4',
        'Missing start or end date',
        [{ preferenceId: 'x' }, { start: when.start }, { end: when.end }, { ...when, start: null }, { ...when, end: '' }],
      ],
      [
        '4',
        'Missing start or end date',
        ['{"__proto__":{"start":"2026-12-01T13:00:00Z","end":"2026-12-01T14:00:00Z"}}', '{"constructor":{"prototype":{}}}'],
      ],
      [
        '5',
        'Missing preferenceId',
        [
          when,
          { ...when, preferenceId: null },
          { ...when, preferenceId: ' ' },
          { ...when, preferenceId: 7 },
          { ...when, preferenceId: ['x'] },
        ],
      ],
      [
        '6',
        zone,
        [
          '2027-03-15T10:00:00',
          'mañana',
          '2027-02-30T10:00:00Z',
          'x'.repeat(60_000),
          1_796_000_000_000,
          true,
          deep,
          { date: 1 },
          '0000-01-01T00:00:00Z',
          '9999-12-31T23:59:00-14:00',
        ].map((start) => ({ ...when, start, preferenceId: 'x' })),
      ],
      [
        '6',
        zone,
        ['2027-03-15', '2027-03-15T10:00:00 ', '2027-03-15T10:00:00+24:00', '\ud800', 1e308].map((end) => ({
          ...when,
          end,
          preferenceId: 'x',
        })),
      ],
      ['7', 'Tipo de clase inválido', ['true', 1, null, [], {}].map((isGroupClass) => ({ ...when, isGroupClass, preferenceId: 'x' }))],
      [
        '8',
        count,
        [0, 1, 6, -1, -3, 1000, 2.5, 'abc', '', null, [3], {}, true, '1e1'].map((studentsCount) => ({
          ...when,
          isGroupClass: true,
          studentsCount,
          preferenceId: 'x',
        })),
      ],
      ['8', count, [2, 3, 5, -1, 1.5, '2', 'uno', true].map((studentsCount) => ({ ...when, studentsCount, preferenceId: 'x' }))],
      ['8', count, [`{"start":"${when.start}","end":"${when.end}","preferenceId":"x","studentsCount":1e999}`]],
      [
        '9',
        'El objetivo debe ser un texto',
        [7, true, null, [], ['texto'], { toString: 'x' }].map((text) => ({ ...when, text, preferenceId: 'x' })),
      ],
      [
        '10',
        'El objetivo no puede superar los 100 caracteres',
        ['x'.repeat(101), '😀'.repeat(101), ` ${'x'.repeat(101)} `, 'ñ'.repeat(20_000)].map((text) => ({
          ...when,
          text,
          preferenceId: 'x',
        })),
      ],
    ]
    for (const [name, error, bodies] of REFUSED) {
      it(`row ${name}: ${error} (${bodies.length} ways)`, async () => {
        await unchanged(world, async () => {
          for (const body of bodies) expect(await book(ana, body)).toEqual({ status: 400, body: { error } })
        })
      })
    }

    it('a text of 100,000 characters is too large a request', async () => {
      const refused = await book(ana, { ...when, text: 'x'.repeat(100_000), preferenceId: 'x' })
      expect(refused).toEqual({ status: 413, body: { error: 'La solicitud es demasiado grande' } })
    })

    it('half a surrogate pair is stored as the replacement character, and the repeat is recognised', async () => {
      const body = JSON.stringify({ ...freshSlot(), preferenceId: await createPreference(ana), text: 'aXb' }).replace('aXb', 'a\\ud83db')
      const first = await book(ana, body)
      expect(first.status).toBe(200)
      expect((await row(first.body.classId))?.learning_focus).toBe('a\ufffdb')
      expect(await book(ana, body)).toEqual(first)
    })
  })

  describe('row 11: the exact repeat', () => {
    it('answers the same success, and there is one class', async () => {
      const body = { ...freshSlot(), preferenceId: await createPreference(ana), text: 'Uno' }
      const first = await book(ana, body)
      expect(first.status).toBe(200)
      await unchanged(world, async () => {
        expect(await book(ana, body)).toEqual(first)
        // Same start, end, type and count: the objective does not make it another booking, nor does the notation of the instant.
        expect(await book(ana, { ...body, text: 'Otro', start: new Date(body.start).toISOString().replace('.000Z', '+00:00') })).toEqual(
          first,
        )
      })
      expect((await row(first.body.classId))?.learning_focus).toBe('Uno')
    })

    it('five identical calls at the same moment all succeed with one class', async () => {
      const body = { ...freshSlot(), preferenceId: await createPreference(ana) }
      const answers = await Promise.all([1, 2, 3, 4, 5].map(() => book(ana, body)))
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
      expect(new Set(answers.map((answer) => answer.body.classId)).size).toBe(1)
      expect(await world.rows('SELECT 1 FROM virtual_class WHERE starts_at = $1', [body.start])).toHaveLength(1)
    })

    it('still answers when the class is confirmed, and after the notice has passed', async () => {
      const body = { ...slot('2026-11-24', '11:00'), preferenceId: await createPreference(ana) }
      const first = await book(ana, body)
      await payAndConfirm(world, body.preferenceId)
      expect(await book(ana, body)).toMatchObject({
        status: 200,
        body: { success: true, classId: first.body.classId, holdExpiresAt: null },
      })
      world.clock.set('2026-11-24T13:59:00Z')
      expect(await book(ana, body)).toMatchObject({ status: 200, body: { classId: first.body.classId } })
    })

    it('of somebody else’s booking is refused, and tells nothing', async () => {
      const body = { ...freshSlot(), preferenceId: await createPreference(ana) }
      await book(ana, body)
      await unchanged(world, async () => {
        expect(await book(bruno, body)).toEqual({ status: 404, body: { error: 'No se encontró la preferencia de pago' } })
      })
    })

    it('of a booking that was given up is refused', async () => {
      const body = { ...freshSlot(), preferenceId: await createPreference(ana) }
      const first = await book(ana, body)
      expect((await ana.post(`/api/classes/${first.body.classId}/cancel`)).status).toBe(200)
      expect(await book(ana, body)).toEqual({ status: 409, body: { error: 'La preferencia de pago ya fue usada en otra reserva' } })
    })
  })

  describe('rows 12 to 18: the slot', () => {
    const refusal = async (when: { start: string; end: string }) => {
      const preferenceId = await createPreference(ana)
      const { status, body } = await unchanged(world, () => book(ana, { ...when, preferenceId }))
      expect(status).toBe(400)
      return body.error
    }

    it('row 12: the end is not after the start', async () => {
      const { start, end } = slot('2026-12-02', '10:00')
      expect(await refusal({ start: end, end: start })).toBe('La hora de fin debe ser posterior a la de inicio')
      expect(await refusal({ start, end: start })).toBe('La hora de fin debe ser posterior a la de inicio')
      expect(await refusal({ start, end: '2026-12-02T10:00:00-03:00' })).toBe('La hora de fin debe ser posterior a la de inicio')
    })

    it('row 13: two hours, thirty minutes, several days, a second more', async () => {
      for (const minutes of [120, 30, 59, 61, 3 * 24 * 60, 60 + 1 / 60]) {
        expect(await refusal(interval('2026-12-02', '10:00', minutes))).toBe('La clase debe durar 60 minutos')
      }
    })

    it('row 14: the past', async () => {
      for (const when of [
        slot('2026-11-21', '10:00'),
        slot('2026-11-23', '08:00'),
        slot('2000-01-03', '10:00'),
        slot('1900-01-01', '10:00'),
      ]) {
        expect(await refusal(when)).toBe('El horario ya pasó')
      }
      world.clock.set(plus(new Date(slot('2026-12-02', '10:00').start), 1))
      expect(await refusal(slot('2026-12-02', '10:00'))).toBe('El horario ya pasó')
    })

    it('row 15: exactly two hours ahead is accepted, a second less is not', async () => {
      const text = 'La reserva debe hacerse con al menos 2 horas de anticipación'
      const when = slot('2026-12-02', '15:00')
      for (const ahead of [0, SECOND_MS, HOUR_MS, 2 * HOUR_MS - SECOND_MS, 2 * HOUR_MS - 1]) {
        world.clock.set(plus(new Date(when.start), -ahead))
        expect(await refusal(when)).toBe(text)
      }
      world.clock.set(plus(new Date(when.start), -2 * HOUR_MS))
      expect((await ask(when)).status).toBe(200)
    })

    it('row 16: day 60 is accepted, day 61 is not, counted in Argentine days', async () => {
      const [day60, day61] = [addDays('2026-11-23', 60), addDays('2026-11-23', 61)]
      const text = 'Solo se puede reservar hasta 60 días en adelante'
      expect(await refusal(slot(day61, '09:00'))).toBe(text)
      expect(await refusal(slot('2027-12-01', '10:00'))).toBe(text)
      expect(await refusal(slot('9998-12-30', '10:00'))).toBe(text)
      // 23:59 in Argentina is already tomorrow in UTC.
      world.clock.set('2026-11-24T02:59:00Z')
      expect(await refusal(slot(day61, '09:00'))).toBe(text)
      expect((await ask(slot(day60, '20:00'))).status).toBe(200)
      world.clock.set('2026-11-24T03:00:00Z')
      expect((await ask(slot(day61, '09:00'))).status).toBe(200)
    })

    it('row 17: the first and the last slot are open; the hours beside them, the night and Sunday are not', async () => {
      const text = 'El horario está fuera de los horarios de atención'
      for (const time of ['08:00', '08:30', '20:30', '21:00', '03:00', '23:00', '00:00']) {
        expect(await refusal(slot('2026-12-03', time))).toBe(text)
      }
      for (const time of ['09:00', '10:00', '20:00']) expect(await refusal(slot('2026-12-06', time))).toBe(text)
      expect((await ask(slot('2026-12-03', '09:00'))).status).toBe(200)
      expect((await ask(slot('2026-12-03', '20:00'))).status).toBe(200)
    })

    it('row 17: a blackout closes what it touches', async () => {
      const admin = await world.admin()
      const closed = interval('2026-12-04', '10:30', 60)
      const added = await json(admin.post('/api/admin/blackouts', { from: closed.start, to: closed.end, note: 'Médico' }))
      for (const time of ['10:00', '11:00']) {
        expect(await refusal(slot('2026-12-04', time))).toBe('El horario está fuera de los horarios de atención')
      }
      expect((await ask(slot('2026-12-04', '09:00'))).status).toBe(200)
      expect((await ask(slot('2026-12-04', '12:00'))).status).toBe(200)
      await admin.send('DELETE', `/api/admin/blackouts/${added.id}`)
      expect((await ask(slot('2026-12-04', '10:00'))).status).toBe(200)
    })

    it('row 18: between two slots', async () => {
      for (const time of ['09:30', '10:01', '19:59', '12:15']) {
        expect(await refusal(slot('2026-12-03', time))).toBe('El horario debe coincidir con uno de los turnos disponibles')
      }
      const { start, end } = slot('2026-12-03', '12:00')
      expect(await refusal({ start: start.replace('.000Z', '.001Z'), end: end.replace('.000Z', '.001Z') })).toBe(
        'El horario debe coincidir con uno de los turnos disponibles',
      )
    })

    it('the same instant with Z and with an offset is the same slot', async () => {
      const first = await ask({ start: '2026-12-08T10:00:00-03:00', end: '2026-12-08T11:00:00-03:00' })
      expect(first.status).toBe(200)
      for (const when of [
        { start: '2026-12-08T13:00:00Z', end: '2026-12-08T14:00:00Z' },
        { start: '2026-12-08T14:00:00+01:00', end: '2026-12-08T11:00-03:00' },
      ]) {
        expect(await ask(when, bruno)).toMatchObject({ status: 409, body: { error: TAKEN } })
      }
      expect((await row(first.body.classId))?.starts_at).toEqual(new Date('2026-12-08T13:00:00Z'))
    })

    it('a slot refused with an unknown preference is refused for the slot: the order of the checks', async () => {
      const past = { ...slot('2026-11-21', '10:00'), preferenceId: 'nobody-knows' }
      expect((await book(ana, past)).body.error).toBe('El horario ya pasó')
      expect((await book(ana, { ...past, studentsCount: 9 })).body.error).toBe(
        'La cantidad de alumnos no es válida para este tipo de clase',
      )
      expect((await book(ana, { ...freshSlot(), preferenceId: 'nobody-knows' })).status).toBe(404)
    })
  })

  describe('rows 19 to 22: the preference', () => {
    const unknown = { status: 404, body: { error: 'No se encontró la preferencia de pago' } }

    it('row 19: unknown, hostile, or of another user', async () => {
      const foreign = await createPreference(bruno)
      await unchanged(world, async () => {
        for (const preferenceId of [
          'nobody-knows',
          'x'.repeat(60_000),
          "' OR 1=1 --",
          '\ud800',
          '../../x',
          `${foreign.toUpperCase()}x`,
          ` ${foreign}`,
          foreign,
        ]) {
          expect(await book(ana, { ...freshSlot(), preferenceId })).toEqual(unknown)
        }
      })
    })

    it('row 20: already used for another slot or with other data', async () => {
      const when = freshSlot()
      const preferenceId = await createPreference(ana)
      expect((await book(ana, { ...when, preferenceId })).status).toBe(200)
      const used = { status: 409, body: { error: 'La preferencia de pago ya fue usada en otra reserva' } }
      await unchanged(world, async () => {
        expect(await book(ana, { ...freshSlot(), preferenceId })).toEqual(used)
        expect(await book(ana, { ...when, isGroupClass: true, studentsCount: 2, preferenceId })).toEqual(used)
      })
    })

    it('row 20: one preference for two slots at the same moment makes one class', async () => {
      const preferenceId = await createPreference(ana)
      const answers = await Promise.all([freshSlot(), freshSlot(), freshSlot()].map((when) => book(ana, { ...when, preferenceId })))
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409])
      const [order] = await world.rows('SELECT class_id FROM payment_order WHERE preference_id = $1', [preferenceId])
      expect(order?.class_id).toBe(answers.find(({ status }) => status === 200)?.body.classId)
    })

    it('row 21: type, head-count or price disagree with the order', async () => {
      const text = { status: 400, body: { error: 'Los datos de la reserva no coinciden con el pago' } }
      const individual = await createPreference(ana)
      const grupal = await createPreference(ana, { type: 'grupal', studentsCount: 3 })
      await unchanged(world, async () => {
        expect(await book(ana, { ...freshSlot(), isGroupClass: true, studentsCount: 5, preferenceId: individual })).toEqual(text)
        expect(await book(ana, { ...freshSlot(), preferenceId: grupal })).toEqual(text)
        for (const studentsCount of [2, 4, 5]) {
          expect(await book(ana, { ...freshSlot(), isGroupClass: true, studentsCount, preferenceId: grupal })).toEqual(text)
        }
        for (const price of [1, 14999, 15000.5, '15000.0', 'gratis', -15000, true, {}]) {
          expect(await book(ana, { ...freshSlot(), price, preferenceId: individual })).toEqual(text)
        }
      })
    })

    it('row 22: expired at exactly 20 minutes', async () => {
      const preferenceId = await createPreference(ana)
      const when = freshSlot()
      world.clock.advance(20 * MINUTE_MS)
      const expired = { status: 409, body: { error: 'La preferencia de pago venció' } }
      await unchanged(world, async () => expect(await book(ana, { ...when, preferenceId })).toEqual(expired))
      world.clock.set(MONDAY_9H)
      world.clock.advance(20 * MINUTE_MS - 1)
      const late = await book(ana, { ...when, preferenceId })
      // The hold ends when the preference ends, not 20 minutes later.
      expect(late).toMatchObject({ status: 200, body: { holdExpiresAt: '2026-11-23T12:20:00.000Z' } })
    })

    it('row 22: refunded', async () => {
      const preferenceId = await createPreference(ana)
      const { payment } = (await world.control('/mercado-pago/pay', { preferenceId })) as { payment: { id: number } }
      await world.settle()
      await world.control(`/mercado-pago/payments/${payment.id}/refund`, {})
      await world.settle()
      expect(await orderStatus(world, preferenceId)).toBe('refunded')
      await unchanged(world, async () => {
        expect(await book(ana, { ...freshSlot(), preferenceId })).toEqual({ status: 409, body: { error: 'La preferencia de pago venció' } })
      })
    })

    it('paid before it is booked, inside its 20 minutes: accepted and confirmed directly (D17a)', async () => {
      const preferenceId = await createPreference(ana)
      await world.control('/mercado-pago/pay', { preferenceId })
      await world.settle()
      expect(await orderStatus(world, preferenceId)).toBe('approved')
      world.clock.advance(19 * MINUTE_MS)
      const { status, body } = await book(ana, { ...freshSlot(), preferenceId })
      expect({ status, body }).toMatchObject({ status: 200, body: { success: true, holdExpiresAt: null } })
      await world.settle()
      expect(await classStatus(world, String(body.classId))).toBe('scheduled')
      const [host] = await world.rows('SELECT rol FROM participation WHERE class_id = $1', [body.classId])
      expect(host?.rol).toBe('anfitrion')
    })

    it('a rejected attempt does not spoil the preference', async () => {
      const preferenceId = await createPreference(ana)
      await world.control('/mercado-pago/pay', { preferenceId, holder: 'OTHE' })
      await world.settle()
      expect(await orderStatus(world, preferenceId)).toBe('rejected')
      const { body } = await book(ana, { ...freshSlot(), preferenceId })
      expect(body.success).toBe(true)
      await payAndConfirm(world, preferenceId)
      expect(await classStatus(world, String(body.classId))).toBe('scheduled')
    })
  })

  describe('row 24: the slot is taken', () => {
    it('by another class; the answer names the three nearest free slots, in order', async () => {
      const day = '2027-01-05'
      for (const time of ['10:00', '11:00', '13:00']) expect((await ask(slot(day, time))).status).toBe(200)
      const preferenceId = await createPreference(bruno)
      const refused = await unchanged(world, () => book(bruno, { ...slot(day, '11:00'), preferenceId }))
      expect(refused).toEqual({
        status: 409,
        body: { error: TAKEN, alternatives: [slot(day, '09:00'), slot(day, '12:00'), slot(day, '14:00')] },
      })
      for (const free of refused.body.alternatives as { start: string; end: string }[]) {
        expect((await ask(free, bruno)).status).toBe(200)
      }
    })

    it('never offers a slot that cannot be booked: inside the notice, on Sunday', async () => {
      world.clock.set('2026-12-05T20:30:00Z')
      const when = slot('2026-12-05', '20:00')
      expect((await ask(when)).status).toBe(200)
      const alternatives = ['09:00', '10:00', '11:00'].map((time) => slot('2026-12-07', time))
      expect(await ask(when, bruno)).toEqual({ status: 409, body: { error: TAKEN, alternatives } })
    })

    it('by a busy interval of the calendar, by overlap and not by equality', async () => {
      const day = '2027-01-06'
      await appointment(world, interval(day, '10:50', 20))
      for (const time of ['10:00', '11:00']) {
        const preferenceId = await createPreference(ana)
        const refused = await unchanged(world, () => book(ana, { ...slot(day, time), preferenceId }))
        expect(refused).toMatchObject({
          status: 409,
          body: { error: TAKEN, alternatives: [slot(day, '09:00'), slot(day, '12:00'), slot(day, '13:00')] },
        })
      }
      expect((await ask(slot(day, '09:00'))).status).toBe(200)
      expect((await ask(slot(day, '12:00'))).status).toBe(200)
    })

    it('by an all-day event of the calendar', async () => {
      await world.control('/google/events', {
        summary: 'Feriado',
        start: { date: '2027-01-07' },
        end: { date: '2027-01-08' },
        transparency: 'opaque',
      })
      for (const time of ['09:00', '20:00']) expect((await ask(slot('2027-01-07', time))).status).toBe(409)
      expect((await ask(slot('2027-01-08', '09:00'))).status).toBe(200)
    })

    it('is told before a calendar made busy a moment ago can be overlooked: it is read right before the hold', async () => {
      const when = slot('2027-01-09', '10:00')
      const free = (await json(ana.get('/api/availability?from=2027-01-09&to=2027-01-09'))).slots as { start: string; state: string }[]
      expect(free.find(({ start }) => start === when.start)?.state).toBe('free')
      await appointment(world, when)
      expect((await ask(when)).status).toBe(409)
    })

    it('two users, same slot, same moment: exactly one success', async () => {
      for (let round = 0; round < 3; round++) {
        const when = freshSlot()
        const preferences = await Promise.all([createPreference(ana), createPreference(bruno)])
        const answers = await Promise.all([
          book(ana, { ...when, preferenceId: preferences[0] }),
          book(bruno, { ...when, preferenceId: preferences[1] }),
        ])
        expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
        expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({ error: TAKEN, alternatives: expect.any(Array) })
        expect(await world.rows('SELECT 1 FROM virtual_class WHERE starts_at = $1', [when.start])).toHaveLength(1)
      }
    })

    it('one user, same slot, two preferences, same moment: exactly one success', async () => {
      const when = freshSlot()
      const preferences = await Promise.all([createPreference(ana), createPreference(ana)])
      const answers = await Promise.all(preferences.map((preferenceId) => book(ana, { ...when, preferenceId })))
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
      const unused = await world.rows('SELECT 1 FROM payment_order WHERE preference_id = ANY($1) AND class_id IS NULL', [preferences])
      expect(unused).toHaveLength(1)
    })

    it('a preference that lost its slot is good for another one', async () => {
      const [taken, free] = [freshSlot(), freshSlot()]
      expect((await ask(taken)).status).toBe(200)
      const preferenceId = await createPreference(bruno)
      expect((await book(bruno, { ...taken, preferenceId })).status).toBe(409)
      expect((await book(bruno, { ...free, preferenceId })).status).toBe(200)
    })
  })

  describe('row 25: the class cannot be stored', () => {
    it('is a failure, never a success, and the preference stays good', async () => {
      const body = { ...freshSlot(), preferenceId: await createPreference(ana) }
      const refused = await unchanged(world, () => whileNothingCanBeStored(world, 'virtual_class', () => book(ana, body)))
      expect(refused).toEqual({ status: 500, body: { error: 'Failed to create booking' } })
      // The class went in and the order could not be changed: all of it is undone.
      const half = await unchanged(world, () => whileNothingCanBeStored(world, 'payment_order', () => book(ana, body)))
      expect(half).toEqual({ status: 500, body: { error: 'Failed to create booking' } })
      expect((await book(ana, body)).status).toBe(200)
    })

    it('logs why, without what the person wrote', async () => {
      const body = { ...freshSlot(), preferenceId: await createPreference(ana), text: 'secreto-de-ana' }
      world.logged.length = 0
      await whileNothingCanBeStored(world, 'virtual_class', () => book(ana, body))
      const lines = JSON.stringify(world.logged)
      expect(lines).toContain('out_of_order')
      expect(lines).not.toContain('secreto-de-ana')
    })
  })
})
