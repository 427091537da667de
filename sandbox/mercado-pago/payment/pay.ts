import { cardMethod, holderOutcome, type PaymentMethod, PENDING_DAYS_MAX, paymentMethod } from '../catalog.ts'
import { nextPaymentId } from '../ids.ts'
import { announce, orderEvent, paymentEvent } from '../notifier/announce.ts'
import { findOpenOrder, openOrder, settleOrder } from '../order/commands.ts'
import { availability, isOffered, type Terms, termsOf } from '../preference/terms.ts'
import type { NextPayment } from '../settings.ts'
import { roundHalfUp } from '../wire.ts'
import { type Card, keep, type Payment, type Preference, type World } from '../world.ts'

/** A card as the buyer typed it. */
export interface CardInput {
  number: string
  holder: string
  /** MM/YY or MM/YYYY. */
  expiry: string
  securityCode: string
  dni: string
}

export interface PaymentInput {
  method: { kind: 'card'; card: CardInput; installments: number } | { kind: 'account_money' | 'rapipago' | 'pagofacil' }
  email?: string | undefined
  attempt?: string | undefined
  /** Pays although the preference's window is over or the method is not offered. */
  force?: boolean | undefined
  /** What this one payment carries instead of what the preference says. */
  overrides?: NextPayment | undefined
}

export const REFUSALS = [
  'not-started',
  'expired',
  'method-not-offered',
  'below-minimum',
  'above-maximum',
  'invalid-number',
  'invalid-holder',
  'invalid-expiry',
  'invalid-security-code',
  'invalid-dni',
  'invalid-installments',
] as const
export type Refusal = (typeof REFUSALS)[number]

export type PayOutcome = { ok: true; payment: Payment } | { ok: false; reason: Refusal }

/** One attempt to pay. A refusal leaves no payment; a rejection by the card issuer does. */
export function pay(world: World, preference: Preference, input: PaymentInput): PayOutcome {
  const earlier = input.attempt ? findAttempt(world, preference.id, input.attempt) : undefined
  if (earlier) return { ok: true, payment: earlier }

  const terms = termsOf(preference)
  const window = availability(terms, world.now())
  if (window !== 'open' && !input.force) return { ok: false, reason: window }
  const instrument = readInstrument(input, world.now())
  if ('reason' in instrument) return { ok: false, reason: instrument.reason }
  const { method, card, installments } = instrument
  if (!input.force && !isOffered(terms, method.id)) return { ok: false, reason: 'method-not-offered' }
  if (installments > terms.installmentsMax) return { ok: false, reason: 'invalid-installments' }

  if (!input.force && terms.total < method.minimum) return { ok: false, reason: 'below-minimum' }
  if (!input.force && terms.total > method.maximum) return { ok: false, reason: 'above-maximum' }

  const wanted = { ...world.state.nextPayment, ...input.overrides }
  world.state.nextPayment = null

  const order = findOpenOrder(world, preference.id) ?? openOrder(world, preference)
  const id = nextPaymentId(world.state.numbering)
  const at = world.stamp()
  const result = resultOf(method, card, terms.binaryMode)
  const payment: Payment = {
    id,
    orderId: order.id,
    preferenceId: preference.id,
    attempt: input.attempt ?? null,
    ...result,
    amount: roundHalfUp(wanted.amount ?? terms.total),
    currency: wanted.currency ?? 'ARS',
    collectorId: wanted.collectorId ?? world.account.collectorId,
    externalReference: wanted.externalReference === undefined ? terms.externalReference : wanted.externalReference,
    methodId: method.id,
    installments,
    card,
    payerEmail: input.email || terms.payerEmail || 'test_user_80507629@testuser.com',
    createdAt: at,
    approvedAt: result.status === 'approved' ? at : null,
    updatedAt: at,
    goneAt: null,
    expiresAt: expiryOf(result.status, method, terms, world.now()),
    metadata: terms.metadata,
    refunds: [],
    hiddenReads: world.state.settings.hiddenPaymentReads,
  }
  keep(world.state.payments, id, payment)
  order.paymentIds.push(id)
  settleOrder(world, order)
  announce(world, preference.id, [paymentEvent(payment, 'payment.created'), orderEvent(order, 'update')])
  return { ok: true, payment }
}

const findAttempt = (world: World, preferenceId: string, attempt: string): Payment | undefined =>
  [...world.state.payments.values()].find((payment) => payment.preferenceId === preferenceId && payment.attempt === attempt)

interface Instrument {
  method: PaymentMethod
  card: Card | null
  installments: number
}

function readInstrument(input: PaymentInput, now: Date): Instrument | { reason: Refusal } {
  if (input.method.kind !== 'card') return { method: paymentMethod(input.method.kind), card: null, installments: 1 }
  const { card, installments } = input.method
  const number = card.number.replace(/[\s-]/g, '')
  if (!/^\d{13,19}$/.test(number)) return { reason: 'invalid-number' }
  const method = cardMethod(number)
  if (!method) return { reason: 'invalid-number' }
  const holder = card.holder.trim()
  if (holder === '' || holder.length > 70) return { reason: 'invalid-holder' }
  const expiry = readExpiry(card.expiry, now)
  if (!expiry) return { reason: 'invalid-expiry' }
  if (!/^\d{3,4}$/.test(card.securityCode.trim())) return { reason: 'invalid-security-code' }
  const dni = card.dni.replace(/[.\s]/g, '')
  if (!/^\d{7,9}$/.test(dni)) return { reason: 'invalid-dni' }
  const installmentsMax = method.typeId === 'credit_card' ? 36 : 1
  if (!Number.isInteger(installments) || installments < 1 || installments > installmentsMax) return { reason: 'invalid-installments' }
  return { method, card: { firstSix: number.slice(0, 6), lastFour: number.slice(-4), holder, dni, ...expiry }, installments }
}

function readExpiry(text: string, now: Date): { month: number; year: number } | null {
  const match = /^\s*(\d{1,2})\s*\/\s*(\d{2}|\d{4})\s*$/.exec(text)
  if (!match) return null
  const month = Number(match[1])
  const year = Number(match[2]) + (match[2]?.length === 2 ? 2000 : 0)
  if (month < 1 || month > 12) return null
  return new Date(Date.UTC(year, month, 1)) > now ? { month, year } : null
}

/** In binary mode nothing may stay open: what would be pending is rejected. */
function resultOf(method: PaymentMethod, card: Card | null, binaryMode: boolean): { status: string; statusDetail: string } {
  if (method.typeId === 'ticket') return { status: 'pending', statusDetail: 'pending_waiting_payment' }
  if (!card) return { status: 'approved', statusDetail: 'accredited' }
  const { status, statusDetail } = holderOutcome(card.holder)
  if (status === 'in_process' && binaryMode) return { status: 'rejected', statusDetail: 'cc_rejected_other_reason' }
  return { status, statusDetail }
}

function expiryOf(status: string, method: PaymentMethod, terms: Terms, now: Date): string | null {
  if (status !== 'pending' && status !== 'in_process') return null
  const latest = new Date(now.getTime() + PENDING_DAYS_MAX * 86_400_000)
  const coupon = method.typeId === 'ticket' ? terms.couponExpiresAt : null
  return (coupon && coupon < latest ? coupon : latest).toISOString()
}
