import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { sha256 } from '../kernel/secret-box.ts'
import type { Database } from './client.ts'

/** Any fixed number: whoever migrates holds this advisory lock, so that processes starting together do it once. */
const MIGRATION_LOCK = 7_204_911

/**
 * Applies every `NNN_name.sql` of `folder` that has not run yet, in order, all in one transaction. A file that changed after it ran is an error.
 * Returns the names of the files it applied.
 */
export async function migrate(database: Database, folder: string, now: Date): Promise<string[]> {
  const files = (await readdir(folder)).filter((name) => /^\d{3}_[a-z0-9_]+\.sql$/.test(name)).sort()
  return database.transaction(async (tx) => {
    await tx.execute(sql`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`)
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
      await database.execute(text)
      await tx.execute(sql`INSERT INTO migration (name, checksum, applied_at) VALUES (${name}, ${checksum}, ${now})`)
      applied.push(name)
    }
    return applied
  })
}
