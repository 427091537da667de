import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { btree_gist } from '@electric-sql/pglite/contrib/btree_gist'
import { createPgConfig, type PglitePgConnection } from '@electric-sql/pglite/node-postgres'
import pg from 'pg'
import { createDatabase, type Database, type Storage } from './client.ts'
import { watchDiskSpace } from './disk-space.ts'
import { lockFolder } from './folder-lock.ts'
import { listenInPool, listenOnServer } from './listen.ts'

const SERVER_CONNECTIONS_MAX = 20
const STATEMENT_TIMEOUT_MS = 15_000
const LOCK_TIMEOUT_MS = 10_000
const CONNECT_TIMEOUT_MS = 10_000
/** The server ends a statement sooner; this is for a connection that broke without a word. */
const ANSWER_TIMEOUT_MS = 20_000

/** A PostgreSQL server, through one pool. */
export function openServer(url: string, options: { connectionsMax?: number } = {}): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.connectionsMax ?? SERVER_CONNECTIONS_MAX,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
    query_timeout: ANSWER_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'hablainglesya',
  })
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => {})
  return createDatabase(pool, {
    listen: (channel, hearer) => listenOnServer(url, channel, hearer),
    isDiskLow: () => false,
    close: async () => {},
  })
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
  /** What stands behind it. */
  pglite: PGlite
  dump(): Promise<Blob>
  /** To be closed after the pool has ended. */
  storage: Storage
}

/** The connection alone, for whoever puts something between it and the database: a simulation that stops processes in the middle. */
export async function openEmbeddedPool(directory: string | null, options: { loadFrom?: Blob } = {}): Promise<EmbeddedPool> {
  const lock = directory === null ? null : await lockFolder(directory)
  const disk = directory === null ? null : await watchDiskSpace(directory)
  const pglite = new PGlite({
    dataDir: directory === null ? 'memory://' : join(directory, 'postgres'),
    extensions: { btree_gist },
    ...(options.loadFrom ? { loadDataDir: options.loadFrom } : {}),
  })
  await pglite.waitReady
  const config = createPgConfig(inOneTurn(pglite))
  repairSimpleQueries(config.connection, pglite)
  dropTypeParsers(config.connection)
  const pool = new pg.Pool({ ...(config as unknown as pg.PoolConfig), max: 1, idleTimeoutMillis: 0 })
  pool.on('error', () => {})
  keepClientOnFailure(pool)
  const listen = listenInPool(pool)
  return {
    pool,
    pglite,
    dump: () => pglite.dumpDataDir('none'),
    storage: {
      listen,
      isDiskLow: () => disk?.isLow() ?? false,
      async close() {
        disk?.close()
        await pglite.close()
        await lock?.release()
      },
    },
  }
}

/** Parse, Bind, Describe, Execute, Close: their answers are only read at the Sync that follows. */
const UNTIL_SYNC = new Set([...'PBDEC'].map((letter) => letter.charCodeAt(0)))

/**
 * node-postgres sends a statement with parameters as four or five messages, and the adapter would enter the database anew for each: they are
 * kept until the Sync and go in together.
 */
function inOneTurn(pglite: PGlite): PGlite {
  let kept: Uint8Array[] = []
  const execProtocolStream: PGlite['execProtocolStream'] = async (message, options) => {
    kept.push(message)
    if (UNTIL_SYNC.has(message[0] ?? 0)) return []
    const together = kept.length === 1 ? message : Buffer.concat(kept)
    kept = []
    return pglite.execProtocolStream(together, options)
  }
  return { waitReady: pglite.waitReady, execProtocolStream } as PGlite
}

/**
 * PGlite ends a failed query of the simple protocol (a text without parameters) without ReadyForQuery, and node-postgres would wait for it for
 * ever; a Sync brings it out. Measured with 0.5.16.
 */
function repairSimpleQueries(connection: PglitePgConnection, pglite: PGlite): void {
  const exchange = async (text: string) => {
    const messages = await pglite.execProtocolStream(protocolMessage('Q', `${text}\0`), { throwOnError: false })
    if (messages.some((message) => message.name === 'readyForQuery')) return messages
    return [...messages, ...(await pglite.execProtocolStream(protocolMessage('S', ''), { throwOnError: false }))]
  }
  connection.query = (text) => {
    exchange(text).then(
      (messages) => {
        for (const message of messages) connection.emit(message.name === 'error' ? 'errorMessage' : message.name, message)
      },
      (error: Error) => connection.emit('error', error),
    )
  }
}

/**
 * node-postgres ends a client whose query failed on the pool; the next client would take over the one connection while answers to the failed
 * query are still on their way, and read them as its own. A failed statement leaves this connection usable, so its client stays.
 */
function keepClientOnFailure(pool: pg.Pool): void {
  const query = async (...args: Parameters<pg.PoolClient['query']>) => {
    const client = await pool.connect()
    try {
      return await client.query(...args)
    } finally {
      client.release()
    }
  }
  pool.query = query as unknown as pg.Pool['query']
}

/** PGlite's adapter takes the result parsers of a query (which the query layer always sets) for its parameter types; node-postgres uses them itself. */
function dropTypeParsers(connection: PglitePgConnection): void {
  const parse = connection.parse.bind(connection)
  connection.parse = (query: { text: string; name?: string; types?: unknown }) => parse({ text: query.text, name: query.name })
}

/** One message of the PostgreSQL protocol: its letter, its length with itself, its body. */
function protocolMessage(letter: string, body: string): Uint8Array {
  const bytes = Buffer.from(body, 'utf8')
  const message = Buffer.alloc(5 + bytes.length)
  message.write(letter, 0, 'latin1')
  message.writeInt32BE(4 + bytes.length, 1)
  bytes.copy(message, 5)
  return message
}
