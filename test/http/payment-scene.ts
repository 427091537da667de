import { createHmac } from 'node:crypto'
import type { Hono } from 'hono'
import { afterEach, beforeEach, expect } from 'vitest'
import { createApp, type Pages } from '../../src/http/app.ts'
import type { AppEnv } from '../../src/http/context.ts'
import { HOUR_MS } from '../../src/kernel/clock.ts'
import { type Checkout, checkout, json } from '../support/booking.ts'
import { freshSlots, newcomer, type Slot } from '../support/scene.ts'
import type { Client, World } from '../support/world.ts'

export const WEBHOOK = '/api/mercado-pago/webhook'
const SECRET = 'local-sandbox-secret'
const REQUEST_ID = '11111111-2222-4333-8444-555555555555'

/** Slots that no other test of the file uses, always far enough ahead to be booked, wherever the clock stands by then. */
export function comingSlots(world: () => World): () => Slot {
  const anySlot = freshSlots()
  const next = (): Slot => {
    const when = anySlot()
    return Date.parse(when.start) > world().clock.now().getTime() + 3 * HOUR_MS ? when : next()
  }
  return next
}

export interface Held extends Slot, Checkout {
  host: Client
  orderId: string
}

/** Somebody new holds that slot and has not paid yet. */
export async function heldClass(world: World, when: Slot, more: Record<string, unknown> = {}): Promise<Held> {
  const host = await newcomer(world)
  const held = await checkout(host, when, more)
  const [order] = await world.rows<{ id: string }>('SELECT id FROM payment_order WHERE preference_id = $1', [held.preferenceId])
  return { host, ...when, ...held, orderId: order?.id ?? '' }
}

export interface SandboxPayment {
  id: number
  status: string
  order: { id: string }
  transaction_amount: number
  transaction_amount_refunded: number
  refunds: { id: number; amount: number; status: string }[]
}

/** Attempts to pay at the provider; nothing is delivered before the world settles. */
export async function pay(world: World, preferenceId: string, how: Record<string, unknown> = {}): Promise<SandboxPayment[]> {
  const answer = await world.control('/mercado-pago/pay', { preferenceId, ...how })
  return answer.payments as SandboxPayment[]
}

/** Pays once; the payment and the number of its merchant order. */
export async function payOnce(
  world: World,
  preferenceId: string,
  how: Record<string, unknown> = {},
): Promise<{ id: string; orderNumber: string }> {
  const [payment] = await pay(world, preferenceId, how)
  if (!payment) throw new Error('Nothing was paid')
  return { id: String(payment.id), orderNumber: payment.order.id }
}

export async function atProvider(world: World, paymentId: string): Promise<SandboxPayment> {
  return ((await world.control(`/mercado-pago/payments/${paymentId}`)) as { payment: SandboxPayment }).payment
}

export interface LoggedRequest {
  at: string
  method: string
  path: string
  status: number
  body: string
}

/** Requests that the application sent to the provider since the log was last emptied, oldest first. */
export async function askedOfProvider(world: World, method = '', path = ''): Promise<LoggedRequest[]> {
  const filter = [method && `method=${method}`, path && `path=${encodeURIComponent(path)}`].filter(Boolean).join('&')
  return ((await world.control(`/log?part=mercado-pago&${filter}`)) as { requests: LoggedRequest[] }).requests
}

export const emptyLog = (world: World) => world.control('/log', undefined, 'DELETE')
export const setFault = (world: World, route: string, more: Record<string, unknown> = {}) =>
  world.control('/mercado-pago/faults', { route, ...more })
export const clearFaults = (world: World) => world.control('/mercado-pago/faults', undefined, 'DELETE')
export const mercadoPagoSettings = (world: World, change: Record<string, unknown>) =>
  world.control('/mercado-pago/settings', change, 'PATCH')

/** For a file of tests over one world: each begins with nothing left to do and an empty log, and leaves no fault to the next. */
export function leavesNothing(world: () => World): void {
  beforeEach(async () => {
    await world().settle()
    await emptyLog(world())
  })
  afterEach(async () => {
    await clearFaults(world())
    await world().control('/google/faults', undefined, 'DELETE')
    await world().control('/mercado-pago/refund-refusal', undefined, 'DELETE')
    await mercadoPagoSettings(world(), { notificationsPaused: false, notificationsToDrop: 0, refundsInProcess: false })
  })
}

export async function classOf(world: World, classId: string): Promise<Record<string, unknown>> {
  const [row] = await world.rows('SELECT * FROM virtual_class WHERE id = $1', [classId])
  return row ?? {}
}

/** Status and reason of a class in one word, for example "cancelled: hold_expired". */
export async function stateOf(world: World, classId: string): Promise<string> {
  const { status, cancel_reason: reason, paid_at: paidAt } = await classOf(world, classId)
  if (reason) return `${status}: ${reason}`
  return status === 'pending' ? `pending: ${paidAt ? 'paid' : 'held'}` : String(status)
}

export async function orderOf(world: World, preferenceId: string): Promise<Record<string, unknown>> {
  const [row] = await world.rows('SELECT * FROM payment_order WHERE preference_id = $1', [preferenceId])
  return row ?? {}
}

/** Open cases about an order, its payments or its refunds, as "subject reason". */
export async function casesOf(world: World, ...subjectIds: string[]): Promise<string[]> {
  const rows = await world.rows<{ subject: string; reason: string }>(
    'SELECT subject, reason FROM attention_case WHERE subject_id = ANY($1) AND resolved_at IS NULL ORDER BY subject, reason',
    [subjectIds],
  )
  return rows.map(({ subject, reason }) => `${subject} ${reason}`)
}

export interface RefundRow extends Record<string, unknown> {
  id: string
  payment_id: string
  amount_centavos: string
  reason: string
  state: string
  attempts: number
}

export async function refundsOf(world: World, paymentId: string): Promise<RefundRow[]> {
  return world.rows<RefundRow>('SELECT * FROM refund WHERE payment_id = $1', [paymentId])
}

/** What the audit log says about these subjects, oldest first, as "action reason by-whom". */
export async function auditOf(world: World, ...subjectIds: string[]): Promise<string[]> {
  const rows = await world.rows<{ action: string; reason: string | null; actor_id: string | null }>(
    `SELECT action, detail->>'reason' AS reason, actor_id FROM audit_log WHERE subject_id = ANY($1) ORDER BY at, action DESC`,
    [subjectIds],
  )
  return rows.map(({ action, reason, actor_id: actor }) => [action, reason, actor ? 'by a person' : 'by itself'].filter(Boolean).join(' '))
}

export async function inboxOf(world: World, externalId: string): Promise<{ topic: string; signed: boolean; outcome: string | null }[]> {
  return world.rows('SELECT topic, signed, outcome FROM webhook_inbox WHERE external_id = $1 ORDER BY received_at', [externalId])
}

export const countInbox = async (world: World): Promise<number> =>
  Number((await world.rows('SELECT count(*) AS n FROM webhook_inbox'))[0]?.n)

interface Signing {
  dataId?: string | null
  requestId?: string | null
  ts?: number | string
  secret?: string
}

/** The headers of a notification that the provider signed now. Null leaves a part out. */
export function signedHeaders(
  world: World,
  { dataId = null, requestId = REQUEST_ID, ts = seconds(world), secret = SECRET }: Signing,
): Record<string, string> {
  const text = `${dataId === null ? '' : `id:${dataId};`}${requestId === null ? '' : `request-id:${requestId};`}ts:${ts};`
  const v1 = createHmac('sha256', secret).update(text).digest('hex')
  return { 'x-signature': `ts=${ts},v1=${v1}`, ...(requestId === null ? {} : { 'x-request-id': requestId }) }
}

export const seconds = (world: World): number => Math.floor(world.clock.now().getTime() / 1_000)

/** A notification in the signed form about a payment. */
export function notifyPayment(world: World, paymentId: string, signing: Signing = {}): Promise<Response> {
  return world.anonymous.post(
    `${WEBHOOK}?data.id=${paymentId}&type=payment`,
    { type: 'payment', data: { id: paymentId } },
    signedHeaders(world, { dataId: paymentId, ...signing }),
  )
}

/** A notification in the specification's form about a merchant order. */
export function notifyOrder(world: World, orderNumber: string): Promise<Response> {
  return world.anonymous.post(WEBHOOK, {
    topic: 'merchant_order',
    resource: `https://api.mercadopago.com/merchant_orders/${orderNumber}`,
  })
}

export async function expectAnswer(answer: Response | Promise<Response>, status: number, body: Record<string, unknown>): Promise<void> {
  const response = await answer
  expect({ status: response.status, body: await json(response) }).toEqual({ status, body })
}

/**
 * Invariant 5 over everything that a file has done: money that the provider calls approved and that is with us pays a class, is on its way
 * back, or stands before a person.
 */
export async function expectNoSilentMoney(world: World): Promise<void> {
  const silent = await world.rows(`
    SELECT p.id, p.role, p.status, o.status AS order_status, c.status AS class_status, c.cancel_reason
    FROM provider_payment p LEFT JOIN payment_order o ON o.id = p.order_id LEFT JOIN virtual_class c ON c.id = o.class_id
    WHERE p.status = 'approved' AND p.amount_centavos > p.refunded_centavos
      AND NOT EXISTS (SELECT 1 FROM refund r WHERE r.payment_id = p.id)
      AND NOT EXISTS (SELECT 1 FROM attention_case a WHERE a.subject_id IN (p.id, o.id::text))
      AND NOT (p.role = 'primary' AND c.status IN ('pending', 'scheduled', 'completed') AND c.paid_at IS NOT NULL)
      AND NOT (p.role = 'primary' AND c.status = 'cancelled' AND c.cancel_reason = 'host_cancelled' AND c.paid_at IS NOT NULL)`)
  expect(silent).toEqual([])
  const [paid] = await world.rows(`SELECT count(*)::int AS n FROM provider_payment WHERE status = 'approved'`)
  expect(paid?.n).toBeGreaterThan(0)
}

/** Replaces calls of the provider's port until the returned function is called. */
export function replacePort(world: World, change: Partial<World['deps']['payments']>): () => void {
  const real = world.deps.payments
  world.deps.payments = { ...real, ...change }
  return () => {
    world.deps.payments = real
  }
}

/** The same application with some of its parts replaced. */
export function appWith(world: World, change: Partial<World['deps']>): Hono<AppEnv> {
  const blank = (status: number) => new Response(null, { status })
  const pages: Pages = { mount: () => {}, sandboxHub: null, error: (_, status) => blank(status), busy: () => blank(503) }
  return createApp({ ...world.deps, ...change }, pages)
}

/** Lets time go by, and everything happen that becomes due. */
export async function pass(world: World, milliseconds: number): Promise<void> {
  world.clock.advance(milliseconds)
  await world.settle()
}

export type Paid = Held & { paymentId: string }

/** A confirmed class of somebody new, and the payment that paid it. The log of requests is empty afterwards. */
export async function paidClass(world: World, when: Slot): Promise<Paid> {
  const held = await heldClass(world, when)
  const { id } = await payOnce(world, held.preferenceId)
  await world.settle()
  expect(await stateOf(world, held.classId)).toBe('scheduled')
  await emptyLog(world)
  return { ...held, paymentId: id }
}

/** Open cases about the refund of a payment. */
export async function refundCase(world: World, paymentId: string): Promise<string[]> {
  return casesOf(world, ...(await refundsOf(world, paymentId)).map(({ id }) => id))
}

/** Refunds that took effect at the provider. */
export async function refundsAtProvider(world: World, paymentId: string): Promise<SandboxPayment['refunds']> {
  return (await atProvider(world, paymentId)).refunds.filter(({ status }) => status === 'approved')
}

export async function codesOf(world: World, classId: string): Promise<string[]> {
  return (await world.rows<{ code: string }>('SELECT code FROM access_code WHERE class_id = $1', [classId])).map(({ code }) => code)
}
