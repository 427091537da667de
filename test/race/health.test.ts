import { createServer, type Server, type Socket } from 'node:net'
import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from 'vitest'
import type { Database } from '../../src/db/client.ts'
import { openServer } from '../../src/db/open.ts'
import { createApp } from '../../src/http/app.ts'
import { createPages } from '../../src/web/index.ts'
import { BASE_URL, openWorld, type World } from '../support/world.ts'

describe('the product on a server that is busy, breaks connections or is away', () => {
  let world: World
  let url: URL
  const opened: Database[] = []
  beforeAll(async () => {
    world = await openWorld({ postgresUrl: inject('postgresUrl'), connectionsMax: 4, calendar: false })
    const [named] = await world.rows<{ name: string }>('SELECT current_database() AS name')
    url = new URL(inject('postgresUrl'))
    url.pathname = `/${named?.name}`
  })
  afterEach(async () => {
    for (const db of opened.splice(0)) await db.close()
  })
  afterAll(() => world.close())

  function open(address: string): Database {
    const db = openServer(address, { connectionsMax: 1 })
    opened.push(db)
    return db
  }

  const asked = async (db: Database) => {
    const app = createApp({ ...world.deps, db }, createPages({ asset: (name) => `/assets/${name}`, sandbox: null }))
    return (await app.request(`${BASE_URL}/healthz`)).status
  }

  it('is known to be well at once while a migration or a crowd keeps all connections; control: a request that needs a connection waits', async () => {
    const db = open(url.href)
    const leave = Promise.withResolvers<void>()
    const taken = Promise.withResolvers<void>()
    const crowd = db.transaction(async () => {
      taken.resolve()
      await leave.promise
    })
    await taken.promise
    let answered = false
    const waits = db.execute('SELECT 1').then(() => {
      answered = true
    })
    expect([await asked(db), await asked(db), answered]).toEqual([200, 200, false])
    leave.resolve()
    await Promise.all([crowd, waits])
    expect(answered).toBe(true)
  })

  it('is known to be well when it has no connection left for anybody', async () => {
    const crowded = new URL(url)
    crowded.username = 'crowded'
    await world.rows('CREATE ROLE crowded LOGIN CONNECTION LIMIT 0')
    try {
      const db = open(crowded.href)
      await expect(db.execute('SELECT 1')).rejects.toThrow(/too many connections/)
      expect(await asked(db)).toBe(200)
    } finally {
      await world.rows('DROP ROLE crowded')
    }
  })

  it('takes the locks from a process that hangs in the middle of a transaction', async () => {
    const db = open(url.href)
    expect((await db.execute('SHOW idle_in_transaction_session_timeout')).rows).toEqual([{ idle_in_transaction_session_timeout: '30s' }])
    const cut = db.transaction(async (tx) => {
      await tx.execute(sql`SELECT 1 FROM teacher FOR UPDATE`)
      await tx.execute(sql`SET LOCAL idle_in_transaction_session_timeout = 1`)
      // Whoever comes next gets the row, although this one never goes on.
      await world.rows('SELECT 1 FROM teacher FOR UPDATE')
      await tx.execute(sql`SELECT 1`)
    })
    await expect(cut).rejects.toThrow()
  })

  it('is known to be well although the connection over which it was asked has broken meanwhile', async () => {
    const db = open(url.href)
    expect(await asked(db)).toBe(200)
    const [ended] = await world.rows<{ n: number }>(
      `SELECT count(pg_terminate_backend(pid))::int AS n FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'hablainglesya-health'`,
    )
    expect([ended?.n, await asked(db)]).toEqual([1, 200])
  })

  it('outlives a server that ends its connections in the middle of work', async () => {
    const db = open(url.href)
    const work = db.transaction(async () => {
      const { rows } = await db.execute('SELECT pg_backend_pid() AS pid')
      await world.rows('SELECT pg_terminate_backend($1, 5000)', [rows[0]?.pid])
      await db.execute('SELECT 1')
    })
    await expect(work).rejects.toThrow()
    expect((await db.execute('SELECT 2 AS two')).rows).toEqual([{ two: 2 }])
  })

  it('is not well without a server, nor with one that takes the connection and says nothing; that is known in seconds', async () => {
    expect(await asked(open('postgresql://postgres@127.0.0.1:9/none'))).toBe(503)
    const mute = await listening()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const answer = asked(open(`postgresql://postgres@127.0.0.1:${mute.port}/none`))
      await mute.met
      vi.advanceTimersByTime(4_000)
      expect(await answer).toBe(503)
    } finally {
      vi.useRealTimers()
      mute.close()
    }
  })
})

async function listening(): Promise<{ port: number; met: Promise<void>; close(): void }> {
  const met = Promise.withResolvers<void>()
  const sockets: Socket[] = []
  const server: Server = createServer((socket) => {
    sockets.push(socket)
    socket.once('data', () => met.resolve())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const close = () => {
    for (const socket of sockets) socket.destroy()
    server.close()
  }
  return { port: typeof address === 'object' ? (address?.port ?? 0) : 0, met: met.promise, close }
}
