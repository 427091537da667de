import { and, eq, sql } from 'drizzle-orm'
import { idempotencyKey } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { DAY_MS, plus } from '../../kernel/clock.ts'
import type { Outcome } from '../../kernel/outcome.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'

/** An answer is replayed for this long (behaviour 4.8). */
const KEPT_MS = DAY_MS

/**
 * Looks up what was answered to this key. `null`: nothing yet, the caller goes on and calls `rememberAnswer`.
 * Two equal calls at the same moment both go on; the hold they make is the same one (behaviour 4.8 check 6).
 */
export async function recallAnswer(
  deps: Deps,
  userId: string,
  key: string,
  bodyHash: string,
): Promise<Outcome<Record<string, unknown> | null, 'other-body'>> {
  const expired = plus(deps.clock.now(), -KEPT_MS)
  const [row] = await deps.db.handle
    .select({ bodyHash: idempotencyKey.bodyHash, response: idempotencyKey.response, createdAt: idempotencyKey.createdAt })
    .from(idempotencyKey)
    .where(and(eq(idempotencyKey.userId, userId), eq(idempotencyKey.key, key)))
  if (!row || row.createdAt <= expired) return succeed(null)
  if (row.bodyHash !== bodyHash) return refuse('other-body')
  return succeed(row.response)
}

export async function rememberAnswer(
  deps: Deps,
  userId: string,
  key: string,
  bodyHash: string,
  response: Record<string, unknown>,
): Promise<void> {
  const createdAt = deps.clock.now()
  await deps.db.handle
    .insert(idempotencyKey)
    .values({ userId, key, bodyHash, response, createdAt })
    .onConflictDoUpdate({
      target: [idempotencyKey.userId, idempotencyKey.key],
      set: { bodyHash, response, createdAt },
      setWhere: sql`idempotency_key.body_hash = ${bodyHash} OR idempotency_key.created_at < ${plus(createdAt, -KEPT_MS)}`,
    })
}
