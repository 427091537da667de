import { connect, type Socket } from 'node:net'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../support/postgres.ts'
import { type Product, startProduct } from './product.ts'

/** Just below what a body, and an upload, may have. */
const BODY_BYTES = 65_500
const UPLOAD_BYTES = 1_000_000
/** A character that makes each character of a text take two bytes, as long as it is kept as a text. */
const WIDE = '"€'
const TICKETS = 420
const CHECKOUTS = 600
const UPLOADS = 63
const LAST_WORDS = 2_000

interface Sending {
  /** All but the last byte has left, or the answer is there already. */
  begun: Promise<unknown>
  finish(): void
  /** The status, or null for a connection that was ended without one. */
  answered: Promise<number | null>
}

describe('a crowd of strangers who send as much as a body may have, while the database stands still', () => {
  const sockets: Socket[] = []
  let server: PostgresServer
  let product: Product
  beforeAll(async () => {
    server = await startPostgres()
    product = await startProduct({ DATABASE_URL: server.url, TRUSTED_PROXIES: '1' })
  })
  afterAll(async () => {
    for (const socket of sockets) socket.destroy()
    await product?.dispose()
    await server?.stop()
  })

  function send(path: string, bytes: number): Sending {
    const { host, port } = new URL(product.baseUrl)
    const socket = connect(Number(port), '127.0.0.1')
    sockets.push(socket)
    const answered = new Promise<number | null>((resolve) => {
      socket.once('data', (head) => resolve(Number(String(head).split(' ')[1])))
      socket.once('close', () => resolve(null))
      socket.on('error', () => resolve(null))
    })
    // From all over the world: what one address may have together is not what ends it.
    const from = `2001:db8::${sockets.length}`
    const headers = [
      `Host: ${host}`,
      `X-Forwarded-For: ${from}`,
      'Content-Type: application/json',
      'Cookie: hiy-session=nobody',
      `Content-Length: ${bytes}`,
    ].join('\r\n')
    const almostAll = WIDE + 'x'.repeat(bytes - Buffer.byteLength(WIDE) - 1)
    const sent = new Promise((resolve) => socket.write(`POST ${path} HTTP/1.1\r\n${headers}\r\n\r\n${almostAll}`, resolve))
    return { begun: Promise.race([sent, answered]), finish: () => socket.write('"'), answered }
  }
  const many = (count: number, path: string, bytes: number) => Array.from({ length: count }, () => send(path, bytes))

  /** The status, or the last words of the process. */
  const health = () =>
    fetch(`${product.baseUrl}/healthz`).then(
      ({ status }) => status,
      () => product.output().slice(-LAST_WORDS),
    )

  /** Nobody finds out who is signed in until the test lets go: all bodies are there at once, however slow this machine sends them. */
  async function holdLogins(): Promise<() => Promise<void>> {
    const connection = new pg.Client({ connectionString: server.url })
    await connection.connect()
    await connection.query('BEGIN; LOCK TABLE session')
    return () => connection.end()
  }

  it('ends no process: whoever does not fit is sent away, the others are told that they are nobody', async () => {
    const letGo = await holdLogins()
    try {
      const crowd = [
        ...many(TICKETS, '/api/tickets', BODY_BYTES),
        ...many(CHECKOUTS, '/api/checkout', BODY_BYTES),
        ...many(UPLOADS, '/api/admin/classes/x/activity', UPLOAD_BYTES),
      ]
      await Promise.all(crowd.map(({ begun }) => begun))
      for (const { finish } of crowd) finish()
      expect(await health()).toBe(200)
      await letGo()
      const statuses = await Promise.all(crowd.map(({ answered }) => answered))
      expect([...new Set(statuses)].sort()).toEqual([401, 503])
      expect(await health()).toBe(200)
    } finally {
      await letGo()
    }
  })
})
