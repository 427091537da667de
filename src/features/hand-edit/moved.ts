import { type Tx, violates } from '../../db/client.ts'
import type { VirtualClassRow } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { loadSchedule } from '../academy/hours.ts'
import type { Interval } from '../academy/rules.ts'
import { findTeacher } from '../academy/store.ts'
import type { Move } from '../booking/reschedule/rules.ts'
import { clearLapsed } from '../booking/slot.ts'
import { foreignEvents, wantReview } from '../mirror/store.ts'
import { announceMove } from '../notice/move.ts'
import { audit, closeCases, openCase } from '../operation/attention.ts'
import { forgetVacated, moveClass } from '../virtual-class/moves.ts'
import { NO_OVERLAP, OWN_HOUR, updateClass } from '../virtual-class/store.ts'
import { decideHandMove, type MoveDoubt } from './rules.ts'
import { noteEdit, settleEdits } from './store.ts'
import { movedText } from './text.es.ts'
import { lockUnchanged, tellStory } from './unchanged.ts'

/**
 * The teacher moved the event of a class. To a free slot the class follows at once, as if the teacher had rescheduled it: new code, mails, not
 * counted against the host. Anything else is a proposal, which the teacher accepts or takes back (behaviour 4.18). `moves`: as the academy wants it,
 * unless told.
 */
export async function takeMove(deps: Deps, seen: VirtualClassRow, event: Interval, moves = deps.config.handMoves): Promise<void> {
  const { startsAt, endsAt } = event
  const teacher = await findTeacher(deps.db.handle, seen.teacherId)
  if (!teacher) return
  const schedule = await loadSchedule(deps.db.handle, teacher, startsAt, endsAt)
  await clearLapsed(deps, seen, event)
  const appointments = await foreignEvents(deps.db.handle, seen.teacherId, startsAt, endsAt)
  const propose = (doubt: MoveDoubt) =>
    deps.db.transaction(async (tx) => {
      if (await lockUnchanged(tx, seen)) await proposeMove(deps, tx, seen, event, doubt)
    })
  try {
    await deps.db.transaction(async (tx) => {
      const current = await lockUnchanged(tx, seen)
      if (!current) return
      const now = deps.clock.now()
      const decided = decideHandMove({
        virtualClass: current,
        event: { startsAt, endsAt },
        schedule,
        appointments,
        moves,
        policy: deps.config,
        now,
      })
      if (decided.ok) await follow(deps, tx, current, decided.value, null)
      else await proposeMove(deps, tx, current, event, decided.reason)
    })
  } catch (error) {
    if (violates(error, NO_OVERLAP)) await propose('slot-taken')
    else if (violates(error, OWN_HOUR)) await propose('own-class')
    else throw error
  }
}

/** Moves a locked class to where its event stands already. `actorId`: who accepted it; null: the rules did. */
export async function follow(deps: Deps, tx: Tx, current: VirtualClassRow, move: Move, actorId: string | null): Promise<void> {
  const now = deps.clock.now()
  await moveClass(deps, tx, current, move, now)
  // Nothing is sent to Google: the event is there, and a hand may have moved it on meanwhile.
  await forgetVacated(tx, current.id)
  await updateClass(tx, current.id, now, { calendarState: 'synced' })
  await wantReview(tx, current.teacherId)
  await announceMove(deps, tx, { ...current, moveCount: current.moveCount + 1 }, 'admin')
  await audit(deps, tx, {
    actorId,
    action: 'class.reschedule',
    subject: 'class',
    subjectId: current.id,
    detail: { by: 'calendar', from: current.startsAt.toISOString(), to: move.startsAt.toISOString() },
  })
  await settleEdits(tx, current.id, ['moved'], 'accepted', now)
  await closeCases(deps, tx, { subject: 'class', subjectId: current.id, reason: 'calendar_changed' }, actorId)
}

async function proposeMove(deps: Deps, tx: Tx, current: VirtualClassRow, event: Interval, doubt: MoveDoubt): Promise<void> {
  const { id: classId, teacherId, googleEventId } = current
  const { startsAt, endsAt } = event
  if (!googleEventId) return
  const isNews = await noteEdit(deps, tx, { teacherId, classId, kind: 'moved', eventId: googleEventId, startsAt, endsAt, detail: doubt })
  if (!isNews) return
  const about = { subject: 'class', subjectId: classId, reason: 'calendar_changed' } as const
  // A case that is open speaks of where the event stood before.
  await closeCases(deps, tx, about)
  await openCase(deps, tx, { ...about, detail: movedText(startsAt, doubt) })
  await tellStory(deps, tx, classId, 'moved', { startsAt })
}
