import type { Tx } from '../../db/client.ts'
import type { VirtualClassRow } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { closeCases, openCase } from '../operation/attention.ts'
import { updateClass } from '../virtual-class/store.ts'
import { noteEdit, settleEdits } from './store.ts'
import { DELETED_TEXT } from './text.es.ts'
import { lockUnchanged, tellStory } from './unchanged.ts'

/**
 * Somebody deleted the event of a class. The class stands, and so does what was paid for it: the teacher chooses between making the event
 * again and giving the money back (behaviour 4.18).
 */
export async function noteDeleted(deps: Deps, seen: VirtualClassRow): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const current = await lockUnchanged(tx, seen)
    if (current) await noteGone(deps, tx, current)
  })
}

/** Whoever finds that the event of a locked, scheduled class is gone says so here: once, also when a person has set the case aside. */
export async function noteGone(deps: Deps, tx: Tx, current: VirtualClassRow): Promise<void> {
  if (!current.googleEventId) return
  const { id: classId, teacherId, googleEventId: eventId } = current
  await updateClass(tx, classId, deps.clock.now(), { calendarState: 'failed', calendarError: DELETED_TEXT })
  if (!(await noteEdit(deps, tx, { teacherId, classId, kind: 'deleted', eventId, startsAt: null, endsAt: null, detail: '' }))) return
  const about = { subject: 'class', subjectId: classId, reason: 'calendar_changed' } as const
  // An event that was moved before it was deleted stands nowhere: what was asked about its hour cannot be answered any more.
  await settleEdits(tx, classId, ['moved'], 'cured', deps.clock.now())
  await closeCases(deps, tx, about)
  await openCase(deps, tx, { ...about, detail: DELETED_TEXT })
  await tellStory(deps, tx, classId, 'deleted')
}
