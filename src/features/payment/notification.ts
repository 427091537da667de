import { z } from 'zod'
import type { Deps } from '../../deps.ts'
import { defineJob } from '../../jobs/define.ts'
import { backoffMs } from '../../kernel/backoff.ts'
import { HOUR_MS, plus, SECOND_MS } from '../../kernel/clock.ts'
import { describeFailure } from '../../kernel/failure.ts'
import type { Outcome } from '../../kernel/outcome.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import { closeCases, openCase } from '../operation/attention.ts'
import { endedDisputes, orphanCases } from './dispute.ts'
import type { ProviderPayment, RetryHint } from './provider.ts'
import { reconcileOrder } from './reconcile.ts'
import * as store from './store.ts'

export type NotificationTopic = 'payment' | 'merchant_order'

/** A number that exists nowhere yet may still appear: it is asked for again this long (mercado-pago.md 6, row 10). */
const UNKNOWN_RETRIED_MS = HOUR_MS
/** After this the payment check has long looked at every order of ours that it could be about. */
const UNAVAILABLE_RETRIED_MS = 48 * HOUR_MS
const PAYMENTS_READ_MAX = 20
/** A provider that does not answer is not asked about one number more often than this, however often its bell rings. */
const REST_MS = 5 * SECOND_MS
/** Anybody can send a hint, so it is not worth more tries than this; the payment check finds whatever is real about it. */
const HINT_FAILURES_MAX = 3

export interface ReceivedNotification {
  topic: NotificationTopic
  /** Number of the payment or merchant order, `^\d{1,20}$`. */
  externalId: string
  requestId: string | null
  /** Whether its signature was checked and found good. */
  signed: boolean
}

/**
 * Writes a notification down together with the job that looks at it, in one statement: providers count how long an answer takes, and
 * send many at a time. Nothing in it is believed but the number (behaviour 4.3). `not-stored`: the provider should send it again (W7b).
 */
export async function receiveNotification(deps: Deps, notification: ReceivedNotification): Promise<Outcome<null, 'not-stored'>> {
  try {
    const receivedAt = deps.clock.now()
    const row = { id: deps.ids.uuid(), provider: 'mercado-pago', ...notification, receivedAt }
    const { topic, externalId } = notification
    const job = notification.signed ? lookAtNotificationJob : lookAtHintJob
    const along = store.notificationRow(row, plus(receivedAt, -REST_MS))
    await deps.jobs.enqueue(job, { topic, externalId }, { key: `${topic}:${externalId}`, restMs: REST_MS, along })
    return succeed(null)
  } catch (error) {
    deps.log.error(describeFailure(error), 'a notification could not be stored')
    return refuse('not-stored')
  }
}

interface Look {
  topic: NotificationTopic
  externalId: string
  failures: number
  since: string | null
  /** Not signed: may have been sent by anybody. */
  isHint: boolean
}

/** Finds the order a notification is about and reconciles it. Money that belongs to no order of ours is kept on the admin's list. */
async function lookAt(deps: Deps, look: Look): Promise<void> {
  const { topic, externalId } = look
  const facts = topic === 'payment' ? await factsOfPayment(deps, externalId) : await factsOfMerchantOrder(deps, externalId)
  if (!facts.ok) {
    await lookAgain(deps, look, facts.reason, facts.detail)
    return
  }
  const order = await findOrder(deps, facts)
  if (!order) {
    const outcome = (await keepOrphans(deps, facts.payments)) ? 'orphan' : 'not-ours'
    // What it belongs to may be told a moment later: a person knows already, and nobody's class is lost meanwhile.
    if (facts.isPartial && outcome === 'orphan') return lookAgain(deps, look, 'unknown')
    deps.log.info({ topic, externalId, outcome }, 'notification about no order of ours')
    await store.settleNotifications(deps.db.handle, topic, externalId, outcome, deps.clock.now())
    return
  }
  const result = await reconcileOrder(deps, order, facts.payments)
  await closeCases(deps, deps.db.handle, { subject: 'payment', subjectId: externalId, reason: 'notification_unread' })
  if (result === 'provider-silent') await lookAgain(deps, look, 'unavailable')
  else await store.settleNotifications(deps.db.handle, topic, externalId, result, deps.clock.now())
}

interface Facts {
  ok: true
  /** The merchant order is named, and the provider does not know it (yet). */
  isPartial?: boolean
  references: string[]
  preferenceId: string | null
  payments: ProviderPayment[]
}

type FactsOutcome = Facts | { ok: false; reason: string; detail?: RetryHint | undefined }

/** A payment names its order by our reference. One that does not is looked up through its merchant order, which knows the preference. */
async function factsOfPayment(deps: Deps, paymentId: string): Promise<FactsOutcome> {
  const answer = await deps.payments.getPayment(paymentId)
  if (!answer.ok) return answer
  const payment = answer.value
  const references = payment.externalReference ? [payment.externalReference] : []
  const facts: Facts = { ok: true, references, preferenceId: null, payments: [payment] }
  if (!payment.merchantOrderId || (await findOrder(deps, facts))) return facts
  const whole = await factsOfMerchantOrder(deps, payment.merchantOrderId)
  if (!whole.ok) return whole.reason === 'unknown' ? { ...facts, isPartial: true } : whole
  return whole.payments.some(({ id }) => id === payment.id) ? whole : { ...whole, payments: [payment, ...whole.payments] }
}

async function factsOfMerchantOrder(deps: Deps, merchantOrderId: string): Promise<FactsOutcome> {
  const answer = await deps.payments.getMerchantOrder(merchantOrderId)
  if (!answer.ok) return answer
  const payments: ProviderPayment[] = []
  for (const id of answer.value.paymentIds.slice(0, PAYMENTS_READ_MAX)) {
    const payment = await deps.payments.getPayment(id)
    if (payment.ok) payments.push(payment.value)
    else return payment
  }
  const references = [answer.value.externalReference, ...payments.map((payment) => payment.externalReference)].filter(
    (reference) => reference !== null,
  )
  return { ok: true, references: [...new Set(references)], preferenceId: answer.value.preferenceId, payments }
}

const OrderId = z.uuid()

/** By the preference first, which only the provider and we know together, then by our reference, then by what was found out before. */
async function findOrder(deps: Deps, facts: Facts): Promise<string | null> {
  if (facts.preferenceId) {
    const order = await store.findOrderByPreference(deps.db.handle, facts.preferenceId)
    if (order) return order.id
  }
  for (const reference of facts.references) {
    if (!OrderId.safeParse(reference).success) continue
    const order = await store.findOrder(deps.db.handle, reference)
    if (order) return order.id
  }
  return store.orderOfPayments(
    deps.db.handle,
    facts.payments.map(({ id }) => id),
  )
}

/**
 * Money of our account that fits no order: written down and put before the admin, never matched by amount or e-mail. What becomes of it later
 * is told, too: a dispute is a case of its own, and one that is back with its buyer needs nobody any more.
 */
async function keepOrphans(deps: Deps, payments: readonly ProviderPayment[]): Promise<boolean> {
  const moved = payments.filter(
    (payment) => MONEY_MOVED.includes(payment.status) && payment.collectorId === deps.config.mercadoPago.collectorId,
  )
  if (moved.length === 0) return false
  await deps.db.transaction(async (tx) => {
    for (const payment of moved) {
      const { id } = payment
      await store.recordPayment(tx, null, payment, deps.clock.now())
      await store.recordChargeBack(tx, id, deps.clock.now())
      // Its order was found at this moment, and tells what it is.
      if (!(await store.markOrphan(tx, id, deps.clock.now()))) continue
      for (const entry of orphanCases({ ...payment, amountCentavos: payment.amount })) await openCase(deps, tx, entry, { once: true })
      if (payment.status === 'refunded') await closeCases(deps, tx, { subject: 'payment', subjectId: id })
      else await closeCases(deps, tx, endedDisputes(null, [payment], []))
    }
  })
  return true
}

const MONEY_MOVED = ['approved', 'in_mediation', 'charged_back', 'refunded']

/**
 * Asks again later, as long as it makes sense. Who gives up on a number that the provider does not tell about leaves it to a person; one that
 * exists nowhere is nothing.
 */
async function lookAgain(deps: Deps, look: Look, reason: string, hint?: RetryHint): Promise<void> {
  const { topic, externalId } = look
  const now = deps.clock.now()
  const since = look.since ?? now.toISOString()
  const retriedMs = reason === 'unknown' ? UNKNOWN_RETRIED_MS : UNAVAILABLE_RETRIED_MS
  const isHintOver = look.isHint && look.failures >= HINT_FAILURES_MAX
  if (isHintOver || plus(new Date(since), retriedMs) <= now) {
    deps.log.warn({ topic, externalId, reason }, 'notification about something the provider does not tell')
    await store.settleNotifications(deps.db.handle, topic, externalId, reason, now)
    if (reason === 'unknown' || look.isHint) return
    const detail = `Aviso ${topic} ${externalId}: ${reason}`
    await openCase(
      deps,
      deps.db.handle,
      { subject: 'payment', subjectId: externalId, reason: 'notification_unread', detail },
      { once: true },
    )
    return
  }
  const failures = look.failures + 1
  const startAfter = plus(now, backoffMs(failures, deps.ids, hint?.retryAfterMs))
  const job = look.isHint ? lookAtHintJob : lookAtNotificationJob
  await deps.jobs.enqueue(job, { topic, externalId, failures, since }, { key: `${topic}:${externalId}`, startAfter })
}

const Payload = z.object({
  topic: z.enum(['payment', 'merchant_order']),
  externalId: z.string().regex(/^\d{1,20}$/),
  failures: z.number().int().min(0).default(0),
  since: z.iso.datetime().nullable().default(null),
})

export const lookAtNotificationJob = defineJob<z.input<typeof Payload>>({
  name: 'payment.look-at-notification',
  payload: Payload,
  run: (deps, payload) => lookAt(deps, { ...Payload.parse(payload), isHint: false }),
})

/** One at a time: a flood of hints keeps nothing else waiting. Whatever is real about them the payment check finds, too (behaviour R35). */
export const lookAtHintJob = defineJob<z.input<typeof Payload>>({
  name: 'payment.look-at-hint',
  payload: Payload,
  atOnceMax: 1,
  run: (deps, payload) => lookAt(deps, { ...Payload.parse(payload), isHint: true }),
})
