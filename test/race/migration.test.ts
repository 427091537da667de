import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Database } from '../../src/db/client.ts'
import { MIGRATION_LOCK, migrate } from '../../src/db/migrate.ts'
import { migrateServer, openServer } from '../../src/db/open.ts'
import { openRig, type Rig } from './rig/rig.ts'

const NOW = new Date('2026-11-23T12:00:00Z')
/** Longer than any connection waits for an answer. */
const MINUTES_MS = 300_000
const LOOKS_MAX = 50_000
/** What connections of a start call themselves. */
const MIGRATING = 'hablainglesya-migrations'

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

  async function folderWith(...files: readonly string[]): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'migrations-'))
    folders.push(folder)
    for (let i = 0; i < files.length; i += 2) await writeFile(join(folder, files[i] ?? ''), files[i + 1] ?? '')
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

  /** Returns as soon as somebody is at work on a statement that begins so; further conditions may be named. */
  async function atWork(begins = 'SELECT pg_sleep', and = ''): Promise<number> {
    for (let looks = 0; looks < LOOKS_MAX; looks++) {
      const [found] = await rig.world.rows<{ pid: number }>(
        `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND starts_with(query, $1) ${and}`,
        [begins],
      )
      if (found) return found.pid
    }
    throw new Error('Nobody is at work')
  }

  /** Returns as soon as a process has found the lock taken and will ask again. */
  async function askedForTheLock(): Promise<void> {
    for (let looks = 0; looks < LOOKS_MAX; looks++) {
      const found = await rig.world.rows(
        `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle' AND query = 'ROLLBACK' AND application_name = $1`,
        [MIGRATING],
      )
      if (found.length > 0) return
    }
    throw new Error('Nobody asks for the lock')
  }

  const applied = async (like: string) =>
    (await rig.world.rows<{ name: string }>('SELECT name FROM migration WHERE name LIKE $1 ORDER BY name', [like])).map(({ name }) => name)

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
    const db = openServer(url, { connectionsMax: 3 })
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

  it('that were done stay done when a process dies in the third; who waited for it goes on from there, alone', async () => {
    const third = 'CREATE TABLE third (id int); SELECT pg_sleep(600)'
    const folder = await folderWith(
      '911_a.sql',
      'CREATE TABLE first (id int)',
      '912_b.sql',
      'CREATE TABLE second (id int)',
      '913_c.sql',
      third,
    )
    const dies = migrateServer(url, folder, NOW)
    dies.catch(() => {})
    const working = await atWork('CREATE TABLE third')
    expect(await applied('91%')).toEqual(['911_a.sql', '912_b.sql'])
    await writeFile(join(folder, '913_c.sql'), 'CREATE TABLE third (id int)')
    const waits = migrateServer(url, folder, NOW)
    await askedForTheLock()
    await rig.world.rows('SELECT pg_terminate_backend($1)', [working])
    await expect(dies).rejects.toThrow()
    expect(await waits).toEqual(['913_c.sql'])
    expect(await applied('91%')).toEqual(['911_a.sql', '912_b.sql', '913_c.sql'])
  })

  describe('that build an index of a table in use', () => {
    const writes = () =>
      rig.world.rows(`WITH patience AS (SELECT set_config('lock_timeout', '100ms', false)) INSERT INTO busy SELECT 1 FROM patience`)
    beforeAll(() => rig.world.rows('CREATE TABLE busy (id int)'))

    /** What `meanwhile` finds while the index waits for somebody whose transaction wrote before it began. */
    async function whileBuilding<T>(
      name: string,
      text: string,
      building: string,
      meanwhile: (folder: string, go: () => void) => Promise<T>,
    ): Promise<T> {
      const folder = await folderWith(name, text)
      const db = openServer(url, { connectionsMax: 1 })
      const leave = Promise.withResolvers<void>()
      const wrote = Promise.withResolvers<void>()
      const writer = db.transaction(async () => {
        await db.execute('INSERT INTO busy VALUES (0)')
        wrote.resolve()
        await leave.promise
      })
      await wrote.promise
      const built = migrateServer(url, folder, NOW)
      built.catch(() => {})
      try {
        await atWork(building, `AND wait_event_type = 'Lock'`)
        const found = await meanwhile(folder, leave.resolve)
        leave.resolve()
        expect(await built).toEqual([name])
        return found
      } catch (error) {
        // What stands for ever would keep the database.
        await rig.world.rows(
          'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1',
          [MIGRATING],
        )
        throw error
      } finally {
        leave.resolve()
        await writer
        await db.close()
      }
    }

    const canWrite = () =>
      writes().then(
        () => true,
        () => false,
      )

    const BESIDE = `-- outside a transaction: the table is large\nDROP INDEX CONCURRENTLY IF EXISTS busy_id;\nCREATE INDEX CONCURRENTLY busy_id ON busy (id);\n`

    it('let others write meanwhile when they say so; control: otherwise others wait', async () => {
      expect(await whileBuilding('921_beside.sql', BESIDE, 'CREATE INDEX CONCURRENTLY', canWrite)).toBe(true)
      expect(await whileBuilding('922_plain.sql', 'CREATE INDEX busy_plain ON busy (id)', 'CREATE INDEX busy_plain', canWrite)).toBe(false)
    })

    it('stand in nobody’s way who starts meanwhile, nor they in theirs', async () => {
      const text = BESIDE.replaceAll('busy_id', 'busy_two')
      const second = await whileBuilding('925_two.sql', text, 'CREATE INDEX CONCURRENTLY', async (folder) => {
        const starts = migrateServer(url, folder, NOW)
        starts.catch(() => {})
        await askedForTheLock()
        return { starts }
      })
      expect(await second.starts).toEqual([])
    })

    it('control: whoever waited for the lock inside a statement would be waited for', async () => {
      const db = openServer(url, { connectionsMax: 1 })
      const text = BESIDE.replaceAll('busy_id', 'busy_old')
      await whileBuilding('926_old.sql', text, 'CREATE INDEX CONCURRENTLY', async (_folder, go) => {
        const ended = expect(db.execute(`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`)).rejects.toThrow()
        const pid = await atWork('SELECT pg_advisory_xact_lock', `AND wait_event = 'advisory'`)
        go()
        await atWork('CREATE INDEX CONCURRENTLY', `AND ${pid} = ANY (pg_blocking_pids(pid))`)
        await rig.world.rows('SELECT pg_terminate_backend($1)', [pid])
        await ended
      })
      await db.close()
    })

    it('begin anew after one that was broken off', async () => {
      await rig.world.rows('DELETE FROM busy')
      await rig.world.rows('INSERT INTO busy VALUES (7), (7)')
      const name = '923_once.sql'
      const folder = await folderWith(name, BESIDE.replaceAll('busy_id', 'busy_once').replace('CREATE INDEX', 'CREATE UNIQUE INDEX'))
      await expect(migrateServer(url, folder, NOW)).rejects.toThrow(/busy_once/)
      const valid = async () =>
        (await rig.world.rows(`SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = 'busy_once'::regclass`))[0]
      expect([await applied('923%'), await valid()]).toEqual([[], { valid: false }])
      await rig.world.rows('DELETE FROM busy')
      expect(await migrateServer(url, folder, NOW)).toEqual([name])
      expect(await valid()).toEqual({ valid: true })
    })

    it.each([
      'CREATE INDEX CONCURRENTLY busy_other ON busy (id);',
      'DROP INDEX CONCURRENTLY IF EXISTS busy_other;\nCREATE INDEX busy_other ON busy (id);',
      'ALTER TABLE busy ADD COLUMN wider int;',
    ])('say nothing that could not be begun anew: %s', async (text) => {
      const folder = await folderWith('924_other.sql', `-- outside a transaction\n${text}\n`)
      await expect(migrateServer(url, folder, NOW)).rejects.toThrow(/924_other.sql runs outside a transaction: it can only/)
    })
  })
})
