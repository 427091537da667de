import { and, eq, isNull, sql } from 'drizzle-orm'
import { z } from 'zod'
import { idempotencyKey } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { DAY_MS, plus } from '../../kernel/clock.ts'
import type { Outcome } from '../../kernel/outcome.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'

/** An answer is replayed for this long (behaviour 4.8). */
const KEPT_MS = DAY_MS

/** A request as its sender names it: whoever sends the key again with the same body wants the same answer, not a second effect. */
export interface KeyedRequest {
  userId: string
  key: string
  /** Fingerprint of the body. */
  bodyHash: string
}

export type Answer = Record<string, unknown>

/** What may be sent as a key (behaviour 4.8). */
export const IdempotencyKey = z.string().regex(/^[\x21-\x7e]{1,100}$/)

/**
 * Does something once per key: who sends the same request again gets the first answer, with whatever body another one is refused, and what
 * was refused or failed leaves the key free (behaviour 4.8 checks 2 and 3).
 */
export async function oncePerKey<A extends Answer, R extends string, D>(
  deps: Deps,
  request: KeyedRequest,
  run: () => Promise<Outcome<A, R, D>>,
): Promise<Outcome<Answer, R | 'idempotency-mismatch', D>> {
  const before = await claimKey(deps, request)
  if (!before.ok) return refuse('idempotency-mismatch')
  if (before.value) return succeed(before.value)
  let answer: Answer | null = null
  try {
    const outcome = await run()
    if (outcome.ok) answer = outcome.value
    return outcome
  } finally {
    await (answer ? rememberAnswer(deps, request, answer) : releaseKey(deps, request))
  }
}

/**
 * Takes the key for this body before anything happens, so that of two different bodies at the same moment only one goes on.
 * Succeeds with what was answered before, or with null: the caller goes on, and ends with `rememberAnswer` or `releaseKey`.
 * Two equal calls at the same moment both go on; the hold they make is the same one (behaviour 4.8 check 6).
 */
async function claimKey(deps: Deps, { userId, key, bodyHash }: KeyedRequest): Promise<Outcome<Answer | null, 'other-body'>> {
  const createdAt = deps.clock.now()
  const claimed = await deps.db.handle
    .insert(idempotencyKey)
    .values({ userId, key, bodyHash, response: null, createdAt })
    .onConflictDoUpdate({
      target: [idempotencyKey.userId, idempotencyKey.key],
      set: { bodyHash, response: null, createdAt },
      setWhere: sql`idempotency_key.created_at <= ${plus(createdAt, -KEPT_MS)}`,
    })
    .returning({ key: idempotencyKey.key })
  if (claimed.length > 0) return succeed(null)
  const [row] = await deps.db.handle
    .select({ bodyHash: idempotencyKey.bodyHash, response: idempotencyKey.response })
    .from(idempotencyKey)
    .where(and(eq(idempotencyKey.userId, userId), eq(idempotencyKey.key, key)))
  if (row && row.bodyHash !== bodyHash) return refuse('other-body')
  return succeed(row?.response ?? null)
}

async function rememberAnswer(deps: Deps, { userId, key, bodyHash }: KeyedRequest, response: Answer): Promise<void> {
  await deps.db.handle
    .insert(idempotencyKey)
    .values({ userId, key, bodyHash, response, createdAt: deps.clock.now() })
    .onConflictDoUpdate({
      target: [idempotencyKey.userId, idempotencyKey.key],
      set: { response },
      setWhere: eq(idempotencyKey.bodyHash, bodyHash),
    })
}

/** The request was refused and changed nothing: its key is free for another try, with whatever body. */
async function releaseKey(deps: Deps, { userId, key, bodyHash }: KeyedRequest): Promise<void> {
  await deps.db.handle
    .delete(idempotencyKey)
    .where(
      and(
        eq(idempotencyKey.userId, userId),
        eq(idempotencyKey.key, key),
        eq(idempotencyKey.bodyHash, bodyHash),
        isNull(idempotencyKey.response),
      ),
    )
}
