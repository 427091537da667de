import { createHash } from 'node:crypto'
import type { Simulation } from '../rig/simulation.ts'

/** What matters to people and money, without the instants and counters that every look at it moves. */
const PARTS: readonly [string, string][] = [
  [
    'class',
    'SELECT id, status, cancel_reason, paid_at IS NOT NULL AS paid, hold_expires_at, google_event_id, meet_url, starts_at FROM virtual_class ORDER BY id',
  ],
  ['order', 'SELECT id, user_id, class_id, preference_id, status, refunded_centavos, amount_centavos FROM payment_order ORDER BY id'],
  ['payment', 'SELECT id, order_id, status, amount_centavos, refunded_centavos, role FROM provider_payment ORDER BY id'],
  ['refund', 'SELECT id, payment_id, amount_centavos, state FROM refund ORDER BY id'],
  ['seat', 'SELECT class_id, user_id, rol, seat FROM participation ORDER BY class_id, seat'],
  ['code', 'SELECT code, class_id, retired_at IS NULL AS live FROM access_code ORDER BY code'],
  // One that says that a notification could not be read is rightly over when that notification comes again and can be.
  [
    'case',
    `SELECT subject, subject_id, reason FROM attention_case WHERE resolved_at IS NULL AND reason <> 'notification_unread' ORDER BY 1, 2, 3`,
  ],
  ['notice', 'SELECT user_id, class_id, kind FROM notice ORDER BY 1, 2, 3'],
  ['person', 'SELECT id, email, role FROM app_user ORDER BY id'],
  ['login', 'SELECT user_id, count(*) AS n FROM session GROUP BY user_id ORDER BY user_id'],
  ['grant', 'SELECT teacher_id, status FROM google_connection ORDER BY 1'],
]

const WHOLE = `SELECT ${PARTS.map(([name, text]) => `(SELECT json_agg(part)::text FROM (${text}) AS part) AS "${name}"`).join(', ')}`

/** Each part of the state, as text. */
export async function digest(sim: Simulation): Promise<Record<string, string>> {
  const [parts] = await sim.execute(WHOLE)
  return (parts ?? {}) as Record<string, string>
}

/** Names of the parts that differ. */
export function differences(before: Record<string, string>, after: Record<string, string>): string[] {
  return Object.keys(after).filter((name) => before[name] !== after[name])
}

export function fingerprintOf(parts: unknown): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16)
}
