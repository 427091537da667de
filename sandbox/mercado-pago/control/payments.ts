import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { controlError, readControlBody } from '../../kernel/body.ts'
import { TEST_CARDS } from '../catalog.ts'
import { chargebackOf, openChargeback, presentChargeback, resolveChargeback } from '../chargeback.ts'
import { returnUrl } from '../checkout/return-url.ts'
import { cancelOrder } from '../order/commands.ts'
import { presentOrder } from '../order/present.ts'
import { findPayment } from '../payment/find.ts'
import { pay } from '../payment/pay.ts'
import { presentPayment } from '../payment/present.ts'
import { presentRefund, refundPayment, settleRefund } from '../payment/refund.ts'
import { isUnpaid, moveTo } from '../payment/transitions.ts'
import { NextPayment, RefundRefusal } from '../settings.ts'
import type { Json } from '../wire.ts'
import type { Payment, World } from '../world.ts'

const PayBody = z.strictObject({
  preferenceId: z.string(),
  method: z.enum(['card', 'account_money', 'rapipago', 'pagofacil']).default('card'),
  /** Name on the card; it decides the result. */
  holder: z.string().max(70).default('APRO'),
  /** Number or short name (master, visa, amex, debmaster, debvisa). */
  card: z.string().default('master'),
  installments: z.number().int().min(1).max(36).default(1),
  email: z.email().optional(),
  /** Pays although the preference is expired, the method excluded or the amount too small. */
  force: z.boolean().default(false),
  /** How many times in a row. */
  times: z.number().int().min(1).max(20).default(1),
  ...NextPayment.shape,
})

const NoBody = z.strictObject({})
const RefundBody = z.strictObject({ amount: z.number().optional() })
const ChargebackBody = z.strictObject({ outcome: z.enum(['in_process', 'settled', 'reimbursed']).default('in_process') })
const RejectBody = z.strictObject({ detail: z.string().max(60).default('cc_rejected_other_reason') })
const CancelBody = z.strictObject({ detail: z.enum(['by_collector', 'by_payer', 'expired']).default('by_collector') })
const StatusBody = z.strictObject({ status: z.string().min(1).max(40), detail: z.string().min(1).max(60) })
const HideBody = z.strictObject({ reads: z.number().int().min(0).max(1_000).default(1) })
const SettleBody = z.strictObject({ status: z.enum(['approved', 'rejected']).default('approved') })

/** What buyers, banks and the provider's back office do to payments. */
export function paymentControl(world: World): Hono {
  const control = new Hono()

  control.post('/pay', async (c) => {
    const body = await readControlBody(c, PayBody)
    const preference = world.state.preferences.get(body.preferenceId)
    if (!preference) throw controlError(404, 'No preference with that id.')
    const card = TEST_CARDS.find((candidate) => candidate.key === body.card) ?? { ...TEST_CARDS[0], number: body.card }
    const { amount, currency, collectorId, externalReference } = body
    const payments: Payment[] = []
    for (let turn = 0; turn < body.times; turn += 1) {
      const outcome = pay(world, preference, {
        method:
          body.method === 'card'
            ? { kind: 'card', card: { ...card, holder: body.holder, dni: '12345678' }, installments: body.installments }
            : { kind: body.method },
        email: body.email,
        force: body.force,
        overrides: {
          ...(amount !== undefined && { amount }),
          ...(currency !== undefined && { currency }),
          ...(collectorId !== undefined && { collectorId }),
          ...(externalReference !== undefined && { externalReference }),
        },
      })
      if (!outcome.ok) return c.json({ error: outcome.reason }, 409)
      payments.push(outcome.payment)
    }
    const last = payments.at(-1) as Payment
    return c.json(
      {
        payment: presentPayment(world, last),
        payments: payments.map((payment) => presentPayment(world, payment)),
        returnUrl: returnUrl(preference, last),
      },
      201,
    )
  })

  control.put('/next-payment', async (c) => {
    world.state.nextPayment = await readControlBody(c, NextPayment)
    world.context.changed()
    return c.json({ nextPayment: world.state.nextPayment })
  })
  control.delete('/next-payment', (c) => {
    world.state.nextPayment = null
    world.context.changed()
    return c.body(null, 204)
  })
  control.put('/refund-refusal', async (c) => {
    world.state.refundRefusal = await readControlBody(c, RefundRefusal)
    world.context.changed()
    return c.json({ refundRefusal: world.state.refundRefusal })
  })
  control.delete('/refund-refusal', (c) => {
    world.state.refundRefusal = null
    world.context.changed()
    return c.body(null, 204)
  })

  control.get('/payments', (c) => c.json({ payments: [...world.state.payments.values()].map((payment) => presentPayment(world, payment)) }))
  control.get('/payments/:id', (c) => c.json({ payment: presentPayment(world, paymentAt(world, c)) }))

  /** One event on one payment: read the body, refuse what the state does not allow, answer the payment as it is then. */
  const event = <Body>(
    name: string,
    schema: z.ZodType<Body>,
    allowed: (payment: Payment) => boolean,
    happen: (payment: Payment, body: Body) => Json,
  ) =>
    control.post(`/payments/:id/${name}`, async (c) => {
      const payment = paymentAt(world, c)
      const body = await readControlBody(c, schema)
      if (!allowed(payment)) throw controlError(409, `A payment that is ${payment.status}/${payment.statusDetail} cannot ${name}.`)
      const extra = happen(payment, body)
      world.context.changed()
      return c.json({ payment: presentPayment(world, payment), ...extra })
    })

  const isApproved = (payment: Payment) => payment.status === 'approved'
  const moved = (payment: Payment, status: string, detail: string) => {
    moveTo(world, payment, status, detail)
    return {}
  }
  event(
    'approve',
    NoBody,
    (payment) => !isApproved(payment) && payment.status !== 'refunded',
    (payment) => moved(payment, 'approved', 'accredited'),
  )
  event('reject', RejectBody, isUnpaid, (payment, { detail }) => moved(payment, 'rejected', detail))
  event('cancel', CancelBody, isUnpaid, (payment, { detail }) => moved(payment, 'cancelled', detail))
  event('expire', NoBody, isUnpaid, (payment) => moved(payment, 'cancelled', 'expired'))
  event('mediate', NoBody, isApproved, (payment) => moved(payment, 'in_mediation', 'pending'))
  event(
    'status',
    StatusBody,
    () => true,
    (payment, { status, detail }) => moved(payment, status, detail),
  )
  event(
    'hide',
    HideBody,
    () => true,
    (payment, { reads }) => {
      payment.hiddenReads = reads
      return {}
    },
  )
  event('refund', RefundBody, isApproved, (payment, { amount }) => {
    const outcome = refundPayment(world, payment, amount, true)
    if (!outcome.ok) throw controlError(409, outcome.error.body.message)
    return { refund: presentRefund(payment, outcome.refund) }
  })
  event(
    'chargeback',
    ChargebackBody,
    (payment) => isApproved(payment) || ['in_mediation', 'charged_back'].includes(payment.status),
    (payment, { outcome }) => {
      const open = payment.status === 'charged_back' ? chargebackOf(world, payment) : undefined
      const chargeback = open ?? openChargeback(world, payment)
      if (outcome !== 'in_process') resolveChargeback(world, payment, chargeback, outcome)
      return { chargeback: presentChargeback(chargeback) }
    },
  )

  control.post('/payments/:id/refunds/:refund/settle', async (c) => {
    const payment = paymentAt(world, c)
    const { status } = await readControlBody(c, SettleBody)
    const refund = payment.refunds.find((candidate) => String(candidate.id) === c.req.param('refund'))
    if (!refund) throw controlError(404, 'No refund with that id.')
    if (!settleRefund(world, payment, refund, status)) throw controlError(409, 'That refund has ended already.')
    return c.json({ payment: presentPayment(world, payment), refund: presentRefund(payment, refund) })
  })

  control.get('/orders', (c) => c.json({ orders: [...world.state.orders.values()].map((order) => presentOrder(world, order)) }))
  control.post('/orders/:id/expire', (c) => {
    const order = world.state.orders.get(Number(c.req.param('id')))
    if (!order) throw controlError(404, 'No merchant order with that id.')
    if (!cancelOrder(world, order)) throw controlError(409, 'That order is closed or still has a living payment.')
    return c.json({ order: presentOrder(world, order) })
  })
  control.get('/chargebacks', (c) => c.json({ chargebacks: [...world.state.chargebacks.values()].map(presentChargeback) }))
  return control
}

function paymentAt(world: World, c: Context): Payment {
  const payment = findPayment(world, c.req.param('id') ?? '')
  if (!payment) throw controlError(404, 'No payment with that id.')
  return payment
}
