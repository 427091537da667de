import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from './client.ts'
import { migrate } from './migrate.ts'
import { openEmbedded } from './open.ts'

const NOW = new Date('2026-11-23T12:00:00Z')

describe('migrations of the embedded database', () => {
  let db: Database
  let folder: string
  beforeAll(async () => {
    db = await openEmbedded(null)
  })
  afterAll(() => db.close())
  beforeEach(async () => {
    await db.execute('DROP TABLE IF EXISTS migration, first, second')
    folder = await mkdtemp(join(tmpdir(), 'migrations-'))
    await writeFile(join(folder, '001_first.sql'), 'CREATE TABLE first (id int); INSERT INTO first VALUES (1)')
    return () => rm(folder, { recursive: true })
  })

  it('are applied once, in order; what is no migration is left alone', async () => {
    await writeFile(join(folder, '002_second.sql'), 'CREATE TABLE second AS SELECT id FROM first')
    await writeFile(join(folder, 'notes.sql'), 'nonsense')
    expect(await migrate(db, folder, NOW)).toEqual(['001_first.sql', '002_second.sql'])
    expect(await migrate(db, folder, NOW)).toEqual([])
    expect((await db.execute('SELECT id FROM second')).rows).toEqual([{ id: 1 }])
  })

  it('stay done when a later one fails, of which nothing is left', async () => {
    await writeFile(join(folder, '002_second.sql'), 'CREATE TABLE second (id int); SELECT 1/0')
    await expect(migrate(db, folder, NOW)).rejects.toThrow(/division/)
    await writeFile(join(folder, '002_second.sql'), 'CREATE TABLE second (id int)')
    expect(await migrate(db, folder, NOW)).toEqual(['002_second.sql'])
  })

  it('are not changed after they ran; then nothing is applied at all', async () => {
    await migrate(db, folder, NOW)
    await writeFile(join(folder, '000_before.sql'), 'CREATE TABLE second (id int)')
    await writeFile(join(folder, '001_first.sql'), 'CREATE TABLE first (id bigint)')
    await expect(migrate(db, folder, NOW)).rejects.toThrow('001_first.sql was changed after it ran')
    expect((await db.execute(`SELECT to_regclass('second') AS second`)).rows).toEqual([{ second: null }])
  })

  it('build indexes outside a transaction here as well', async () => {
    const text =
      '-- outside a transaction\nDROP INDEX CONCURRENTLY IF EXISTS first_id;\n-- by number\nCREATE INDEX CONCURRENTLY first_id\n  ON first (id);\n'
    await writeFile(join(folder, '002_index.sql'), text)
    expect(await migrate(db, folder, NOW)).toEqual(['001_first.sql', '002_index.sql'])
    expect((await db.execute(`SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = 'first_id'::regclass`)).rows).toEqual([
      { valid: true },
    ])
  })
})
