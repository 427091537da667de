import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { paidClass } from '../http/payment-scene.ts'
import { REFUSED_AFTERWARDS, REFUSED_AT_FIRST, refundAPart, refusedBy } from '../support/money-steps.ts'
import { freshSlots } from '../support/scene.ts'
import { openWorld, type World } from '../support/world.ts'

describe('money only moves forward on a PostgreSQL server, too', () => {
  let world: World
  const slots = freshSlots()
  beforeAll(async () => {
    world = await openWorld({ postgresUrl: inject('postgresUrl') })
  })
  afterAll(() => world.close())

  it('every step that is refused in the embedded database is refused here by the same rule', async () => {
    const { orderId, paymentId } = await paidClass(world, slots())
    const refused = async (attempts: typeof REFUSED_AT_FIRST) =>
      Promise.all(attempts.map(async ([what, statement]) => [what, await refusedBy(world, statement, [orderId, paymentId])]))
    expect(await refused(REFUSED_AT_FIRST)).toEqual(REFUSED_AT_FIRST.map(([what, , rule]) => [what, rule]))
    await refundAPart(world, orderId, paymentId)
    expect(await refused(REFUSED_AFTERWARDS)).toEqual(REFUSED_AFTERWARDS.map(([what, , rule]) => [what, rule]))
  })

  // The control: without the rule the same ten get through together, so this rig can fail.
  it.each([
    ['with the sum of refunds checked under the lock of the payment', [], 1],
    ['without that check', ['DROP TRIGGER refund_within_payment ON refund'], 10],
  ])('ten refunds of the whole payment at once, %s', async (_, removed, expected) => {
    const { orderId, paymentId } = await paidClass(world, slots())
    await world.rows('ALTER TABLE refund DROP CONSTRAINT IF EXISTS refund_once')
    for (const statement of removed) await world.rows(statement)
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, () =>
        refusedBy(
          world,
          `INSERT INTO refund (id, payment_id, order_id, amount_centavos, reason, created_at, updated_at)
           SELECT gen_random_uuid(), id, order_id, amount_centavos, 'admin_refund', now(), now() FROM provider_payment WHERE order_id = $1 AND id = $2`,
          [orderId, paymentId],
        ),
      ),
    )
    expect(outcomes.filter((refusal) => refusal === null)).toHaveLength(expected)
    expect(new Set(outcomes.filter((refusal) => refusal !== null))).toEqual(new Set(expected === 1 ? ['refund_within_payment'] : []))
  })
})
