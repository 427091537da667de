import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'
import { migrate } from '../../src/db/migrate.ts'
import { openEmbedded } from '../../src/db/open.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A file that holds an empty embedded database with every migration applied: opening it takes a quarter of the time of making one. */
    databaseTemplate: string
  }
}

/** Any instant: the rows of `migration` are the only ones there. */
const MADE_AT = new Date('2026-11-23T12:00:00.000Z')

/** Once per run of a project: what each of its worlds would otherwise do for itself. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'hablainglesya-template-'))
  const path = join(folder, 'database.tar')
  const db = await openEmbedded(null)
  await migrate(db, fileURLToPath(new URL('../../src/db/migrations', import.meta.url)), MADE_AT)
  await writeFile(path, new Uint8Array(await (await db.dump()).arrayBuffer()))
  await db.close()
  project.provide('databaseTemplate', path)
  return () => rm(folder, { recursive: true, force: true })
}
