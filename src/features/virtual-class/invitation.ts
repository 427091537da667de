import ical, { ICalCalendarMethod, ICalEventStatus } from 'ical-generator'
import type { Config } from '../../config.ts'
import type { VirtualClassRow } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import type { Clock } from '../../kernel/clock.ts'
import { ARGENTINA, exactInstant, withOffset } from '../../kernel/zoned-time.ts'
import { nameAmongSeveral } from '../academy/names.ts'
import { isParticipant } from './queries.ts'
import { findClass } from './store.ts'

/** A class as an .ics file for somebody who belongs to it, or null. Without Meet link, code or other people (behaviour 4.10). */
export async function classInvitation(deps: Deps, userId: string, classId: string): Promise<string | null> {
  const virtualClass = await findClass(deps.db.handle, classId)
  if (virtualClass?.status !== 'scheduled') return null
  if (!(await isParticipant(deps.db.handle, userId, classId))) return null
  return calendarFile(deps, { ...virtualClass, teacherName: await nameAmongSeveral(deps.db.handle, virtualClass.teacherId) })
}

/**
 * The .ics file of a class. Its UID never changes and its sequence grows, so that a calendar keeps one entry and takes it away again with
 * `CANCEL`. In a mail it names its sender as organizer, as RFC 5546 asks, and no attendee: nobody has to answer.
 */
export function calendarFile(
  { config, clock }: { config: Pick<Config, 'baseUrl'>; clock: Clock },
  {
    id,
    startsAt,
    endsAt,
    moveCount,
    teacherName,
  }: Pick<VirtualClassRow, 'id' | 'startsAt' | 'endsAt' | 'moveCount'> & { teacherName?: string | null },
  mailed?: { method: 'PUBLISH' | 'CANCEL'; organizer: string | null },
): string {
  const calendar = ical({
    name: 'HablaInglesYa',
    prodId: { company: 'HablaInglesYa', product: 'Clases', language: 'ES' },
    ...(mailed ? { method: ICalCalendarMethod[mailed.method] } : {}),
  })
  const isCancelled = mailed?.method === 'CANCEL'
  calendar.createEvent({
    id: `${id}@hablainglesya`,
    sequence: moveCount + (isCancelled ? 1 : 0),
    summary: 'Clase de Inglés',
    ...(teacherName ? { description: `Profesor: ${teacherName}` } : {}),
    start: exactInstant(startsAt),
    end: exactInstant(endsAt),
    timezone: ARGENTINA,
    stamp: clock.now(),
    location: `${config.baseUrl}/inicio/mis-clases-virtuales`,
    url: `${config.baseUrl}/inicio/mis-clases-virtuales`,
    ...(mailed?.organizer ? { organizer: { name: 'HablaInglesYa', email: addressOf(mailed.organizer) } } : {}),
    ...(isCancelled ? { status: ICalEventStatus.CANCELLED } : {}),
  })
  // A zone given to the calendar as a whole would take the Z from DTSTAMP, which has to be UTC.
  return calendar.toString().replace(/^BEGIN:VEVENT/m, (event) => `${zoneText(startsAt)}\r\n${event}`)
}

/**
 * A calendar that does not know the zone by its name needs it spelled out (RFC 5545 3.6.5): as far as one class needs it, the offset that is in
 * force when it begins.
 */
function zoneText(at: Date): string {
  const offset = withOffset(at).slice(-6).replace(':', '')
  const standard = ['DTSTART:19700101T000000', `TZOFFSETFROM:${offset}`, `TZOFFSETTO:${offset}`]
  return ['BEGIN:VTIMEZONE', `TZID:${ARGENTINA}`, 'BEGIN:STANDARD', ...standard, 'END:STANDARD', 'END:VTIMEZONE'].join('\r\n')
}

/** "avisos@clases.example" of "HablaInglesYa <avisos@clases.example>". */
function addressOf(sender: string): string {
  return sender.match(/<([^<>]+)>/)?.[1] ?? sender
}
