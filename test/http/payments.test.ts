import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ProviderPayment } from '../../src/features/payment/provider.ts'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/kernel/clock.ts'
import { checkout, classStatus, confirmedClass, json, orderStatus } from '../support/booking.ts'
import { askedOfGoogle, expectCleanLog, freshSlots, newcomer } from '../support/scene.ts'
import { openWorld, type World } from '../support/world.ts'
import { createPreference } from './booking-bench.ts'
import {
  askedOfProvider,
  casesOf,
  classOf,
  clearFaults,
  emptyLog,
  expectAnswer,
  expectNoSilentMoney,
  heldClass,
  mercadoPagoSettings,
  notifyOrder,
  notifyPayment,
  orderOf,
  payOnce,
  refundsOf,
  replacePort,
  setFault,
  stateOf,
} from './payment-scene.ts'

const PRICE_CENTAVOS = '1500000'

describe('what money does', () => {
  let world: World
  const nextSlot = freshSlots()

  beforeAll(async () => {
    world = await openWorld()
  })
  beforeEach(async () => {
    await world.settle()
    await emptyLog(world)
  })
  afterEach(async () => {
    await clearFaults(world)
    await world.control('/google/faults', undefined, 'DELETE')
  })
  afterAll(() => world.close())

  const codesOf = async (classId: string) =>
    (await world.rows<{ code: string }>('SELECT code FROM access_code WHERE class_id = $1', [classId])).map(({ code }) => code)
  const attempts = async (preferenceId: string) =>
    world.rows<{ id: string; status: string; role: string | null }>(
      'SELECT p.id, p.status, p.role FROM provider_payment p JOIN payment_order o ON o.id = p.order_id WHERE o.preference_id = $1 ORDER BY p.created_at, p.id',
      [preferenceId],
    )

  describe('not yet', () => {
    it('W9: an order without payments changes nothing', async () => {
      const { preferenceId, classId } = await heldClass(world, nextSlot())
      // The buyer looks at the checkout: the merchant order is opened, and announced.
      await fetch(`${world.deps.config.mercadoPago.apiUrl}/checkout/v1/redirect?pref_id=${preferenceId}`)
      const { orders } = (await world.control('/mercado-pago/orders')) as {
        orders: { id: number; preference_id: string; payments: unknown[] }[]
      }
      const order = orders.find((candidate) => candidate.preference_id === preferenceId)
      expect(order?.payments).toEqual([])
      await world.settle()
      await expectAnswer(notifyOrder(world, String(order?.id)), 200, { ok: true })
      await world.settle()
      expect(await stateOf(world, classId)).toBe('pending: held')
      expect(await orderOf(world, preferenceId)).toMatchObject({ status: 'pending', approved_at: null })
    })

    it('W10: payments that are pending or in process change nothing; approved later they confirm', async () => {
      const { preferenceId, classId } = await heldClass(world, nextSlot())
      const cash = await payOnce(world, preferenceId, { method: 'rapipago', force: true })
      await world.settle()
      expect(await attempts(preferenceId)).toMatchObject([{ status: 'pending', role: null }])
      await world.control(`/mercado-pago/payments/${cash.id}/status`, { status: 'in_process', detail: 'pending_review_manual' })
      await world.settle()
      expect(await stateOf(world, classId)).toBe('pending: held')
      expect(await orderStatus(world, preferenceId)).toBe('pending')
      await world.control(`/mercado-pago/payments/${cash.id}/approve`, {})
      await world.settle()
      expect(await classStatus(world, classId)).toBe('scheduled')
    })

    it('W11: when all are rejected the order says so and the hold goes on', async () => {
      const { preferenceId, classId, host, start } = await heldClass(world, nextSlot())
      await payOnce(world, preferenceId, { holder: 'FUND' })
      await payOnce(world, preferenceId, { holder: 'SECU' })
      await world.settle()
      expect(await orderStatus(world, preferenceId)).toBe('rejected')
      expect(await stateOf(world, classId)).toBe('pending: held')
      const { slots } = (await json(world.anonymous.get(`/api/availability?from=${start.slice(0, 10)}&to=${start.slice(0, 10)}`))) as {
        slots: { start: string; state: string }[]
      }
      expect(slots.find((slot) => slot.start === start)?.state ?? 'taken').toBe('taken')
      expect(await json(host.get('/api/my-classes'))).toMatchObject({ response: [], preparing: 0 })
    })
  })

  describe('approved', () => {
    it('W12, scenario D: rejected first, approved next, in the same preference', async () => {
      const { preferenceId, classId } = await heldClass(world, nextSlot())
      await payOnce(world, preferenceId, { holder: 'OTHE' })
      await world.settle()
      expect(await orderStatus(world, preferenceId)).toBe('rejected')
      const { id } = await payOnce(world, preferenceId)
      await world.settle()
      expect(await classStatus(world, classId)).toBe('scheduled')
      expect(await attempts(preferenceId)).toMatchObject([
        { status: 'rejected', role: null },
        { id, status: 'approved', role: 'primary' },
      ])
    })

    it('W13: everything that a confirmed class has, once', async () => {
      const { preferenceId, classId, host } = await heldClass(world, nextSlot(), { text: 'Viajes' })
      const before = await classOf(world, classId)
      await payOnce(world, preferenceId)
      await world.settle()
      const after = await classOf(world, classId)
      expect(after).toMatchObject({
        status: 'scheduled',
        price_centavos: before.price_centavos,
        hold_expires_at: null,
        learning_focus: 'Viajes',
      })
      expect(after.google_event_id).toBeTruthy()
      expect(after.meet_url).toMatch(/^https?:/)
      expect((await codesOf(classId)).join()).toMatch(/^[A-Z0-9]{8}$/)
      expect(await world.rows('SELECT rol, completed, task_id FROM participation WHERE class_id = $1', [classId])).toEqual([
        { rol: 'anfitrion', completed: false, task_id: null },
      ])
      const inserts = await askedOfGoogle(world, 'POST', '/events')
      expect(inserts.filter(({ status }) => status === 200)).toHaveLength(1)
      expect(await json(host.get('/api/my-classes'))).toMatchObject({
        response: [{ id: classId, rol: 'anfitrion', status: 'scheduled', currentParticipants: 1 }],
      })
      expect(await orderOf(world, preferenceId)).toMatchObject({ status: 'approved', amount_centavos: PRICE_CENTAVOS, class_id: classId })
    })

    it('instalments with interest make no difference: what we get counts, not what the buyer pays in the end', async () => {
      const { preferenceId, classId } = await heldClass(world, nextSlot())
      await payOnce(world, preferenceId, { installments: 12 })
      await world.settle()
      expect(await classStatus(world, classId)).toBe('scheduled')
    })

    it('W14: two halves are added up; the first one alone is a case that closes with the second', async () => {
      const { preferenceId, classId } = await heldClass(world, nextSlot())
      const first = await payOnce(world, preferenceId, { amount: 5000 })
      await world.settle()
      expect(await stateOf(world, classId)).toBe('pending: held')
      expect(await casesOf(world, first.id)).toEqual(['payment amount_mismatch'])
      const second = await payOnce(world, preferenceId, { amount: 10_000 })
      await world.settle()
      expect(await classStatus(world, classId)).toBe('scheduled')
      expect(await casesOf(world, first.id, second.id)).toEqual([])
      expect((await attempts(preferenceId)).map(({ role }) => role)).toEqual(['primary', 'primary'])
    })

    it('W16: paid twice, confirmed once with the first, the second goes back in full', async () => {
      const { preferenceId, classId, orderId } = await heldClass(world, nextSlot())
      const first = await payOnce(world, preferenceId)
      world.clock.advance(SECOND_MS)
      const second = await payOnce(world, preferenceId)
      await world.settle()
      expect(await classStatus(world, classId)).toBe('scheduled')
      expect(await codesOf(classId)).toHaveLength(1)
      expect(await refundsOf(world, first.id)).toEqual([])
      expect(await refundsOf(world, second.id)).toMatchObject([
        { reason: 'surplus_payment', state: 'approved', amount_centavos: PRICE_CENTAVOS },
      ])
      expect(await orderOf(world, preferenceId)).toMatchObject({
        status: 'approved',
        refunded_centavos: '0',
        refunded_at: null,
        refund_reason: null,
      })
      expect(await casesOf(world, first.id, second.id, orderId)).toEqual([])
    })
  })

  describe('does not fit', () => {
    it.each<[string, Record<string, unknown>, string]>([
      ['W14 below the price', { amount: 14_999.99 }, 'amount_mismatch'],
      ['W14 above the price', { amount: 15_000.01 }, 'amount_mismatch'],
      ['W15 another currency', { currency: 'USD' }, 'currency_mismatch'],
      ['W18 another reference', { externalReference: 'another-shop-42' }, 'reference_mismatch'],
      ['W18 another collector', { collectorId: 999 }, 'reference_mismatch'],
    ])('%s: nothing is scheduled and a person is told', async (_, how, reason) => {
      const { preferenceId, classId } = await heldClass(world, nextSlot())
      const odd = await payOnce(world, preferenceId, how)
      await world.settle()
      await notifyOrder(world, odd.orderNumber)
      await world.settle()
      expect(await stateOf(world, classId)).toBe('pending: held')
      expect(await orderStatus(world, preferenceId)).toBe('pending')
      expect(await casesOf(world, odd.id)).toEqual([`payment ${reason}`])
      const { response } = (await json((await world.admin()).get('/api/admin/payments?attention=1'))) as {
        response: Record<string, unknown>[]
      }
      expect(JSON.stringify(response)).toContain(reason)
      // A right payment afterwards confirms all the same.
      await payOnce(world, preferenceId)
      await world.settle()
      expect(await classStatus(world, classId)).toBe('scheduled')
    })

    it('W14: an amount that the search leaves out is read from the payment itself', async () => {
      const { preferenceId, classId } = await heldClass(world, nextSlot())
      await mercadoPagoSettings(world, { notificationsPaused: true })
      const { orderNumber } = await payOnce(world, preferenceId)
      const real = world.deps.payments
      const restore = replacePort(world, { findPayments: withoutAmounts(real.findPayments) })
      await notifyOrder(world, orderNumber)
      await world.settle()
      restore()
      await mercadoPagoSettings(world, { notificationsPaused: false })
      expect(await classStatus(world, classId)).toBe('scheduled')
    })

    it('W14: an amount that nobody tells is a case', async () => {
      const { preferenceId, classId } = await heldClass(world, nextSlot())
      await mercadoPagoSettings(world, { notificationsPaused: true })
      const { id, orderNumber } = await payOnce(world, preferenceId)
      const real = world.deps.payments
      const restore = replacePort(world, {
        findPayments: withoutAmounts(real.findPayments),
        getPayment: async (paymentId) => {
          const payment = await real.getPayment(paymentId)
          return payment.ok ? { ok: true, value: { ...payment.value, amount: null } } : payment
        },
      })
      await notifyOrder(world, orderNumber)
      await world.settle()
      expect(await stateOf(world, classId)).toBe('pending: held')
      expect(await casesOf(world, id)).toEqual(['payment amount_mismatch'])
      restore()
      await mercadoPagoSettings(world, { notificationsPaused: false })
    })

    it('money of another kind of operation is not matched either', async () => {
      const { preferenceId, classId, orderId } = await heldClass(world, nextSlot())
      await mercadoPagoSettings(world, { notificationsPaused: true })
      const { id } = await payOnce(world, preferenceId)
      const truth = await world.deps.payments.getPayment(id)
      if (!truth.ok) throw new Error(truth.reason)
      const transfer: ProviderPayment = { ...truth.value, operationType: 'money_transfer' }
      const restore = replacePort(world, {
        findPayments: async (order) => ({ ok: true, value: order === orderId ? [transfer] : [] }),
        getPayment: async () => ({ ok: true, value: transfer }),
      })
      await notifyPayment(world, id)
      await world.settle()
      expect(await stateOf(world, classId)).toBe('pending: held')
      expect(await casesOf(world, id)).toEqual(['payment reference_mismatch'])
      restore()
      await mercadoPagoSettings(world, { notificationsPaused: false })
    })

    it('an orphan that turns out to be ours pays its class, and its case closes', async () => {
      const { preferenceId, classId } = await heldClass(world, nextSlot())
      await mercadoPagoSettings(world, { notificationsPaused: true })
      const { id, orderNumber } = await payOnce(world, preferenceId, { externalReference: null })
      await setFault(world, 'merchant-order.get', { kind: 'error', status: 404, reason: 'not_found', count: 1 })
      await notifyPayment(world, id)
      await world.settle()
      expect(await casesOf(world, id)).toEqual(['payment unknown_preference'])
      await notifyOrder(world, orderNumber)
      await world.settle()
      await mercadoPagoSettings(world, { notificationsPaused: false })
      expect(await classStatus(world, classId)).toBe('scheduled')
      expect(await casesOf(world, id)).toEqual([])
    })
  })

  describe('Google has trouble', () => {
    it('W22, scenario F: the approval stays, the class waits with its notice, and is made once Google is back', async () => {
      const { preferenceId, classId, host } = await heldClass(world, nextSlot())
      await world.control('/google/faults', { route: 'events.insert', kind: 'error', status: 503, count: 4 })
      const { orderNumber } = await payOnce(world, preferenceId)
      await world.settle()
      await expectAnswer(notifyOrder(world, orderNumber), 200, { ok: true })
      await world.settle()
      expect(await orderStatus(world, preferenceId)).toBe('approved')
      expect(await stateOf(world, classId)).toBe('pending: paid')
      expect(await json(host.get('/api/my-classes'))).toMatchObject({ response: [], preparing: 1 })
      const page = await (await host.get('/inicio/mis-clases-virtuales')).text()
      expect(page).toContain('Tu pago fue aprobado. Estamos preparando el enlace de tu clase.')
      for (let round = 0; round < 12 && (await classStatus(world, classId)) === 'pending'; round++) {
        world.clock.advance(20 * MINUTE_MS)
        await world.settle()
        await notifyOrder(world, orderNumber)
      }
      expect(await classStatus(world, classId)).toBe('scheduled')
      const inserted = (await askedOfGoogle(world, 'POST', '/events')).filter(({ status }) => status === 200)
      expect(inserted).toHaveLength(1)
      expect(await codesOf(classId)).toHaveLength(1)
    })

    it('W23: an event without its video link is asked about until it has one', async () => {
      const { preferenceId, classId } = await heldClass(world, nextSlot())
      await world.control('/google/conference', { mode: 'pending', gets: 2, count: 1 })
      await payOnce(world, preferenceId)
      await world.settle()
      expect(await stateOf(world, classId)).toBe('pending: paid')
      for (let round = 0; round < 4 && (await classStatus(world, classId)) === 'pending'; round++) {
        world.clock.advance(10 * SECOND_MS)
        await world.settle()
      }
      expect(await classOf(world, classId)).toMatchObject({ status: 'scheduled', meet_url: expect.stringContaining('http') })
      const inserted = (await askedOfGoogle(world, 'POST', '/events')).filter(({ status }) => status === 200)
      expect(inserted).toHaveLength(1)
      await world.control('/google/conference', { mode: 'success' })
    })
  })

  describe('a process dies between commit and call', () => {
    it('while it reads the provider: the job is repeated and confirms once', async () => {
      const { preferenceId, classId } = await heldClass(world, nextSlot())
      await payOnce(world, preferenceId)
      const restore = replacePort(world, { findPayments: diesOnce(world.deps.payments.findPayments, 'before') })
      await world.settle()
      world.clock.advance(20 * SECOND_MS)
      await world.settle()
      restore()
      expect(await classStatus(world, classId)).toBe('scheduled')
      expect(await codesOf(classId)).toHaveLength(1)
    })

    it('after the event was made at Google and before it was written down: there is one event', async () => {
      const { preferenceId, classId } = await heldClass(world, nextSlot())
      const real = world.deps.calendar
      world.deps.calendar = { ...real, insertEvent: diesOnce(real.insertEvent, 'after') }
      await payOnce(world, preferenceId)
      await world.settle()
      expect(await stateOf(world, classId)).toBe('pending: paid')
      world.clock.advance(20 * SECOND_MS)
      await world.settle()
      world.deps.calendar = real
      expect(await classStatus(world, classId)).toBe('scheduled')
      const { events } = (await world.control('/google/events')) as { events: { id: string; status: string }[] }
      expect(events.filter((event) => event.id.startsWith(classId.replaceAll('-', '')) && event.status !== 'cancelled')).toHaveLength(1)
    })

    it('an order that cannot be decided keeps no other order waiting', async () => {
      const [poisoned, sound] = [await heldClass(world, nextSlot()), await heldClass(world, nextSlot())]
      await mercadoPagoSettings(world, { notificationsPaused: true })
      await payOnce(world, sound.preferenceId)
      const real = world.deps.payments.findPayments
      const restore = replacePort(world, {
        findPayments: async (orderId) => {
          if (orderId === poisoned.orderId) throw new Error('a bug')
          return real(orderId)
        },
      })
      world.clock.advance(MINUTE_MS)
      await world.settle()
      expect(await classStatus(world, sound.classId)).toBe('scheduled')
      restore()
      await payOnce(world, poisoned.preferenceId)
      world.clock.advance(6 * MINUTE_MS)
      await world.settle()
      await mercadoPagoSettings(world, { notificationsPaused: false })
      expect(await classStatus(world, poisoned.classId)).toBe('scheduled')
    })
  })

  describe('GET /api/payments (4.13)', () => {
    it('lists only own payments, newest first, numbered from 1', async () => {
      const host = await newcomer(world)
      const paid = await confirmedClass(world, host, nextSlot(), { isGroupClass: true, studentsCount: 2 })
      world.clock.advance(SECOND_MS)
      const unpaid = await checkout(host, nextSlot())
      const { response } = (await json(host.get('/api/payments'))) as { response: Record<string, unknown>[] }
      expect(response).toEqual([
        {
          number: 2,
          preferenceId: unpaid.preferenceId,
          amount: 15000,
          currency: 'ARS',
          status: 'pending',
          type: 'individual',
          participants: 1,
          createdAt: expect.stringMatching(/Z$/),
          approvedAt: null,
          refundedAmount: 0,
          refundedAt: null,
          classId: unpaid.classId,
          classStartTime: expect.stringMatching(/Z$/),
        },
        expect.objectContaining({
          number: 1,
          preferenceId: paid.preferenceId,
          amount: 30000,
          status: 'approved',
          type: 'grupal',
          participants: 2,
        }),
      ])
      expect(await json((await newcomer(world)).get('/api/payments'))).toEqual({ response: [] })
      await expectAnswer(world.anonymous.get('/api/payments'), 401, { error: 'Unauthorized' })
    })
  })

  describe('GET /api/payments/{preferenceId} (4.13)', () => {
    it('tells the state of an own payment and its class', async () => {
      const { host, preferenceId, classId, orderId, holdExpiresAt } = await heldClass(world, nextSlot())
      const path = `/api/payments/${preferenceId}`
      const held = {
        preferenceId,
        status: 'pending',
        amount: 15000,
        currency: 'ARS',
        paymentId: null,
        externalReference: orderId,
        classId,
        classStatus: 'pending',
        holdExpiresAt,
      }
      expect((await json(host.get(path))).response).toMatchObject(held)
      const { id } = await payOnce(world, preferenceId)
      await world.settle()
      const answer = await host.get(path)
      expect(answer.headers.get('cache-control')).toBe('no-store')
      expect((await json(answer)).response).toMatchObject({
        ...held,
        status: 'approved',
        paymentId: id,
        classStatus: 'scheduled',
        holdExpiresAt: null,
      })
    })

    it('answers 404 for what is unknown, of somebody else, or no id at all', async () => {
      const { preferenceId } = await heldClass(world, nextSlot())
      const other = await newcomer(world)
      for (const id of [preferenceId, 'unknown', '%00', 'a%00b', '%F0%9F%98%80', 'x'.repeat(3_000), "' OR 1=1--"]) {
        await expectAnswer(other.get(`/api/payments/${id}`), 404, { error: 'No se encontró el pago' })
      }
      await expectAnswer(world.anonymous.get(`/api/payments/${preferenceId}`), 401, { error: 'Unauthorized' })
    })

    it('asks the provider while the payment is pending, so that a lost notification does not matter', async () => {
      const { host, preferenceId } = await heldClass(world, nextSlot())
      await mercadoPagoSettings(world, { notificationsToDrop: 10 })
      await payOnce(world, preferenceId)
      await mercadoPagoSettings(world, { notificationsToDrop: 0 })
      expect((await json(host.get(`/api/payments/${preferenceId}`))).response).toMatchObject({ status: 'approved', classStatus: 'pending' })
      await world.settle()
      expect((await json(host.get(`/api/payments/${preferenceId}`))).response).toMatchObject({ classStatus: 'scheduled' })
    })

    it('asks at most once in five seconds, however often and however many ask, and also while the provider is silent', async () => {
      const { host, preferenceId, orderId } = await heldClass(world, nextSlot())
      const searches = async () =>
        (await askedOfProvider(world, 'GET', '/v1/payments/search')).filter(({ path }) => path.includes(orderId)).length
      const path = `/api/payments/${preferenceId}`
      await Promise.all([host.get(path), host.get(path), host.get(path)])
      await host.get(path)
      expect(await searches()).toBe(1)
      world.clock.advance(5 * SECOND_MS)
      await setFault(world, 'payment.search', { kind: 'error', status: 503, count: 50 })
      await Promise.all([host.get(path), host.get(path)])
      world.clock.advance(4 * SECOND_MS)
      expect((await host.get(path)).status).toBe(200)
      expect(await searches()).toBe(2)
      world.clock.advance(SECOND_MS)
      await host.get(path)
      expect(await searches()).toBe(3)
    })

    it('asks nobody about a payment that is settled', async () => {
      const { host, preferenceId, orderId } = await heldClass(world, nextSlot())
      await payOnce(world, preferenceId)
      await world.settle()
      await emptyLog(world)
      world.clock.advance(HOUR_MS)
      await host.get(`/api/payments/${preferenceId}`)
      expect((await askedOfProvider(world)).filter(({ path }) => path.includes(orderId))).toEqual([])
    })

    it('W26: money before the booking is approved, and waits', async () => {
      const host = await newcomer(world)
      const preferenceId = await createPreference(host)
      await payOnce(world, preferenceId)
      await world.settle()
      expect((await json(host.get(`/api/payments/${preferenceId}`))).response).toMatchObject({
        status: 'approved',
        classId: null,
        classStatus: null,
        holdExpiresAt: null,
      })
      const booked = await host.post('/api/booking', { ...nextSlot(), preferenceId })
      expect(booked.status).toBe(200)
      await world.settle()
      expect((await json(host.get(`/api/payments/${preferenceId}`))).response).toMatchObject({ classStatus: 'scheduled' })
    })
  })

  it('no approved peso is silent (invariant 5)', () => expectNoSilentMoney(world))

  it('the log names no person, code, link, token or secret', () => expectCleanLog(world, ['local-sandbox-secret']))
})

type FindPayments = World['deps']['payments']['findPayments']

function withoutAmounts(find: FindPayments): FindPayments {
  return async (orderId) => {
    const found = await find(orderId)
    return found.ok ? { ok: true, value: found.value.map((payment) => ({ ...payment, amount: null })) } : found
  }
}

/** The first call ends in the death of its process, before it reaches the provider or after the provider has done its part. */
function diesOnce<Arguments extends unknown[], Answer>(
  call: (...given: Arguments) => Promise<Answer>,
  when: 'before' | 'after',
): (...given: Arguments) => Promise<Answer> {
  let alive = true
  return async (...given) => {
    const dying = alive
    alive = false
    if (dying && when === 'before') throw new Error('the process died')
    const answer = await call(...given)
    if (dying) throw new Error('the process died')
    return answer
  }
}
