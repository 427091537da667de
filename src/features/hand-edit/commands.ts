import { violates } from '../../db/client.ts'
import type { Deps } from '../../deps.ts'
import type { Outcome } from '../../kernel/outcome.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import { clearLapsed } from '../booking/slot.ts'
import { queueMove } from '../meeting/move.ts'
import { closeCases } from '../operation/attention.ts'
import { findClass, lockClass, NO_OVERLAP, OWN_HOUR, updateClass } from '../virtual-class/store.ts'
import { follow } from './moved.ts'
import { isAcceptable } from './rules.ts'
import { findOpenEdit, settleEdits } from './store.ts'
import type { SETTLE_TEXT } from './text.es.ts'
import { tellStory } from './unchanged.ts'

export type SettleOutcome = Outcome<null, keyof typeof SETTLE_TEXT>

/** The teacher wants the class where the event was put. */
export async function acceptMove(deps: Deps, editId: string, actorId: string): Promise<SettleOutcome> {
  await clearHour(deps, editId)
  try {
    return await deps.db.transaction(async (tx): Promise<SettleOutcome> => {
      const known = await findOpenEdit(tx, editId)
      const current = known ? await lockClass(tx, known.classId) : null
      const edit = await findOpenEdit(tx, editId)
      if (!current || !edit?.startsAt || !edit.endsAt || edit.kind !== 'moved') return refuse('unknown')
      const to = { startsAt: edit.startsAt, endsAt: edit.endsAt }
      if (current.calendarState !== 'synced' || !isAcceptable(current, to, deps.clock.now())) return refuse('not-acceptable')
      const { rescheduleCount, refundLapsed, startsAt: previousStartsAt } = current
      await follow(deps, tx, current, { ...to, rescheduleCount, refundLapsed, previousStartsAt }, actorId)
      return succeed(null)
    })
  } catch (error) {
    if (violates(error, NO_OVERLAP)) return refuse('slot-taken')
    if (violates(error, OWN_HOUR)) return refuse('own-class')
    throw error
  }
}

/** A hold that has run out since the move was noted does not stand in its way. */
async function clearHour(deps: Deps, editId: string): Promise<void> {
  const edit = await findOpenEdit(deps.db.handle, editId)
  const moving = edit ? await findClass(deps.db.handle, edit.classId) : null
  if (moving && edit?.startsAt && edit.endsAt) await clearLapsed(deps, moving, { startsAt: edit.startsAt, endsAt: edit.endsAt })
}

/** The teacher wants the event back where the class is. A durable job carries it there. */
export async function putBack(deps: Deps, editId: string, actorId: string): Promise<SettleOutcome> {
  return deps.db.transaction(async (tx): Promise<SettleOutcome> => {
    const known = await findOpenEdit(tx, editId)
    const current = known ? await lockClass(tx, known.classId) : null
    const edit = await findOpenEdit(tx, editId)
    if (!current || edit?.kind !== 'moved' || current.status !== 'scheduled') return refuse('unknown')
    const now = deps.clock.now()
    await updateClass(tx, current.id, now, { calendarState: 'queued', calendarError: null })
    await queueMove(deps, current.id)
    await settleEdits(tx, current.id, ['moved'], 'put-back', now)
    await closeCases(deps, tx, { subject: 'class', subjectId: current.id, reason: 'calendar_changed' }, actorId)
    await tellStory(deps, tx, current.id, 'put-back', { actorId })
    return succeed(null)
  })
}
