import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { migrate } from '../../src/db/migrate.ts'
import { openEmbedded } from '../../src/db/open.ts'
import { sha256 } from '../../src/kernel/secret-box.ts'

/** Any instant: the rows of `migration` are the only ones there. */
const MADE_AT = new Date('2026-11-23T12:00:00.000Z')
const NAME = /^database-[0-9a-f]+\.tar$/

/**
 * A file that holds an empty embedded database with every migration applied: opening it takes a quarter of the time of making one. It is made once for
 * the migrations and the PostgreSQL that there are, and kept in `.cache`. `root`: the folder of the repository.
 */
export async function databaseTemplate(root: string): Promise<string> {
  const folder = join(root, '.cache')
  const name = await nameOf(root)
  const path = join(folder, name)
  await mkdir(folder, { recursive: true })
  const there = (await readdir(folder)).filter((entry) => NAME.test(entry))
  if (there.includes(name)) return path
  const db = await openEmbedded(null)
  await migrate(db, migrationsOf(root), MADE_AT)
  const unfinished = `${path}.${process.pid}`
  await writeFile(unfinished, new Uint8Array(await (await db.dump()).arrayBuffer()))
  await db.close()
  // Whoever else makes it at the same moment makes the same.
  await rename(unfinished, path)
  for (const old of there) await rm(join(folder, old), { force: true })
  return path
}

const migrationsOf = (root: string) => join(root, 'src/db/migrations')

/** Says what is in it. */
async function nameOf(root: string): Promise<string> {
  const folder = migrationsOf(root)
  const parts = [await readFile(join(root, 'node_modules/@electric-sql/pglite/package.json'), 'utf8')]
  for (const file of (await readdir(folder)).sort()) parts.push(file, await readFile(join(folder, file), 'utf8'))
  return `database-${sha256(JSON.stringify(parts)).slice(0, 16)}.tar`
}
