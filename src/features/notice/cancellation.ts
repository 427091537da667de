import type { Tx } from '../../db/client.ts'
import type { Deps } from '../../deps.ts'
import { notify } from './commands.ts'
import { guestsOf } from './guests.ts'

/** Tells the host of a cancelled class, and every guest who had joined. What becomes of the money is the host's business only; `rest`: a part of
 * it went back before. */
export async function announceCancellation(
  deps: Deps,
  tx: Tx,
  cancelled: { id: string; bookedById: string },
  refund?: 'full' | 'rest' | 'none',
): Promise<void> {
  const about = { classId: cancelled.id, kind: 'class-cancelled' as const }
  await notify(deps, tx, {
    ...about,
    userId: cancelled.bookedById,
    dedupeKey: `class-cancelled:${cancelled.id}`,
    ...(refund === undefined ? {} : { data: { refund } }),
  })
  for (const userId of await guestsOf(tx, cancelled.id))
    await notify(deps, tx, { ...about, userId, dedupeKey: `class-cancelled:${cancelled.id}:${userId}` })
}
