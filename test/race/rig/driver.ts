import pg from 'pg'
import { createDatabase, type Database } from '../../../src/db/client.ts'

/** The same limits as in production (`src/db/open.ts`), so that a wait that would fail there fails here. */
const STATEMENT_TIMEOUT_MS = 15_000
const LOCK_TIMEOUT_MS = 10_000
const CONNECT_TIMEOUT_MS = 10_000

/** Changes the text of a statement on its way to the server: how a control forgets a lock. */
export type Rewrite = (text: string) => string

export interface WatchedDatabase {
  db: Database
  /** How often the server refused a statement, by SQLSTATE. */
  refusals: Map<string, number>
}

const HIST = new Map<number, string[]>()
type Callback = (error: unknown, result: unknown) => void

/** A pool of real connections that counts what the server refuses and, in a control, rewrites what it is sent. */
export function openWatched(url: string, connectionsMax: number, rewrite: Rewrite = (text) => text): WatchedDatabase {
  const refusals = new Map<string, number>()
  const note = (error: unknown) => {
    const code = (error as { code?: unknown } | null)?.code
    if (typeof code === 'string') refusals.set(code, (refusals.get(code) ?? 0) + 1)
  }

  class WatchedClient extends pg.Client {
    // The driver's own signature is a dozen overloads; whatever comes in goes on, with its text rewritten and its outcome looked at.
    override query(...given: unknown[]): never {
      const [statement, ...rest] = given
      const txt = typeof statement === 'string' ? statement : String((statement as { text?: string })?.text)
      const pid = (this as unknown as { processID: number }).processID
      const hist = HIST.get(pid) ?? []; hist.push(txt.replace(/\s+/g, ' ').slice(0, 160) + ' -- ' + JSON.stringify(rest.find((r) => Array.isArray(r)) ?? (statement as { values?: unknown })?.values ?? '').slice(0, 200)); if (hist.length > 25) hist.shift(); HIST.set(pid, hist)
      const dump = (e: unknown) => { const x = e as { code?: string; detail?: string; where?: string }; if (x?.code === '40P01') { console.log('DEADLOCK', x.detail, x.where); for (const m of String(x.detail).matchAll(/Process (\d+)/g)) console.log('HIST', m[1], (HIST.get(Number(m[1])) ?? []).slice(-22).join('\n   ')) } }
      const callback = rest.at(-1)
      if (typeof callback === 'function') {
        rest[rest.length - 1] = (error: unknown, result: unknown) => {
          note(error); dump(error)
          ;(callback as Callback)(error, result)
        }
      }
      const answer = (super.query as (...args: unknown[]) => unknown).call(this, rewritten(statement), ...rest)
      if (answer instanceof Promise) answer.catch((e) => { note(e); dump(e) })
      return answer as never
    }
  }

  function rewritten(statement: unknown): unknown {
    if (typeof statement === 'string') return rewrite(statement)
    if (typeof statement !== 'object' || statement === null || 'submit' in statement || !('text' in statement)) return statement
    return { ...statement, text: rewrite(String(statement.text)) }
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
