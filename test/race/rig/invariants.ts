import { atGoogle, atMercadoPago, type EventAtGoogle, type PaidMoney } from './ledger.ts'
import type { Rig } from './rig.ts'

/**
 * Invariants 1–5, 10 and 12 of the behaviour contract, section 8, for everything in the database and at the providers. One line per breach,
 * beginning with its kind. The rig must be at rest.
 */
export async function breaches(rig: Rig): Promise<string[]> {
  const harm: string[] = []
  for (const [kind, what, text] of QUERIES) {
    const rows = await rig.world.rows(text)
    if (rows.length > 0) harm.push(`${kind}: ${what}: ${JSON.stringify(rows.slice(0, 3))}`)
  }
  const { payments } = await atMercadoPago(rig)
  const orders = await rig.world.rows<OrderRow>(
    `SELECT o.id, o.status, o.amount_centavos::int AS amount, o.refunded_centavos::int AS refunded, c.status AS class,
       EXISTS (SELECT FROM attention_case a WHERE a.resolved_at IS NULL AND (a.subject_id = o.id::text OR a.subject_id = c.id::text OR a.subject_id IN
         (SELECT p.id FROM provider_payment p WHERE p.order_id = o.id))) AS flagged
     FROM payment_order o LEFT JOIN virtual_class c ON c.id = o.class_id`,
  )
  for (const order of orders) harm.push(...moneyOf(order, payments))
  harm.push(...calendarOf(await atGoogle(rig), await rig.world.rows<ClassRow>('SELECT id, status FROM virtual_class')))
  return harm
}

interface OrderRow extends Record<string, unknown> {
  id: string
  status: string
  amount: number
  refunded: number
  class: string | null
  flagged: boolean
}

interface ClassRow extends Record<string, unknown> {
  id: string
  status: string
}

const LIVE = `('pending', 'scheduled')`
const REAL = `('scheduled', 'completed')`

/** [kind, what is wrong, the rows that should not exist]. */
const QUERIES: readonly [string, string, string][] = [
  [
    'overlap',
    'two live classes share time (1)',
    `SELECT a.id, b.id FROM virtual_class a JOIN virtual_class b ON a.teacher_id = b.teacher_id AND a.id < b.id
       AND tstzrange(a.starts_at, a.ends_at, '[)') && tstzrange(b.starts_at, b.ends_at, '[)')
     WHERE a.status IN ${LIVE} AND b.status IN ${LIVE}`,
  ],
  [
    'seats',
    'more people than seats (2)',
    `SELECT c.id, c.max_participants, count(*)::int AS people FROM virtual_class c JOIN participation p ON p.class_id = c.id
     GROUP BY c.id HAVING count(*) > c.max_participants`,
  ],
  [
    'seats',
    'somebody belongs to a pending class (2)',
    `SELECT c.id FROM virtual_class c JOIN participation p ON p.class_id = c.id WHERE c.status = 'pending'`,
  ],
  [
    'host',
    'not exactly one host, or not the one who booked (3)',
    `SELECT c.id FROM virtual_class c LEFT JOIN participation p ON p.class_id = c.id AND p.rol = 'anfitrion' AND p.user_id = c.booked_by_id
     WHERE c.status IN ${REAL} GROUP BY c.id HAVING count(p.id) <> 1`,
  ],
  [
    'host',
    'a host is also a guest, or there are two (3)',
    `SELECT c.id FROM virtual_class c JOIN participation p ON p.class_id = c.id
     WHERE (p.rol = 'participante') = (p.user_id = c.booked_by_id)`,
  ],
  [
    'scheduled',
    'scheduled without money, event, link or code (4)',
    `SELECT c.id, o.status FROM virtual_class c LEFT JOIN payment_order o ON o.class_id = c.id
     WHERE c.status = 'scheduled' AND NOT coalesce(o.status = 'approved' AND o.currency = 'ARS' AND o.amount_centavos = c.price_centavos
       AND c.google_event_id IS NOT NULL AND c.meet_url IS NOT NULL
       AND (SELECT count(*) FROM access_code a WHERE a.class_id = c.id AND a.retired_at IS NULL AND a.code ~ '^[A-Z0-9]{8}$') = 1
       AND (SELECT sum(p.amount_centavos - p.refunded_centavos) FROM provider_payment p WHERE p.order_id = o.id AND p.role = 'primary'
         AND p.status = 'approved' AND p.currency = 'ARS') = o.amount_centavos, false)`,
  ],
  ['code', 'a code was given twice (4)', 'SELECT code FROM access_code GROUP BY code HAVING count(*) > 1'],
  [
    'code',
    'the code of a cancelled class still lives (4)',
    `SELECT a.code FROM access_code a JOIN virtual_class c ON c.id = a.class_id WHERE c.status = 'cancelled' AND a.retired_at IS NULL`,
  ],
  [
    'silent',
    'paid, and neither in the calendar nor cancelled (5)',
    `SELECT id FROM virtual_class WHERE status = 'pending' AND paid_at IS NOT NULL`,
  ],
  [
    'money',
    'more was given back than was paid (12)',
    'SELECT id FROM provider_payment WHERE refunded_centavos > amount_centavos UNION ALL SELECT NULL FROM payment_order WHERE refunded_centavos > amount_centavos',
  ],
  ['money', 'two refunds of one payment (12)', 'SELECT payment_id FROM refund GROUP BY payment_id HAVING count(*) > 1'],
  [
    'holds',
    'more unpaid holds than allowed (D7e)',
    `SELECT booked_by_id FROM virtual_class WHERE status = 'pending' AND paid_at IS NULL GROUP BY booked_by_id HAVING count(*) > 5`,
  ],
  ['work', 'work that failed for good', `SELECT name, output FROM pgboss.job WHERE name = 'dead-letter' OR state IN ('failed', 'retry')`],
]

/** What the provider has of an order, against what became of it (5, 12). */
function moneyOf(order: OrderRow, all: readonly PaidMoney[]): string[] {
  const harm: string[] = []
  const payments = all.filter(({ externalReference }) => externalReference === order.id)
  const kept = payments.filter(({ status }) => status === 'approved')
  const has = order.class === 'scheduled' || order.class === 'completed'
  if (kept.length > (has ? 1 : 0) && !order.flagged)
    harm.push(`silent: ${kept.length} payments kept for order ${order.id}, class ${order.class} (5)`)
  if (order.status === 'refunded' && kept.length > 0)
    harm.push(`money: order ${order.id} is refunded, ${kept.length} payments are not (12)`)
  if (order.status === 'approved' && kept.length === 0) harm.push(`money: order ${order.id} is approved, and nothing is kept (5)`)
  if (order.status === 'refunded' && has && order.class === 'scheduled')
    harm.push(`money: order ${order.id} is refunded, and its class goes on (4)`)
  for (const { id, amount, refunds } of payments) {
    const back = refunds.filter(({ status }) => status === 'approved').reduce((sum, refund) => sum + refund.amount, 0)
    if (refunds.length > 1 || back > amount)
      harm.push(`money: payment ${id} of ${amount} went back ${refunds.length} times, ${back} in all (12)`)
  }
  return harm
}

/** At most one event per class was ever made; it stands exactly while the class does (10). */
function calendarOf(events: readonly EventAtGoogle[], classes: readonly ClassRow[]): string[] {
  return classes.flatMap(({ id, status }) => {
    const mine = events.filter(({ classId }) => classId === id)
    const standing = mine.filter((event) => event.status !== 'cancelled').length
    const wanted = status === 'scheduled' || status === 'completed' ? 1 : 0
    return [
      ...(mine.length > 1 ? [`event: ${mine.length} events were made for class ${id} (10)`] : []),
      ...(standing === wanted ? [] : [`event: ${standing} events stand for class ${id}, which is ${status}`]),
    ]
  })
}
