import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS, plus } from '../../src/kernel/clock.ts'
import { createMercadoPago } from '../../src/providers/mercado-pago/index.ts'
import { answer, startUnrulyServer } from '../contract/unruly-server.ts'
import { checkout, slot } from '../support/booking.ts'
import { type Client, MONDAY_9H, openWorld, type World } from '../support/world.ts'
import { appointment, preferencesMade, send, slotDispenser, TAKEN, unchanged, whileNothingCanBeStored } from './booking-bench.ts'

const PATH = '/api/checkout'

describe('POST /api/checkout in trouble (4.8)', () => {
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

  const classesAt = (when: { start: string }) =>
    world.rows<{ id: string; status: string; cancel_reason: string | null }>(
      'SELECT id, status, cancel_reason FROM virtual_class WHERE starts_at = $1 ORDER BY created_at, id',
      [when.start],
    )

  describe('row 8: conflicts', () => {
    it('a taken slot makes no preference and names the nearest free ones', async () => {
      const day = '2027-01-08'
      await checkout(ana, slot(day, '11:00'))
      const refused = await unchanged(world, () => send(bruno, PATH, slot(day, '11:00')))
      expect(refused).toEqual({
        status: 409,
        body: { error: TAKEN, alternatives: [slot(day, '09:00'), slot(day, '10:00'), slot(day, '12:00')] },
      })
    })

    it('many people at the same moment: one class, one preference', async () => {
      const when = freshSlot()
      const crowd: Client[] = []
      for (let i = 0; i < 5; i++) crowd.push(await world.signIn(`crowd-${i}@example.com`))
      const before = await preferencesMade(world)
      const answers = await Promise.all(crowd.map((client) => send(client, PATH, when)))
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409])
      expect(await preferencesMade(world)).toBe(before + 1)
      expect(await classesAt(when)).toHaveLength(1)
    })

    it('the teacher’s own appointment is a conflict, also one made a moment ago', async () => {
      const when = freshSlot()
      await appointment(world, { start: when.start, end: plus(new Date(when.start), MINUTE_MS).toISOString() })
      const refused = await unchanged(world, () => send(ana, PATH, when))
      expect(refused).toMatchObject({ status: 409, body: { error: TAKEN } })
    })
  })

  describe('rows 9 to 11: what fails leaves no active hold', () => {
    it('row 9: Mercado Pago fails; the slot is free at once', async () => {
      const troubles = [
        { kind: 'error', status: 400 },
        { kind: 'error', status: 401 },
        { kind: 'error', status: 429 },
        { kind: 'error', status: 503 },
        { kind: 'drop' },
        { kind: 'commit-then-drop' },
        { kind: 'commit-then-500' },
      ]
      for (const trouble of troubles) {
        const when = freshSlot()
        await world.control('/mercado-pago/faults', { route: 'preference.create', ...trouble })
        expect(await send(ana, PATH, when)).toEqual({ status: 500, body: { error: 'Error creating preference' } })
        expect(await classesAt(when)).toMatchObject([{ status: 'cancelled', cancel_reason: 'booking_failed' }])
        expect((await send(bruno, PATH, when)).status).toBe(200)
      }
    })

    it('row 10: an answer without id or address', async () => {
      const server = await startUnrulyServer()
      const { config, clock, log, payments } = world.deps
      world.deps.payments = createMercadoPago({ ...config.mercadoPago, apiUrl: server.url, baseUrl: config.baseUrl, clock, log })
      try {
        for (const incomplete of [{}, { id: 'p-1' }, { init_point: 'https://www.mercadopago.com.ar/x' }]) {
          const when = freshSlot()
          server.behave(answer(201, incomplete))
          expect(await send(ana, PATH, when)).toEqual({ status: 500, body: { error: 'Failed to create preference' } })
          expect(await classesAt(when)).toMatchObject([{ status: 'cancelled', cancel_reason: 'booking_failed' }])
        }
      } finally {
        world.deps.payments = payments
        await server.close()
      }
    })

    it('row 11: storage fails: no class, no order, no preference', async () => {
      for (const table of ['virtual_class', 'payment_order'] as const) {
        const when = freshSlot()
        const refused = await unchanged(world, () => whileNothingCanBeStored(world, table, () => send(ana, PATH, when)))
        expect(refused).toEqual({ status: 500, body: { error: 'Failed to create booking' } })
        expect((await send(ana, PATH, when)).status).toBe(200)
      }
    })

    it('a hold given up while the preference was being made cannot be paid: the preference is closed', async () => {
      const when = freshSlot()
      const { payments } = world.deps
      const asked = Promise.withResolvers<void>()
      const goOn = Promise.withResolvers<void>()
      world.deps.payments = {
        ...payments,
        async createPreference(...request) {
          asked.resolve()
          await goOn.promise
          return payments.createPreference(...request)
        },
      }
      const slow = send(ana, PATH, when)
      await asked.promise
      world.deps.payments = payments
      const [held] = await classesAt(when)
      world.clock.advance(1_000)
      expect((await ana.post(`/api/classes/${held?.id}/cancel`)).status).toBe(200)
      goOn.resolve()
      expect(await slow).toMatchObject({ status: 409, body: { error: TAKEN } })
      await world.settle()
      world.clock.advance(1_000)
      const [order] = await world.rows('SELECT preference_id FROM payment_order WHERE class_id = $1', [held?.id])
      await expect(world.control('/mercado-pago/pay', { preferenceId: order?.preference_id })).rejects.toThrow(/409.*expired/)
    })
  })

  it('every accepted instant lies on a slot inside the rules, and a refused one changes nothing (invariants 17 and 18)', async () => {
    const quarter = fc.integer({ min: -8, max: 4 * 24 * 62 })
    const second = fc.constantFrom(0, 0, 0, 1, 3_599)
    await fc.assert(
      fc.asyncProperty(quarter, second, fc.constantFrom(60, 60, 60, 60, 30, 61), async (quarters, seconds, minutes) => {
        const startsAt = new Date(new Date(MONDAY_9H).getTime() + quarters * 15 * MINUTE_MS + seconds * 1_000)
        const when = { start: startsAt.toISOString(), end: plus(startsAt, minutes * MINUTE_MS).toISOString() }
        const before = await preferencesMade(world)
        const { status, body } = await send(ana, PATH, when)
        // Argentina is three hours behind UTC all year: the rule, said once more without the product's own time functions.
        const wall = new Date(startsAt.getTime() - 3 * HOUR_MS)
        const days = Math.floor((wall.getTime() - Date.UTC(2026, 10, 23)) / DAY_MS)
        const bookable =
          minutes === 60 &&
          seconds === 0 &&
          wall.getUTCMinutes() === 0 &&
          wall.getUTCDay() !== 0 &&
          wall.getUTCHours() >= 9 &&
          wall.getUTCHours() <= 20 &&
          startsAt.getTime() - new Date(MONDAY_9H).getTime() >= 2 * HOUR_MS &&
          days <= 60
        expect(status === 400).toBe(!bookable)
        if (!bookable) expect(await preferencesMade(world)).toBe(before)
        if (status === 200) await ana.post(`/api/classes/${body.classId}/cancel`)
      }),
      { numRuns: 80 },
    )
  })
})

describe('row 7 of POST /api/checkout: at most five unpaid holds', () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld()
  })
  afterAll(() => world.close())

  it('the sixth is refused, parallel or not, and the double click of the fifth is not', async () => {
    const carla = await world.signIn('carla@example.com')
    const freshSlot = slotDispenser()
    for (let i = 0; i < 4; i++) await checkout(carla, freshSlot())
    const fifth = freshSlot()
    const [first, second] = await Promise.all([send(carla, PATH, fifth), send(carla, PATH, fifth)])
    expect(first.status).toBe(200)
    expect(second).toEqual(first)
    const tooMany = { status: 409, body: { error: 'Ya tenés demasiadas reservas pendientes de pago' } }
    expect(await Promise.all([freshSlot(), freshSlot()].map((when) => send(carla, PATH, when)))).toEqual([tooMany, tooMany])
    // The same hold again comes before the limit (row 6), and a taken slot after it (row 8).
    expect(await send(carla, PATH, fifth)).toEqual(first)
    expect(await send(carla, PATH, { ...fifth, text: 'otro' })).toEqual(tooMany)
  })
})
