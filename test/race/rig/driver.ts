import pg from 'pg'
import { createDatabase, type Database } from '../../../src/db/client.ts'

/**
 * Limits as in production (`src/db/open.ts`), so that whoever would wait there for good fails here; four times as long, because hundreds of people
 * at one moment on a machine that is busy with other things are no measure of speed.
 */
const STATEMENT_TIMEOUT_MS = 60_000
const LOCK_TIMEOUT_MS = 40_000
const CONNECT_TIMEOUT_MS = 40_000

/** Changes the text of a statement on its way to the server: how a control forgets a lock. */
export type Rewrite = (text: string) => string

/** Sees every statement that is sent, BEGIN and COMMIT included. */
export type Watch = (text: string, values: readonly unknown[]) => void

export interface WatchedDatabase {
  db: Database
  /** How often the server refused a statement, by SQLSTATE. */
  refusals: Map<string, number>
}

export const DEADLOCK = '40P01'
type Callback = (error: unknown, result: unknown) => void

/** A pool of real connections that counts what the server refuses and, in a control, rewrites what it is sent. */
export function openWatched(
  url: string,
  connectionsMax: number,
  rewrite: Rewrite = (text) => text,
  watch: Watch = () => {},
): WatchedDatabase {
  const refusals = new Map<string, number>()
  const note = (error: unknown) => {
    const { code } = (error ?? {}) as { code?: unknown }
    if (typeof code === 'string') refusals.set(code, (refusals.get(code) ?? 0) + 1)
  }

  class WatchedClient extends pg.Client {
    // The driver's own signature is a dozen overloads; whatever comes in goes on, with its text rewritten and its outcome looked at.
    override query(...given: unknown[]): never {
      const [statement, ...rest] = given
      const text = textOf(statement)
      if (text !== null) watch(text, valuesOf(statement, rest[0]))
      const callback = rest.at(-1)
      if (typeof callback === 'function') {
        rest[rest.length - 1] = (error: unknown, result: unknown) => {
          note(error)
          ;(callback as Callback)(error, result)
        }
      }
      const answer = (super.query as (...args: unknown[]) => unknown).call(this, rewritten(statement), ...rest)
      if (answer instanceof Promise) answer.catch(note)
      return answer as never
    }
  }

  function rewritten(statement: unknown): unknown {
    const text = textOf(statement)
    if (text === null) return statement
    return typeof statement === 'object' ? { ...statement, text: rewrite(text) } : rewrite(text)
  }

  const pool = new pg.Pool({
    connectionString: url,
    max: connectionsMax,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
    Client: WatchedClient,
  })
  pool.on('error', () => {})
  return { db: createDatabase(pool), refusals }
}

function textOf(statement: unknown): string | null {
  if (typeof statement === 'string') return statement
  if (typeof statement !== 'object' || statement === null || 'submit' in statement || !('text' in statement)) return null
  return String(statement.text)
}

function valuesOf(statement: unknown, second: unknown): readonly unknown[] {
  const own = (statement as { values?: unknown }).values
  return Array.isArray(second) ? second : Array.isArray(own) ? own : []
}
