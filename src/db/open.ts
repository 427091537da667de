import { mkdir, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { btree_gist } from '@electric-sql/pglite/contrib/btree_gist'
import { createPgConfig } from '@electric-sql/pglite/node-postgres'
import pg from 'pg'
import { createDatabase, type Database } from './client.ts'

const SERVER_CONNECTIONS_MAX = 20
const STATEMENT_TIMEOUT_MS = 15_000
const LOCK_TIMEOUT_MS = 10_000
const CONNECT_TIMEOUT_MS = 10_000

/** A PostgreSQL server, through one pool. */
export function openServer(url: string, options: { connectionsMax?: number } = {}): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.connectionsMax ?? SERVER_CONNECTIONS_MAX,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
    application_name: 'hablainglesya',
  })
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => {})
  return createDatabase(pool)
}

/**
 * PostgreSQL inside this process. `directory` null keeps everything in memory. One process at a time may have a directory open.
 * It has one connection: everything inside a transaction must use that transaction.
 */
export async function openEmbedded(directory: string | null, options: { loadFrom?: Blob } = {}): Promise<Database & { dump(): Promise<Blob> }> {
  const lock = directory === null ? null : await lockDirectory(directory)
  const pglite = new PGlite({
    dataDir: directory === null ? 'memory://' : join(directory, 'postgres'),
    extensions: { btree_gist },
    ...(options.loadFrom ? { loadDataDir: options.loadFrom } : {}),
  })
  await pglite.waitReady
  const pool = new pg.Pool({ ...(createPgConfig(pglite) as unknown as pg.PoolConfig), max: 1, idleTimeoutMillis: 0 })
  pool.on('error', () => {})
  const database = createDatabase(pool, async () => {
    await pglite.close()
    await lock?.release()
  })
  return Object.assign(database, { dump: () => pglite.dumpDataDir('none') })
}

export class DirectoryInUseError extends Error {
  override name = 'DirectoryInUseError'
}

async function lockDirectory(directory: string): Promise<{ release(): Promise<void> }> {
  await mkdir(directory, { recursive: true })
  const path = join(directory, 'server.pid')
  for (let tries = 0; tries < 2; tries++) {
    try {
      const file = await open(path, 'wx')
      await file.writeFile(String(process.pid))
      await file.close()
      return { release: () => rm(path, { force: true }) }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      const holder = Number(await readFile(path, 'utf8').catch(() => ''))
      if (holder && holder !== process.pid && isAlive(holder)) {
        throw new DirectoryInUseError(`La carpeta ${directory} ya está en uso por el proceso ${holder}.`)
      }
      await rm(path, { force: true })
    }
  }
  throw new DirectoryInUseError(`La carpeta ${directory} está en uso por otro proceso.`)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
