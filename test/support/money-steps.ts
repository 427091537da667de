import type { World } from './world.ts'

/** What somebody with a console might try: [what, statement, name of the rule that refuses it]. `$1` is the order, `$2` its payment. */
type Attempt = [what: string, statement: string, rule: string]

const NOW = `timestamptz '2026-11-24T12:00:00Z'`
const insertRefund = (id: string, amount: string, state = 'requested') =>
  `INSERT INTO refund (id, payment_id, order_id, amount_centavos, reason, state, created_at, updated_at)
   SELECT '${id}', p.id, p.order_id, ${amount}, 'admin_refund', '${state}', ${NOW}, ${NOW} FROM provider_payment p WHERE p.id = $2 AND p.order_id = $1`

const REFUND = '11111111-1111-4111-8111-111111111111'
const ANOTHER = '22222222-2222-4222-8222-222222222222'

/** Before any refund exists. */
export const REFUSED_AT_FIRST: readonly Attempt[] = [
  ['a refund of more than was paid', insertRefund(REFUND, 'p.amount_centavos + 1'), 'refund_within_payment'],
  ['a refund of nothing', insertRefund(REFUND, '0'), 'refund_amount'],
  ['a refund that begins as made', insertRefund(REFUND, '1', 'approved'), 'refund_begins_requested'],
  ['a refund in an unknown state', insertRefund(REFUND, '1', 'lost'), 'refund_begins_requested'],
  [
    'an order refunded for more than its price',
    `UPDATE payment_order SET refunded_centavos = amount_centavos + 1 WHERE id = $1 AND $2 <> ''`,
    'payment_order_refunded_max',
  ],
  [
    'an approved order that is pending again',
    `UPDATE payment_order SET status = 'pending' WHERE id = $1 AND $2 <> ''`,
    'payment_order_step',
  ],
  ['an approved order that was rejected', `UPDATE payment_order SET status = 'rejected' WHERE id = $1 AND $2 <> ''`, 'payment_order_step'],
  ['another price', `UPDATE payment_order SET amount_centavos = 1 WHERE id = $1 AND $2 <> ''`, 'payment_order_fixed'],
  ['an order that is deleted', `DELETE FROM payment_order WHERE id = $1 AND $2 <> ''`, 'never_deleted'],
  ['a payment that is deleted', `DELETE FROM provider_payment WHERE order_id = $1 AND id = $2`, 'never_deleted'],
  [
    'an approval that is un-seen',
    `UPDATE provider_payment SET approved_at = NULL WHERE order_id = $1 AND id = $2`,
    'provider_payment_step',
  ],
  [
    'a payment given back beyond its amount',
    `UPDATE provider_payment SET refunded_centavos = amount_centavos + 1 WHERE order_id = $1 AND id = $2`,
    'provider_payment_refunded',
  ],
  [
    'a charge-back of more than was paid',
    `INSERT INTO charge_back (payment_id, order_id, amount_centavos, state, opened_at, updated_at)
     SELECT id, order_id, amount_centavos + 1, 'open', ${NOW}, ${NOW} FROM provider_payment WHERE order_id = $1 AND id = $2`,
    'charge_back_within_payment',
  ],
]

/** Once a refund of part of the payment is made. */
export const REFUSED_AFTERWARDS: readonly Attempt[] = [
  ['a second refund of the payment', insertRefund(ANOTHER, '1'), 'refund_once'],
  ['a made refund that is asked for again', `UPDATE refund SET state = 'requested' WHERE order_id = $1 AND payment_id = $2`, 'refund_step'],
  ['a made refund that failed', `UPDATE refund SET state = 'failed' WHERE order_id = $1 AND payment_id = $2`, 'refund_step'],
  [
    'a refund of another amount',
    `UPDATE refund SET amount_centavos = amount_centavos + 1 WHERE order_id = $1 AND payment_id = $2`,
    'refund_fixed',
  ],
  [
    'a refund of less in the same request',
    `UPDATE refund SET amount_centavos = amount_centavos - 1 WHERE order_id = $1 AND payment_id = $2`,
    'refund_fixed',
  ],
  [
    'a made refund that is asked for anew',
    `UPDATE refund SET generation = generation + 1 WHERE order_id = $1 AND payment_id = $2`,
    'refund_generation',
  ],
  ['a refund that is deleted', 'DELETE FROM refund WHERE order_id = $1 AND payment_id = $2', 'never_deleted'],
  [
    'money that comes back by itself',
    'UPDATE provider_payment SET refunded_centavos = 0 WHERE order_id = $1 AND id = $2',
    'provider_payment_step',
  ],
  [
    'an amount below what is given back',
    'UPDATE provider_payment SET amount_centavos = 1, refunded_centavos = refunded_centavos WHERE order_id = $1 AND id = $2',
    'refund_within_payment',
  ],
]

/** A refund of part of that payment, asked for, sent and made. */
export async function refundAPart(world: World, orderId: string, paymentId: string): Promise<void> {
  await world.rows(insertRefund(REFUND, '500000'), [orderId, paymentId])
  for (const state of ['sent', 'requested', 'sent', 'approved']) {
    await world.rows('UPDATE refund SET state = $3 WHERE order_id = $1 AND payment_id = $2', [orderId, paymentId, state])
  }
  await world.rows('UPDATE provider_payment SET refunded_centavos = 500000 WHERE order_id = $1 AND id = $2', [orderId, paymentId])
}

/** The rule that refused the statement; null when it was carried out. */
export async function refusedBy(world: World, statement: string, values: unknown[]): Promise<string | null> {
  try {
    await world.rows(statement, values)
    return null
  } catch (error) {
    return (error as { constraint?: string }).constraint ?? String(error)
  }
}
