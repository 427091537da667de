import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../kernel/clock.ts'
import { sha256 } from '../kernel/secret-box.ts'
import { type Database, type Tx, waitedTooLong } from './client.ts'

/** Any fixed number: whoever migrates holds this advisory lock, so that processes starting together do it once. */
export const MIGRATION_LOCK = 7_204_911
/** The process before may have large tables to go through. */
const OTHER_PROCESS_MS = HOUR_MS
/** A file waits this long for a table that is in use: everybody who comes after it waits behind it. */
const TABLE_MS = 10 * SECOND_MS
/** An index that is built beside everything else waits for every transaction that began before it; nobody waits behind it. */
const BESIDE_MS = 30 * MINUTE_MS
/** First line of a file that says so. */
const OUTSIDE = /^-- outside a transaction\b/
const DROPS_INDEX = /^DROP\s+INDEX\s+CONCURRENTLY\s+IF\s+EXISTS\s+(\w+)$/
const CREATES_INDEX = /^CREATE\s+(?:UNIQUE\s+)?INDEX\s+CONCURRENTLY\s+(\w+)\s+ON\b/
const ONLY_INDEXES = 'it can only drop an index that may exist, and create it anew, both CONCURRENTLY'

interface File {
  name: string
  text: string
  checksum: string
}

/**
 * Applies every `NNN_name.sql` of `folder` that has not run yet, in order and by one process at a time. Each file is a transaction of its own, so that
 * what is done stays done when a later one fails. A file that changed after it ran is an error, before anything else is done. A statement may take as
 * long as it takes, because tables are large; only waiting for others has a limit (`tableMs`). Returns the names of the files it applied.
 *
 * A file whose first line is `-- outside a transaction` builds indexes of large tables while others write to them; see `statementsOutside`.
 */
export async function migrate(database: Database, folder: string, now: Date, tableMs = TABLE_MS): Promise<string[]> {
  const files = await readFiles(folder)
  return database.withAdvisoryLock(
    MIGRATION_LOCK,
    async () => {
      const left = await notApplied(database, files)
      for (const file of left) {
        if (OUTSIDE.test(file.text)) await applyOutside(database, file, now)
        else await applyInside(database, file, now, tableMs)
      }
      return left.map(({ name }) => name)
    },
    OTHER_PROCESS_MS,
  )
}

async function readFiles(folder: string): Promise<File[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{3}_[a-z0-9_]+\.sql$/.test(name)).sort()
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(folder, name), 'utf8')
      return { name, text, checksum: sha256(text) }
    }),
  )
}

async function notApplied(database: Database, files: readonly File[]): Promise<File[]> {
  return database.transaction(async (tx) => {
    await tx.execute(
      sql`CREATE TABLE IF NOT EXISTS migration (name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL)`,
    )
    const { rows } = await tx.execute<{ name: string; checksum: string }>(sql`SELECT name, checksum FROM migration`)
    const done = new Map(rows.map((row) => [row.name, row.checksum]))
    return files.filter(({ name, checksum }) => {
      const before = done.get(name)
      if (before !== undefined && before !== checksum) throw new Error(`Migration ${name} was changed after it ran`)
      return before === undefined
    })
  })
}

async function applyInside(database: Database, { name, text, checksum }: File, now: Date, tableMs: number): Promise<void> {
  await orTold(name, tableMs, 'Nothing of it was changed, and those before it are done.', () =>
    database.transaction(async (tx) => {
      await limit(tx, 'statement_timeout', 0)
      await limit(tx, 'lock_timeout', tableMs)
      // First, so that whoever should apply the same file although it holds no lock any more waits here and then fails.
      await tx.execute(sql`INSERT INTO migration (name, checksum, applied_at) VALUES (${name}, ${checksum}, ${now})`)
      await database.execute(text)
    }),
  )
}

async function applyOutside(database: Database, { name, text, checksum }: File, now: Date): Promise<void> {
  const statements = statementsOutside(name, text)
  await orTold(name, BESIDE_MS, 'The next start begins it anew.', () =>
    database.outsideTransaction(async (send) => {
      await send('SET statement_timeout = 0')
      await send(`SET lock_timeout = ${BESIDE_MS}`)
      for (const statement of statements) await send(statement)
    }),
  )
  await database.handle.execute(sql`INSERT INTO migration (name, checksum, applied_at) VALUES (${name}, ${checksum}, ${now})`)
}

/**
 * What a file outside a transaction may say: `DROP INDEX CONCURRENTLY IF EXISTS name;` and then `CREATE INDEX CONCURRENTLY name ON …;`, each ending with
 * the line. It may be broken off anywhere, leaving an index that is not finished, and is then begun anew: nothing else can be begun anew.
 */
function statementsOutside(name: string, text: string): string[] {
  const statements = text
    .replace(/^\s*--.*$/gm, '')
    .split(/;\s*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
  const dropped = new Set<string>()
  for (const statement of statements) {
    const [, drops] = DROPS_INDEX.exec(statement) ?? []
    const [, creates] = CREATES_INDEX.exec(statement) ?? []
    if (drops) dropped.add(drops)
    else if (!creates || !dropped.has(creates)) throw new Error(`Migration ${name} runs outside a transaction: ${ONLY_INDEXES}`)
  }
  return statements
}

/** For this transaction; 0: none. */
async function limit(tx: Tx, name: 'statement_timeout' | 'lock_timeout', ms: number): Promise<void> {
  await tx.execute(sql`SELECT set_config(${name}, ${`${ms}ms`}, true)`)
}

async function orTold(name: string, waitedMs: number, left: string, apply: () => Promise<unknown>): Promise<void> {
  try {
    await apply()
  } catch (error) {
    if (!waitedTooLong(error)) throw error
    const seconds = waitedMs / SECOND_MS
    throw new Error(
      `Migration ${name} waited ${seconds} s for a table that somebody else is using, and gave up. ${left} ` +
        'End what uses it (a backup, a report, an older process at work) and start again.',
      { cause: error },
    )
  }
}
