import type { Tx } from '../../db/client.ts'
import type { DailyStatementRow, StatementDifference } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { backoffMs } from '../../kernel/backoff.ts'
import { DAY_MS, MINUTE_MS, plus } from '../../kernel/clock.ts'
import type { Outcome } from '../../kernel/outcome.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import { addDays, instantAt, type WallDate } from '../../kernel/zoned-time.ts'
import { closeCases, openCase } from '../operation/attention.ts'
import { lookAtNotificationJob } from '../payment/notification.ts'
import type { ProviderFailure, ProviderPayment, RetryHint } from '../payment/provider.ts'
import { reconcileJob } from '../payment/reconcile.ts'
import { isUnreadTold, type ProviderView, type StatedPayment, state } from './rules.ts'
import * as store from './store.ts'

export type StatementState = DailyStatementRow['state']
type Unread = ProviderFailure | 'too-many'

/** More payments in a day than this are not read: then a person is told. */
const PAYMENTS_MAX = 10_000
/** Payments of ours that the lists leave out are read one by one, up to this many. */
const READ_ALONE_MAX = 300
const DIFFERENCES_KEPT_MAX = 200
/** After a difference is found, the orders concerned are reconciled, and the day is looked at again. */
const CURE_MS = 15 * MINUTE_MS
/** A day that differs is looked at daily for so long: cases that were resolved elsewhere close by themselves. */
const WATCHED_MS = 7 * DAY_MS

/**
 * Makes the statement of one Argentine day, or makes it again: the same facts give the same row. Every approved peso of the day is counted
 * by our rows and by the provider's; differences first try to cure themselves, and become cases at the second look. When the provider does
 * not answer, what was known of the day stays, and the next look is planned.
 */
export async function makeStatement(deps: Deps, day: WallDate): Promise<StatementState> {
  const from = instantAt(day, '00:00')
  const to = instantAt(addDays(day, 1), '00:00')
  const read = await readDay(deps, from, to)
  if (!read.ok) return noteUnread(deps, day, read.reason, read.detail)
  const { collectorId } = deps.config.mercadoPago
  const { sums, differences } = state({ ...read.value, from, to, collectorId, now: deps.clock.now() })
  return deps.db.transaction(async (tx) => {
    const now = deps.clock.now()
    const before = await store.findStatement(tx, day)
    const agrees = differences.length === 0 && sums.payments === sums.providerPayments && sums.approved === sums.providerApproved
    const waits = before?.state === 'curing' && before.nextLookAt !== null && before.nextLookAt > now
    const made = agrees ? 'balanced' : before === null || before.looks === 0 || waits ? 'curing' : 'differs'
    const kept = differences.slice(0, DIFFERENCES_KEPT_MAX)
    await store.saveStatement(tx, {
      day,
      state: made,
      payments: sums.payments,
      approvedCentavos: sums.approved,
      classesCentavos: sums.classes,
      creditsCentavos: sums.credits,
      refundsCentavos: sums.refunds,
      casesCentavos: sums.cases,
      unaccountedCentavos: sums.unaccounted,
      providerPayments: sums.providerPayments,
      providerApprovedCentavos: sums.providerApproved,
      differences: kept,
      looks: agrees ? 0 : (before?.looks ?? 0) + (waits ? 0 : 1),
      failures: 0,
      lastError: differences.length > kept.length ? `${differences.length - kept.length} differences more` : null,
      nextLookAt: nextLook(before, made, day, now),
      madeAt: now,
    })
    await closeCases(deps, tx, { subject: 'statement', subjectId: day })
    for (const old of before?.differences ?? []) if (!kept.some((each) => isSame(each, old))) await closeDifference(deps, tx, old)
    for (const difference of kept) {
      await cure(deps, difference)
      if (made === 'differs') await openDifference(deps, tx, day, difference)
    }
    if (made === 'differs') deps.log.warn({ day, differences: differences.length }, 'the statement of a day differs')
    return made
  })
}

interface Read {
  ours: StatedPayment[]
  theirs: Map<string, ProviderView | null>
}

/** Both sides of a day. What changed at the provider on that day is read, too: refunds and charge-backs of older payments. */
async function readDay(deps: Deps, from: Date, to: Date): Promise<Outcome<Read, Unread, RetryHint>> {
  const theirs = new Map<string, ProviderView | null>()
  for (const by of ['approved', 'changed'] as const) {
    const listed = await deps.payments.listPayments({ by, from, to }, PAYMENTS_MAX)
    if (!listed.ok) return listed
    for (const payment of listed.value) theirs.set(payment.id, viewOf(payment))
  }
  const ours = await store.statedPayments(deps.db.handle, { from, to }, [...theirs.keys()], 2 * PAYMENTS_MAX)
  const alone = ours.filter(({ id }) => !theirs.has(id))
  if (alone.length > READ_ALONE_MAX) return refuse('too-many')
  for (const { id } of alone) {
    const payment = await deps.payments.getPayment(id)
    if (!payment.ok && payment.reason !== 'unknown') return refuse(payment.reason, payment.detail)
    theirs.set(id, payment.ok ? viewOf(payment.value) : null)
  }
  return succeed({ ours, theirs })
}

function viewOf(payment: ProviderPayment): ProviderView {
  const { id, status, currency, collectorId, operationType, approvedAt } = payment
  return { id, status, amount: payment.amount ?? 0, refunded: payment.refundedAmount, currency, collectorId, operationType, approvedAt }
}

function nextLook(before: DailyStatementRow | null, made: StatementState, day: WallDate, now: Date): Date | null {
  if (made === 'balanced') return null
  if (before?.nextLookAt && before.nextLookAt > now) return before.nextLookAt
  if (made === 'curing') return plus(now, CURE_MS)
  const next = plus(now, DAY_MS)
  return next <= plus(instantAt(addDays(day, 1), '00:00'), WATCHED_MS) ? next : null
}

const isSame = (a: StatementDifference, b: StatementDifference): boolean => a.kind === b.kind && a.paymentId === b.paymentId

/** The order asks the provider again; a payment without one is looked at like a notification about it. */
async function cure(deps: Deps, { orderId, paymentId }: StatementDifference): Promise<void> {
  if (orderId) await deps.jobs.enqueue(reconcileJob, { orderId }, { key: orderId })
  else await deps.jobs.enqueue(lookAtNotificationJob, { topic: 'payment', externalId: paymentId }, { key: `payment:${paymentId}` })
}

async function openDifference(deps: Deps, tx: Tx, day: WallDate, { kind, paymentId, detail }: StatementDifference): Promise<void> {
  const entry = {
    subject: 'payment' as const,
    subjectId: paymentId,
    reason: kind,
    detail: `Cierre del ${day}, pago ${paymentId}: ${detail}`,
  }
  await openCase(deps, tx, entry, { once: true })
}

async function closeDifference(deps: Deps, tx: Tx, { kind, paymentId }: StatementDifference): Promise<void> {
  await closeCases(deps, tx, { subject: 'payment', subjectId: paymentId, reason: kind })
}

/** The provider gave no whole answer: asked again in growing pauses, hourly in the end; too much for one reading is for a person at once. */
async function noteUnread(deps: Deps, day: WallDate, reason: Unread, hint: RetryHint | undefined): Promise<StatementState> {
  return deps.db.transaction(async (tx): Promise<StatementState> => {
    const now = deps.clock.now()
    const before = await store.findStatement(tx, day)
    const failures = (before?.failures ?? 0) + 1
    const nextLookAt = reason === 'too-many' ? null : plus(now, backoffMs(failures, deps.ids, hint?.retryAfterMs))
    // What was proved before stays: only a day that nobody has read yet is unread.
    if (before?.state === 'balanced') return 'unread'
    const kept = before ?? { day, state: 'unread' as const }
    await store.saveStatement(tx, { ...kept, failures, lastError: reason, nextLookAt, madeAt: now })
    if (isUnreadTold({ failures, lastError: reason })) {
      const detail = `Cierre del ${day}: Mercado Pago no se pudo leer (${reason})`
      await openCase(deps, tx, { subject: 'statement', subjectId: day, reason: 'statement_unread', detail })
    }
    deps.log.warn({ day, reason, failures }, 'the statement of a day could not be made')
    return 'unread'
  })
}
