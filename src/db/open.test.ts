import { getTableColumns, sql } from 'drizzle-orm'
import { alias, bigint, date, integer, jsonb, pgTable, timestamp } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Handle, violates } from './client.ts'
import { checkpointWhenDue } from './embedded/checkpoint.ts'
import type { EmbeddedConnection } from './embedded/pool.ts'
import { hotRead } from './hot-read.ts'
import { openEmbedded, openEmbeddedPool } from './open.ts'

describe('the embedded database', () => {
  let db: Awaited<ReturnType<typeof openEmbedded>>
  beforeAll(async () => {
    db = await openEmbedded(null)
    await db.execute('CREATE TABLE seat (id int CONSTRAINT seat_key PRIMARY KEY); INSERT INTO seat VALUES (1)')
  }, 60_000)
  afterAll(() => db.close())

  it.each(['SELEC 1', 'SELECT 1/0', 'SELECT 1; SELECT 1/0', 'SELECT 1; SELEC 2', 'SELECT * FROM nowhere'])(
    'answers an error to %s and stays usable',
    async (text) => {
      await expect(db.execute(text)).rejects.toThrow()
      expect((await db.execute('SELECT 2 AS two')).rows).toEqual([{ two: 2 }])
    },
  )

  it('what cannot be written as a message leaves nothing of itself to the next statement, and a transaction begins all the same', async () => {
    const tooMany = Array.from({ length: 65_536 }, () => 1)
    await expect(db.execute('SELECT $1::int', tooMany)).rejects.toThrow(/out of range/)
    expect((await db.execute('SELECT 2 AS two')).rows).toEqual([{ two: 2 }])
    await db
      .transaction(async () => {
        await expect(db.execute('SELECT 1, $1::int', tooMany)).rejects.toThrow(/out of range/)
        const { rows } = await db.execute('INSERT INTO seat VALUES (77) RETURNING pg_current_xact_id()::text AS transaction')
        expect((await db.execute('SELECT pg_current_xact_id()::text AS transaction')).rows).toEqual(rows)
        throw new Error('Nobody sits there')
      })
      .catch((error: Error) => expect(error.message).toBe('Nobody sits there'))
    expect((await db.execute('SELECT FROM seat WHERE id = 77')).rows).toEqual([])
  })

  it('collects the rows of every statement of a text', async () => {
    expect((await db.execute('SELECT 1 AS a; SELECT 2 AS b')).rows).toEqual([{ a: 1 }, { b: 2 }])
  })

  it('takes parameters from the query layer', async () => {
    const { rows } = await db.handle.execute(sql`SELECT ${41}::int + 1 AS answer`)
    expect(rows).toEqual([{ answer: 42 }])
  })

  it('never gives one query the rows of another, whatever failed before it', async () => {
    for (let i = 0; i < 30; i++) {
      if (i % 3 === 1) await expect(db.execute('SELECT a FROM nowhere WHERE a = $1', [i])).rejects.toThrow(/nowhere/)
      else expect((await db.execute('SELECT $1::int AS a', [i])).rows).toEqual([{ a: i }])
    }
  })

  it('a read that is built once says the same as one that is built anew, whatever its columns are', async () => {
    await db.execute(`CREATE TABLE IF NOT EXISTS talk (id int, at timestamptz, day date, told jsonb, price bigint);
      INSERT INTO talk VALUES (1, '2026-11-26 21:00:00+00', '2026-11-26', '{"a": [1]}', 5), (2, '1999-12-31 23:59:59.123456-03', NULL, NULL, NULL), (3, NULL, NULL, '"x"', 0)`)
    const talk = pgTable('talk', {
      id: integer('id'),
      at: timestamp('at', { withTimezone: true }),
      day: date('day'),
      told: jsonb('told'),
      price: bigint('price', { mode: 'number' }),
    })
    const columns = {
      ...getTableColumns(talk),
      twice: sql<number>`id * 2`,
      named: sql<string>`'n' || id`.as('named'),
      late: sql`at`.mapWith(talk.at),
    }
    const build = (handle: Handle) => handle.select(columns).from(talk).orderBy(talk.id)
    const read = hotRead(build)
    for (const zone of ['UTC', 'America/Argentina/Buenos_Aires', 'Asia/Kolkata']) {
      await db.execute(`SET timezone = '${zone}'`)
      expect(await read(db.handle, {})).toEqual(await build(db.handle))
    }
    expect((await read(db.handle, {}))[1]?.at?.toISOString()).toBe('2000-01-01T02:59:59.123Z')
    await db.execute('RESET timezone')
  })

  it('a read of several tables keeps an object for each, and null for one that has no row', async () => {
    const a = pgTable('seat', { id: integer('id') })
    const b = alias(a, 'other')
    const build = (handle: Handle) => handle.select({ a, b }).from(a).leftJoin(b, sql`${b.id} = ${a.id} + 1`)
    expect(await hotRead(build)(db.handle, {})).toEqual([{ a: { id: 1 }, b: null }])
  })

  it('names the constraint that refused', async () => {
    const failure = await db.transaction((tx) => tx.execute(sql`INSERT INTO seat VALUES (1)`)).catch((error: unknown) => error)
    expect(violates(failure, 'seat_key')).toBe(true)
  })

  it('refuses the pool inside a transaction instead of waiting for itself', async () => {
    const failure = await db.transaction(() => db.handle.execute(sql`SELECT 1`)).catch((error: Error) => error.cause)
    expect(String(failure)).toMatch(/inside a transaction/)
    await expect(db.transaction(() => db.transaction(async () => 1))).rejects.toThrow(/inside another/)
    expect((await db.execute('SELECT 1 AS alive')).rows).toEqual([{ alive: 1 }])
  })

  it('runs effects after the commit, and never after a rollback', async () => {
    const seen: string[] = []
    await db.transaction(async () => db.afterCommit(() => seen.push('committed')))
    await db
      .transaction(async () => {
        db.afterCommit(() => seen.push('rolled back'))
        throw new Error('no')
      })
      .catch(() => {})
    expect(seen).toEqual(['committed'])
  })

  it('undoes the whole of a transaction, of which the first statement begins it, whatever kind that is and whether it failed', async () => {
    await db.execute('CREATE TABLE undone (a int PRIMARY KEY)')
    const firsts = ['INSERT INTO undone VALUES (1)', 'INSERT INTO undone VALUES (2); INSERT INTO undone VALUES (3)']
    for (const first of [...firsts, ...firsts]) {
      const failure = db.transaction(async (tx) => {
        await db.execute(first)
        await tx.execute(sql`INSERT INTO undone VALUES (${4}), (${4})`)
      })
      await expect(failure).rejects.toThrow()
    }
    for (const wrong of ['SELECT nothing', 'SELECT nothing; SELECT 1', 'INSERT INTO undone VALUES (5), (5)'])
      await expect(db.transaction(() => db.execute(wrong))).rejects.toThrow(/nothing|undone_pkey/)
    await expect(db.execute('SAVEPOINT outside')).rejects.toThrow(/transaction block/)
    await db.transaction(() => db.execute('SAVEPOINT inside'))
    await db.transaction(async () => {})
    await expect(db.execute('SAVEPOINT outside')).rejects.toThrow(/transaction block/)
    expect((await db.execute('SELECT a FROM undone')).rows).toEqual([])
  })

  it('does not call committed what a failed statement undid, whoever went on after it', async () => {
    await db.execute('CREATE TABLE swallowed (a int PRIMARY KEY)')
    const failure = db.transaction(async (tx) => {
      await tx.execute(sql`INSERT INTO swallowed VALUES (1)`)
      await tx.execute(sql`INSERT INTO swallowed VALUES (1)`).catch(() => {})
    })
    await expect(failure).rejects.toThrow(/Nothing was committed/)
    expect((await db.execute('SELECT a FROM swallowed')).rows).toEqual([])
  })

  it('neither undoes nor repeats a transaction because of what comes after it', async () => {
    await db.execute('CREATE TABLE told (a int PRIMARY KEY)')
    let tries = 0
    const told = db.transaction(async (tx) => {
      tries += 1
      await tx.execute(sql`INSERT INTO told VALUES (1)`)
      db.afterCommit(() => {
        throw Object.assign(new Error('nobody hears it'), { code: '40001' })
      })
    })
    await expect(told).rejects.toThrow('nobody hears it')
    expect([tries, (await db.execute('SELECT a FROM told')).rows]).toEqual([1, [{ a: 1 }]])
  })

  it('takes every kind of value, and gives it back', async () => {
    const values = [
      'ñ "\\{,} 🙂',
      7,
      12n,
      true,
      null,
      new Date('2026-11-23T12:00:00.250Z'),
      { a: ['ñ'] },
      ['a"b', null, 'c\\'],
      [1, 2],
      Buffer.from([0, 255]),
    ]
    const { rows } = await db.execute(
      `SELECT $1::text AS a, $2::int AS b, $3::bigint AS c, $4::bool AS d, $5::text AS e, $6::timestamptz AS f, $7::jsonb AS g, $8::text[] AS h,
        $9::int[] AS i, $10::bytea AS j`,
      values,
    )
    expect(Object.values(rows[0] ?? {})).toEqual(values.with(2, '12'))
  })

  it('answers with the columns that a table has now', async () => {
    await db.execute('CREATE TABLE wider (a int); INSERT INTO wider VALUES (1)')
    const all = () => db.execute('SELECT * FROM wider WHERE a = $1', [1])
    expect((await all()).rows).toEqual([{ a: 1 }])
    await db.execute('ALTER TABLE wider ADD COLUMN b int DEFAULT 2')
    expect((await all()).rows).toEqual([{ a: 1, b: 2 }])
  })

  it('keeps its plans when a text only names something that creates, as the upkeep of the queue does every few seconds', async () => {
    const plannedNow = async () => (await db.execute('SELECT count(*)::int AS planned FROM pg_prepared_statements')).rows[0]?.planned
    await db.execute('SELECT $1::int AS kept', [1])
    const before = await plannedNow()
    await db.execute(`BEGIN; SELECT name FROM (VALUES ('meeting.create')) AS queue (name); COMMIT`)
    expect(await plannedNow()).toBe(before)
  })

  it('is asked the same twice at once inside a transaction, and a thousand different things after each other', async () => {
    const twice = await db.transaction((tx) => Promise.all([1, 2].map((n) => tx.execute(sql`SELECT ${n}::int AS asked`))))
    expect(twice.map(({ rows }) => rows)).toEqual([[{ asked: 1 }], [{ asked: 2 }]])
    for (let n = 0; n < 1_000; n++) expect((await db.execute(`SELECT $1::int + ${n} AS sum`, [n])).rows).toEqual([{ sum: 2 * n }])
    const { rows } = await db.execute('SELECT count(*)::int AS planned FROM pg_prepared_statements')
    expect(Number(rows[0]?.planned)).toBeLessThanOrEqual(600)
  })

  it('lets one after the other have its connection', async () => {
    const seen: string[] = []
    const work = (name: string) =>
      db.transaction(async (tx) => {
        seen.push(`${name} begins`)
        await tx.execute(sql`SELECT 1`)
        seen.push(`${name} ends`)
      })
    await Promise.all([work('a'), db.execute('SELECT 1'), work('b')])
    expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends'])
  })

  it('does not let its log grow: a start after a kill would read all of it', async () => {
    const { pool, storage } = await openEmbeddedPool(null)
    const connection = pool as unknown as EmbeddedConnection
    while (await checkpointWhenDue(connection));
    await pool.query('CREATE TABLE big AS SELECT n, repeat(md5(n::text), 40) AS text FROM generate_series(1, 14000) AS n')
    expect(await checkpointWhenDue(connection)).toBe(true)
    expect(await checkpointWhenDue(connection)).toBe(false)
    await pool.end()
    await storage.close()
  })

  it('tells what was notified once it is committed', async () => {
    const heard: string[] = []
    const opened = Promise.withResolvers<void>()
    db.listen('news', { onMessage: (payload) => heard.push(payload), onOpen: () => opened.resolve() })
    await opened.promise
    await db.transaction(async (tx) => {
      await tx.execute(sql`SELECT pg_notify('news', 'ñandú')`)
      expect(heard).toEqual([])
    })
    expect(heard).toEqual(['ñandú'])
  })
})
