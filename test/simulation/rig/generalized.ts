export type Statement = string | { text: string; values?: unknown[] }

/** The one instant that the queue writes into the text of its statements. */
const INSTANT = /timestamptz '(\d{4}-[^']+)'/g
const JOB_ID = 'COALESCE(id, gen_random_uuid())'
const PLANNABLE = /^\s*(select|insert|update|delete|with)\b/i

/**
 * The same statement with everything that differs from time to time as a parameter, so that the embedded database plans it once and not a
 * thousand times. Besides the queue's instant these are the ids of its jobs: they come from `uuid`, because a batch is fetched in their order.
 */
export function generalized(statement: Statement, values: unknown[] | undefined, uuid: () => string): [Statement, unknown[] | undefined] {
  const given = typeof statement === 'string' ? statement : statement.text
  const instant = given.includes("timestamptz '") ? INSTANT.exec(given)?.[1] : undefined
  INSTANT.lastIndex = 0
  const hasJobId = given.includes(JOB_ID)
  if ((instant === undefined && !hasJobId) || given.includes(';') || !PLANNABLE.test(given)) return [statement, values]
  const all = [...(values ?? (typeof statement === 'string' ? [] : (statement.values ?? [])))]
  let text = given
  if (instant !== undefined) {
    all.push(instant)
    text = text.replaceAll(INSTANT, () => `$${all.length}::timestamptz`)
  }
  if (hasJobId) {
    all.push(uuid())
    text = text.replaceAll(JOB_ID, () => `COALESCE(id, $${all.length}::uuid)`)
  }
  return [typeof statement === 'string' ? text : { ...statement, text }, all]
}
