import { asc, eq } from 'drizzle-orm'
import { appUser, participation } from '../../../db/tables.ts'
import type { Deps } from '../../../deps.ts'
import type { Outcome } from '../../../kernel/outcome.ts'
import { refuse, succeed } from '../../../kernel/outcome.ts'
import type { Viewer } from '../../identity/store.ts'
import { isParticipant } from '../../virtual-class/queries.ts'
import { findClass } from '../../virtual-class/store.ts'

export interface TakenSeat {
  participationId: string
  name: string
  rol: 'anfitrion' | 'participante'
  joinedAt: Date
  /** When they last used the button that leads to the video call; null: not yet. */
  enteredAt: Date | null
}

/** Who sits in a class, in the order in which they came; for its host and the admin. */
export async function seatsOfClass(deps: Deps, viewer: Viewer, classId: string): Promise<Outcome<TakenSeat[], 'unknown-class' | 'guest'>> {
  const { handle } = deps.db
  const virtualClass = await findClass(handle, classId)
  if (!virtualClass) return refuse('unknown-class')
  if (viewer.role !== 'ADMIN' && virtualClass.bookedById !== viewer.id)
    return refuse((await isParticipant(handle, viewer.id, classId)) ? 'guest' : 'unknown-class')
  const seats = await handle
    .select({
      participationId: participation.id,
      name: appUser.name,
      rol: participation.rol,
      joinedAt: participation.createdAt,
      enteredAt: participation.enteredAt,
    })
    .from(participation)
    .innerJoin(appUser, eq(appUser.id, participation.userId))
    .where(eq(participation.classId, classId))
    .orderBy(asc(participation.createdAt), asc(participation.seat))
  return succeed(seats)
}
