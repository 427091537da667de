import { PGlite, type PGliteOptions } from '@electric-sql/pglite'
import { btree_gist } from '@electric-sql/pglite/contrib/btree_gist'
import pg from 'pg'
import { SECOND_MS } from '../kernel/clock.ts'
import { createDatabase, type Database, type Storage } from './client.ts'
import { watchDiskSpace } from './disk-space.ts'
import { keepLogShort } from './embedded/checkpoint.ts'
import { Engine } from './embedded/engine.ts'
import { openFolder } from './embedded/open-folder.ts'
import { connectEmbedded, type Planned } from './embedded/pool.ts'
import { eventLoop } from './embedded/turns.ts'
import { lockFolder } from './folder-lock.ts'
import { listenInside, listenOnServer } from './listen.ts'
import { migrate } from './migrate.ts'
import { outliveBreaks } from './outlive.ts'
import { PlanningClient } from './planning-client.ts'
import { takePulse } from './pulse.ts'
import { openReplica } from './replica.ts'

/** PGlite's own 128 are written with zeros at each start, and kept; what does not fit is in the operating system's memory. */
const BUFFER_MEGABYTES = 32
const SERVER_CONNECTIONS_MAX = 20
const STATEMENT_TIMEOUT_MS = 15_000
const LOCK_TIMEOUT_MS = 10_000
/** A process that hangs or is cut off in the middle of a transaction keeps its locks no longer. Nothing outside the database is waited for in there. */
const IDLE_IN_TRANSACTION_MS = 30_000
const CONNECT_TIMEOUT_MS = 10_000
/** The server ends a statement sooner; this is for a connection that broke without a word. */
const ANSWER_TIMEOUT_MS = 20_000

/** What a pooler in between does not take from a connection that begins: with one it is what the role brings. */
const LIMITS = {
  statement_timeout: STATEMENT_TIMEOUT_MS,
  lock_timeout: LOCK_TIMEOUT_MS,
  idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
}

/**
 * A PostgreSQL server, through one pool. `replicaUrl`: another one that follows it, for reads that may be old. `directUrl`: the server itself, where `url`
 * is a pooler's that gives a connection away with each transaction; what outlasts one, listening and the look at how the server is, goes there.
 */
export function openServer(
  url: string,
  options: { connectionsMax?: number; replicaUrl?: string | null; replicaLookMs?: number; directUrl?: string | null } = {},
): Database {
  const directUrl = options.directUrl ?? url
  const limits = options.directUrl ? {} : LIMITS
  const pool = new pg.Pool({
    connectionString: url,
    max: options.connectionsMax ?? SERVER_CONNECTIONS_MAX,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    ...limits,
    query_timeout: ANSWER_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'hablainglesya',
    Client: PlanningClient,
  })
  outliveBreaks(pool)
  const pulse = takePulse(directUrl)
  const storage: Storage = {
    listen: (channel, hearer) => listenOnServer(directUrl, channel, hearer),
    isDiskLow: () => false,
    answers: pulse.answers,
    close: pulse.close,
  }
  const replica = options.replicaUrl ? openReplica(options.replicaUrl, pool, options.replicaLookMs, limits) : null
  return createDatabase(pool, storage, replica)
}

/** Without limits a statement that hangs would keep a connection, and whoever waits for what it locked, for ever. */
export async function requireLimits(database: Database): Promise<void> {
  const names = Object.keys(LIMITS).map((name) => `'${name}'`)
  const { rows } = await database.execute(
    `SELECT current_user AS role, (SELECT array_agg(name::text) FROM pg_settings WHERE setting = '0' AND name IN (${names.join()})) AS without`,
  )
  const [{ role, without } = {}] = rows as { role?: string; without?: string[] | null }[]
  if (!without) return
  const missing = Object.entries(LIMITS).filter(([name]) => without.includes(name))
  const statements = missing.map(([name, ms]) => `ALTER ROLE "${role}" SET ${name} = '${ms / SECOND_MS}s';`)
  throw new Error(
    `Detrás de un pooler los límites van en el rol, y faltan. Ejecutá en el servidor, y RECONNECT en el pooler:\n${statements.join('\n')}`,
  )
}

/**
 * The same server for migrations alone: a connection that works and one that holds the lock, without limits of their own, because a statement that
 * goes through a large table takes minutes, and a start that breaks it off would break it off each time. `migrate` limits what it waits for. Returns
 * what it applied.
 */
export async function migrateServer(url: string, folder: string, now: Date): Promise<string[]> {
  const pool = new pg.Pool({
    connectionString: url,
    max: 2,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'hablainglesya-migrations',
  })
  outliveBreaks(pool)
  const database = createDatabase(pool)
  try {
    return await migrate(database, folder, now)
  } finally {
    await database.close()
  }
}

/**
 * PostgreSQL inside this process. `directory` null keeps everything in memory. One process at a time may have a directory open.
 * It has one connection: everything inside a transaction must use that transaction.
 */
export async function openEmbedded(
  directory: string | null,
  options: { loadFrom?: Blob } = {},
): Promise<Database & { dump(): Promise<Blob> }> {
  const { pool, dump, storage } = await openEmbeddedPool(directory, options)
  return Object.assign(createDatabase(pool, storage), { dump })
}

export interface EmbeddedPool {
  /** One connection. */
  pool: pg.Pool
  /** What it knows of the statements that are planned, by text. */
  planned: Map<string, Planned>
  /** What stands behind it. */
  pglite: PGlite
  dump(): Promise<Blob>
  /** To be closed after the pool has ended. */
  storage: Storage
}

async function openMemory(engine: PGliteOptions, settings: readonly string[]): Promise<PGlite> {
  const pglite = new Engine({ ...engine, dataDir: 'memory://', startParams: [...PGlite.defaultStartParams, ...settings] })
  await pglite.waitReady
  return pglite
}

/** The connection alone, for whoever puts something between it and the database: a simulation that stops processes in the middle. */
export async function openEmbeddedPool(
  directory: string | null,
  options: { loadFrom?: Blob; bufferMegabytes?: number } = {},
): Promise<EmbeddedPool> {
  const lock = directory === null ? null : await lockFolder(directory)
  const disk = directory === null ? null : await watchDiskSpace(directory)
  const settings = ['-c', `shared_buffers=${options.bufferMegabytes ?? BUFFER_MEGABYTES}MB`]
  const engine = { extensions: { btree_gist }, ...(options.loadFrom ? { loadDataDir: options.loadFrom } : {}) }
  const pglite = directory === null ? await openMemory(engine, settings) : await openFolder(directory, { engine, settings })
  // In memory it is a test's or a simulation's, in which nothing may depend on how fast it is.
  const connection = connectEmbedded(pglite, directory === null ? null : eventLoop)
  const listen = listenInside(connection)
  const stopCheckpoints = directory === null ? null : keepLogShort(connection, () => disk?.isLow() ?? false)
  return {
    pool: connection as unknown as pg.Pool,
    planned: connection.planned,
    pglite,
    dump: () => pglite.dumpDataDir('none'),
    storage: {
      listen,
      isDiskLow: () => disk?.isLow() ?? false,
      async close() {
        disk?.close()
        await stopCheckpoints?.()
        await pglite.close()
        await lock?.release()
      },
    },
  }
}
