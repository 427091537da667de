import { type SQL, sql } from 'drizzle-orm'
import type { Handle, Tx } from '../../db/client.ts'
import { hotRead, type Later } from '../../db/hot-read.ts'
import { rateLimit } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import type { Outcome } from '../../kernel/outcome.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'

export interface Limit {
  /** Who and what, for example "checkout:user:<id>". Never a raw address or e-mail in clear: callers pass a fingerprint. */
  bucket: string
  max: number
  /** A day at most: the clean-up forgets what began long before. */
  windowMs: number
}

/** A use that was counted, so that it can be given back. */
export interface Use {
  bucket: string
  windowStart: Date
}

export type LimitOutcome = Outcome<Use, 'too-many', { retryAfterSeconds: number }>

/**
 * Counts one use in the current fixed window, shared by all processes, and refuses beyond the maximum without counting. Inside a
 * transaction whoever counts in the same bucket waits until this one is over.
 */
export async function countUse(deps: Deps, limit: Limit, handle: Handle = deps.db.handle): Promise<LimitOutcome> {
  const { start, retryAfterSeconds } = windowOf(deps, limit)
  const count = handle === deps.db.handle ? countAlone : countAlong
  const counted = await count(handle, { bucket: limit.bucket, start, max: limit.max })
  return counted.length === 0 ? refuse('too-many', { retryAfterSeconds }) : succeed({ bucket: limit.bucket, windowStart: start })
}

/** The transaction that this is part of does not wait for the disk. Never where something else is written. */
const WITHOUT_WAITING = sql`CASE WHEN set_config('synchronous_commit', 'off', true) IS NULL THEN 0 ELSE 1 END`

/** Nothing waits for the disk because of a count: those of a last second may be lost with the power, and a crowd is turned away as fast as before. */
const countAlone = countOf(WITHOUT_WAITING)
const countAlong = countOf(1)

function countOf(one: number | SQL) {
  return hotRead((handle, later: (name: 'bucket' | 'start' | 'max') => Later) =>
    handle
      .insert(rateLimit)
      .values({ bucket: later('bucket'), windowStart: later('start'), used: one })
      .onConflictDoUpdate({
        target: [rateLimit.bucket, rateLimit.windowStart],
        set: { used: sql`rate_limit.used + 1` },
        setWhere: sql`rate_limit.used < ${later('max')}`,
      })
      .returning({ used: rateLimit.used }),
  )
}

/** Undoes a count: the use turned out not to be one. */
export async function giveBackUse(tx: Tx, use: Use): Promise<void> {
  await tx.execute(sql`UPDATE rate_limit SET used = used - 1 WHERE bucket = ${use.bucket} AND window_start = ${use.windowStart}`)
}

function windowOf(deps: Deps, limit: Limit): { start: Date; retryAfterSeconds: number } {
  const now = deps.clock.now().getTime()
  const start = Math.floor(now / limit.windowMs) * limit.windowMs
  return { start: new Date(start), retryAfterSeconds: Math.max(1, Math.ceil((start + limit.windowMs - now) / 1000)) }
}
