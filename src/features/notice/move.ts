import type { Tx } from '../../db/client.ts'
import type { VirtualClassRow } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { notify } from './commands.ts'
import { guestsOf } from './guests.ts'

/**
 * Tells the host of a moved class, with the new code, and every guest who had joined, without it (behaviour 7). `moved`: the class with its
 * new move count and its former times; a message that a later move has overtaken is not sent.
 */
export async function announceMove(
  deps: Deps,
  tx: Tx,
  moved: Pick<VirtualClassRow, 'id' | 'bookedById' | 'moveCount' | 'startsAt' | 'endsAt'>,
  by: 'host' | 'admin',
): Promise<void> {
  const about = {
    classId: moved.id,
    kind: 'class-rescheduled' as const,
    data: { move: moved.moveCount, by, from: moved.startsAt.toISOString(), until: moved.endsAt.toISOString() },
  }
  for (const userId of [moved.bookedById, ...(await guestsOf(tx, moved.id))]) {
    await notify(deps, tx, { ...about, userId, dedupeKey: `class-rescheduled:${moved.id}:${moved.moveCount}:${userId}` })
  }
}
