import { afterAll, beforeAll, expect, it } from 'vitest'
import { MINUTE_MS } from '../../src/kernel/clock.ts'
import { checkout } from '../support/booking.ts'
import { atMercadoPago } from '../support/books.ts'
import { breaches } from '../support/invariants.ts'
import { freshSlots, newcomer } from '../support/scene.ts'
import { openWorld, type World } from '../support/world.ts'

let world: World
const slotOf = freshSlots('2026-11-30')
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

async function booked(): Promise<{ preferenceId: string; orderId: string }> {
  const { preferenceId } = await checkout(await newcomer(world), slotOf())
  const [order] = await world.rows<{ id: string }>('SELECT id FROM payment_order WHERE preference_id = $1', [preferenceId])
  return { preferenceId, orderId: order?.id ?? '' }
}

it.each(['of the payment', 'of its merchant order'])(
  'money made with one preference in the name of another order is answered for, heard of by the notification %s',
  async (which) => {
    const [theirs, mine] = [await booked(), await booked()]
    await world.control('/mercado-pago/pay', { preferenceId: theirs.preferenceId })
    await world.settle()
    if (which === 'of its merchant order') await world.control('/mercado-pago/settings', { notificationsToDrop: 10 }, 'PATCH')
    const { payment } = (await world.control('/mercado-pago/pay', {
      preferenceId: mine.preferenceId,
      externalReference: theirs.orderId,
    })) as {
      payment: { order: { id: number } }
    }
    if (which === 'of its merchant order') {
      const url = `${world.deps.config.baseUrl}/api/mercado-pago/webhook?source_news=ipn`
      const forged = { url, format: 'ipn', type: 'merchant_order', id: String(payment.order.id), signature: 'none' }
      expect(await world.control('/mercado-pago/notifications/forge', forged)).toMatchObject({ answer: { status: 200 } })
    }
    await world.settle()
    expect(await breaches(world)).toEqual([])
    // Also once the order that it names was given back: what was not made with its preference is none of its payments.
    const [named] = await world.rows<{ class_id: string }>('SELECT class_id FROM payment_order WHERE id = $1', [theirs.orderId])
    expect((await (await world.admin()).post(`/api/classes/${named?.class_id}/cancel`)).status).toBe(200)
    await world.settle()
    expect(await breaches(world)).toEqual([])
  },
)

it.each([false, true])(
  'a refund that Mercado Pago took and did not make is made anew; a part of it went back by hand: %s',
  async (byHand) => {
    await world.control('/mercado-pago/settings', { notificationsToDrop: 0 }, 'PATCH')
    const { preferenceId, orderId } = await booked()
    const { payment } = (await world.control('/mercado-pago/pay', { preferenceId })) as { payment: { id: number } }
    await world.settle()
    const admin = await world.admin()
    if (byHand) await world.control(`/mercado-pago/payments/${payment.id}/refund`, { amount: 1_000 })
    await world.settle()
    await world.control('/mercado-pago/settings', { refundsInProcess: true }, 'PATCH')
    await admin.post(`/api/admin/payments/${orderId}/refund`)
    await world.settle()
    await world.control('/mercado-pago/settings', { refundsInProcess: false }, 'PATCH')
    const asked = await ofPayment(payment.id)
    await world.control(`/mercado-pago/payments/${payment.id}/refunds/${asked.at(-1)?.id}/settle`, { status: 'rejected' })
    world.clock.advance(MINUTE_MS)
    await world.settle()
    const [failed] = await world.rows<{ id: string }>(`SELECT id FROM attention_case WHERE resolved_at IS NULL AND subject = 'refund'`)
    await admin.post(`/admin/casos/${failed?.id}/reintentar`)
    await world.settle()
    const back = byHand
      ? [
          [1_000, 'approved'],
          [14_000, 'rejected'],
          [14_000, 'approved'],
        ]
      : [
          [15_000, 'rejected'],
          [15_000, 'approved'],
        ]
    expect((await ofPayment(payment.id)).map(({ amount, status }) => [amount, status])).toEqual(back)
    expect(await breaches(world)).toEqual([])
  },
)

async function ofPayment(paymentId: number) {
  return (await atMercadoPago(world)).payments.find(({ id }) => id === paymentId)?.refunds ?? []
}
