import { sql } from 'drizzle-orm'
import type { Deps } from '../../deps.ts'
import type { Outcome } from '../../kernel/outcome.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'

export interface Limit {
  /** Who and what, for example "checkout:user:<id>". Never a raw address or e-mail in clear: callers pass a fingerprint. */
  bucket: string
  max: number
  windowMs: number
}

export type LimitOutcome = Outcome<null, 'too-many', { retryAfterSeconds: number }>

/** Counts one use in the current fixed window, shared by all processes, and refuses beyond the maximum. */
export async function countUse(deps: Deps, limit: Limit): Promise<LimitOutcome> {
  const { start, retryAfterSeconds } = windowOf(deps, limit)
  const { rows } = await deps.db.handle.execute<{ used: number }>(sql`
    INSERT INTO rate_limit (bucket, window_start, used) VALUES (${limit.bucket}, ${start}, 1)
    ON CONFLICT (bucket, window_start) DO UPDATE SET used = rate_limit.used + 1
    RETURNING used`)
  return (rows[0]?.used ?? 0) > limit.max ? refuse('too-many', { retryAfterSeconds }) : succeed(null)
}

/** Tells whether the window is already used up, without counting. */
export async function checkUse(deps: Deps, limit: Limit): Promise<LimitOutcome> {
  const { start, retryAfterSeconds } = windowOf(deps, limit)
  const { rows } = await deps.db.handle.execute<{ used: number }>(
    sql`SELECT used FROM rate_limit WHERE bucket = ${limit.bucket} AND window_start = ${start}`,
  )
  return (rows[0]?.used ?? 0) >= limit.max ? refuse('too-many', { retryAfterSeconds }) : succeed(null)
}

function windowOf(deps: Deps, limit: Limit): { start: Date; retryAfterSeconds: number } {
  const now = deps.clock.now().getTime()
  const start = Math.floor(now / limit.windowMs) * limit.windowMs
  return { start: new Date(start), retryAfterSeconds: Math.max(1, Math.ceil((start + limit.windowMs - now) / 1000)) }
}
