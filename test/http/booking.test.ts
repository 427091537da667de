import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { classStatus, json, orderStatus, payAndConfirm, slot } from '../support/booking.ts'
import { type Client, MONDAY_9H, openWorld, type World } from '../support/world.ts'
import { bookSlot, createPreference, send, slotDispenser, unchanged, whileNothingCanBeStored } from './booking-bench.ts'

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
