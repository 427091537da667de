import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest'
import type { Database } from '../../src/db/client.ts'
import { openServer, requireLimits } from '../../src/db/open.ts'
import { openWorld, type World } from '../support/world.ts'

/** As far as it shows without a pooler: what is asked of the one address, and what of the other. */
describe('behind a pooler that gives connections away with each transaction', () => {
  let world: World
  let pooled: URL
  let direct: URL
  const opened: Database[] = []
  beforeAll(async () => {
    world = await openWorld({ postgresUrl: inject('postgresUrl'), connectionsMax: 2, calendar: false })
    const [named] = await world.rows<{ name: string }>('SELECT current_database() AS name')
    direct = new URL(inject('postgresUrl'))
    direct.pathname = `/${named?.name}`
    pooled = new URL(direct)
    pooled.username = 'pooled'
    await world.rows('CREATE ROLE pooled LOGIN')
  })
  afterEach(async () => {
    for (const db of opened.splice(0)) await db.close()
  })
  afterAll(async () => {
    await world.rows('DROP ROLE pooled')
    await world.close()
  })

  function open(directUrl: string | null): Database {
    const db = openServer(pooled.href, { connectionsMax: 1, directUrl })
    opened.push(db)
    return db
  }

  const limitOf = async (db: Database) =>
    (await db.execute(`SELECT setting, source FROM pg_settings WHERE name = 'statement_timeout'`)).rows[0]

  it('a connection brings no limits, which a pooler refuses; control: without one it does', async () => {
    expect(await limitOf(open(direct.href))).toEqual({ setting: '0', source: 'default' })
    expect(await limitOf(open(null))).toEqual({ setting: '15000', source: 'client' })
  })

  it('a start asks for them in the role, and says how', async () => {
    await world.rows(`ALTER ROLE pooled SET lock_timeout = '5s'`)
    const refusal = await requireLimits(open(direct.href)).then(
      () => '',
      (error: Error) => error.message,
    )
    const statements = refusal.split('\n').slice(1)
    expect(statements).toEqual([
      `ALTER ROLE "pooled" SET statement_timeout = '15s';`,
      `ALTER ROLE "pooled" SET idle_in_transaction_session_timeout = '30s';`,
    ])
    for (const statement of statements) await world.rows(statement)
    const db = open(direct.href)
    await requireLimits(db)
    expect(await limitOf(db)).toEqual({ setting: '15000', source: 'user' })
  })

  it('listening and the look at the server go past it', async () => {
    const db = open(direct.href)
    const isOpen = Promise.withResolvers<void>()
    const stop = db.listen('changes', { onMessage: () => {}, onOpen: isOpen.resolve })
    await isOpen.promise
    expect(await db.answers()).toBe(true)
    const rows = await world.rows<{ name: string; role: string }>(
      `SELECT application_name AS name, usename AS role FROM pg_stat_activity
       WHERE datname = current_database() AND application_name IN ('hablainglesya-listen', 'hablainglesya-health') ORDER BY 1`,
    )
    expect(rows.map(({ role }) => role)).toEqual([direct.username, direct.username])
    await stop()
  })
})
