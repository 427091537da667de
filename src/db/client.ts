import { AsyncLocalStorage } from 'node:async_hooks'
import { sql } from 'drizzle-orm'
import { NodePgDatabase, NodePgSession } from 'drizzle-orm/node-postgres'
import type { Pool, PoolClient, QueryResult } from 'pg'
import { Dialect } from './dialect.ts'
import type { Listen } from './listen.ts'
import type { Reader } from './replica.ts'

/** Where statements run: the pool (each on any connection) or one open transaction. */
export type Handle = Omit<NodePgDatabase<Record<string, never>>, 'transaction'>
/** A handle that is certainly inside a transaction. It opens no other one inside: `savepoint` is what undoes a part. */
export type Tx = Omit<Handle, 'transaction'> & { readonly __transaction: true }

export interface Database {
  /** For reads and single statements outside a transaction. Throws when used inside one: that would wait for itself on one connection. */
  readonly handle: Handle
  /**
   * The same for reads that may be some seconds old, of lists in which nobody looks for a change of their own: where there is a replica, it
   * answers.
   */
  readonly staleHandle: Handle
  /**
   * Runs `work` in one transaction on one connection and commits. Serialization failures, deadlocks and outdated plans are retried three times,
   * so `work` must have no effect outside the database; use `afterCommit` for those.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** Runs `effect` once the open transaction has committed; at once when there is none. */
  afterCommit(effect: () => void): void
  /**
   * Runs `work` while no other process runs something under the same key, and waits for that as long as `waitMs` says, else ten seconds.
   * With one connection there is no other process.
   */
  withAdvisoryLock<T>(key: number, work: () => Promise<T>, waitMs?: number): Promise<T>
  /** Runs `work` on one connection and outside a transaction, for the few statements that PostgreSQL takes nowhere else. */
  outsideTransaction<T>(work: (send: (text: string) => Promise<unknown>) => Promise<T>): Promise<T>
  /** Text protocol for libraries that bring their own SQL (the job queue): joins the open transaction when there is one. */
  execute(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>
  /** Hears what transactions of any process tell with NOTIFY, at their COMMIT. */
  listen: Listen
  /** The disk is nearly full: nothing that writes should be begun. */
  isDiskLow(): boolean
  /** Whether it answers at all. On a server that is asked past everything that is at work, and soon known. */
  answers(): Promise<boolean>
  close(): Promise<void>
}

/** What the database runs on, where that is our business. */
export interface Storage {
  listen: Listen
  isDiskLow(): boolean
  /** Without it the pool is asked. */
  answers?(): Promise<boolean>
  close(): Promise<void>
}

/** Storage that is nobody's business: never full, and nobody listens. */
const PLAIN: Storage = { listen: () => async () => {}, isDiskLow: () => false, close: async () => {} }

interface OpenTransaction {
  client: PoolClient
  effects: (() => void)[]
}

const ATTEMPTS_MAX = 4
const LOCK_WAIT_MS = 10_000
const LOCK_ASKED_FOR_EVERY_MS = 100
/** Serialization failure, deadlock, and a plan whose answer a migration has changed. */
const RETRYABLE = new Set(['40001', '40P01', '0A000'])

export function createDatabase(pool: Pool, storage: Storage = PLAIN, replica: Reader | null = null): Database {
  const open = new AsyncLocalStorage<OpenTransaction | null>()
  const guarded = new Proxy(pool, {
    get(target, property) {
      if ((property === 'query' || property === 'connect') && open.getStore()) {
        throw new Error('A statement was sent to the pool from inside a transaction; pass tx instead')
      }
      const value = Reflect.get(target, property, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })

  async function attempt<T>(work: (tx: Tx) => Promise<T>): Promise<{ result: T; effects: readonly (() => void)[] }> {
    const client = await pool.connect()
    const effects: (() => void)[] = []
    let broken: Error | undefined
    try {
      await client.query('BEGIN')
      // Awaited inside: statements of the query layer start only when somebody waits for them.
      const result = await open.run({ client, effects }, async () => await work(queryLayer(client) as unknown as Tx))
      const { command } = await client.query('COMMIT')
      // So the server answers when a statement failed and whoever sent it went on as if nothing had happened.
      if (command === 'ROLLBACK') throw new Error('Nothing was committed, because a statement of this transaction had failed')
      return { result, effects }
    } catch (error) {
      await client.query('ROLLBACK').catch((failure: Error) => {
        broken = failure
      })
      throw error
    } finally {
      client.release(broken)
    }
  }

  const handle = queryLayer(guarded as Pool)
  return {
    handle,
    staleHandle: replica ? queryLayer(replica as unknown as Pool) : handle,
    async transaction(work) {
      if (open.getStore()) throw new Error('A transaction was opened inside another one; pass tx instead')
      const { result, effects } = await retried(() => attempt(work))
      // It has committed: what an effect throws must neither undo nor repeat anything.
      open.run(null, () => {
        for (const effect of effects) effect()
      })
      return result
    },
    afterCommit(effect) {
      const transaction = open.getStore()
      if (transaction) transaction.effects.push(effect)
      else effect()
    },
    async withAdvisoryLock(key, work, waitMs = LOCK_WAIT_MS) {
      if ((pool.options.max ?? 0) < 2) return work()
      const client = await pool.connect()
      let broken: Error | undefined
      try {
        await takeLock(client, key, waitMs)
        return await work()
      } finally {
        await client.query('ROLLBACK').catch((error: Error) => {
          broken = error
        })
        client.release(broken)
      }
    },
    async outsideTransaction(work) {
      if (open.getStore()) throw new Error('What has to be outside a transaction was called inside one')
      const client = await pool.connect()
      let broken: Error | undefined
      try {
        return await work((text) => client.query(text))
      } finally {
        // Whatever was set is gone with it.
        await client.query('RESET ALL').catch((error: Error) => {
          broken = error
        })
        client.release(broken)
      }
    },
    async execute(text, values) {
      const target = open.getStore()?.client ?? pool
      // A text of several statements answers with one result each.
      const result: QueryResult | QueryResult[] = await target.query(text, values)
      return { rows: Array.isArray(result) ? result.flatMap((part) => part.rows) : result.rows }
    },
    listen: storage.listen,
    isDiskLow: storage.isDiskLow,
    answers: () =>
      storage.answers?.() ??
      pool.query('SELECT 1').then(
        () => true,
        () => false,
      ),
    async close() {
      // A read that hangs on the replica must not keep the server's connections from being given back.
      await Promise.all([pool.end(), replica?.end()])
      await storage.close()
    },
  }
}

const dialect = new Dialect()

/**
 * Returns with the lock held by an open transaction of `client`: by none of a session, because a pooler hands sessions to whoever comes. That
 * transaction must not go on seeing what it saw, or an index that is built beside it would wait for it for ever: so without values, which would keep
 * the statement open. For the same reason it is asked for again and again instead of waited for: whoever waits in a statement sees what they saw.
 */
async function takeLock(client: PoolClient, key: number, waitMs: number): Promise<void> {
  const until = performance.now() + waitMs
  for (;;) {
    await client.query('BEGIN ISOLATION LEVEL READ COMMITTED')
    const { rows } = await client.query(`SELECT pg_try_advisory_xact_lock(${key}) AS taken`)
    if (rows[0]?.taken === true) return void (await client.query(`SELECT set_config('idle_in_transaction_session_timeout', '0', true)`))
    await client.query('ROLLBACK')
    if (performance.now() >= until)
      throw new Error(`Another process held what this one waited for (${key}) for longer than ${waitMs / 1_000} s`)
    await new Promise((resume) => setTimeout(resume, LOCK_ASKED_FOR_EVERY_MS))
  }
}

async function retried<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt()
    } catch (error) {
      if (tries >= ATTEMPTS_MAX || !RETRYABLE.has(violation(error)?.code ?? '')) throw error
    }
  }
}

function queryLayer(connection: Pool | PoolClient): NodePgDatabase<Record<string, never>> {
  return new NodePgDatabase(dialect, new NodePgSession(connection, dialect, undefined), undefined)
}

/** Runs `work` so that only its own statements are undone when it fails; the transaction around it goes on. */
export async function savepoint<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  await tx.execute(sql`SAVEPOINT part`)
  try {
    const result = await work()
    await tx.execute(sql`RELEASE SAVEPOINT part`)
    return result
  } catch (error) {
    await tx.execute(sql`ROLLBACK TO SAVEPOINT part`)
    throw error
  }
}

/** SQLSTATE and constraint name of a database error, also when the query layer has wrapped it; null for any other error. */
function violation(error: unknown): { code: string; constraint: string | null } | null {
  for (let depth = 0, cause = error; depth < 5 && cause instanceof Error; depth++, cause = cause.cause) {
    const { code, constraint } = cause as { code?: unknown; constraint?: unknown }
    if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) {
      return { code, constraint: typeof constraint === 'string' ? constraint : null }
    }
  }
  return null
}

/** Whether a statement was given up because somebody else held a lock for longer than it may wait. */
export function waitedTooLong(error: unknown): boolean {
  return violation(error)?.code === '55P03'
}

export function violates(error: unknown, constraint: string): boolean {
  return violation(error)?.constraint === constraint
}
