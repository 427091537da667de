import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ProviderPayment } from '../../src/features/payment/provider.ts'
import { SECOND_MS } from '../../src/kernel/clock.ts'
import { classStatus, json, orderStatus } from '../support/booking.ts'
import { askedOfGoogle, expectCleanLog } from '../support/scene.ts'
import { openWorld, type World } from '../support/world.ts'
import {
  askedOfProvider,
  casesOf,
  classOf,
  codesOf,
  comingSlots,
  expectAnswer,
  expectNoSilentMoney,
  heldClass,
  leavesNothing,
  mercadoPagoSettings,
  notifyOrder,
  notifyPayment,
  orderOf,
  pay,
  payOnce,
  refundsOf,
  replacePort,
  setFault,
  stateOf,
} from './payment-scene.ts'

const PRICE_CENTAVOS = '1500000'

describe('what money does', () => {
  let world: World
  const nextSlot = comingSlots(() => world)

  beforeAll(async () => {
    world = await openWorld()
  })
  leavesNothing(() => world)
  afterAll(() => world.close())

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
      expect((await codesOf(world, classId)).join()).toMatch(/^[A-Z0-9]{8}$/)
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

    it('a preference that was paid is closed: nobody pays it twice by mistake', async () => {
      const { preferenceId } = await heldClass(world, nextSlot())
      await payOnce(world, preferenceId)
      await world.settle()
      expect(await askedOfProvider(world, 'PUT', `/checkout/preferences/${preferenceId}`)).toHaveLength(1)
      // Its end cannot lie before its beginning.
      world.clock.advance(SECOND_MS)
      await expect(pay(world, preferenceId)).rejects.toThrow('expired')
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
      expect(await codesOf(world, classId)).toHaveLength(1)
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
      const { host, preferenceId, classId } = await heldClass(world, nextSlot())
      await mercadoPagoSettings(world, { notificationsToDrop: 20 })
      const { id } = await payOnce(world, preferenceId)
      await mercadoPagoSettings(world, { notificationsToDrop: 0 })
      const restore = replacePort(world, { findPayments: withoutAmounts(world.deps.payments.findPayments) })
      await host.get(`/api/payments/${preferenceId}`)
      restore()
      expect(await stateOf(world, classId)).toBe('pending: paid')
      expect(await casesOf(world, id)).toEqual([])
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
