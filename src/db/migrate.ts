import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { HOUR_MS, SECOND_MS } from '../kernel/clock.ts'
import { sha256 } from '../kernel/secret-box.ts'
import { type Database, type Tx, waitedTooLong } from './client.ts'

/** Any fixed number: whoever migrates holds this advisory lock, so that processes starting together do it once. */
const MIGRATION_LOCK = 7_204_911
/** The process before may have large tables to go through. */
const OTHER_PROCESS_MS = HOUR_MS
/** A file waits this long for a table that is in use: everybody who comes after it waits behind it. */
const TABLE_MS = 10 * SECOND_MS

/**
 * Applies every `NNN_name.sql` of `folder` that has not run yet, in order, all in one transaction. A file that changed after it ran is an error.
 * A statement may take as long as it takes, because tables are large; only waiting for others has a limit (`tableMs`). Returns the names of the
 * files it applied.
 */
export async function migrate(database: Database, folder: string, now: Date, tableMs = TABLE_MS): Promise<string[]> {
  const files = (await readdir(folder)).filter((name) => /^\d{3}_[a-z0-9_]+\.sql$/.test(name)).sort()
  return database.transaction(async (tx) => {
    await limit(tx, 'statement_timeout', 0)
    await limit(tx, 'lock_timeout', OTHER_PROCESS_MS)
    await tx.execute(sql`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`)
    await limit(tx, 'lock_timeout', tableMs)
    await tx.execute(
      sql`CREATE TABLE IF NOT EXISTS migration (name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL)`,
    )
    const rows = await tx.execute<{ name: string; checksum: string }>(sql`SELECT name, checksum FROM migration`)
    const done = new Map(rows.rows.map((row) => [row.name, row.checksum]))
    const applied: string[] = []
    for (const name of files) {
      const text = await readFile(join(folder, name), 'utf8')
      const checksum = sha256(text)
      const before = done.get(name)
      if (before === checksum) continue
      if (before !== undefined) throw new Error(`Migration ${name} was changed after it ran`)
      await orTold(name, tableMs, () => database.execute(text))
      await tx.execute(sql`INSERT INTO migration (name, checksum, applied_at) VALUES (${name}, ${checksum}, ${now})`)
      applied.push(name)
    }
    return applied
  })
}

/** For this transaction; 0: none. */
async function limit(tx: Tx, name: 'statement_timeout' | 'lock_timeout', ms: number): Promise<void> {
  await tx.execute(sql`SELECT set_config(${name}, ${`${ms}ms`}, true)`)
}

async function orTold(name: string, tableMs: number, apply: () => Promise<unknown>): Promise<void> {
  try {
    await apply()
  } catch (error) {
    if (!waitedTooLong(error)) throw error
    const seconds = tableMs / SECOND_MS
    throw new Error(
      `Migration ${name} waited ${seconds} s for a table that somebody else is using, and gave up. Nothing was changed. ` +
        'End what uses it (a backup, a report, an older process at work) and start again.',
      { cause: error },
    )
  }
}
