import pg from 'pg'

/** Plans that a connection keeps at most; each takes some memory of the server. */
const NAMED_MAX = 200
/** Texts whose use is counted. Beyond that the one that was not seen for the longest time is forgotten. */
const COUNTED_MAX = 1_000
/** A statement that came this often will come again. */
const USES_BEFORE_PLANNED = 3
/** Rows written many at a time make one long text for each number of them: none comes again as often, and all of them take memory. */
const CHARACTERS_MAX = 4_000
/** A process that has seen so many migrations change the columns of its answers plans nothing any more, rather than leave ever more old plans behind. */
const ERAS_MAX = 10

const names = new Map<string, string>()
const uses = new Map<string, number>()
/** Plans of an era have other names than those of the one before. */
let era = 0

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

type Answered = (error: unknown, result?: unknown) => void

/**
 * A connection to a server that has every frequent statement planned once instead of each time it is sent. Our statements name their columns one by
 * one, so that a plan stays good when a migration adds some. When one changes the type of a column the server refuses every plan that answers with it,
 * for as long as it is kept: then all are made anew, by all connections of the process, and the statement is sent once more.
 */
export class PlanningClient extends pg.Client {
  // biome-ignore lint/suspicious/noExplicitAny: node-postgres overloads this in eight ways, and all of them go through unchanged.
  override query(statement: any, ...more: any[]): any {
    const name = nameOf(statement)
    if (name === null || era > ERAS_MAX) return super.query(unnamed(statement), ...(more as [never]))
    const sentIn = era
    const planned = { ...statement, name: sentIn === 0 ? name : `${name}-${sentIn}` }
    const callback = typeof more.at(-1) === 'function' ? (more.pop() as Answered) : null
    const answer = super.query(planned, ...(more as [never])) as unknown as Promise<unknown>
    const settled = answer.catch(async (error: unknown) => {
      if (!isPlanOutdated(error)) throw error
      if (era === sentIn) era += 1
      // In a transaction nothing more is answered: whoever began it begins it anew.
      return super.query(unnamed(statement), ...(more as [never])).catch((again: unknown) => {
        throw isAborted(again) ? error : again
      })
    })
    if (!callback) return settled
    void settled.then((result) => callback(null, result), callback)
  }
}

/** Under which a statement is planned: the name that it brings, or the one that it has earned; null for none. */
function nameOf(statement: unknown): string | null {
  if (typeof statement !== 'object' || statement === null) return null
  const { text, name } = statement as { text?: unknown; name?: unknown }
  if (typeof text !== 'string') return null
  const named = typeof name === 'string' ? name : planNameOf(text)
  return named ?? null
}

function unnamed<Statement>(statement: Statement): Statement {
  return typeof statement === 'object' && statement !== null ? { ...statement, name: undefined } : statement
}

/** By where the server says so; its words are in the server's language. */
function isPlanOutdated(error: unknown): boolean {
  const { code, routine } = (error ?? {}) as { code?: unknown; routine?: unknown }
  return code === '0A000' && routine === 'RevalidateCachedQuery'
}

function isAborted(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === '25P02'
}
