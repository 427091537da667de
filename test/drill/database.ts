import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Database } from '../../src/db/client.ts'
import { migrate } from '../../src/db/migrate.ts'
import { openEmbedded, openServer } from '../../src/db/open.ts'
import { startPostgres } from '../support/postgres.ts'
import type { DatabaseKind } from './options.ts'
import { openRewriter } from './rewriter.ts'
import type { Sabotage } from './sabotage.ts'

export interface DrillDatabase {
  /** Variables with which the product uses it. */
  env: Record<string, string>
  /** Reads it. On the embedded database no process of the product may have it open. */
  look<T>(work: (rows: Rows) => Promise<T>): Promise<T>
  /** How often the sabotage changed a statement on its way; null when it changes none. */
  rewritten(): number | null
  close(): Promise<void>
}

export type Rows = <Row extends Record<string, unknown>>(text: string, values?: unknown[]) => Promise<Row[]>

const MIGRATIONS = fileURLToPath(new URL('../../src/db/migrations', import.meta.url))
const CONNECTIONS = 2

/** An empty database with the product's tables, in `folder` or on a PostgreSQL server of its own; sabotaged when asked. */
export async function openDatabase(kind: DatabaseKind, folder: string, sabotage: Sabotage | null): Promise<DrillDatabase> {
  const dataDir = join(folder, 'data')
  const server = kind === 'postgres' ? await startPostgres() : null
  const open = (): Promise<Database> | Database =>
    server ? openServer(server.url, { connectionsMax: CONNECTIONS }) : openEmbedded(dataDir)
  const rewriter = server && sabotage?.blanks ? await openRewriter(server.url, sabotage.blanks) : null

  const look: DrillDatabase['look'] = async (work) => {
    const db = await open()
    try {
      return await work(async <Row extends Record<string, unknown>>(text: string, values?: unknown[]) => {
        const { rows } = await db.execute(text, values)
        return rows as Row[]
      })
    } finally {
      await db.close()
    }
  }

  const prepared = await open()
  await migrate(prepared, MIGRATIONS, new Date())
  for (const statement of sabotage?.statements ?? []) await prepared.execute(statement)
  await prepared.close()
  return {
    env: { DATA_DIR: dataDir, ...(server ? { DATABASE_URL: rewriter?.url ?? server.url } : {}) },
    look,
    rewritten: () => rewriter?.rewritten() ?? null,
    async close() {
      await rewriter?.close()
      await server?.stop()
    },
  }
}
