import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { violates } from './client.ts'
import { openEmbedded } from './open.ts'

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
})
