import { atGoogle } from '../../support/books.ts'
import { findBreaches } from '../../support/invariants.ts'
import { type History, PRICES } from '../history/plan.ts'
import { SECOND, type Stage } from '../history/stage.ts'
import type { Simulation } from '../rig/simulation.ts'
import { lineOf } from './kinds.ts'
import { hastyReleases, moneyBreaches, returnedClasses } from './money.ts'

/** What must hold at every moment, in one look: cheap enough for after every action. */
const ALWAYS = `
  SELECT 'overlap: ' || a.id || ' and ' || b.id AS what FROM virtual_class a JOIN virtual_class b ON a.teacher_id = b.teacher_id AND a.id < b.id
    AND tstzrange(a.starts_at, a.ends_at, '[)') && tstzrange(b.starts_at, b.ends_at, '[)')
    WHERE a.status IN ('pending', 'scheduled') AND b.status IN ('pending', 'scheduled')
  UNION ALL SELECT 'own-hour: ' || a.id || ' and ' || b.id FROM virtual_class a JOIN virtual_class b ON a.booked_by_id = b.booked_by_id AND a.id < b.id
    AND tstzrange(a.starts_at, a.ends_at, '[)') && tstzrange(b.starts_at, b.ends_at, '[)')
    WHERE a.status IN ('pending', 'scheduled') AND b.status IN ('pending', 'scheduled')
  UNION ALL SELECT 'seats: class ' || c.id || ' of ' || c.max_participants || ' has ' || count(*) FROM virtual_class c JOIN participation p ON p.class_id = c.id
    GROUP BY c.id HAVING count(*) > c.max_participants
  UNION ALL SELECT 'seats: ' || count(*) || ' people belong to the pending class ' || c.id FROM virtual_class c JOIN participation p ON p.class_id = c.id
    WHERE c.status = 'pending' GROUP BY c.id
  UNION ALL SELECT 'scheduled: class ' || c.id || ' has no event, link, code or paid order' FROM virtual_class c
    LEFT JOIN payment_order o ON o.class_id = c.id LEFT JOIN access_code a ON a.class_id = c.id AND a.retired_at IS NULL
    WHERE c.status = 'scheduled' GROUP BY c.id, o.id HAVING NOT coalesce(o.status IN ('approved', 'refunded') AND o.currency = 'ARS'
      AND o.amount_centavos = c.price_centavos AND c.google_event_id IS NOT NULL AND c.meet_url LIKE 'http%'
      AND count(*) FILTER (WHERE a.code ~ '^[A-Z0-9]{8}$') = 1, false)
  UNION ALL SELECT 'code: ' || a.code || ' opens a cancelled class' FROM access_code a JOIN virtual_class c ON c.id = a.class_id
    WHERE c.status = 'cancelled' AND a.retired_at IS NULL
  UNION ALL SELECT 'hold: class ' || c.id || ' is held longer than its preference can be paid' FROM virtual_class c JOIN payment_order o ON o.class_id = c.id
    WHERE c.hold_expires_at > o.expires_at
  UNION ALL SELECT 'price: order ' || o.id || ' is over ' || o.amount_centavos FROM payment_order o
    WHERE o.amount_centavos / 100 IS DISTINCT FROM (ARRAY[${PRICES.join(', ')}])[o.max_participants]
  UNION ALL SELECT 'notice: ' || count(*) || ' for ' || dedupe_key FROM notice GROUP BY dedupe_key HAVING count(*) > 1
  UNION ALL SELECT 'refund: ' || count(*) || ' of payment ' || payment_id FROM refund GROUP BY payment_id HAVING count(*) > 1
  UNION ALL SELECT what FROM simulated_breach`

export async function breachesNow(sim: Simulation): Promise<string[]> {
  return [...(await sim.execute(ALWAYS)).map(({ what }) => String(what)), ...sim.network.offences]
}

/** Everything that must hold once all has come to rest (behaviour 8). */
export async function breachesAtRest(stage: Stage, history: History, settledFromMs: number): Promise<string[]> {
  const { sim } = stage
  const found = await breachesNow(sim)
  for (const breach of await findBreaches(sim.books)) {
    const line = breach.kind === 'silent' && !breach.what.startsWith('paid, and neither') ? null : lineOf(breach)
    if (line) found.push(line)
  }
  found.push(...(await moneyBreaches(sim)))
  found.push(...(await calendarBreaches(stage, settledFromMs)))
  const left = await sim.execute(
    `SELECT name, state, count(*)::int AS n FROM pgboss.job
    WHERE (state = 'active' OR state < 'active' AND start_after <= $1) AND name <> 'dead-letter' GROUP BY 1, 2`,
    [sim.clock.now()],
  )
  for (const { name, state, n } of left) found.push(`work: ${n} jobs ${name} are still ${state}`)
  const holds = await sim.execute(`SELECT id FROM virtual_class WHERE status = 'pending' AND paid_at IS NULL`)
  for (const { id } of holds) found.push(`hold: ${id} was never released`)
  const calm = history.faults.length + history.outages.length + history.crashes.length === 0
  const hidden = history.actions.some(({ deed }) => deed.do === 'provider' && deed.event === 'hide')
  if (calm && !hidden) found.push(...(await hastyReleases(sim)))
  const unheard = history.actions.some(({ deed }) => deed.do === 'notifications')
  found.push(...(await returnedClasses(sim, calm && !hidden && !unheard)))
  const unexplained = sim.errors.filter((line) => (calm || isBug(line)) && !isOfRevokedGrant(line, history))
  found.push(...unexplained.map((line) => `failure: ${line.slice(0, 300)}`))
  return [...new Set(found)]
}

/** Errors that a fault or a killed process does not explain. */
function isBug(line: string): boolean {
  return !/Crashed|was killed|Mercado Pago refused the access token|preference without id/.test(line)
}

/** An admin who asks for an event while the teacher's grant is gone is told so, and so is the log. */
function isOfRevokedGrant(line: string, { actions }: History): boolean {
  const isRevoked = actions.some(({ deed }) => deed.do === 'teacher' && deed.change === 'revoke')
  return isRevoked && line.startsWith('Failed to create calendar event') && line.includes('"reason":"needs-reconnect"')
}

/** At most one event per class and generation was made; it stands exactly while the class does (10). */
async function calendarBreaches(stage: Stage, settledFromMs: number): Promise<string[]> {
  const { sim } = stage
  const events = [...(await atGoogle(sim.books)), ...(stage.isShared ? await atGoogle(sim.books, SECOND.email) : [])]
  const classes = await sim.books.rows<{ id: string; status: string; starts_ms: string; ends_ms: string; told: boolean }>(
    `SELECT id, status, extract(epoch FROM starts_at) * 1000 AS starts_ms, extract(epoch FROM ends_at) * 1000 AS ends_ms, EXISTS (SELECT FROM attention_case a
       WHERE a.subject_id = virtual_class.id::text AND (a.resolved_at IS NULL
         -- On the list until the class was over, which takes it off.
         OR a.reason = 'calendar_changed' AND a.resolved_at >= virtual_class.ends_at)) AS told FROM virtual_class`,
  )
  return classes.flatMap(({ id, status, starts_ms, ends_ms, told }) => {
    const mine = events.filter(({ classId }) => classId === id)
    const standing = mine.filter((event) => event.status !== 'cancelled')
    const byHand = mine.filter((event) => stage.deletedByHand.has(event.id)).length
    const lives = status === 'scheduled' || status === 'completed'
    const found: string[] = []
    if (mine.length > 1 + byHand || standing.length > 1)
      found.push(`event: ${mine.length} events were made for class ${id}, ${standing.length} stand`)
    if (lives && standing.length === 0 && byHand === 0) found.push(`event: none stands for class ${id}, which is ${status}`)
    const hours = standing.map(({ startsAt }) => Date.parse(startsAt ?? ''))
    if (lives && byHand === 0 && Number(ends_ms) > settledFromMs && !told && hours.some((hour) => hour !== Number(starts_ms)))
      found.push(`event: the one of class ${id} stands at another hour`)
    // Once a class would be over, an event that stayed behind does no harm (behaviour 7).
    if (!lives && standing.length > 0 && Number(ends_ms) > settledFromMs && !told)
      found.push(`event: one stands for class ${id}, which is ${status}`)
    return found
  })
}
