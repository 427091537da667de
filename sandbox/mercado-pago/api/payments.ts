import { type Context, Hono } from 'hono'
import { type ApiError, coded } from '../errors.ts'
import { findPayment } from '../payment/find.ts'
import { presentPayment } from '../payment/present.ts'
import { presentRefund, refundError, refundPayment } from '../payment/refund.ts'
import { searchPayments } from '../payment/search.ts'
import { announceUpdate, isUnpaid, moveTo, touch } from '../payment/transitions.ts'
import { isObject, type Json, parseWireDate } from '../wire.ts'
import type { Payment, World } from '../world.ts'
import { type Reply, refuse, write } from './request.ts'

export function paymentRoutes(world: World): Hono {
  const routes = new Hono({ strict: false })

  routes.get('/search', (c) => {
    const page = searchPayments(world, c.req.query())
    if (!page.ok) return refuse(c, page.error)
    const { total, limit, offset, rows } = page
    return c.json({ paging: { total, limit, offset }, results: rows.map((payment) => presentPayment(world, payment)) })
  })

  routes.get('/:id', (c) => {
    const payment = findPayment(world, c.req.param('id'))
    if (!payment || takeHiddenRead(world, payment)) return refuse(c, paymentNotFound(c.req.param('id')))
    return c.json(presentPayment(world, payment))
  })

  routes.put('/:id', (c) =>
    write(world, c, { keyRequired: false, replays: true }, (body) => {
      const payment = findPayment(world, c.req.param('id'))
      return payment ? updatePayment(world, payment, body) : paymentNotFound(c.req.param('id'))
    }),
  )

  routes.post('/:id/refunds', (c) =>
    write(world, c, { keyRequired: true, replays: true }, (body) => {
      const payment = findPayment(world, c.req.param('id'))
      if (!payment) return paymentNotFound(c.req.param('id'))
      const outcome = refundPayment(world, payment, body['amount'])
      return outcome.ok ? { status: 201, body: presentRefund(payment, outcome.refund) } : outcome.error
    }),
  )

  routes.get('/:id/refunds', (c) =>
    withPayment(world, c, c.req.param('id'), (payment) => c.json(payment.refunds.map((refund) => presentRefund(payment, refund)))),
  )

  routes.get('/:id/refunds/:refund', (c) =>
    withPayment(world, c, c.req.param('id'), (payment) => {
      const refund = payment.refunds.find((candidate) => String(candidate.id) === c.req.param('refund'))
      return refund ? c.json(presentRefund(payment, refund)) : refuse(c, refundError(2032))
    }),
  )
  return routes
}

const paymentNotFound = (id: string): ApiError => coded(404, 2000, 'Payment not found', id)

function withPayment(world: World, c: Context, id: string, answer: (payment: Payment) => Response): Response {
  const payment = findPayment(world, id)
  return payment ? answer(payment) : refuse(c, paymentNotFound(id))
}

function takeHiddenRead(world: World, payment: Payment): boolean {
  if (payment.hiddenReads === 0) return false
  payment.hiddenReads -= 1
  world.context.changed()
  return true
}

/** Cancels an unpaid payment, or changes its metadata or expiry. Everything else is refused. */
function updatePayment(world: World, payment: Payment, body: Json): Reply | ApiError {
  const known = ['status', 'metadata', 'date_of_expiration']
  if (Object.keys(body).length === 0 || Object.keys(body).some((field) => !known.includes(field))) {
    return coded(400, 1, 'Params Error')
  }
  const expiry = parseWireDate(body['date_of_expiration'])
  if (body['date_of_expiration'] !== undefined && !expiry) return coded(400, 4037, 'Invalid date_of_expiration')
  if (body['status'] !== undefined && body['status'] !== 'cancelled')
    return coded(400, 3005, 'Invalid action, the resource is in a state that does not allow this operation')
  if ((body['status'] !== undefined || expiry) && !isUnpaid(payment)) {
    return coded(400, 3005, 'Invalid action, the resource is in a state that does not allow this operation')
  }
  if (isObject(body['metadata'])) payment.metadata = { ...payment.metadata, ...body['metadata'] }
  if (expiry) payment.expiresAt = expiry.toISOString()
  if (body['status'] === 'cancelled') {
    moveTo(world, payment, 'cancelled', 'by_collector')
  } else {
    touch(world, payment)
    announceUpdate(world, payment)
  }
  return { status: 200, body: presentPayment(world, payment) }
}
