import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DAY_MS, HOUR_MS } from '../../src/kernel/clock.ts'
import { json } from '../support/booking.ts'
import { expectCleanLog } from '../support/scene.ts'
import { type Client, openWorld, type World } from '../support/world.ts'
import {
  askedOfProvider,
  comingSlots,
  emptyLog,
  expectAnswer,
  heldClass,
  notifyOrder,
  notifyPayment,
  type Paid,
  paidClass,
  pass,
  payOnce,
  replacePort,
} from './payment-scene.ts'

/** Everything that is stored about an order, but when it was last asked about. */
async function facts(world: World, orderId: string): Promise<unknown> {
  const read = (text: string) => world.rows(text, [orderId])
  return {
    order: await read('SELECT status, approved_at, refunded_centavos, refunded_at, refund_reason FROM payment_order WHERE id = $1'),
    payments: await read(
      'SELECT id, status, status_detail, refunded_centavos, role, approved_at FROM provider_payment WHERE order_id = $1 ORDER BY id',
    ),
    refunds: await read('SELECT id, state, attempts, provider_refund_id FROM refund WHERE order_id = $1 ORDER BY id'),
    chargeBacks: await read('SELECT payment_id, state, decided_at FROM charge_back WHERE order_id = $1'),
    theClass: await read(
      'SELECT c.status, c.cancel_reason, c.google_event_id FROM virtual_class c JOIN payment_order o ON o.class_id = c.id WHERE o.id = $1',
    ),
    cases: await read(
      `SELECT count(*)::int AS n FROM attention_case WHERE subject_id = $1::text OR subject_id IN (SELECT id FROM provider_payment WHERE order_id::text = $1::text)`,
    ),
    // A reminder follows from the hour, not from what the provider says.
    notices: await read(
      "SELECT count(*)::int AS n FROM notice n JOIN payment_order o ON o.class_id = n.class_id WHERE o.id = $1 AND n.kind NOT LIKE 'reminder%'",
    ),
  }
}

describe('the terminal outcome of a payment is stored, and late duplicates get it again', () => {
  let world: World
  let admin: Client
  const nextSlot = comingSlots(() => world)
  beforeAll(async () => {
    world = await openWorld()
    admin = await world.admin()
  })
  afterAll(() => world.close())

  type Scene = Omit<Paid, 'paymentId'> & { paymentId: string }
  const outcomes: [string, () => Promise<Scene>][] = [
    ['approved', () => paidClass(world, nextSlot())],
    [
      'rejected',
      async () => {
        const held = await heldClass(world, nextSlot())
        const { id } = await payOnce(world, held.preferenceId, { holder: 'FUND' })
        await pass(world, HOUR_MS)
        return { ...held, paymentId: id }
      },
    ],
    [
      'refunded by us',
      async () => {
        const paid = await paidClass(world, nextSlot())
        await admin.post(`/api/admin/payments/${paid.orderId}/refund`)
        return paid
      },
    ],
    [
      'refunded at the provider',
      async () => {
        const paid = await paidClass(world, nextSlot())
        await world.control(`/mercado-pago/payments/${paid.paymentId}/refund`, {})
        return paid
      },
    ],
    [
      'charged back and lost',
      async () => {
        const paid = await paidClass(world, nextSlot())
        await world.control(`/mercado-pago/payments/${paid.paymentId}/chargeback`, {})
        await world.settle()
        await world.control(`/mercado-pago/payments/${paid.paymentId}/chargeback`, { outcome: 'settled' })
        return paid
      },
    ],
    [
      'paid too late, and given back',
      async () => {
        const held = await heldClass(world, nextSlot())
        await held.host.post(`/api/classes/${held.classId}/cancel`)
        const { id } = await payOnce(world, held.preferenceId, { force: true })
        return { ...held, paymentId: id }
      },
    ],
  ]

  it.each(outcomes)('%s', async (_, scene) => {
    // What the provider said of the payment at the very first is what a late duplicate, or a replica that lags, says again.
    const seen: Awaited<ReturnType<World['deps']['payments']['getPayment']>>[] = []
    const real = world.deps.payments
    const stopWatching = replacePort(world, {
      findPayments: async (orderId) => {
        const found = await real.findPayments(orderId)
        if (found.ok) seen.push(...found.value.map((value) => ({ ok: true as const, value })))
        return found
      },
    })
    const { paymentId, orderId, preferenceId, host } = await scene()
    await world.settle()
    stopWatching()
    const before = await facts(world, orderId)
    const shown = await json(host.get(`/api/payments/${preferenceId}`))
    await emptyLog(world)

    const { payment } = (await world.control(`/mercado-pago/payments/${paymentId}`)) as { payment: { order: { id: string } } }
    for (let duplicate = 0; duplicate < 3; duplicate++) {
      await expectAnswer(notifyPayment(world, paymentId), 200, { ok: true })
      await notifyOrder(world, payment.order.id)
      await world.settle()
    }
    const first = seen.find((view) => view.ok && view.value.id === paymentId)
    if (first?.ok) {
      const lag = replacePort(world, { getPayment: async () => first, findPayments: async () => ({ ok: true, value: [first.value] }) })
      await notifyPayment(world, paymentId)
      await world.settle()
      lag()
    }
    await pass(world, DAY_MS)
    expect(await facts(world, orderId)).toEqual(before)
    expect(await json(host.get(`/api/payments/${preferenceId}`))).toEqual(shown)
    const writes = (await askedOfProvider(world)).filter(
      ({ method, path }) => method !== 'GET' && (path.includes(paymentId) || path.includes(preferenceId)),
    )
    expect(writes).toEqual([])
  })

  it('the log names no person, code, link, token or secret', () => expectCleanLog(world, ['local-sandbox-secret']))
})
