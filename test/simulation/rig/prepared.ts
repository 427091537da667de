export type Statement = string | { text: string; values?: unknown[]; name?: string }

/** More different texts than the application has. */
const TEXTS_MAX = 3_000
const PREPARABLE = /^\s*(select|insert|update|delete|with)\b/i
/** The one instant that the queue writes into the text of its statements. */
const INSTANT = /timestamptz '(\d{4}-[^']+)'/g
const JOB_ID = 'COALESCE(id, gen_random_uuid())'

const names = new Map<string, string>()

/**
 * The same statement under a name, so that the embedded database plans it once and not a thousand times: most of the time of a simulation.
 * The queue's instant and the ids of its jobs become parameters; the ids come from `uuid`, because a batch is fetched in their order.
 */
export function prepared(statement: Statement, values: unknown[] | undefined, uuid: () => string): [Statement, unknown[] | undefined] {
  const given = typeof statement === 'string' ? statement : statement.text
  if (!PREPARABLE.test(given) || given.includes(';')) return [statement, values]
  const all = [...(values ?? (typeof statement === 'string' ? [] : (statement.values ?? [])))]
  const instant = INSTANT.exec(given)?.[1]
  INSTANT.lastIndex = 0
  let text = given
  if (instant !== undefined) {
    all.push(instant)
    text = text.replaceAll(INSTANT, () => `$${all.length}::timestamptz`)
  }
  if (text.includes(JOB_ID)) {
    all.push(uuid())
    text = text.replaceAll(JOB_ID, () => `COALESCE(id, $${all.length}::uuid)`)
  }
  const name = nameOf(text)
  const named = typeof statement === 'string' ? { text } : { ...statement, text }
  return [name ? { ...named, name } : named, all]
}

function nameOf(text: string): string | null {
  const known = names.get(text)
  if (known) return known
  if (names.size >= TEXTS_MAX) return null
  const name = `s${names.size}`
  names.set(text, name)
  return name
}
