import { addDays, instantAt, wallDate } from '../../../src/kernel/zoned-time.ts'
import type { PaidMoney } from '../../support/books.ts'
import type { Simulation } from '../rig/simulation.ts'
import type { Told } from './money.ts'

/** A payment as the provider has it, with its instants. */
export interface DatedMoney extends PaidMoney {
  approvedAt: string | null
  updatedAt: string
}

interface Row extends Record<string, unknown> {
  day: string
  state: string
  made_ms: number
  /** It is looked at again later. */
  waits: boolean
  payments: number
  approved: number
  classes: number
  credits: number
  refunds: number
  cases: number
  unaccounted: number
  provider_payments: number
  provider_approved: number
  /** Differences that no case was ever opened for. */
  untold: string[]
}

const STATEMENTS = `
  SELECT s.day::text AS day, s.state, extract(epoch FROM s.made_at) * 1000 AS made_ms, coalesce(s.next_look_at > $1, false) AS waits, s.payments,
    s.approved_centavos / 100 AS approved, s.classes_centavos / 100 AS classes, s.credits_centavos / 100 AS credits, s.refunds_centavos / 100 AS refunds,
    s.cases_centavos / 100 AS cases, s.unaccounted_centavos / 100 AS unaccounted, s.provider_payments, s.provider_approved_centavos / 100 AS provider_approved,
    ARRAY(SELECT d->>'kind' || ' of payment ' || (d->>'paymentId') FROM jsonb_array_elements(s.differences) AS d WHERE NOT EXISTS (
      SELECT FROM attention_case a WHERE a.subject = 'payment' AND a.subject_id = d->>'paymentId' AND a.reason = d->>'kind')) AS untold
  FROM daily_statement s ORDER BY s.day`

const MONEY_IN = ['approved', 'in_mediation', 'refunded', 'charged_back']
/** A day is stated from this hour of the next one on (behaviour 7). */
const MADE_FROM = '03:00'

/**
 * The statement of every day that has ended since the first order: it is there, tells what the provider has approved on that day peso by peso, and says
 * of each peso where it is. Nothing of it is computed as the product does; what has changed since a statement was made is not held against it.
 * `money`: of our account, in pesos.
 */
export async function statementBreaches(sim: Simulation, money: readonly DatedMoney[], told: ReadonlyMap<string, Told>): Promise<string[]> {
  const now = sim.clock.now()
  const [order] = await sim.books.rows<{ at: Date | null }>('SELECT min(created_at) AS at FROM payment_order')
  if (!order?.at) return []
  const rows = new Map((await sim.books.rows<Row>(STATEMENTS, [now])).map((row) => [row.day, row]))
  const found: string[] = []
  for (let day = wallDate(order.at); instantAt(addDays(day, 1), MADE_FROM) <= now; day = addDays(day, 1)) {
    const row = rows.get(day)
    const approved = money.filter(
      ({ status, approvedAt }) => MONEY_IN.includes(status) && approvedAt !== null && wallDate(new Date(approvedAt)) === day,
    )
    const say = (what: string) => found.push(`statement: ${day}: ${what}`)
    if (!row || row.state === 'unread') say(row ? 'was never read' : 'was never made')
    else for (const what of wrongWith(row, approved, told)) say(what)
  }
  return found
}

function wrongWith(row: Row, approved: readonly DatedMoney[], told: ReadonlyMap<string, Told>): string[] {
  const found: string[] = []
  const sum = approved.reduce((total, { amount }) => total + amount, 0)
  if (Number(row.provider_payments) !== approved.length || Number(row.provider_approved) !== sum)
    found.push(`${sum} in ${approved.length} payments came in, it says ${row.provider_approved} in ${row.provider_payments}`)
  if (row.state === 'curing') {
    if (!row.waits) found.push('it differs, and nobody looks again')
    return found
  }
  for (const difference of row.untold) if (row.state === 'differs') found.push(`no case was opened for ${difference}`)
  if (row.state !== 'balanced') return found
  if (Number(row.payments) !== approved.length || Number(row.approved) !== sum || Number(row.unaccounted) !== 0)
    found.push(`it is balanced, and ${row.approved} in ${row.payments} payments are known, ${row.unaccounted} unaccounted`)
  if (approved.some((payment) => hasChanged(payment, told.get(String(payment.id)), Number(row.made_ms)))) return found
  const due = placesOf(approved, told)
  // A credit becomes a case by itself when its preference ends: not told apart here.
  const says = { classes: Number(row.classes), refunds: Number(row.refunds), others: Number(row.credits) + Number(row.cases) }
  if (JSON.stringify(due) !== JSON.stringify(says)) found.push(`the money is ${JSON.stringify(due)}, it says ${JSON.stringify(says)}`)
  return found
}

function hasChanged({ updatedAt }: DatedMoney, row: Told | undefined, madeMs: number): boolean {
  return Date.parse(updatedAt) > madeMs || Number(row?.changed_ms ?? 0) > madeMs
}

/** Where the money is, by what the provider gave back and by the classes that there are. */
function placesOf(approved: readonly DatedMoney[], told: ReadonlyMap<string, Told>) {
  const due = { classes: 0, refunds: 0, others: 0 }
  for (const { id, status, amount, refunds } of approved) {
    const row = told.get(String(id))
    const back = status === 'refunded' ? amount : refunds.reduce((sum, one) => sum + (one.status === 'approved' ? one.amount : 0), 0)
    due.refunds += back
    const isGiven = status === 'approved' && row?.role === 'primary' && row.paid && (row.class !== 'cancelled' || row.by_host)
    if (row?.refund === 'requested' || row?.refund === 'sent') due.refunds += amount - back
    else if (isGiven && row.refund === null) due.classes += amount - back
    else due.others += amount - back
  }
  return due
}
