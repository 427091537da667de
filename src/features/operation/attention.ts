import { and, eq, isNull, or, sql } from 'drizzle-orm'
import type { Handle, Tx } from '../../db/client.ts'
import { type AttentionReason, type AttentionSubject, attentionCase, auditLog } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'

export type { AttentionReason }

/**
 * Puts something on the list of what a person has to look at. Opening an open case again changes nothing. `once`: for facts that stay as
 * they are and are met again and again; after a person has dealt with such a case it stays closed. `renew`: an open case says the latest detail.
 */
export async function openCase(
  deps: Deps,
  handle: Handle,
  entry: { subject: AttentionSubject; subjectId: string; reason: AttentionReason; detail: string },
  options: { once?: boolean; renew?: boolean } = {},
): Promise<void> {
  await handle.execute(sql`
    INSERT INTO attention_case (id, subject, subject_id, reason, detail, opened_at)
    SELECT ${deps.ids.uuid()}::uuid, ${entry.subject}, ${entry.subjectId}, ${entry.reason}, ${entry.detail.slice(0, 300)}, ${deps.clock.now()}::timestamptz
    WHERE NOT (${options.once ?? false}::boolean AND EXISTS (
      SELECT 1 FROM attention_case
      WHERE subject = ${entry.subject} AND subject_id = ${entry.subjectId} AND reason = ${entry.reason} AND resolved_by_id IS NOT NULL))
    ON CONFLICT (subject, subject_id, reason) WHERE resolved_at IS NULL
    DO UPDATE SET detail = excluded.detail WHERE ${options.renew ?? false}::boolean`)
}

/** All cases of a subject, or those of one reason. */
export interface CaseMatch {
  subject: AttentionSubject
  subjectId: string
  reason?: AttentionReason
}

/** Closes what has cured itself. `by` null: the product did. */
export async function closeCases(
  deps: Deps,
  handle: Handle,
  match: CaseMatch | readonly CaseMatch[],
  by: string | null = null,
): Promise<void> {
  const matches = [match].flat()
  if (matches.length === 0) return
  await handle
    .update(attentionCase)
    .set({ resolvedAt: deps.clock.now(), resolvedById: by })
    .where(and(isNull(attentionCase.resolvedAt), or(...matches.map(isMatch))))
}

const isMatch = ({ subject, subjectId, reason }: CaseMatch) =>
  and(eq(attentionCase.subject, subject), eq(attentionCase.subjectId, subjectId), reason ? eq(attentionCase.reason, reason) : undefined)

/** Closes one case by hand. False when it is unknown or closed already. */
export async function resolveCase(deps: Deps, caseId: string, by: string): Promise<boolean> {
  return deps.db.transaction(async (tx) => {
    const closed = await tx
      .update(attentionCase)
      .set({ resolvedAt: deps.clock.now(), resolvedById: by })
      .where(and(eq(attentionCase.id, caseId), isNull(attentionCase.resolvedAt)))
      .returning({ subject: attentionCase.subject, subjectId: attentionCase.subjectId })
    const [found] = closed
    if (!found) return false
    if (found.subject === 'job') await deps.jobs.dismissDead(found.subjectId)
    await audit(deps, tx, { actorId: by, action: 'case.resolve', subject: 'case', subjectId: caseId })
    return true
  })
}

export async function findOpenCase(
  handle: Handle,
  caseId: string,
): Promise<{ subject: AttentionSubject; subjectId: string; reason: AttentionReason } | null> {
  const [row] = await handle
    .select({ subject: attentionCase.subject, subjectId: attentionCase.subjectId, reason: attentionCase.reason })
    .from(attentionCase)
    .where(and(eq(attentionCase.id, caseId), isNull(attentionCase.resolvedAt)))
  return row ?? null
}

/** Who did what. Written in the transaction of the change itself. */
export async function audit(
  deps: Deps,
  tx: Tx,
  entry: { actorId: string | null; action: string; subject: string; subjectId: string; detail?: Record<string, unknown> },
): Promise<void> {
  await tx.insert(auditLog).values({ id: deps.ids.uuid(), detail: {}, ...entry, at: deps.clock.now() })
}
