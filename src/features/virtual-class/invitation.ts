import ical from 'ical-generator'
import type { Deps } from '../../deps.ts'
import { ARGENTINA, exactInstant, withOffset } from '../../kernel/zoned-time.ts'
import { isParticipant } from './queries.ts'
import { findClass } from './store.ts'

/** A class as an .ics file for somebody who belongs to it, or null. Without Meet link, code or other people (behaviour 4.10). */
export async function classInvitation(deps: Deps, userId: string, classId: string): Promise<string | null> {
  const virtualClass = await findClass(deps.db.handle, classId)
  if (virtualClass?.status !== 'scheduled') return null
  if (!(await isParticipant(deps.db.handle, userId, classId))) return null
  return invitationText(virtualClass, deps.config.baseUrl, deps.clock.now())
}

/** The file itself. The zone's offset is written down, too: a program that does not know the name reads the same hour. */
export function invitationText(
  { id, startsAt, endsAt, moveCount }: { id: string; startsAt: Date; endsAt: Date; moveCount: number },
  baseUrl: string,
  now: Date,
): string {
  const calendar = ical({ name: 'HablaInglesYa', prodId: { company: 'HablaInglesYa', product: 'Clases', language: 'ES' } })
  calendar.createEvent({
    id: `${id}@hablainglesya`,
    sequence: moveCount,
    summary: 'Clase de Inglés',
    start: exactInstant(startsAt),
    end: exactInstant(endsAt),
    timezone: ARGENTINA,
    stamp: now,
    location: `${baseUrl}/inicio/mis-clases-virtuales`,
    url: `${baseUrl}/inicio/mis-clases-virtuales`,
  })
  // A zone given to the calendar as a whole would take the Z from DTSTAMP, which has to be UTC.
  return calendar.toString().replace(/^BEGIN:VEVENT/m, (event) => `${zoneText(startsAt)}\r\n${event}`)
}

/** RFC 5545 3.6.5, as far as one class needs it: the offset that is in force when it begins. */
function zoneText(at: Date): string {
  const offset = withOffset(at).slice(-6).replace(':', '')
  const standard = ['DTSTART:19700101T000000', `TZOFFSETFROM:${offset}`, `TZOFFSETTO:${offset}`]
  return ['BEGIN:VTIMEZONE', `TZID:${ARGENTINA}`, 'BEGIN:STANDARD', ...standard, 'END:STANDARD', 'END:VTIMEZONE'].join('\r\n')
}
