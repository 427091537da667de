import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/kernel/clock.ts'
import { checkout, classStatus, json, orderStatus, slot } from '../support/booking.ts'
import { expectCleanLog, later, newcomer, type Slot } from '../support/scene.ts'
import { openWorld, type World } from '../support/world.ts'
import { createPreference } from './booking-bench.ts'
import {
  askedOfProvider,
  atProvider,
  auditOf,
  casesOf,
  clearFaults,
  comingSlots,
  emptyLog,
  expectAnswer,
  expectNoSilentMoney,
  type Held,
  heldClass,
  mercadoPagoSettings,
  orderOf,
  pass,
  payOnce,
  refundsOf,
  replacePort,
  setFault,
  stateOf,
} from './payment-scene.ts'

/** A test that lets hours go by, round after round. */
const MANY_ROUNDS_MS = 60 * SECOND_MS
const HOLD_MS = 20 * MINUTE_MS
const TAKEN = 'El horario ya no está disponible'
const FULL = '1500000'

describe('holds', () => {
  let world: World
  const nextSlot = comingSlots(() => world)

  beforeAll(async () => {
    world = await openWorld()
  })
  beforeEach(async () => {
    await world.settle()
    await emptyLog(world)
  })
  afterEach(async () => {
    await clearFaults(world)
    await mercadoPagoSettings(world, { notificationsPaused: false })
  })
  afterAll(() => world.close())

  const searchesFor = async (orderId: string) =>
    (await askedOfProvider(world, 'GET', '/v1/payments/search')).filter(({ path }) => path.includes(orderId))
  /** Money that no notification tells of. */
  async function payUnheard(preferenceId: string, how: Record<string, unknown> = {}) {
    await mercadoPagoSettings(world, { notificationsToDrop: 20 })
    const paid = await payOnce(world, preferenceId, how)
    await mercadoPagoSettings(world, { notificationsToDrop: 0 })
    return paid
  }
  async function released(when = nextSlot()): Promise<Held> {
    const held = await heldClass(world, when)
    await pass(world, HOLD_MS)
    expect(await stateOf(world, held.classId)).toBe('cancelled: hold_expired')
    return held
  }

  describe('their end (D7a)', () => {
    it('comes after 20 minutes: the provider is asked, then the slot is free and the preference closed', async () => {
      const when = nextSlot()
      const { classId, preferenceId, orderId, holdExpiresAt } = await heldClass(world, when)
      expect(Date.parse(holdExpiresAt) - world.clock.now().getTime()).toBe(HOLD_MS)
      const rival = await newcomer(world)
      await pass(world, HOLD_MS - SECOND_MS)
      expect(await stateOf(world, classId)).toBe('pending: held')
      await expectTaken(rival, when)
      await emptyLog(world)

      await pass(world, 10 * SECOND_MS)
      expect(await stateOf(world, classId)).toBe('cancelled: hold_expired')
      const asked = (await askedOfProvider(world)).filter(({ path }) => path.includes(orderId) || path.includes(preferenceId))
      expect(asked.map(({ method, path }) => `${method} ${path.split('?')[0]}`)).toEqual([
        'GET /v1/payments/search',
        `PUT /checkout/preferences/${preferenceId}`,
      ])
      const { preference } = (await world.control(`/mercado-pago/preferences/${preferenceId}`)) as {
        preference: { expiration_date_to: string; expires: boolean }
      }
      expect(preference.expires).toBe(true)
      expect(Date.parse(preference.expiration_date_to)).toBeLessThanOrEqual(world.clock.now().getTime())
      expect(await auditOf(world, classId)).toEqual(['class.cancel hold_expired by itself'])
      expect(await orderStatus(world, preferenceId)).toBe('pending')
      expect((await checkout(rival, when)).classId).not.toBe(classId)
    })

    it('is seen within 30 seconds, wherever the timed jobs stand', async () => {
      for (const offset of [1, 9, 17] as const) {
        const { classId } = await heldClass(world, nextSlot())
        await pass(world, offset * SECOND_MS)
        await pass(world, HOLD_MS - offset * SECOND_MS - 1)
        expect(await stateOf(world, classId)).toBe('pending: held')
        for (let waited = 0; waited < 30 && (await classStatus(world, classId)) === 'pending'; waited += 5) await pass(world, 5 * SECOND_MS)
        expect(await stateOf(world, classId)).toBe('cancelled: hold_expired')
      }
    })

    it('D7c: after a rejected attempt the reason says so', async () => {
      const { classId, preferenceId } = await heldClass(world, nextSlot())
      await payOnce(world, preferenceId, { holder: 'FUND' })
      await pass(world, HOLD_MS)
      expect(await stateOf(world, classId)).toBe('cancelled: payment_rejected')
    })

    it('a rejection that nobody told of is known at the end', async () => {
      const { classId, preferenceId } = await heldClass(world, nextSlot())
      await payUnheard(preferenceId, { holder: 'FUND' })
      await pass(world, HOLD_MS)
      expect(await stateOf(world, classId)).toBe('cancelled: payment_rejected')
      expect(await orderStatus(world, preferenceId)).toBe('rejected')
    })

    it('W25b: money that came in time and was not heard of is found by the question before the release', async () => {
      const { classId, preferenceId } = await heldClass(world, nextSlot())
      await pass(world, 19 * MINUTE_MS)
      await payUnheard(preferenceId)
      await pass(world, MINUTE_MS)
      expect(await classStatus(world, classId)).toBe('scheduled')
    })

    it('whoever wants a slot that only an ended hold blocks makes the question come at once', async () => {
      const when = nextSlot()
      const { classId } = await heldClass(world, when)
      const paidWhen = nextSlot()
      const paid = await heldClass(world, paidWhen)
      await payUnheard(paid.preferenceId)
      world.clock.advance(HOLD_MS)
      // No job has run since.
      expect((await checkout(await newcomer(world), when)).classId).toBeTruthy()
      expect(await stateOf(world, classId)).toBe('cancelled: hold_expired')
      await expectTaken(await newcomer(world), paidWhen)
      expect(await stateOf(world, paid.classId)).toBe('pending: paid')
    })
  })

  describe('while the provider is silent (D7a)', () => {
    it(
      'the slot stays blocked and the question is repeated; after 30 minutes it is released all the same',
      async () => {
        const when = nextSlot()
        const { classId, orderId } = await heldClass(world, when)
        await pass(world, HOLD_MS - MINUTE_MS)
        await setFault(world, 'payment.search', { kind: 'error', status: 503, count: 5_000 })
        await emptyLog(world)
        for (let minute = 0; minute < 30; minute++) {
          await pass(world, MINUTE_MS)
          expect(await stateOf(world, classId), `minute ${minute}`).toBe('pending: held')
          if (minute % 10 === 0) await expectTaken(await newcomer(world), when)
        }
        expect((await searchesFor(orderId)).length).toBeGreaterThanOrEqual(30)
        await pass(world, MINUTE_MS)
        expect(await stateOf(world, classId)).toBe('cancelled: hold_expired')
        expect((await checkout(await newcomer(world), when)).classId).toBeTruthy()
      },
      MANY_ROUNDS_MS,
    )

    it('a rejection that is known already names the reason', async () => {
      const { classId, preferenceId } = await heldClass(world, nextSlot())
      await payOnce(world, preferenceId, { holder: 'FUND' })
      await pass(world, HOLD_MS - MINUTE_MS)
      await setFault(world, 'payment.search', { kind: 'drop', count: 5_000 })
      await pass(world, MINUTE_MS)
      await pass(world, 30 * MINUTE_MS)
      expect(await stateOf(world, classId)).toBe('cancelled: payment_rejected')
    })

    it('an answer within the 30 minutes decides: paid', async () => {
      const { classId, preferenceId } = await heldClass(world, nextSlot())
      await payUnheard(preferenceId)
      await setFault(world, 'payment.search', { kind: 'error', status: 503, count: 5_000 })
      await pass(world, HOLD_MS)
      await pass(world, 25 * MINUTE_MS)
      expect(await stateOf(world, classId)).toBe('pending: held')
      await clearFaults(world)
      await pass(world, 30 * SECOND_MS)
      expect(await classStatus(world, classId)).toBe('scheduled')
    })

    it('D7b: money that turns up after a release in silence finds its slot again', async () => {
      const { classId, preferenceId } = await heldClass(world, nextSlot())
      await payUnheard(preferenceId)
      await setFault(world, 'payment.search', { kind: 'error', status: 503, count: 5_000 })
      await pass(world, HOLD_MS)
      await pass(world, 30 * MINUTE_MS)
      expect(await stateOf(world, classId)).toBe('cancelled: hold_expired')
      await clearFaults(world)
      await pass(world, HOUR_MS)
      expect(await classStatus(world, classId)).toBe('scheduled')
    })

    it('a preference that cannot be closed is tried again, and does not keep the slot', async () => {
      const { classId, preferenceId } = await heldClass(world, nextSlot())
      await setFault(world, 'preference.update', { kind: 'error', status: 503, count: 2 })
      await pass(world, HOLD_MS)
      expect(await stateOf(world, classId)).toBe('cancelled: hold_expired')
      await pass(world, 10 * SECOND_MS)
      await pass(world, 20 * SECOND_MS)
      const closed = (await askedOfProvider(world, 'PUT', preferenceId)).map(({ status }) => status)
      expect(closed).toEqual([503, 503, 200])
    })

    it('a process that dies before it has closed the preference leaves that to the next one', async () => {
      const { classId, preferenceId } = await heldClass(world, nextSlot())
      let deaths = 0
      const real = world.deps.payments.closePreference
      const restore = replacePort(world, {
        closePreference: async (...given) => {
          if (deaths++ === 0) throw new Error('the process died')
          return real(...given)
        },
      })
      await pass(world, HOLD_MS)
      expect(await stateOf(world, classId)).toBe('cancelled: hold_expired')
      await pass(world, 20 * SECOND_MS)
      restore()
      expect((await askedOfProvider(world, 'PUT', preferenceId)).map(({ status }) => status)).toEqual([200])
    })
  })

  describe('lost notifications (section 7)', () => {
    it(
      'the question comes at +1, +3, +8, +15 minutes, at the end of the hold, then hourly for 48 hours',
      async () => {
        const { orderId } = await heldClass(world, nextSlot())
        const begun = world.clock.now().getTime()
        for (let minute = 1; minute <= 25; minute++) await pass(world, MINUTE_MS)
        const asked = async () => (await searchesFor(orderId)).map(({ at }) => (Date.parse(at) - begun) / MINUTE_MS)
        expect(await asked()).toEqual([1, 3, 8, 15, 20])
        await emptyLog(world)
        const hours = [1, 2, 3, 4, 24, 25, 47, 48, 49, 72]
        for (const hour of hours) {
          world.clock.set(new Date(begun + HOLD_MS + hour * HOUR_MS))
          await world.settle()
        }
        expect(await asked()).toEqual([1, 2, 3, 4, 24, 25, 47, 48].map((hour) => 20 + hour * 60))
      },
      MANY_ROUNDS_MS,
    )

    it.each([1, 3, 8, 15, 20])('money without a word is found at minute %i', async (minute) => {
      const { classId, preferenceId } = await heldClass(world, nextSlot())
      await pass(world, minute * MINUTE_MS - 30 * SECOND_MS)
      await payUnheard(preferenceId)
      await world.settle()
      expect(await stateOf(world, classId)).toBe('pending: held')
      await pass(world, 30 * SECOND_MS)
      expect(await classStatus(world, classId)).toBe('scheduled')
    })

    it('late money without a word is found within the hour, up to two days later', async () => {
      const [first, second] = [await released(), await released(slot('2026-12-22', '10:00'))]
      await payUnheard(first.preferenceId, { force: true })
      await pass(world, HOUR_MS)
      expect(await classStatus(world, first.classId)).toBe('scheduled')
      await pass(world, 44 * HOUR_MS)
      await payUnheard(second.preferenceId, { force: true })
      await pass(world, HOUR_MS)
      expect(await classStatus(world, second.classId)).toBe('scheduled')
    })
  })

  describe('money that comes after the release (D7b, D17a)', () => {
    async function expectReturned({ preferenceId, classId, orderId }: Held, paymentId: string, reason = 'hold_expired'): Promise<void> {
      expect(await stateOf(world, classId)).toBe(`cancelled: ${reason}`)
      expect(await orderOf(world, preferenceId)).toMatchObject({
        status: 'refunded',
        refunded_centavos: FULL,
        refund_reason: 'no_valid_hold',
      })
      expect(await refundsOf(world, paymentId)).toMatchObject([{ state: 'approved', amount_centavos: FULL, reason: 'no_valid_hold' }])
      expect(await atProvider(world, paymentId)).toMatchObject({ status: 'refunded', transaction_amount_refunded: 15000 })
      expect(await auditOf(world, paymentId)).toEqual(['refund.request no_valid_hold by itself', 'refund.made no_valid_hold by itself'])
      expect(await casesOf(world, paymentId, orderId)).toEqual([])
    }

    it("W24, scenario E: the slot is somebody else's by now", async () => {
      const late = await released()
      const rival = await newcomer(world)
      const theirs = await checkout(rival, { start: late.start, end: late.end })
      await payOnce(world, theirs.preferenceId)
      await world.settle()
      const { id } = await payOnce(world, late.preferenceId, { force: true })
      await world.settle()
      await expectReturned(late, id)
      expect(await classStatus(world, theirs.classId)).toBe('scheduled')
      expect(await orderStatus(world, theirs.preferenceId)).toBe('approved')
      const { response } = await json(late.host.get(`/api/payments/${late.preferenceId}`))
      expect(response).toMatchObject({ status: 'refunded', classStatus: 'cancelled' })
      const history = await json(late.host.get('/api/payments'))
      expect(history).toMatchObject({ response: [{ status: 'refunded', refundedAmount: 15000, refundedAt: expect.any(String) }] })
    })

    it('W24: the slot is only held by somebody else', async () => {
      const late = await released()
      const theirs = await heldClass(world, { start: late.start, end: late.end })
      const { id } = await payOnce(world, late.preferenceId, { force: true })
      await world.settle()
      await expectReturned(late, id)
      expect(await stateOf(world, theirs.classId)).toBe('pending: held')
    })

    it('W24: the host had given up the hold', async () => {
      const given = await heldClass(world, nextSlot())
      await expectAnswer(given.host.post(`/api/classes/${given.classId}/cancel`, {}), 200, {
        success: true,
        status: 'cancelled',
        refund: 'none',
      })
      const { id } = await payOnce(world, given.preferenceId, { force: true })
      await world.settle()
      await expectReturned(given, id, 'host_cancelled')
    })

    it('W24: the host ended their account', async () => {
      const late = await released()
      const { user } = (await json(late.host.get('/api/auth/session'))) as { user: { email: string } }
      expect((await late.host.submit('/inicio/configuracion/eliminar', { email: user.email })).status).toBe(303)
      const { id } = await payOnce(world, late.preferenceId, { force: true })
      await world.settle()
      await expectReturned(late, id)
    })

    it("W24: somebody put an event of their own into the teacher's calendar", async () => {
      const late = await released()
      await world.control('/google/events', {
        summary: 'Dentista',
        start: { dateTime: later(late.start, -30 * MINUTE_MS) },
        end: { dateTime: later(late.start, 30 * MINUTE_MS) },
      })
      await pass(world, 2 * MINUTE_MS)
      const { id } = await payOnce(world, late.preferenceId, { force: true })
      await world.settle()
      await expectReturned(late, id)
    })

    it('W24: the academy closed that hour meanwhile', async () => {
      const late = await released()
      const admin = await world.admin()
      expect((await admin.post('/api/admin/blackouts', { from: late.start, to: late.end, note: 'feriado' })).status).toBe(200)
      const { id } = await payOnce(world, late.preferenceId, { force: true })
      await world.settle()
      await expectReturned(late, id)
    })

    it.each<[string, number, string]>([
      ['W25: exactly 60 minutes before the start the slot is taken again', 60 * MINUTE_MS, 'scheduled'],
      ['W24: a second later the money goes back', 60 * MINUTE_MS - SECOND_MS, 'cancelled'],
    ])('%s', async (_, ahead, status) => {
      const late = await released()
      world.clock.set(new Date(Date.parse(late.start) - ahead))
      await world.settle()
      const { id } = await payOnce(world, late.preferenceId, { force: true })
      await world.settle()
      expect(await classStatus(world, late.classId)).toBe(status)
      if (status === 'cancelled') await expectReturned(late, id)
      else expect(await orderStatus(world, late.preferenceId)).toBe('approved')
    })

    it('W25: the slot is still free, also after a rejected attempt: the class takes it again, once', async () => {
      const late = await heldClass(world, nextSlot())
      await payOnce(world, late.preferenceId, { holder: 'FUND' })
      await pass(world, HOLD_MS)
      expect(await stateOf(world, late.classId)).toBe('cancelled: payment_rejected')
      await payOnce(world, late.preferenceId, { force: true })
      await world.settle()
      expect(await classStatus(world, late.classId)).toBe('scheduled')
      const [row] = await world.rows('SELECT cancelled_at, cancel_reason, hold_expires_at FROM virtual_class WHERE id = $1', [late.classId])
      expect(row).toEqual({ cancelled_at: null, cancel_reason: null, hold_expires_at: null })
      await expectTaken(await newcomer(world), late)
      const second = await payOnce(world, late.preferenceId, { force: true })
      await world.settle()
      expect(await refundsOf(world, second.id)).toMatchObject([{ reason: 'surplus_payment', state: 'approved' }])
      expect(await classStatus(world, late.classId)).toBe('scheduled')
    })

    it('W25: the last slot of two late payers goes to the first, the other one is paid back', async () => {
      const when = nextSlot()
      const first = await released(when)
      const second = await released(when)
      await payOnce(world, second.preferenceId, { force: true })
      await world.settle()
      const { id } = await payOnce(world, first.preferenceId, { force: true })
      await world.settle()
      expect(await classStatus(world, second.classId)).toBe('scheduled')
      await expectReturned(first, id)
    })

    it('W24: with an unreadable calendar nobody is promised a slot', async () => {
      const late = await released()
      for (const route of ['freebusy.query', 'events.list'])
        await world.control('/google/faults', { route, kind: 'error', status: 503, count: 500 })
      await pass(world, 31 * MINUTE_MS)
      const { id } = await payOnce(world, late.preferenceId, { force: true })
      await world.settle()
      await world.control('/google/faults', undefined, 'DELETE')
      await expectReturned(late, id)
    })
  })

  describe('W26: money without a booking', () => {
    it('goes back when the preference ends', async () => {
      const host = await newcomer(world)
      const preferenceId = await createPreference(host)
      const { id } = await payOnce(world, preferenceId)
      await pass(world, HOLD_MS - SECOND_MS)
      expect(await orderStatus(world, preferenceId)).toBe('approved')
      expect(await refundsOf(world, id)).toEqual([])
      await pass(world, 10 * SECOND_MS)
      expect(await orderOf(world, preferenceId)).toMatchObject({ status: 'refunded', refund_reason: 'no_valid_hold', class_id: null })
      expect(await atProvider(world, id)).toMatchObject({ status: 'refunded' })
      const late = await host.post('/api/booking', { ...nextSlot(), preferenceId })
      expect(late.status).toBe(409)
      expect(await json(late)).toEqual({ error: 'La preferencia de pago venció' })
    })

    it('confirms a booking that is made in time', async () => {
      const host = await newcomer(world)
      const preferenceId = await createPreference(host)
      await payOnce(world, preferenceId)
      await pass(world, HOLD_MS - MINUTE_MS)
      const booked = (await json(host.post('/api/booking', { ...nextSlot(), preferenceId }))) as { classId: string }
      await world.settle()
      expect(await classStatus(world, booked.classId)).toBe('scheduled')
      await pass(world, HOUR_MS)
      expect(await classStatus(world, booked.classId)).toBe('scheduled')
      expect(await orderStatus(world, preferenceId)).toBe('approved')
    })
  })

  it('no approved peso is silent (invariant 5)', () => expectNoSilentMoney(world))

  it('no two active classes overlap (invariant 1)', async () => {
    const [row] = await world.rows(`
      SELECT count(*)::int AS n FROM virtual_class a JOIN virtual_class b
        ON a.id < b.id AND a.teacher_id = b.teacher_id AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at
      WHERE a.status IN ('pending', 'scheduled') AND b.status IN ('pending', 'scheduled')`)
    expect(row).toEqual({ n: 0 })
  })

  it('the log names no person, code, link, token or secret', () => expectCleanLog(world, ['local-sandbox-secret']))

  async function expectTaken(rival: Awaited<ReturnType<typeof newcomer>>, { start, end }: Slot): Promise<void> {
    const answer = await rival.post('/api/checkout', { start, end })
    expect(answer.status).toBe(409)
    expect(await json(answer)).toMatchObject({ error: TAKEN })
  }
})
