import type { VirtualClassRow } from '../../../db/tables.ts'
import type { Deps } from '../../../deps.ts'
import type { Outcome } from '../../../kernel/outcome.ts'
import { refuse, succeed } from '../../../kernel/outcome.ts'
import { nameAmongSeveral } from '../../academy/names.ts'
import type { Viewer } from '../../identity/store.ts'
import { hostNameOf, isParticipant } from '../../virtual-class/queries.ts'
import { findClass } from '../../virtual-class/store.ts'
import { lapsesRefund, type MoveActor, type RescheduleRefusal, refuseMove, reschedulesLeft } from './rules.ts'
import type { RescheduleRefusalDetail } from './text.es.ts'

/** A class that may be moved now, and what moving it means for whoever asks. */
export interface ClassToMove {
  id: string
  startsAt: Date
  endsAt: Date
  classType: 'individual' | 'grupal'
  hostName: string
  /** With whom it stays, wherever it is moved. */
  teacherId: string
  /** Null while the academy has one teacher only. */
  teacherName: string | null
  actor: MoveActor
  /** How often the host may still move it. */
  movesLeft: number
  /** What a later cancellation by the host gives back if it is moved now: `lapses` because of this move, `lapsed` already before. */
  refund: 'kept' | 'lapses' | 'lapsed'
}

/** What the page shows before a class is moved, or why it cannot be (rows 2 to 6 of behaviour 4.10). */
export async function classToMove(
  deps: Deps,
  viewer: Viewer,
  classId: string,
): Promise<Outcome<ClassToMove, RescheduleRefusal, RescheduleRefusalDetail>> {
  const { handle } = deps.db
  const virtualClass = await findClass(handle, classId)
  if (!virtualClass) return refuse('unknown-class')
  const allowed = await actorOf(deps, viewer, virtualClass)
  if (!allowed.ok) return refuse(allowed.reason)
  const actor = allowed.value
  const now = deps.clock.now()
  const reason = refuseMove(virtualClass, actor, deps.config, now)
  if (reason) return refuse(reason, { maxReschedules: deps.config.maxReschedules })
  const { id, startsAt, endsAt, classType, refundLapsed } = virtualClass
  const lapses = actor === 'host' && lapsesRefund(virtualClass, deps.config, now)
  return succeed({
    ...{ id, startsAt, endsAt, classType, actor },
    hostName: await hostNameOf(handle, virtualClass.bookedById),
    teacherId: virtualClass.teacherId,
    teacherName: await nameAmongSeveral(handle, virtualClass.teacherId),
    movesLeft: reschedulesLeft(virtualClass, deps.config),
    refund: refundLapsed ? 'lapsed' : lapses ? 'lapses' : 'kept',
  })
}

/** In whose right somebody asks to move this class. */
export async function actorOf(
  deps: Deps,
  viewer: Viewer,
  virtualClass: Pick<VirtualClassRow, 'id' | 'bookedById'>,
): Promise<Outcome<MoveActor, 'unknown-class' | 'guest'>> {
  if (viewer.role === 'ADMIN') return succeed('admin')
  if (virtualClass.bookedById === viewer.id) return succeed('host')
  return refuse((await isParticipant(deps.db.handle, viewer.id, virtualClass.id)) ? 'guest' : 'unknown-class')
}
