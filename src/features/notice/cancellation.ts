import { and, eq } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { participation } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { notify } from './commands.ts'

/** Tells the host of a cancelled class, and every guest who had joined. What becomes of the money is the host's business only. */
export async function announceCancellation(
  deps: Deps,
  tx: Tx,
  cancelled: { id: string; bookedById: string },
  refund?: 'full' | 'none',
): Promise<void> {
  const about = { classId: cancelled.id, kind: 'class-cancelled' as const }
  await notify(deps, tx, {
    ...about,
    userId: cancelled.bookedById,
    dedupeKey: `class-cancelled:${cancelled.id}`,
    ...(refund === undefined ? {} : { data: { refund } }),
  })
  const guests = await tx
    .select({ userId: participation.userId })
    .from(participation)
    .where(and(eq(participation.classId, cancelled.id), eq(participation.rol, 'participante')))
  for (const { userId } of guests) await notify(deps, tx, { ...about, userId, dedupeKey: `class-cancelled:${cancelled.id}:${userId}` })
}
