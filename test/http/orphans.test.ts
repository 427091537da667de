import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/kernel/clock.ts'
import { json, orderStatus } from '../support/booking.ts'
import { type Client, openWorld, type World } from '../support/world.ts'
import {
  askedOfProvider,
  casesOf,
  clearFaults,
  comingSlots,
  emptyLog,
  expectAnswer,
  expectNoSilentMoney,
  heldClass,
  leavesNothing,
  mercadoPagoSettings,
  notifyOrder,
  notifyPayment,
  pass,
  payOnce,
  refundsAtProvider,
  refundsOf,
  setFault,
  stateOf,
} from './payment-scene.ts'

/** W18: a payment that names no order is found by its preference, which its merchant order tells, unless Mercado Pago does not know that just now. */
describe('money that names no order', () => {
  let world: World
  let admin: Client
  const nextSlot = comingSlots(() => world)

  beforeAll(async () => {
    world = await openWorld()
    admin = await world.admin()
  })
  leavesNothing(() => world)
  afterAll(() => world.close())

  const roleOf = async (paymentId: string) =>
    (
      await world.rows<{ order_id: string | null; role: string | null }>('SELECT order_id, role FROM provider_payment WHERE id = $1', [
        paymentId,
      ])
    )[0]
  const withoutMerchantOrder = () => setFault(world, 'merchant-order.get', { status: 404, count: 1 })

  it('and pays a class stays what it is, although its merchant order is not to be seen when it is told of again', async () => {
    const held = await heldClass(world, nextSlot())
    const paid = await payOnce(world, held.preferenceId, { externalReference: null })
    await world.settle()
    expect(await stateOf(world, held.classId)).toMatch(/^scheduled/)
    await withoutMerchantOrder()
    await notifyPayment(world, paid.id)
    await world.settle()
    expect(await roleOf(paid.id)).toEqual({ order_id: held.orderId, role: 'primary' })
    expect(await casesOf(world, paid.id, held.orderId)).toEqual([])
    await expectAnswer(admin.post(`/api/admin/payments/${paid.id}/refund`), 409, { error: 'El pago no está aprobado' })
    expect(await refundsOf(world, paid.id)).toEqual([])
  })

  it('and went back outside the product cancels the class that it paid, although only its number tells whose it is', async () => {
    const held = await heldClass(world, nextSlot())
    const paid = await payOnce(world, held.preferenceId, { externalReference: null })
    await world.settle()
    await setFault(world, 'merchant-order.get', { status: 404, count: 50 })
    await world.control(`/mercado-pago/payments/${paid.id}/refund`, {})
    await world.settle()
    expect(await stateOf(world, held.classId)).toBe('cancelled: payment_refunded')
    expect(await orderStatus(world, held.preferenceId)).toBe('refunded')
  })

  it('and whose merchant order is known a moment later pays its class', async () => {
    const held = await heldClass(world, nextSlot())
    await mercadoPagoSettings(world, { notificationsToDrop: 1_000 })
    const paid = await payOnce(world, held.preferenceId, { externalReference: null })
    await setFault(world, 'merchant-order.get', { status: 404, count: 3 })
    await notifyPayment(world, paid.id)
    await world.settle()
    expect(await casesOf(world, paid.id)).toEqual(['payment unknown_preference'])
    for (let round = 0; round < 4; round++) await pass(world, 30 * SECOND_MS)
    expect(await stateOf(world, held.classId)).toMatch(/^scheduled/)
    expect(await casesOf(world, paid.id)).toEqual([])
  })

  it('and belongs to nobody is asked about for an hour, and no longer', async () => {
    await mercadoPagoSettings(world, { notificationsToDrop: 1_000 })
    const held = await heldClass(world, nextSlot())
    const paid = await payOnce(world, held.preferenceId, { externalReference: null })
    await setFault(world, 'merchant-order.get', { status: 404, count: 1_000 })
    await notifyPayment(world, paid.id)
    await world.settle()
    for (let round = 0; round < 6; round++) await pass(world, 20 * MINUTE_MS)
    await emptyLog(world)
    for (let round = 0; round < 6; round++) await pass(world, 20 * MINUTE_MS)
    expect(await askedOfProvider(world, 'GET', '/merchant_orders/')).toEqual([])
    expect(await casesOf(world, paid.id)).toEqual(['payment unknown_preference'])
    await expectAnswer(admin.post(`/api/admin/payments/${paid.id}/refund`), 200, { success: true })
    expect(await casesOf(world, paid.id)).toEqual([])
  })

  it('and is on its way back buys no class when its order is found', async () => {
    const held = await heldClass(world, nextSlot())
    await mercadoPagoSettings(world, { notificationsToDrop: 1_000 })
    const paid = await payOnce(world, held.preferenceId, { externalReference: null })
    await withoutMerchantOrder()
    await notifyPayment(world, paid.id)
    await world.settle()
    await clearFaults(world)
    expect(await roleOf(paid.id)).toEqual({ order_id: null, role: 'orphan' })
    await setFault(world, 'refund.create', { kind: 'error', status: 503, count: 1 })
    expect((await admin.post(`/api/admin/payments/${paid.id}/refund`)).status).toBe(503)
    await clearFaults(world)
    await notifyOrder(world, paid.orderNumber)
    await world.settle()
    expect(await stateOf(world, held.classId)).toBe('pending: held')
    for (let round = 0; round < 4; round++) await pass(world, 15 * SECOND_MS)
    expect(await refundsAtProvider(world, paid.id)).toHaveLength(1)
    expect(await refundsOf(world, paid.id)).toMatchObject([{ state: 'approved' }])
    for (let round = 0; round < 2; round++) await pass(world, HOUR_MS)
    expect(await stateOf(world, held.classId)).toBe('cancelled: hold_expired')
    expect(await casesOf(world, paid.id, held.orderId)).toEqual([])
  })

  it('an order that is called paid, and that no payment pays, is a case while its class is to come', async () => {
    const held = await heldClass(world, nextSlot())
    const paid = await payOnce(world, held.preferenceId)
    await world.settle()
    // Never done by the product: an operator, or a mistake that nobody has thought of.
    await world.rows(`UPDATE provider_payment SET role = NULL, currency = 'USD' WHERE id = $1`, [paid.id])
    await mercadoPagoSettings(world, { notificationsToDrop: 1_000 })
    await world.control(`/mercado-pago/payments/${paid.id}/refund`, {})
    await world.rows(
      `UPDATE provider_payment SET status = 'refunded', refunded_centavos = amount_centavos, provider_updated_at = '2100-01-01' WHERE id = $1`,
      [paid.id],
    )
    await json(held.host.get(`/api/payments/${held.preferenceId}`))
    await notifyPayment(world, paid.id)
    await world.settle()
    expect(await casesOf(world, held.orderId)).toEqual(['order payment_differs'])
  })

  it('no approved peso is silent (invariant 5)', () => expectNoSilentMoney(world))
})
