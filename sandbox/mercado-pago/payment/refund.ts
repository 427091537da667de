import { type ApiError, coded } from '../errors.ts'
import { nextRefundId } from '../ids.ts'
import { type Json, roundHalfUp, wireDate } from '../wire.ts'
import type { Payment, Refund, World } from '../world.ts'
import { announceUpdate, moveTo } from './transitions.ts'

export type RefundOutcome = { ok: true; refund: Refund } | { ok: false; error: ApiError }

const REFUND_DAYS_MAX = 180
const DAY_MS = 86_400_000

/** Refunds an amount in pesos, or all that is left. Partial refunds keep the payment approved. `byHand`: in the panel of the provider. */
export function refundPayment(world: World, payment: Payment, amount: unknown, byHand = false): RefundOutcome {
  const error = refuseRefund(world, payment, amount)
  if (error) return { ok: false, error }
  const refund: Refund = {
    id: nextRefundId(world.state.numbering),
    amount: amount === undefined || amount === null ? remaining(payment) : roundHalfUp(amount as number),
    status: world.state.settings.refundsInProcess ? 'in_process' : 'approved',
    createdAt: world.stamp(),
    byHand,
  }
  payment.refunds.push(refund)
  applyRefunds(world, payment)
  return { ok: true, refund }
}

/** Ends a refund that was left in process. */
export function settleRefund(world: World, payment: Payment, refund: Refund, status: 'approved' | 'rejected'): boolean {
  if (refund.status !== 'in_process') return false
  refund.status = status
  applyRefunds(world, payment)
  return true
}

function applyRefunds(world: World, payment: Payment): void {
  const refunded = refundedAmount(payment)
  if (refunded >= payment.amount) moveTo(world, payment, 'refunded', 'refunded')
  else if (refunded > 0) moveTo(world, payment, 'approved', 'partially_refunded')
  else announceUpdate(world, payment)
}

function refuseRefund(world: World, payment: Payment, amount: unknown): ApiError | null {
  const scripted = takeScriptedRefusal(world)
  if (scripted) return scripted
  if (payment.status !== 'approved' || payment.approvedAt === null) return refundError(2063)
  if (world.now().getTime() - new Date(payment.approvedAt).getTime() > REFUND_DAYS_MAX * DAY_MS) return refundError(2024)
  if (remaining(payment) <= 0) return refundError(2063)
  if (amount === undefined || amount === null) return null
  if (typeof amount !== 'number' || !Number.isFinite(amount)) return refundError(4041)
  if (amount <= 0) return refundError(4040)
  return roundHalfUp(amount) > remaining(payment) ? refundError(2085) : null
}

function takeScriptedRefusal(world: World): ApiError | null {
  const refusal = world.state.refundRefusal
  if (!refusal) return null
  refusal.times -= 1
  if (refusal.times <= 0) world.state.refundRefusal = null
  world.context.changed()
  return refundError(refusal.code)
}

const MESSAGES: Record<number, string> = {
  2000: 'Payment not found',
  2017: 'Invalid amount to refund',
  2024: 'Payment too old to be refunded',
  2031: 'Insufficient amount in the account to refund',
  2032: 'Refund not found',
  2063: 'The action requested is not valid for the current payment state',
  2085: 'Invalid value for amount: it exceeds what is left to refund',
  3024: 'Partial refund unsupported for this transaction',
  4040: 'The amount attribute must be positive',
  4041: 'The amount attribute must be numeric',
  15016: 'Payment too old to be refunded',
}

const NOT_FOUND_CODES = [2000, 2024, 2032, 3024, 15016]

export function refundError(code: number): ApiError {
  return coded(NOT_FOUND_CODES.includes(code) ? 404 : 400, code, MESSAGES[code] ?? 'Refund refused')
}

/** Money that went back. */
export const refundedAmount = (payment: Payment): number => sumOf(payment.refunds.filter((refund) => refund.status === 'approved'))

/** Money not yet promised back. */
const remaining = (payment: Payment): number =>
  roundHalfUp(payment.amount - sumOf(payment.refunds.filter((refund) => refund.status !== 'rejected')))

const sumOf = (refunds: Refund[]): number => roundHalfUp(refunds.reduce((sum, refund) => sum + refund.amount, 0))

export function presentRefund(payment: Payment, refund: Refund): Json {
  return {
    id: refund.id,
    payment_id: payment.id,
    amount: refund.amount,
    metadata: {},
    source: { id: String(payment.collectorId), name: 'Test Vendedor', type: 'collector' },
    date_created: wireDate(refund.createdAt),
    unique_sequence_number: null,
    refund_mode: 'standard',
    adjustment_amount: 0,
    status: refund.status,
    reason: null,
    labels: [],
    amount_refunded_to_payer: refund.amount,
    partition_details: [],
  }
}
