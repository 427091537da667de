import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HOUR_MS } from '../../src/kernel/clock.ts'
import { REFUSED_AFTERWARDS, REFUSED_AT_FIRST, refundAPart, refusedBy } from '../support/money-steps.ts'
import { openWorld, type World } from '../support/world.ts'
import { comingSlots, heldClass, type Paid, paidClass, pass, payOnce, stateOf } from './payment-scene.ts'

describe('money only moves forward, whoever writes to the database', () => {
  let world: World
  let paid: Paid
  const nextSlot = comingSlots(() => world)
  beforeAll(async () => {
    world = await openWorld()
    paid = await paidClass(world, nextSlot())
  })
  afterAll(() => world.close())

  describe.each([
    ['at first', REFUSED_AT_FIRST],
    ['after a refund', REFUSED_AFTERWARDS],
  ])('%s', (when, attempts) => {
    beforeAll(async () => {
      if (when !== 'at first') await refundAPart(world, paid.orderId, paid.paymentId)
    })
    it.each(attempts.map(([what, statement, rule]) => ({ what, statement, rule })))('refuses $what', async ({ statement, rule }) => {
      expect(await refusedBy(world, statement, [paid.orderId, paid.paymentId])).toBe(rule)
    })
  })

  it('a charge-back opens, is lost, is won, and a decision is not taken back', async () => {
    const disputed = await paidClass(world, nextSlot())
    const chargeBack = () =>
      world.rows('SELECT state, decided_at IS NOT NULL AS decided FROM charge_back WHERE payment_id = $1', [disputed.paymentId])
    const says = async (outcome?: string) => {
      await world.control(`/mercado-pago/payments/${disputed.paymentId}/chargeback`, outcome ? { outcome } : {})
      await pass(world, HOUR_MS)
    }
    expect(await chargeBack()).toEqual([])
    await says()
    expect(await chargeBack()).toEqual([{ state: 'open', decided: false }])
    await says('settled')
    expect(await chargeBack()).toEqual([{ state: 'lost', decided: true }])
    await says('reimbursed')
    expect(await chargeBack()).toEqual([{ state: 'won', decided: true }])
    for (const [change, rule] of [
      [`state = 'lost'`, 'charge_back_step'],
      [`state = 'open', decided_at = NULL`, 'charge_back_step'],
      ['amount_centavos = 1', 'charge_back_fixed'],
    ]) {
      expect(await refusedBy(world, `UPDATE charge_back SET ${change} WHERE payment_id = $1`, [disputed.paymentId])).toBe(rule)
    }
    expect(await refusedBy(world, 'DELETE FROM charge_back WHERE payment_id = $1', [disputed.paymentId])).toBe('never_deleted')
  })

  it('every cancellation is a row, also one that a late payment took back; at most one stands', async () => {
    const held = await heldClass(world, nextSlot())
    const cancellations = () =>
      world.rows(
        'SELECT ordinal, reason, revived_at IS NOT NULL AS revived, by_id IS NOT NULL AS by_person FROM class_cancellation WHERE class_id = $1 ORDER BY ordinal',
        [held.classId],
      )
    await pass(world, HOUR_MS)
    expect(await cancellations()).toEqual([{ ordinal: 1, reason: 'hold_expired', revived: false, by_person: false }])
    await payOnce(world, held.preferenceId, { force: true })
    await pass(world, HOUR_MS)
    expect(await stateOf(world, held.classId)).toBe('scheduled')
    expect(await cancellations()).toEqual([{ ordinal: 1, reason: 'hold_expired', revived: true, by_person: false }])
    await held.host.post(`/api/classes/${held.classId}/cancel`)
    await world.settle()
    expect(await cancellations()).toEqual([
      { ordinal: 1, reason: 'hold_expired', revived: true, by_person: false },
      { ordinal: 2, reason: 'host_cancelled', revived: false, by_person: true },
    ])
    const again = `INSERT INTO class_cancellation (class_id, ordinal, reason, cancelled_at) VALUES ($1, 3, 'host_cancelled', now())`
    expect(await refusedBy(world, again, [held.classId])).toBe('class_cancellation_stands')
    const revived = `UPDATE virtual_class SET status = 'pending', cancelled_at = NULL, cancel_reason = NULL WHERE id = $1`
    expect(await refusedBy(world, revived, [held.classId])).toBe('virtual_class_step')
  })

  it('a statement that does not add up cannot be written', async () => {
    const row = (state: string, more: string) =>
      refusedBy(
        world,
        `INSERT INTO daily_statement (day, state, made_at, ${more.split('=')[0]}) VALUES ('2020-01-01', $1, now(), ${more.split('=')[1]})`,
        [state],
      )
    expect(await row('unread', 'approved_centavos=1')).toBe('daily_statement_equation')
    expect(await row('balanced', 'provider_approved_centavos=1')).toBe('daily_statement_balanced')
    expect(await row('balanced', `differences='[{"kind": "x"}]'`)).toBe('daily_statement_balanced')
    expect(await row('perfect', 'looks=0')).toBe('daily_statement_state')
    expect(await row('unread', 'looks=0')).toBeNull()
  })
})
