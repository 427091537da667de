import type { CalendarAccess, CalendarOutcome, CalendarProvider } from '../../features/meeting/provider.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import { readEvent, readListPage, TRIAL, trialBody } from './calendar-event.ts'
import { type Call, failure, KEEP_CONFERENCE } from './calendar-operation.ts'

const LEFT_OVERS_MAX = 20
const [[PROPERTY, VALUE]] = Object.entries(TRIAL) as [[string, string]]

/** The trial of everything that a class needs. What it cannot take away again the next one does. */
export function createTrial(call: Call, calendar: Pick<CalendarProvider, 'checkGrant' | 'deleteEvent'>): CalendarProvider['tryOut'] {
  return async (access, eventId, startsAt) => {
    const readable = await calendar.checkGrant(access)
    if (!readable.ok) return readable
    const swept = await sweep(access)
    if (!swept.ok) return swept
    const answer = await call('events.insert trial', access, ({ api }) =>
      api.events.insert({
        calendarId: access.calendarId,
        ...KEEP_CONFERENCE,
        requestBody: trialBody(eventId, startsAt, access.actsFor),
      }),
    )
    if (!answer.ok) {
      // It may have been made all the same.
      if (answer.failed.failure === 'unavailable') await calendar.deleteEvent(access, eventId)
      return failure(answer.failed)
    }
    const made = readEvent(answer.body)
    const removed = await calendar.deleteEvent(access, eventId)
    if (!removed.ok) return removed
    const hasLink = made?.conference === 'ready' || made?.conference === 'pending'
    return hasLink ? succeed(null) : refuse('refused', { cause: 'Meet link not generated' })
  }

  async function sweep(access: CalendarAccess): Promise<CalendarOutcome<null>> {
    const answer = await call('events.list trials', access, ({ api }) =>
      api.events.list({
        calendarId: access.calendarId,
        privateExtendedProperty: [`${PROPERTY}=${VALUE}`],
        maxResults: LEFT_OVERS_MAX,
      }),
    )
    if (!answer.ok) return failure(answer.failed)
    for (const { eventId } of readListPage(answer.body)?.events ?? []) {
      const removed = await calendar.deleteEvent(access, eventId)
      if (!removed.ok) return removed
    }
    return succeed(null)
  }
}
