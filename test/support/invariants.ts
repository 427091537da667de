import { atGoogle, atMercadoPago, type Books, type EventAtGoogle } from './books.ts'
import { judgeOrder, judgeStrays, MONEY_CASES, type OrderRow } from './money-judge.ts'

/** Something that must never be, with what shows it. */
export interface Breach {
  kind: 'overlap' | 'own-hour' | 'seats' | 'host' | 'scheduled' | 'code' | 'silent' | 'money' | 'holds' | 'work' | 'event' | 'events'

  what: string
  /** How many rows or payments are concerned. */
  count: number
  /** Pesos that nobody answers for, where it is about money. */
  pesos: number
}

/** `findBreaches` as lines that begin with their kind. */
export async function breaches(books: Books): Promise<string[]> {
  return (await findBreaches(books)).map(({ kind, what }) => `${kind}: ${what}`)
}

/**
 * Invariants 1–5, 10 and 12 of the behaviour contract, section 8, for everything in the database and at the providers. The application must
 * be at rest. Late cancellations must give the money back (`FULL_REFUND_HOURS=0`): what a host forfeits is not told apart from what is lost.
 */
export async function findBreaches(books: Books): Promise<Breach[]> {
  const found: Breach[] = []
  for (const [kind, what, text] of QUERIES) {
    const rows = await books.rows(text)
    if (rows.length > 0) found.push(breach(kind, `${what}: ${JSON.stringify(rows.slice(0, 3))}`, rows.length))
  }
  const { payments } = await atMercadoPago(books)
  const orders = await books.rows<OrderRow>(
    `SELECT o.id, o.preference_id AS preference, o.status, o.amount_centavos::int AS amount, o.refunded_centavos::int AS refunded, c.status AS class, c.starts_at AS starts,
       EXISTS (SELECT FROM attention_case a WHERE a.resolved_at IS NULL AND a.reason IN ${MONEY_CASES} AND (a.subject_id = o.id::text OR a.subject_id = c.id::text OR a.subject_id IN
         (SELECT p.id FROM provider_payment p WHERE p.order_id = o.id
          UNION ALL SELECT r.id::text FROM refund r WHERE r.order_id = o.id))) AS flagged
     FROM payment_order o LEFT JOIN virtual_class c ON c.id = o.class_id`,
  )
  const told = await books.rows<{ id: string; order: string | null }>(
    `SELECT p.id, p.order_id AS order FROM provider_payment p JOIN attention_case a ON a.subject = 'payment' AND a.subject_id = p.id AND a.resolved_at IS NULL AND a.reason IN ${MONEY_CASES}`,
  )
  for (const order of orders) found.push(...judgeOrder(order, payments, toldUnderAnother(told, order.id)))
  found.push(...judgeStrays(payments, orders, new Set(told.map(({ id }) => id))))
  found.push(...calendarOf(await atGoogle(books), await books.rows<ClassRow>('SELECT id, status FROM virtual_class')))
  return found
}

function breach(kind: Breach['kind'], what: string, count = 1, pesos = 0): Breach {
  return { kind, what, count, pesos }
}

interface ClassRow extends Record<string, unknown> {
  id: string
  status: string
}

/** Classes that took or take the teacher's time: two that were held in one hour stay a double class. */
const TAKES_TIME = `('pending', 'scheduled', 'completed')`
const REAL = `('scheduled', 'completed')`

/** [kind, what is wrong, the rows that should not exist]. */
const QUERIES: readonly [Breach['kind'], string, string][] = [
  [
    'overlap',
    'two classes share time (1)',
    `SELECT a.id, b.id FROM virtual_class a JOIN virtual_class b ON a.teacher_id = b.teacher_id AND a.id < b.id
       AND tstzrange(a.starts_at, a.ends_at, '[)') && tstzrange(b.starts_at, b.ends_at, '[)')
     WHERE a.status IN ${TAKES_TIME} AND b.status IN ${TAKES_TIME}`,
  ],
  [
    'own-hour',
    'one person booked two classes that share time (decision 029)',
    `SELECT a.id, b.id FROM virtual_class a JOIN virtual_class b ON a.booked_by_id = b.booked_by_id AND a.id < b.id
       AND tstzrange(a.starts_at, a.ends_at, '[)') && tstzrange(b.starts_at, b.ends_at, '[)')
     WHERE a.status IN ${TAKES_TIME} AND b.status IN ${TAKES_TIME}`,
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
  [
    'work',
    'work that failed for good',
    `SELECT coalesce(source_name, name) AS name, coalesce(source_output, output) AS output FROM pgboss.job WHERE name = 'dead-letter' OR (state IN ('failed', 'retry') AND retry_limit > 0)`,
  ],
]

/** A payment that names this order and was made with another one's preference may be on the list under that one. */
function toldUnderAnother(told: readonly { id: string; order: string | null }[], orderId: string): Set<string> {
  return new Set(told.filter(({ order }) => order !== orderId).map(({ id }) => id))
}

/** At most one event per class was ever made ("events"); it stands exactly while the class does ("event") (10). */
function calendarOf(events: readonly EventAtGoogle[], classes: readonly ClassRow[]): Breach[] {
  return classes.flatMap(({ id, status }) => {
    const mine = events.filter(({ classId }) => classId === id)
    const standing = mine.filter((event) => event.status !== 'cancelled').length
    const wanted = status === 'scheduled' || status === 'completed' ? 1 : 0
    return [
      ...(mine.length > 1 ? [breach('events', `${mine.length} events were made for class ${id} (10)`, mine.length - 1)] : []),
      ...(standing === wanted ? [] : [breach('event', `${standing} events stand for class ${id}, which is ${status}`)]),
    ]
  })
}
