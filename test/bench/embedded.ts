import { createDatabase } from '../../src/db/client.ts'
import { migrate } from '../../src/db/migrate.ts'
import { openEmbeddedPool } from '../../src/db/open.ts'
import type { VolumeConnection } from '../support/volume.ts'
import { MIGRATIONS } from './stage.ts'

/** Fills an embedded database before the product opens it: one process at a time has it. */
export async function prepareEmbedded(dataDir: string, fill: (connection: VolumeConnection) => Promise<void>): Promise<void> {
  const { pool, storage } = await openEmbeddedPool(dataDir)
  const db = createDatabase(pool, storage)
  try {
    await migrate(db, MIGRATIONS, new Date())
    await fill({ query: (text, values) => pool.query(text, values) })
  } finally {
    await db.close()
  }
}
