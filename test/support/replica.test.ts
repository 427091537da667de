import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '../../src/db/client.ts'
import { openServer } from '../../src/db/open.ts'
import { type ReplicatedServer, startReplicated } from './postgres.ts'

const LOOKS_MAX = 20_000

describe('reads that may be old', () => {
  let server: ReplicatedServer
  let db: Database
  beforeAll(async () => {
    server = await startReplicated()
    db = openServer(server.url, { replicaUrl: server.replica.url, replicaLookMs: 250 })
    await db.execute('CREATE TABLE note (id int PRIMARY KEY)')
  })
  afterAll(async () => {
    await db?.close()
    await server?.stop()
  })

  const isReplica = async (handle: Database['handle']) =>
    (await handle.execute<{ here: boolean }>(sql`SELECT pg_is_in_recovery() AS here`)).rows[0]?.here
  const notes = async () => (await db.staleHandle.execute<{ n: number }>(sql`SELECT count(*)::int AS n FROM note`)).rows[0]?.n

  /** Asks until the answer is that one; every answer on the way was one, too. */
  async function until<T>(ask: () => Promise<T>, wanted: T): Promise<void> {
    for (let look = 0; look < LOOKS_MAX; look++) if ((await ask()) === wanted) return
    throw new Error(`It never became ${String(wanted)}`)
  }

  /** Writes all the time, as timed jobs do: a replica that is never sent anything looks as if it were left behind. */
  let next = 0
  const write = () => db.handle.execute(sql`INSERT INTO note VALUES (${next++})`)

  it('come from the replica once it follows, and see what was written; everything else stays with the server', async () => {
    await write()
    await until(() => isReplica(db.staleHandle), true)
    await until(notes, 1)
    expect(await isReplica(db.handle)).toBe(false)
  })

  it('refuse to write', async () => {
    await expect(db.staleHandle.execute(sql`INSERT INTO note VALUES (1000)`)).rejects.toThrow()
  })

  it('come from the server while the replica is away, without a failed one, and from the replica when it is back', async () => {
    let asking = true
    const failures: unknown[] = []
    const readers = Array.from({ length: 4 }, async () => {
      while (asking) await notes().catch((error) => failures.push(error))
    })
    await server.replica.end()
    await until(() => isReplica(db.staleHandle), false)
    await write()
    expect(await notes()).toBe(next)
    await server.replica.start()
    await write()
    await until(() => isReplica(db.staleHandle), true)
    asking = false
    await Promise.all(readers)
    expect(failures).toEqual([])
    await until(notes, next)
  })
})
