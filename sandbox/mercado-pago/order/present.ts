import { totalPaid } from '../payment/present.ts'
import { refundedAmount } from '../payment/refund.ts'
import { itemsOf } from '../preference/terms.ts'
import { type Json, roundHalfUp, wireDate, wireDateOrNull } from '../wire.ts'
import type { Order, Payment, World } from '../world.ts'
import { paymentsOf } from './commands.ts'

/** `GET /merchant_orders/{id}`. Only approved payments count as paid. */
export function presentOrder(world: World, order: Order): Json {
  const payments = paymentsOf(world, order)
  const preference = world.state.preferences.get(order.preferenceId)
  const paid = roundHalfUp(payments.reduce((sum, payment) => (payment.status === 'approved' ? sum + payment.amount : sum), 0))
  const refunded = roundHalfUp(payments.reduce((sum, payment) => sum + refundedAmount(payment), 0))
  return {
    id: order.id,
    status: order.cancelled ? 'expired' : order.closed ? 'closed' : 'opened',
    external_reference: order.externalReference,
    preference_id: order.preferenceId,
    payments: payments.map(presentOrderPayment),
    shipments: [],
    payouts: [],
    collector: { id: world.account.collectorId, email: '', nickname: 'TESTVENDEDOR' },
    marketplace: 'NONE',
    notification_url: preference?.body['notification_url'] ?? null,
    date_created: wireDate(order.createdAt),
    last_updated: wireDate(order.updatedAt),
    sponsor_id: null,
    shipping_cost: 0,
    total_amount: order.total,
    site_id: 'MLA',
    paid_amount: paid,
    refunded_amount: refunded,
    payer: payments.length > 0 ? { id: 1_500_000_001, email: '' } : null,
    items: preference
      ? itemsOf(preference.body).map((item) => ({
          id: item.id,
          category_id: item.categoryId,
          currency_id: 'ARS',
          description: item.description,
          picture_url: item.pictureUrl || null,
          title: item.title,
          quantity: item.quantity,
          unit_price: item.unitPrice,
        }))
      : [],
    cancelled: order.cancelled,
    additional_info: '',
    application_id: null,
    is_test: false,
    order_status: orderStatus(order, payments, paid, refunded),
  }
}

function presentOrderPayment(payment: Payment): Json {
  return {
    id: payment.id,
    transaction_amount: payment.amount,
    total_paid_amount: totalPaid(payment),
    shipping_cost: 0,
    currency_id: payment.currency,
    status: payment.status,
    status_detail: payment.statusDetail,
    operation_type: 'regular_payment',
    date_approved: wireDateOrNull(payment.approvedAt),
    date_created: wireDate(payment.createdAt),
    last_modified: wireDate(payment.updatedAt),
    amount_refunded: refundedAmount(payment),
  }
}

/** The full list of values is not confirmed; these are the ones seen and the ones named. */
function orderStatus(order: Order, payments: Payment[], paid: number, refunded: number): string {
  if (order.cancelled) return 'expired'
  if (refunded > 0) return paid > 0 && refunded < order.total ? 'partially_reverted' : 'reverted'
  if (paid >= order.total) return 'paid'
  if (paid > 0) return 'partially_paid'
  return payments.some((payment) => ['pending', 'in_process', 'authorized'].includes(payment.status))
    ? 'payment_in_process'
    : 'payment_required'
}
