import { HOUR_MS, MINUTE_MS } from '../../../src/kernel/clock.ts'
import { atMercadoPago, type PaidMoney } from '../../support/books.ts'
import { MONEY_CASES } from '../../support/money-judge.ts'
import type { Simulation } from '../rig/simulation.ts'
import { type DatedMoney, statementBreaches } from './statement.ts'

export interface Told extends Record<string, unknown> {
  id: string
  role: string | null
  order_id: string | null
  /** Status of the class that the order pays; null when there is none. */
  class: string | null
  refund: string | null
  /** A job of the refund waits. */
  waiting: boolean
  flagged: boolean
  /** The list says that a claim is open which we know to be over. */
  stale: boolean
  /** A case that says more than that there is a dispute. */
  explained: boolean
  /** The host cancelled a class that was paid and in the calendar so late that nothing goes back (D13, D13b). */
  forfeited: boolean
  /** Why it goes back, where we have asked for that. */
  refund_reason: string | null
  /** The class was paid; its host cancelled it. */
  paid: boolean
  by_host: boolean
  /** When class or refund took their last step. */
  changed_ms: number
}

/** By the class alone, not by what the product said of it. Exactly 24 hours still count. */
const FORFEITED = `coalesce(c.cancel_reason = 'host_cancelled' AND c.paid_at IS NOT NULL AND EXISTS (SELECT FROM access_code k WHERE k.class_id = c.id)
  AND (c.refund_lapsed OR c.cancelled_at > c.starts_at - interval '24 hours'), false)`

/** What the database says of each payment it has heard of. Cases about something else than money explain nothing of it. */
const TOLD = `
  SELECT p.id, p.role, p.order_id, c.status AS class, r.state AS refund, r.reason AS refund_reason,
    EXISTS (SELECT FROM pgboss.job j WHERE j.name = 'payment.refund' AND j.data->>'refundId' = r.id::text AND j.state IN ('created', 'retry', 'active')) AS waiting,
    EXISTS (SELECT FROM attention_case a WHERE a.resolved_at IS NULL AND a.reason IN ${MONEY_CASES}
      AND a.subject_id IN (p.id, o.id::text, c.id::text, r.id::text)) AS flagged,
    p.status <> 'in_mediation' AND EXISTS (SELECT FROM attention_case a
      WHERE a.resolved_at IS NULL AND a.subject_id = p.id AND a.reason = 'in_mediation') AS stale,
    EXISTS (SELECT FROM attention_case a WHERE a.resolved_at IS NULL AND a.reason IN ${MONEY_CASES}
      AND a.reason NOT IN ('in_mediation', 'charged_back') AND a.subject_id IN (p.id, o.id::text, c.id::text, r.id::text)) AS explained,
    ${FORFEITED} AS forfeited,
    c.paid_at IS NOT NULL AS paid, c.cancel_reason = 'host_cancelled' AS by_host,
    extract(epoch FROM greatest(c.paid_at, c.cancelled_at, r.updated_at)) * 1000 AS changed_ms
  FROM provider_payment p
    LEFT JOIN payment_order o ON o.id = p.order_id
    LEFT JOIN virtual_class c ON c.id = o.class_id
    LEFT JOIN refund r ON r.payment_id = p.id`

const OUR_COLLECTOR = 246_813_579

/** Every peso that the provider has for us is exactly one of: a class, on its way back, or an open case. One line per peso nobody answers for. */
export async function moneyBreaches(sim: Simulation): Promise<string[]> {
  const { payments } = await atMercadoPago(sim.books)
  const told = new Map((await sim.books.rows<Told>(TOLD)).map((row) => [row.id, row]))
  const cases = await sim.books.rows<{ id: string }>(
    `SELECT subject_id AS id FROM attention_case WHERE subject = 'payment' AND resolved_at IS NULL`,
  )
  const listed = new Set(cases.map(({ id }) => id))
  const found: string[] = []
  for (const payment of payments) {
    const row = told.get(String(payment.id))
    const kept = keptOf(payment)
    if (row?.forfeited && row.role === 'primary' && row.refund !== null && row.refund_reason !== 'admin_refund')
      found.push(`gift: payment ${payment.id} goes back (${row.refund_reason}), and its host gave the class up too late for that`)
    if (row?.stale) found.push(`case: payment ${payment.id} is on the list for a claim that is over, it is ${payment.status}`)
    if (payment.collectorId !== OUR_COLLECTOR || kept <= 0) continue
    const what = `payment ${payment.id} (${payment.status}, ${kept} kept)`
    if (!row) {
      // Money that names no order, and whose notifications were lost, is found by the statement of its day, which is made by now.
      if (!listed.has(String(payment.id))) found.push(`silent: ${what} was never heard of`)
      continue
    }
    if (payment.status === 'in_mediation' || payment.status === 'charged_back') {
      if (!row.flagged) found.push(`silent: ${what} is disputed and nobody is told`)
      continue
    }
    const hasClass = row.role === 'primary' && (row.class === 'scheduled' || row.class === 'completed')
    const goesBack = row.refund !== null && row.refund !== 'failed' && row.waiting
    if (!hasClass && !goesBack && !row.explained && !(row.forfeited && row.role === 'primary'))
      found.push(`silent: ${what} pays nothing: role ${row.role}, class ${row.class}, refund ${row.refund}`)
  }
  found.push(...(await unpaidClasses(sim, payments)))
  const pesos = payments.filter(({ collectorId, currency }) => collectorId === OUR_COLLECTOR && currency === 'ARS')
  found.push(...(await statementBreaches(sim, pesos as DatedMoney[], told)))
  found.push(...sim.network.refundKeys.breaches)
  return found
}

/**
 * A hold is asked about before it is released (D7a): with providers that always answer, no released class was paid in full before its release.
 */
export async function hastyReleases(sim: Simulation): Promise<string[]> {
  const { payments } = await atMercadoPago(sim.books)
  const released = await sim.books.rows<{ order: string; price: number; at_ms: string }>(
    `SELECT o.id AS order, (o.amount_centavos / 100)::int AS price, extract(epoch FROM c.cancelled_at) * 1000 AS at_ms
     FROM virtual_class c JOIN payment_order o ON o.class_id = c.id WHERE c.cancel_reason IN ('hold_expired', 'payment_rejected')`,
  )
  return released.flatMap(({ order, price, at_ms }) => {
    const paid = (payments as (PaidMoney & { approvedAt: string | null })[]).find(
      ({ externalReference, amount, currency, collectorId, approvedAt }) =>
        externalReference === order &&
        amount === price &&
        currency === 'ARS' &&
        collectorId === OUR_COLLECTOR &&
        approvedAt !== null &&
        Date.parse(approvedAt) < Number(at_ms) - RELEASE_MARGIN_MS,
    )
    return paid ? [`release: order ${order} was paid, and its hold was released all the same`] : []
  })
}

/** Asking and releasing take a moment, in which a payment may still come. */
const RELEASE_MARGIN_MS = 5_000

/** A class that takes place was paid with exactly its price, in pesos, into our account: what the provider says, not what we wrote down. */
async function unpaidClasses(sim: Simulation, payments: readonly PaidMoney[]): Promise<string[]> {
  return (await givenClasses(sim)).flatMap(({ id, price, paid_with }) => {
    const mine = payments.filter((payment) => paid_with.includes(String(payment.id)))
    const ours = mine.filter(({ currency, collectorId }) => currency === 'ARS' && collectorId === OUR_COLLECTOR)
    const paid = ours.reduce((sum, { amount }) => sum + amount, 0)
    return paid === price ? [] : [`price: class ${id} of ${price} was paid with ${paid}`]
  })
}

interface GivenClass extends Record<string, unknown> {
  id: string
  price: number
  starts_ms: number
  /** Payments of it, as we wrote them down; none is as telling as too few. */
  paid_with: string[]
}

function givenClasses(sim: Simulation): Promise<GivenClass[]> {
  return sim.books.rows(
    `SELECT c.id, (o.amount_centavos / 100)::int AS price, (extract(epoch FROM c.starts_at) * 1000)::float8 AS starts_ms,
       array_remove(array_agg(p.id), NULL) AS paid_with
     FROM virtual_class c LEFT JOIN payment_order o ON o.class_id = c.id LEFT JOIN provider_payment p ON p.order_id = o.id AND p.role = 'primary'
     WHERE c.status IN ('scheduled', 'completed') GROUP BY c.id, o.amount_centavos`,
  )
}

/** Notifications may be lost: an approved order is asked about once a day (behaviour 7), and what fails then again soon after. */
const NOTICED_WITHIN_MS = 25 * HOUR_MS
/** Where nothing goes wrong, in the rig's time. */
const NOTICED_AT_ONCE_MS = 30 * MINUTE_MS

/**
 * A class does not take place when all its money went away so long before its start that it was noticed (W27), or the bank took it (W28). `calm`: no
 * notification is lost or late.
 */
export async function returnedClasses(sim: Simulation, calm: boolean): Promise<string[]> {
  const { payments } = await atMercadoPago(sim.books)
  const within = calm ? NOTICED_AT_ONCE_MS : NOTICED_WITHIN_MS
  return (await givenClasses(sim)).flatMap(({ id, price, starts_ms, paid_with }) => {
    const gone = payments.filter((payment) => paid_with.includes(String(payment.id)) && payment.goneAt !== null)
    const isWhole = gone.reduce((sum, { amount }) => sum + amount, 0) >= price || gone.some(({ status }) => status === 'charged_back')
    const goneMs = Math.max(...gone.map(({ goneAt }) => Date.parse(goneAt ?? '')))
    return isWhole && goneMs + within < starts_ms ? [`returned: class ${id} takes place, and its money went away before it began`] : []
  })
}

function keptOf(payment: PaidMoney): number {
  if (!['approved', 'in_mediation', 'charged_back'].includes(payment.status)) return 0
  return payment.amount - payment.refunds.filter(({ status }) => status !== 'rejected').reduce((sum, { amount }) => sum + amount, 0)
}
