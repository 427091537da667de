import pg from 'pg'
import { outliveBreaks } from './outlive.ts'
import { PlanningClient } from './planning-client.ts'

/** As much of a pool as the query layer needs for statements of their own. */
export interface Reader {
  query(...statement: unknown[]): Promise<unknown>
  end(): Promise<void>
}

type Limits = Pick<pg.PoolConfig, 'statement_timeout' | 'lock_timeout' | 'idle_in_transaction_session_timeout'>

const CONNECTIONS_MAX = 10
const ANSWER_TIMEOUT_MS = 20_000
const CONNECT_TIMEOUT_MS = 2_000
/** How often it is asked how it is. Nobody waits for that. */
const LOOK_EVERY_MS = 5_000
/** Further behind it is not read from. Timed jobs write every ten seconds, so a replica that follows is never this old. */
const BEHIND_SECONDS_MAX = 30
const FOLLOWS = `SELECT coalesce(
  pg_is_in_recovery() AND clock_timestamp() - pg_last_xact_replay_timestamp() < interval '${BEHIND_SECONDS_MAX} seconds', false) AS follows`
/**
 * SQLSTATE classes and codes of a server that is going, coming, or had to break off a reader (connection, shutdown, conflict with recovery), or that has
 * not heard of the last migration yet (an unknown column, table or function): where that is our mistake, the primary says so, too.
 */
const TROUBLE = /^(08|57P|40001$|42703$|42P01$|42883$)/

/**
 * Reads from a streaming replica while it follows closely, and from `primary` otherwise: a replica that is down, far behind or promoted is only
 * noticed by whoever measures. Every statement may be sent twice, so it must only read.
 */
export function openReplica(url: string, primary: pg.Pool, lookEveryMs = LOOK_EVERY_MS, limits: Limits = {}): Reader {
  const replica = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS_MAX,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    ...limits,
    query_timeout: ANSWER_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'hablainglesya-replica',
    Client: PlanningClient,
  })
  outliveBreaks(replica)
  // The driver's own signature is a dozen overloads; whatever comes in goes on.
  return readWhileItFollows(replica as unknown as Reader, primary as unknown as Reader, lookEveryMs)
}

/**
 * Which of the two a statement is sent to. It is only asked how it is when somebody reads, so its last word is believed for twice the time between
 * two looks: after a quiet night the first reader gets the primary, not a replica that stopped following hours ago.
 */
export function readWhileItFollows(replica: Reader, primary: Reader, lookEveryMs: number): Reader {
  let followedAt = Number.NEGATIVE_INFINITY
  let lookedAt = Number.NEGATIVE_INFINITY

  function look(): void {
    const askedAt = performance.now()
    if (askedAt - lookedAt < lookEveryMs) return
    lookedAt = askedAt
    replica.query(FOLLOWS).then(
      (answer) => {
        const { rows } = answer as { rows: { follows: boolean }[] }
        followedAt = rows[0]?.follows ? askedAt : Number.NEGATIVE_INFINITY
      },
      () => {
        followedAt = Number.NEGATIVE_INFINITY
      },
    )
  }

  look()
  return {
    async query(...statement) {
      look()
      if (performance.now() - followedAt >= 2 * lookEveryMs) return primary.query(...statement)
      try {
        return await replica.query(...statement)
      } catch (error) {
        if (!isTrouble(error)) throw error
        followedAt = Number.NEGATIVE_INFINITY
        return primary.query(...statement)
      }
    },
    end: () => replica.end(),
  }
}

/** Another server may answer; not: this one understood and refused. */
function isTrouble(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown }
  return !(typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) || TROUBLE.test(code)
}
