import { sql } from 'drizzle-orm'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import type { Database } from '../../src/db/client.ts'
import { hotRead } from '../../src/db/hot-read.ts'
import { openServer } from '../../src/db/open.ts'
import { openWorld, type World } from '../support/world.ts'

/** Often enough to be planned. */
const OFTEN = 6

describe('statements that are planned, while a migration changes their table', () => {
  let world: World
  let url: URL
  let db: Database
  beforeAll(async () => {
    world = await openWorld({ postgresUrl: inject('postgresUrl'), connectionsMax: 2, calendar: false })
    const [named] = await world.rows<{ name: string }>('SELECT current_database() AS name')
    url = new URL(inject('postgresUrl'))
    url.pathname = `/${named?.name}`
  })
  beforeEach(async () => {
    await world.rows('DROP TABLE IF EXISTS widening')
    await world.rows('CREATE TABLE widening AS SELECT 1 AS id, 7 AS number')
    db = openServer(url.href, { connectionsMax: 1 })
  })
  afterEach(() => db.close())
  afterAll(() => world.close())

  const readFrom = (handle: Pick<Database['handle'], 'execute'>) => handle.execute(sql`SELECT number FROM widening WHERE id = ${1}`)
  const read = async () => (await readFrom(db.handle)).rows
  const readInTransaction = () => db.transaction(async (tx) => (await readFrom(tx)).rows)
  const often = async (once: () => Promise<unknown>) => {
    for (let times = 0; times < OFTEN; times++) await once()
  }
  const planned = async () =>
    Number(
      (await db.execute(`SELECT count(*) AS n FROM pg_prepared_statements WHERE statement LIKE 'SELECT number FROM widening%'`)).rows[0]?.n,
    )
  const widen = () => world.rows('ALTER TABLE widening ALTER COLUMN number TYPE text')

  it('control: the server refuses to answer with other columns than it planned, on that connection for ever', async () => {
    const client = new pg.Client({ connectionString: url.href })
    await client.connect()
    const ask = () => client.query({ name: 'number', text: 'SELECT number FROM widening WHERE id = $1', values: [1] })
    await ask()
    await widen()
    await expect(ask()).rejects.toThrow('cached plan must not change result type')
    await expect(ask()).rejects.toThrow('cached plan must not change result type')
    await client.end()
  })

  it('a column that is added changes nothing', async () => {
    await often(read)
    expect(await planned()).toBe(1)
    await world.rows('ALTER TABLE widening ADD COLUMN more int DEFAULT 2')
    expect([await read(), await planned()]).toEqual([[{ number: 7 }], 1])
  })

  it('a column whose type changes is answered as it is now, outside a transaction and inside', async () => {
    await often(read)
    await widen()
    expect(await read()).toEqual([{ number: '7' }])
    await often(readInTransaction)
    await world.rows('ALTER TABLE widening ALTER COLUMN number TYPE int USING number::int')
    expect(await readInTransaction()).toEqual([{ number: 7 }])
    expect(await planned()).toBeGreaterThan(1)
  })

  it('a statement whose columns are not named is answered with those that there are now', async () => {
    const all = async () => (await db.handle.execute(sql`SELECT * FROM widening WHERE id = ${1}`)).rows
    await often(all)
    await world.rows('ALTER TABLE widening ADD COLUMN more int DEFAULT 2')
    expect(await all()).toEqual([{ id: 1, number: 7, more: 2 }])
  })

  it('so is a read that is built once', async () => {
    const numberOf = hotRead<{ id: number }, unknown>((handle, later) =>
      handle
        .select({ number: sql`number` })
        .from(sql`widening`)
        .where(sql`id = ${later('id')}`),
    )
    await often(() => numberOf(db.handle, { id: 1 }))
    await widen()
    expect(await numberOf(db.handle, { id: 1 })).toEqual([{ number: '7' }])
  })

  it('writes are done once', async () => {
    const add = () => db.handle.execute(sql`UPDATE widening SET id = id + 1 WHERE id = ${1} RETURNING number`)
    const back = () => world.rows('UPDATE widening SET id = 1')
    await often(async () => [await add(), await back()])
    await widen()
    expect((await add()).rows).toEqual([{ number: '7' }])
    expect(await world.rows('SELECT id FROM widening')).toEqual([{ id: 2 }])
  })
})
