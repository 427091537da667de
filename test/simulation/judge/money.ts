import { atMercadoPago, type PaidMoney } from '../../support/books.ts'
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
  /** The host cancelled so late that nothing goes back (D13). */
  forfeited: boolean
  /** The class was paid; its host cancelled it. */
  paid: boolean
  by_host: boolean
  /** When class or refund took their last step. */
  changed_ms: number
}

/** What the database says of each payment it has heard of. */
const TOLD = `
  SELECT p.id, p.role, p.order_id, c.status AS class, r.state AS refund,
    EXISTS (SELECT FROM pgboss.job j WHERE j.name = 'payment.refund' AND j.data->>'refundId' = r.id::text AND j.state IN ('created', 'retry', 'active')) AS waiting,
    EXISTS (SELECT FROM attention_case a WHERE a.resolved_at IS NULL AND a.subject_id IN (p.id, o.id::text, c.id::text, r.id::text)) AS flagged,
    p.status <> 'in_mediation' AND EXISTS (SELECT FROM attention_case a
      WHERE a.resolved_at IS NULL AND a.subject_id = p.id AND a.reason = 'in_mediation') AS stale,
    EXISTS (SELECT FROM attention_case a WHERE a.resolved_at IS NULL AND a.reason NOT IN ('in_mediation', 'charged_back')
      AND a.subject_id IN (p.id, o.id::text, c.id::text, r.id::text)) AS explained,
    EXISTS (SELECT FROM audit_log l WHERE l.action = 'class.cancel' AND l.subject_id = c.id::text AND l.detail->>'refund' = 'none') AS forfeited,
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
     FROM virtual_class c JOIN payment_order o ON o.class_id = c.id WHERE c.cancel_reason = 'hold_expired'`,
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
  const rows = await sim.books.rows<{ id: string; price: number; paid_with: string[] }>(
    `SELECT c.id, (o.amount_centavos / 100)::int AS price, array_agg(p.id) AS paid_with FROM virtual_class c JOIN payment_order o ON o.class_id = c.id
       JOIN provider_payment p ON p.order_id = o.id AND p.role = 'primary'
     WHERE c.status IN ('scheduled', 'completed') GROUP BY c.id, o.amount_centavos`,
  )
  return rows.flatMap(({ id, price, paid_with }) => {
    const mine = payments.filter((payment) => paid_with.includes(String(payment.id)))
    const ours = mine.filter(({ currency, collectorId }) => currency === 'ARS' && collectorId === OUR_COLLECTOR)
    const paid = ours.reduce((sum, { amount }) => sum + amount, 0)
    return paid === price ? [] : [`price: class ${id} of ${price} was paid with ${paid}`]
  })
}

function keptOf(payment: PaidMoney): number {
  if (!['approved', 'in_mediation', 'charged_back'].includes(payment.status)) return 0
  return payment.amount - payment.refunds.filter(({ status }) => status !== 'rejected').reduce((sum, { amount }) => sum + amount, 0)
}
