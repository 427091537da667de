import { gte, sql } from 'drizzle-orm'
import type { Handle } from '../../../db/client.ts'
import { modelCall } from '../../../db/tables.ts'

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
