export type Statement = string | { text: string; values?: unknown[] }

const JOB_ID = 'COALESCE(id, gen_random_uuid())'

/** The same statement with the ids of the queue's jobs from `uuid`, because a batch is fetched in their order. */
export function generalized(statement: Statement, values: unknown[] | undefined, uuid: () => string): [Statement, unknown[] | undefined] {
  const given = typeof statement === 'string' ? statement : statement.text
  if (!given.includes(JOB_ID)) return [statement, values]
  const all = [...(values ?? (typeof statement === 'string' ? [] : (statement.values ?? []))), uuid()]
  const text = given.replaceAll(JOB_ID, `COALESCE(id, $${all.length}::uuid)`)
  return [typeof statement === 'string' ? text : { ...statement, text }, all]
}
