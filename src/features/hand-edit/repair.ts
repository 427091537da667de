import type { VirtualClassRow } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { recordFailure } from '../meeting/connection.ts'
import { queueGuests, syncGuestsJob } from '../meeting/guests.ts'
import type { CalendarAccess } from '../meeting/provider.ts'
import { tellEventJob } from '../meeting/room/event.ts'
import { contentHash } from '../mirror/rules.ts'
import { openCase } from '../operation/attention.ts'
import { eventWords } from '../virtual-class/rules.ts'
import { noteEdit, peopleOf } from './store.ts'
import { REFUSED_TEXT } from './text.es.ts'
import { lockUnchanged, tellStory } from './unchanged.ts'

/**
 * Title, description or guests were changed by hand: they are made to say again what the class says, without mail to anybody. What Google
 * will not take as we send it, or not at all, is remembered and left alone, so that we do not quarrel over it every minute. `found`: the digest of
 * what it says now.
 */
export async function mendContent(deps: Deps, access: CalendarAccess, seen: VirtualClassRow, found: string): Promise<'settled' | 'later'> {
  const { id: classId, teacherId, googleEventId } = seen
  // Guests who have just joined or left are on their way to the event.
  if (!googleEventId) return 'settled'
  if ((await deps.jobs.stateOf(syncGuestsJob, classId)) === 'waiting') return 'later'
  // So is another room.
  if ((await deps.jobs.stateOf(tellEventJob, classId)) === 'waiting') return 'later'
  const attendees = await attendeesOf(deps, classId)
  const text = eventWords(seen)
  const mended = await deps.calendar.updateEvent(access, googleEventId, { text, attendees })
  if (!mended.ok) {
    // Gone meanwhile: the next reading finds that out.
    if (mended.reason === 'not-found') return 'later'
    await recordFailure(deps, teacherId, access.grantId, { ...mended, reason: mended.reason })
    if (mended.reason !== 'refused') return 'later'
    await noteRefused(deps, seen, googleEventId, found)
    return 'settled'
  }
  const kept = contentHash({ ...mended.value, blocks: !mended.value.transparent })
  await deps.db.transaction(async (tx) => {
    if (!(await lockUnchanged(tx, seen))) return
    if (kept === contentHash({ ...text, attendees, blocks: true })) return tellStory(deps, tx, classId, 'repaired')
    deps.log.warn({ classId }, 'Google keeps the text or the guests of an event otherwise than they were sent')
    await noteEdit(deps, tx, { teacherId, classId, kind: 'content', eventId: googleEventId, startsAt: null, endsAt: null, detail: kept })
  })
  // Somebody came or went meanwhile: what was just sent must not be the last word.
  if (String(await attendeesOf(deps, classId)) !== String(attendees)) await queueGuests(deps, classId)
  return 'settled'
}

/** Google will not have it: tried again only when the event says something else. */
async function noteRefused(deps: Deps, seen: VirtualClassRow, eventId: string, detail: string): Promise<void> {
  const { id: classId, teacherId } = seen
  await deps.db.transaction(async (tx) => {
    if (!(await lockUnchanged(tx, seen))) return
    if (!(await noteEdit(deps, tx, { teacherId, classId, kind: 'content', eventId, startsAt: null, endsAt: null, detail }))) return
    await openCase(deps, tx, { subject: 'class', subjectId: classId, reason: 'calendar_changed', detail: REFUSED_TEXT })
  })
}

async function attendeesOf(deps: Deps, classId: string): Promise<string[]> {
  return (await peopleOf(deps.db.handle, [classId])).get(classId) ?? []
}
