import type pg from 'pg'
import { createDatabase, type Database } from '../../../src/db/client.ts'
import type { VirtualClock } from './clock.ts'
import { generalized, type Statement } from './generalized.ts'
import { currentLife, type Life, running } from './process.ts'
import type { Scheduler } from './scheduler.ts'

/** A statement takes a moment, so that no two rows that are written bear the same instant. */
const STATEMENT_MS = 1
/** The one question whose answer comes in an order that the planner may change. */
const DUE_QUEUES = 'SELECT DISTINCT name FROM pgboss.job'

/** Changes the text of a statement: how a control forgets a protection. */
export type Rewrite = (text: string) => string

type Query = (statement: Statement, values?: unknown[]) => Promise<pg.QueryResult>

/**
 * The one connection as the processes see it. Before a statement or a transaction whoever asks waits for the scheduler; at each of the
 * points that matter his process may be killed, and what a killed process still sends is refused, except the ROLLBACK by which a server
 * ends the transaction of a connection that broke. Code of the rig itself passes freely.
 */
export function watchedDatabase(
  pool: pg.Pool,
  scheduler: Scheduler,
  clock: VirtualClock,
  rewrite: () => Rewrite,
  uuid: () => string,
): Database {
  const changed = (text: string) => rewrite()(text.startsWith(DUE_QUEUES) ? `${text} ORDER BY name` : text)
  const rewritten = (statement: Statement, values: unknown[] | undefined) =>
    generalized(typeof statement === 'string' ? changed(statement) : { ...statement, text: changed(statement.text) }, values, uuid)
  const textOf = (statement: Statement) => (typeof statement === 'string' ? statement : statement.text)

  async function single(statement: Statement, values?: unknown[]): Promise<pg.QueryResult> {
    const life = currentLife()
    if (life) {
      life.pass('before-statement')
      await life.park(`sql ${shorten(textOf(statement))}`, true)
    }
    scheduler.takeConnection()
    try {
      return await apart(scheduler, () => (pool.query as unknown as Query)(...rewritten(statement, values)))
    } finally {
      scheduler.giveConnection()
      life?.pass('after-statement')
    }
  }

  async function connect(): Promise<unknown> {
    const life = currentLife()
    if (life) {
      life.pass('before-begin')
      await life.park('begin', true)
    }
    scheduler.takeConnection()
    mark(true)
    const client = await apart(scheduler, () => pool.connect())
    const query = client.query.bind(client) as unknown as Query
    return {
      query(statement: Statement, values?: unknown[]) {
        clock.advance(STATEMENT_MS)
        return inTransaction(life, scheduler, query, ...rewritten(statement, values))
      },
      release(error?: Error) {
        client.release(error)
        mark(false)
        scheduler.giveConnection()
      },
    }
  }

  return createDatabase({ query: single, connect, options: pool.options, end: async () => {}, on: () => {} } as unknown as pg.Pool)
}

async function inTransaction(life: Life | null, scheduler: Scheduler, query: Query, statement: Statement, values?: unknown[]) {
  if (statement === 'ROLLBACK') return apart(scheduler, () => query(statement))
  if (statement !== 'COMMIT') {
    if (life && !life.alive) life.pass('before-statement')
    return apart(scheduler, () => query(statement, values))
  }
  life?.pass('before-commit')
  const committed = await apart(scheduler, () => query(statement))
  life?.pass('after-commit')
  return committed
}

/** What happens inside the database is nobody's doing, and its timers are its own. */
export function apart<T>(scheduler: Scheduler, work: () => Promise<T>): Promise<T> {
  return scheduler.during(running.run('upkeep', work))
}

/** Remembers with whoever runs that he is inside a transaction, so that a network call from there is noticed. */
function mark(holds: boolean): void {
  const store = running.getStore()
  if (typeof store === 'object') store.holdsConnection.yes = holds
}

const SHOWN = 60
/** More than that has a beginning of a statement only when it is indented deeply. */
const READ = 240

const shown = new Map<string, string>()

/** The beginning alone is looked at: statements are long, and every one of them is traced. */
function shorten(text: string): string {
  const known = shown.get(text)
  if (known !== undefined) return known
  const short = text.slice(0, READ).replace(/\s+/g, ' ').trim().slice(0, SHOWN)
  shown.set(text, short)
  return short
}
