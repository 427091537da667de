import { and, count, eq, gte, sql } from 'drizzle-orm'
import type { Handle } from '../../../db/client.ts'
import { modelCall } from '../../../db/tables.ts'
import type { ModelPurpose } from '../provider.ts'

export async function insertCall(handle: Handle, row: typeof modelCall.$inferInsert): Promise<void> {
  await handle.insert(modelCall).values(row)
}

/** What the model read and wrote since then. */
export async function tokensSince(handle: Handle, since: Date): Promise<number> {
  const [row] = await handle
    .select({ tokens: sql<number>`coalesce(sum(${modelCall.tokensIn} + ${modelCall.tokensOut}), 0)::int` })
    .from(modelCall)
    .where(gte(modelCall.calledAt, since))
  return row?.tokens ?? 0
}

/** How often it was asked for that, for one person's exercise. */
export async function countCalls(handle: Handle, whom: { classId: string; userId: string }, purpose: ModelPurpose): Promise<number> {
  const [row] = await handle
    .select({ calls: count() })
    .from(modelCall)
    .where(and(eq(modelCall.userId, whom.userId), eq(modelCall.classId, whom.classId), eq(modelCall.purpose, purpose)))
  return row?.calls ?? 0
}
