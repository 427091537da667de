import pg from 'pg'

/** Plans that a connection keeps at most; each takes some memory of the server. */
const NAMED_MAX = 200
/** Texts whose use is counted. Beyond that the one that was not seen for the longest time is forgotten. */
const COUNTED_MAX = 1_000
/** A statement that came this often will come again. */
const USES_BEFORE_PLANNED = 3
/** Rows written many at a time make one long text for each number of them: none comes again as often, and all of them take memory. */
const CHARACTERS_MAX = 4_000

const names = new Map<string, string>()
const uses = new Map<string, number>()

/**
 * The name under which a connection keeps the plan of a statement; undefined as long as it was hardly ever seen, and for those that come after the
 * first two hundred.
 */
export function planNameOf(text: string): string | undefined {
  if (text.length > CHARACTERS_MAX) return undefined
  const known = names.get(text)
  if (known !== undefined || names.size >= NAMED_MAX) return known
  const times = (uses.get(text) ?? 0) + 1
  uses.delete(text)
  if (times < USES_BEFORE_PLANNED) {
    uses.set(text, times)
    if (uses.size > COUNTED_MAX) for (const oldest of uses.keys()) return void uses.delete(oldest)
    return undefined
  }
  const name = `plan-${names.size + 1}`
  names.set(text, name)
  return name
}

/**
 * A connection to a server that has every frequent statement planned once instead of each time it is sent. Our statements name their columns one by
 * one, so that a plan stays good when a migration adds some.
 */
export class PlanningClient extends pg.Client {
  // biome-ignore lint/suspicious/noExplicitAny: node-postgres overloads this in eight ways, and all of them go through unchanged.
  override query(statement: any, ...more: any[]): any {
    const isPlannable = typeof statement === 'object' && typeof statement.text === 'string' && statement.name === undefined
    const name = isPlannable ? planNameOf(statement.text) : undefined
    return super.query(name === undefined ? statement : { ...statement, name }, ...(more as [never]))
  }
}
