import type { Deps } from '../../deps.ts'
import { calendarAccess, recordFailure } from '../meeting/connection.ts'
import { ownClassOf } from '../mirror/rules.ts'
import { findClass } from '../virtual-class/store.ts'
import { strayEvents } from './store.ts'
import { tellStory } from './unchanged.ts'

/**
 * Nightly, after everything was read: one event per class. Google does not promise to notice that an id exists already, and an answer that was
 * lost may have left an event behind. Each suspect is searched for in Google by its private property; what we made and the class does not
 * have is deleted. Copies that somebody made by hand have an id of their own and are the teacher's.
 */
export async function removeDoubles(deps: Deps, teacherId: string): Promise<void> {
  const suspects = await strayEvents(deps.db.handle, teacherId)
  const access = suspects.length > 0 ? await calendarAccess(deps, teacherId) : null
  if (!access) return
  for (const classId of new Set(suspects.map((suspect) => suspect.classId))) {
    const standing = await deps.calendar.eventsOfClass(access, classId)
    if (!standing.ok) return recordFailure(deps, teacherId, access.grantId, standing)
    // Asked again: it may have got another event while we were looking.
    const current = await findClass(deps.db.handle, classId)
    const isSettled = current?.calendarState === 'synced' || current?.calendarState === 'none'
    if (!current || !isSettled || current.status === 'pending') continue
    const kept = current.status === 'cancelled' ? null : current.googleEventId
    for (const eventId of standing.value) {
      if (eventId === kept || ownClassOf({ eventId, classId }) === null) continue
      const removed = await deps.calendar.deleteEvent(access, eventId)
      if (!removed.ok) return recordFailure(deps, teacherId, access.grantId, removed)
      deps.log.warn({ classId, eventId }, 'a second event of a class was removed')
      await deps.db.transaction((tx) => tellStory(deps, tx, classId, 'double'))
    }
  }
}
