import { connect } from 'node:net'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from './postgres.ts'

describe('the PostgreSQL server for tests', () => {
  let server: PostgresServer
  let pool: pg.Pool

  beforeAll(async () => {
    server = await startPostgres()
    pool = new pg.Pool({ connectionString: server.url, max: 100 })
  })

  afterAll(async () => {
    await pool.end()
    await server.stop()
  })

  it('is PostgreSQL and not an imitation of it', async () => {
    const { rows } = await pool.query<{ version: string }>('SELECT version()')
    expect(rows[0]?.version).toMatch(/^PostgreSQL \d+\.\d+ .*(gcc|clang)/)
  })

  it('serves a hundred connections at the same time', async () => {
    const clients = await Promise.all(Array.from({ length: 100 }, () => pool.connect()))
    try {
      const answers = await Promise.all(clients.map((client) => client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')))
      expect(new Set(answers.map((answer) => answer.rows[0]?.pid)).size).toBe(100)
    } finally {
      for (const client of clients) client.release()
    }
  })

  it('lets exactly one of two racing transactions have an overlapping time', async () => {
    await pool.query('CREATE EXTENSION btree_gist')
    await pool.query('CREATE TABLE slot (teacher int, during tstzrange, EXCLUDE USING gist (teacher WITH =, during WITH &&))')
    const book = (from: number, to: number) =>
      pool.query('INSERT INTO slot VALUES (1, tstzrange($1, $2))', [new Date(from * 3_600_000), new Date(to * 3_600_000)])
    const outcomes = await Promise.allSettled([book(10, 12), book(11, 13)])
    expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected'])
    const refused = outcomes.find((outcome) => outcome.status === 'rejected')
    expect(refused?.reason).toMatchObject({ code: '23P01' })
  })

  it('knows Spanish letters', async () => {
    const { rows } = await pool.query<{ lower: string }>("SELECT lower('ÑANDÚ') AS lower")
    expect(rows[0]?.lower).toBe('ñandú')
  })

  it('is gone after it was stopped', async () => {
    const other = await startPostgres()
    const port = Number(new URL(other.url).port)
    await other.stop()
    expect(await connectionError(port)).toBe('ECONNREFUSED')
  })
})

function connectionError(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code))
    socket.once('connect', () => {
      socket.destroy()
      resolve(undefined)
    })
  })
}
