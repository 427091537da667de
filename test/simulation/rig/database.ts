import type pg from 'pg'
import { createDatabase, type Database } from '../../../src/db/client.ts'
import { currentLife, type Life, running } from './process.ts'
import type { Scheduler } from './scheduler.ts'

/** Changes the text of a statement: how a control forgets a protection. */
export type Rewrite = (text: string) => string

type Statement = string | { text: string; values?: unknown[] }
type Query = (statement: Statement, values?: unknown[]) => Promise<pg.QueryResult>

/**
 * The one connection as the processes see it. Before a statement or a transaction whoever asks waits for the scheduler; at each of the
 * points that matter his process may be killed, and what a killed process still sends is refused, except the ROLLBACK by which a server
 * ends the transaction of a connection that broke. Code of the rig itself passes freely.
 */
export function watchedDatabase(pool: pg.Pool, scheduler: Scheduler, rewrite: () => Rewrite): Database {
  const rewritten = (statement: Statement): Statement =>
    typeof statement === 'string' ? rewrite()(statement) : { ...statement, text: rewrite()(statement.text) }
  const textOf = (statement: Statement) => (typeof statement === 'string' ? statement : statement.text)

  async function single(statement: Statement, values?: unknown[]): Promise<pg.QueryResult> {
    const life = currentLife()
    if (life) {
      life.pass('before-statement')
      await life.park(`sql ${shorten(textOf(statement))}`, true)
    }
    scheduler.takeConnection()
    try {
      return await scheduler.during((pool.query as unknown as Query)(rewritten(statement) as string, values))
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
    const client = await scheduler.during(pool.connect())
    const query = client.query.bind(client) as unknown as Query
    return {
      query: (statement: Statement, values?: unknown[]) => inTransaction(life, scheduler, query, rewritten(statement), values),
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
  if (statement === 'ROLLBACK') return scheduler.during(query(statement))
  if (statement !== 'COMMIT') {
    if (life && !life.alive) life.pass('before-statement')
    return scheduler.during(query(statement, values))
  }
  life?.pass('before-commit')
  const committed = await scheduler.during(query(statement))
  life?.pass('after-commit')
  return committed
}

/** Remembers with whoever runs that he is inside a transaction, so that a network call from there is noticed. */
function mark(holds: boolean): void {
  const store = running.getStore()
  if (typeof store === 'object') store.holdsConnection.yes = holds
}

const SHOWN = 60

function shorten(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, SHOWN)
}
