import pg from 'pg'
import { SECOND_MS } from '../kernel/clock.ts'

/** Asks a server how it is, past everything that waits for it. */
export interface Pulse {
  /** Whether it answers, after four seconds at most. */
  answers(): Promise<boolean>
  close(): Promise<void>
}

const ANSWER_MS = 2 * SECOND_MS
const CONNECT_MS = 2 * SECOND_MS
/** SQLSTATE of a server that has no connection left: it works. */
const TOO_MANY_CONNECTIONS = '53300'

/**
 * One connection of its own, from the first question on: those of the pool may all be at work, or wait behind a migration or a crowd, and then a
 * proxy would take a busy process for a dead one. Whoever asks while a question is under way gets its answer.
 */
export function takePulse(url: string): Pulse {
  let kept: pg.Client | null = null
  let asking: Promise<boolean> | null = null
  let closed = false

  function lose(client: pg.Client): void {
    if (kept === client) kept = null
    client.end().catch(() => {})
  }

  async function keptAnswers(): Promise<boolean> {
    const client = kept
    if (!client) return false
    return client.query('SELECT 1').then(
      () => true,
      () => {
        lose(client)
        return false
      },
    )
  }

  /** A server that lets somebody in has answered, and one that is full as well. */
  async function letsIn(): Promise<boolean> {
    const client = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: CONNECT_MS,
      query_timeout: ANSWER_MS,
      keepAlive: true,
      application_name: 'hablainglesya-health',
    })
    client.on('error', () => lose(client))
    client.on('end', () => lose(client))
    try {
      await client.connect()
      if (closed) lose(client)
      else kept = client
      return true
    } catch (error) {
      lose(client)
      return error instanceof pg.DatabaseError && error.code === TOO_MANY_CONNECTIONS
    }
  }

  return {
    answers() {
      // One that broke while nobody asked says nothing about the server.
      asking ??= keptAnswers()
        .then((alive) => alive || letsIn())
        .finally(() => {
          asking = null
        })
      return asking
    },
    async close() {
      closed = true
      const client = kept
      kept = null
      await client?.end().catch(() => {})
    },
  }
}
