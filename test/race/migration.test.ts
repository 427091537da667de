import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Database } from '../../src/db/client.ts'
import { migrate } from '../../src/db/migrate.ts'
import { migrateServer, openServer } from '../../src/db/open.ts'
import { openRig, type Rig } from './rig/rig.ts'

const NOW = new Date('2026-11-23T12:00:00Z')
/** Longer than any connection waits for an answer. */
const MINUTES_MS = 300_000
const LOOKS_MAX = 50_000

describe('migrations of large tables', () => {
  let rig: Rig
  let url = ''
  const folders: string[] = []
  beforeAll(async () => {
    rig = await openRig({ processes: 1, calendar: false })
    const [row] = await rig.world.rows<{ name: string; port: number }>('SELECT current_database() AS name, inet_server_port() AS port')
    url = `postgresql://postgres@127.0.0.1:${row?.port}/${row?.name}`
    await rig.world.rows(`ALTER DATABASE ${row?.name} SET statement_timeout = '100ms'`)
  })
  afterAll(async () => {
    await rig?.close()
    for (const folder of folders) await rm(folder, { recursive: true })
  })

  async function folderWith(name: string, text: string): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'migrations-'))
    folders.push(folder)
    await writeFile(join(folder, name), text)
    return folder
  }

  /** As if minutes went by while the server is at work. */
  async function slowly<T>(work: () => Promise<T>): Promise<T> {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const done = work()
      done.catch(() => {})
      await atWork()
      vi.advanceTimersByTime(MINUTES_MS)
      return await done
    } finally {
      vi.useRealTimers()
    }
  }

  async function atWork(): Promise<void> {
    for (let looks = 0; looks < LOOKS_MAX; looks++) {
      const found = await rig.world.rows(
        `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND query LIKE 'SELECT pg_sleep%'`,
      )
      if (found.length > 0) return
    }
    throw new Error('Nobody is at work')
  }

  it('take as long as they take', async () => {
    const folder = await folderWith('901_slow.sql', 'SELECT pg_sleep(2); CREATE TABLE slow (id int)')
    expect(await slowly(() => migrateServer(url, folder, NOW))).toEqual(['901_slow.sql'])
  })

  it('control: a connection as requests have it would be given up', async () => {
    const db: Database = openServer(url, { connectionsMax: 1 })
    await expect(slowly(() => db.execute('SELECT pg_sleep(2)'))).rejects.toThrow(/timeout/)
    await db.close()
  })

  it('wait for a table in use for some seconds only; then they say why, and nothing has changed', async () => {
    const db = openServer(url, { connectionsMax: 2 })
    const folder = await folderWith('902_widened.sql', 'CREATE TABLE before_it (id int); ALTER TABLE blackout ADD COLUMN wider int')
    const leave = Promise.withResolvers<void>()
    const held = Promise.withResolvers<void>()
    const holder = db.transaction(async () => {
      await db.execute('LOCK TABLE blackout IN ACCESS SHARE MODE')
      held.resolve()
      await leave.promise
    })
    await held.promise
    await expect(migrate(db, folder, NOW, 200)).rejects.toThrow(/902_widened.sql waited 0.2 s for a table .* start again/)
    leave.resolve()
    await holder
    expect(await rig.world.rows(`SELECT 1 FROM pg_tables WHERE tablename = 'before_it'`)).toEqual([])
    expect(await migrate(db, folder, NOW, 200)).toEqual(['902_widened.sql'])
    await db.close()
  })
})
