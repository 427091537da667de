import { z } from 'zod'
import type { Deps } from '../../deps.ts'
import { defineJob } from '../../jobs/define.ts'
import { backoffMs } from '../../kernel/backoff.ts'
import { HOUR_MS, plus } from '../../kernel/clock.ts'
import { openCase } from '../operation/attention.ts'
import type { ProviderPayment } from './provider.ts'
import { reconcileOrder } from './reconcile.ts'
import * as store from './store.ts'

export type NotificationTopic = 'payment' | 'merchant_order'

/** A number that exists nowhere yet may still appear: it is asked for again this long (mercado-pago.md 6, row 10). */
const UNKNOWN_RETRIED_MS = HOUR_MS
const PAYMENTS_READ_MAX = 20

/** Writes a notification down together with the job that looks at it. Nothing in it is believed but the number (behaviour 4.3). */
export async function receiveNotification(
  deps: Deps,
  notification: { topic: NotificationTopic; externalId: string; requestId: string | null; signed: boolean },
): Promise<void> {
  await deps.db.transaction(async (tx) => {
    await store.insertNotification(tx, { id: deps.ids.uuid(), provider: 'mercado-pago', ...notification, receivedAt: deps.clock.now() })
    const { topic, externalId } = notification
    await deps.jobs.enqueue(lookAtNotificationJob, { topic, externalId }, { key: `${topic}:${externalId}` })
  })
}

/** Finds the order a notification is about and reconciles it. Money that belongs to no order of ours is kept on the admin's list. */
async function lookAt(
  deps: Deps,
  job: { topic: NotificationTopic; externalId: string; failures: number; since: string | null },
): Promise<void> {
  const { topic, externalId } = job
  const facts = topic === 'payment' ? await factsOfPayment(deps, externalId) : await factsOfMerchantOrder(deps, externalId)
  if (!facts.ok) {
    await lookAgain(deps, job, facts.reason)
    return
  }
  const order = await findOrder(deps, facts)
  if (!order) {
    const opened = await keepOrphans(deps, facts.payments)
    await store.settleNotifications(deps.db.handle, topic, externalId, opened ? 'orphan' : 'not-ours', deps.clock.now())
    return
  }
  const result = await reconcileOrder(deps, order, facts.payments)
  if (result === 'provider-silent') await lookAgain(deps, job, 'unavailable')
  else await store.settleNotifications(deps.db.handle, topic, externalId, result, deps.clock.now())
}

interface Facts {
  ok: true
  references: string[]
  preferenceId: string | null
  payments: ProviderPayment[]
}

async function factsOfPayment(deps: Deps, paymentId: string): Promise<Facts | { ok: false; reason: string }> {
  const payment = await deps.payments.getPayment(paymentId)
  if (!payment.ok) return payment
  return {
    ok: true,
    references: payment.value.externalReference ? [payment.value.externalReference] : [],
    preferenceId: null,
    payments: [payment.value],
  }
}

async function factsOfMerchantOrder(deps: Deps, merchantOrderId: string): Promise<Facts | { ok: false; reason: string }> {
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

/** By the preference first, which only the provider and we know together, then by our reference. */
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
  return null
}

/** Approved money of our account that fits no order: written down and put before the admin, never matched by amount or e-mail. */
async function keepOrphans(deps: Deps, payments: readonly ProviderPayment[]): Promise<boolean> {
  const approved = payments.filter(
    (payment) => payment.status === 'approved' && payment.collectorId === deps.config.mercadoPago.collectorId,
  )
  if (approved.length === 0) return false
  await deps.db.transaction(async (tx) => {
    for (const payment of approved) {
      await store.recordPayment(tx, null, payment, deps.clock.now())
      await store.setRole(tx, payment.id, 'orphan', deps.clock.now())
      await openCase(deps, tx, {
        subject: 'payment',
        subjectId: payment.id,
        reason: 'unknown_preference',
        detail: `Pago ${payment.id} sin orden nuestra`,
      })
    }
  })
  return true
}

async function lookAgain(
  deps: Deps,
  job: { topic: NotificationTopic; externalId: string; failures: number; since: string | null },
  reason: string,
): Promise<void> {
  const now = deps.clock.now()
  const since = job.since ?? now.toISOString()
  const stale = plus(new Date(since), UNKNOWN_RETRIED_MS) <= now
  if (reason === 'refused' || (reason === 'unknown' && stale)) {
    deps.log.info({ topic: job.topic, externalId: job.externalId, reason }, 'notification about something the provider does not know')
    await store.settleNotifications(deps.db.handle, job.topic, job.externalId, reason, now)
    return
  }
  const failures = job.failures + 1
  const key = `${job.topic}:${job.externalId}`
  await deps.jobs.enqueue(
    lookAtNotificationJob,
    { topic: job.topic, externalId: job.externalId, failures, since },
    { key, startAfter: plus(now, backoffMs(failures, deps.ids)) },
  )
}

export const lookAtNotificationJob = defineJob({
  name: 'payment.look-at-notification',
  payload: z.object({
    topic: z.enum(['payment', 'merchant_order']),
    externalId: z.string().regex(/^\d{1,20}$/),
    failures: z.number().int().min(0).optional(),
    since: z.iso.datetime().nullish(),
  }),
  run: (deps, { topic, externalId, failures, since }) => lookAt(deps, { topic, externalId, failures: failures ?? 0, since: since ?? null }),
})
