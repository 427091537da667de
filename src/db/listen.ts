import pg from 'pg'
import type { EmbeddedConnection } from './embedded/pool.ts'

/** Whoever listens to a channel of the database. */
export interface Hearer {
  onMessage(payload: string): void
  /** Listening has begun, or has begun again after it was lost: what was told before is not known. */
  onOpen(): void
}

/** Listens to `channel` until what it returns is called. */
export type Listen = (channel: string, hearer: Hearer) => () => Promise<void>

const CONNECT_TIMEOUT_MS = 10_000
/** A connection that broke without a word is noticed after this. */
const PING_EVERY_MS = 30_000
const PING_TIMEOUT_MS = 10_000
const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 30_000

/**
 * One connection of its own, beside the pool, because a pooled one would be in use for ever. When it is lost it is opened again, in growing
 * pauses and without end: until then nothing is heard, and nothing else suffers. Nothing here keeps the process alive.
 */
export function listenOnServer(url: string, channel: string, hearer: Hearer): () => Promise<void> {
  let current: pg.Client | null = null
  let failures = 0
  let closed = false
  let retry: NodeJS.Timeout | undefined

  function lose(client: pg.Client): void {
    if (current !== client) return
    current = null
    void client.end().catch(() => {})
    if (closed) return
    retry = setTimeout(open, Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures)).unref()
    failures += 1
  }

  async function open(): Promise<void> {
    const client = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: PING_TIMEOUT_MS,
      keepAlive: true,
      application_name: 'hablainglesya-listen',
    })
    current = client
    client.on('error', () => lose(client))
    client.on('end', () => lose(client))
    client.on('notification', ({ payload }) => hearer.onMessage(payload ?? ''))
    try {
      await client.connect()
      await client.query(`LISTEN ${pg.escapeIdentifier(channel)}`)
      failures = 0
      if (!closed) hearer.onOpen()
    } catch {
      lose(client)
    }
  }

  const ping = setInterval(() => {
    const client = current
    client?.query('SELECT 1').catch(() => lose(client))
  }, PING_EVERY_MS).unref()
  void open()
  return async () => {
    closed = true
    clearInterval(ping)
    clearTimeout(retry)
    const client = current
    current = null
    await client?.end().catch(() => {})
  }
}

/** The embedded database has one connection for everything: what it tells arrives with the answer to the COMMIT that told it. */
export function listenInside(connection: EmbeddedConnection): Listen {
  const hearers = new Map<string, Set<Hearer>>()
  connection.onNotification((channel, payload) => {
    for (const hearer of hearers.get(channel) ?? []) hearer.onMessage(payload)
  })
  return (channel, hearer) => {
    const of = hearers.get(channel) ?? new Set()
    hearers.set(channel, of.add(hearer))
    void connection.query(`LISTEN ${pg.escapeIdentifier(channel)}`).then(
      () => hearer.onOpen(),
      () => {},
    )
    return async () => {
      of.delete(hearer)
    }
  }
}
