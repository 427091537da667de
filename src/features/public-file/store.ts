import { sql } from 'drizzle-orm'
import type { Handle, Tx } from '../../db/client.ts'
import { DAY_MS, plus } from '../../kernel/clock.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** A file for browsers, as it is and as small as it gets. */
export interface PublicFile {
  type: string
  plain: Bytes
  encoded: { br?: Bytes; gzip?: Bytes }
}

/** A page may stay open as long as this after the last process of its build was replaced. */
const KEPT_MS = 7 * DAY_MS
const LEFT_FILES_MAX = 500

/**
 * Makes `files` (by path) those of the build that started last. Those of others stay for a week, the newest 500 of them. Rows are taken in the order of
 * their paths, because processes start at the same moment.
 */
export async function leaveFiles(tx: Tx, files: ReadonlyMap<string, PublicFile>, now: Date): Promise<void> {
  const paths = sql.param([...files.keys()])
  const { rows } = await tx.execute<{ path: string }>(sql`SELECT path FROM public_file WHERE path = ANY(${paths}::text[])`)
  const there = new Set(rows.map(({ path }) => path))
  for (const [path, { type, plain, encoded }] of [...files].filter(([each]) => !there.has(each)).sort(([a], [b]) => (a < b ? -1 : 1)))
    await tx.execute(sql`
      INSERT INTO public_file (path, type, plain, br, gzip) VALUES (${path}, ${type}, ${buffer(plain)}, ${buffer(encoded.br)}, ${buffer(encoded.gzip)})
      ON CONFLICT DO NOTHING`)
  await tx.execute(sql`SELECT FROM public_file ORDER BY path FOR UPDATE`)
  await tx.execute(sql`
    UPDATE public_file SET left_at = CASE WHEN left_at IS NULL THEN ${now}::timestamptz END WHERE (left_at IS NULL) <> (path = ANY(${paths}::text[]))`)
  await tx.execute(sql`
    DELETE FROM public_file WHERE left_at < ${plus(now, -KEPT_MS)}::timestamptz
    OR path IN (SELECT path FROM public_file WHERE left_at IS NOT NULL ORDER BY left_at DESC, path OFFSET ${LEFT_FILES_MAX})`)
}

/** Of all builds. */
export async function listPaths(handle: Handle): Promise<ReadonlySet<string>> {
  const { rows } = await handle.execute<{ path: string }>(sql`SELECT path FROM public_file`)
  return new Set(rows.map(({ path }) => path))
}

export async function findFile(handle: Handle, path: string): Promise<PublicFile | null> {
  const { rows } = await handle.execute<{ type: string; plain: Bytes; br: Bytes | null; gzip: Bytes | null }>(
    sql`SELECT type, plain, br, gzip FROM public_file WHERE path = ${path}`,
  )
  const [row] = rows
  if (!row) return null
  return { type: row.type, plain: row.plain, encoded: { ...(row.br ? { br: row.br } : {}), ...(row.gzip ? { gzip: row.gzip } : {}) } }
}

const buffer = (bytes: Bytes | undefined) => (bytes ? Buffer.from(bytes) : null)
