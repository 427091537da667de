import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cleanUpJob, ROWS_AT_ONCE } from '../../src/features/operation/clean-up.ts'
import { DAY_MS, plus } from '../../src/kernel/clock.ts'
import { openWorld, type World } from '../support/world.ts'

describe('what is old is forgotten (behaviour 7)', () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld()
  })
  afterAll(() => world.close())

  it('all of it, however much, and nothing else', async () => {
    const now = world.clock.now()
    const count = (at: Date, rows: number, name: string) =>
      world.rows(`INSERT INTO rate_limit (bucket, window_start, used) SELECT $1 || n, $2, 1 FROM generate_series(1, $3::int) AS n`, [
        name,
        at,
        rows,
      ])
    await count(plus(now, -3 * DAY_MS), 2 * ROWS_AT_ONCE + 1, 'old')
    await count(plus(now, -DAY_MS), 3, 'counts-still')
    await cleanUpJob.run(world.deps, {})
    const left = await world.rows<{ bucket: string }>(
      `SELECT bucket FROM rate_limit WHERE bucket LIKE 'old%' OR bucket LIKE 'counts%' ORDER BY 1`,
    )
    expect(left.map(({ bucket }) => bucket)).toEqual(['counts-still1', 'counts-still2', 'counts-still3'])
  })

  it('a session that is over goes, one that is good stays', async () => {
    const now = world.clock.now()
    await world.admin()
    const admin = await world.rows<{ id: string }>('SELECT id FROM app_user LIMIT 1')
    await world.rows(
      `INSERT INTO session (token_hash, public_id, user_id, created_at, renewed_at, used_at, expires_at)
       SELECT 'hash-' || n, gen_random_uuid(), $1, $2, $2, $2, $2::timestamptz + n * interval '1 day' FROM (VALUES (-1), (1)) AS of (n)`,
      [admin[0]?.id, now],
    )
    await cleanUpJob.run(world.deps, {})
    expect(await world.rows(`SELECT token_hash FROM session WHERE token_hash LIKE 'hash-%'`)).toEqual([{ token_hash: 'hash-1' }])
  })
})
