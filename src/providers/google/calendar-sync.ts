import { z } from 'zod'
import type { CalendarOutcome, CalendarProvider, SyncedEvent, SyncFrom } from '../../features/meeting/provider.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import { addressesOf, EventTime, unescapeHtml } from './calendar-event.ts'
import type { CalendarCallFailure } from './calendar-failure.ts'
import { type Call, failure } from './calendar-operation.ts'

type SyncCalls = Pick<CalendarProvider, 'syncEvents' | 'eventsOfClass' | 'watch' | 'stopChannel'>

const PAGE_SIZE = 500
/** Only what is kept or compared: titles and guests of other appointments are not fetched to be thrown away by some later hand. */
const FIELDS =
  'nextPageToken,nextSyncToken,items(id,etag,status,summary,description,start,end,transparency,eventType,recurringEventId,attendees(email,self,responseStatus),extendedProperties/private)'
const COPIES_MAX = 50
/** Entries that stand in a calendar and keep nobody from giving a class; free/busy leaves them out as well. */
const NO_APPOINTMENTS = ['workingLocation', 'birthday']

/** Incremental reading and push channels (google.md 2.4, 2.6). */
export function createCalendarSync(call: Call, misunderstood: (operation: string) => CalendarOutcome<never>): SyncCalls {
  return {
    async syncEvents(access, from, pageToken) {
      const answer = await call('events.sync', access, ({ api }) =>
        api.events.list({
          calendarId: access.calendarId,
          singleEvents: true,
          maxResults: PAGE_SIZE,
          fields: FIELDS,
          ...rangeOf(from),
          ...(pageToken ? { pageToken } : {}),
        }),
      )
      if (!answer.ok) return refusalOf(answer.failed, pageToken)
      const page = SyncAnswer.safeParse(answer.body)
      if (!page.success) return misunderstood('events.sync')
      return succeed({
        events: (page.data.items ?? []).flatMap(readSynced),
        nextPageToken: page.data.nextPageToken ?? null,
        syncToken: page.data.nextSyncToken ?? null,
      })
    },

    async eventsOfClass(access, classId) {
      const answer = await call('events.search', access, ({ api }) =>
        api.events.list({ calendarId: access.calendarId, privateExtendedProperty: [`bookingId=${classId}`], maxResults: COPIES_MAX }),
      )
      if (!answer.ok) return failure(answer.failed)
      const page = SyncAnswer.safeParse(answer.body)
      if (!page.success) return misunderstood('events.search')
      return succeed((page.data.items ?? []).flatMap(readSynced).flatMap(({ eventId, cancelled }) => (cancelled ? [] : [eventId])))
    },

    async watch(access, channel) {
      const answer = await call('events.watch', access, ({ api }) =>
        api.events.watch({ calendarId: access.calendarId, requestBody: { ...channel, type: 'web_hook' } }),
      )
      if (!answer.ok) return failure(answer.failed)
      const opened = ChannelAnswer.safeParse(answer.body)
      return opened.success
        ? succeed({ resourceId: opened.data.resourceId, expiresAt: new Date(opened.data.expiration) })
        : misunderstood('events.watch')
    },

    async stopChannel(access, channel) {
      const answer = await call('channels.stop', access, ({ api }) => api.channels.stop({ requestBody: channel }))
      return answer.ok || answer.failed.status === 404 ? succeed(null) : failure(answer.failed)
    },
  }
}

/** With a sync token Google refuses every other restriction. */
function rangeOf(from: SyncFrom) {
  return 'syncToken' in from
    ? { syncToken: from.syncToken, showDeleted: true }
    : { timeMin: from.from.toISOString(), timeMax: from.to.toISOString() }
}

/** Decided on Google's reason: a 410 can mean other things, and a page that cannot be turned any more means the same (google.md 2.4). */
function refusalOf(failed: CalendarCallFailure, pageToken: string | null): CalendarOutcome<never, 'start-over' | 'calendar-gone'> {
  const { status, googleReason, cause } = failed
  if (googleReason === 'fullSyncRequired' || googleReason === 'updatedMinTooLongAgo') return refuse('start-over', { cause })
  if (status === 400 && pageToken) return refuse('start-over', { cause })
  return status === 404 ? refuse('calendar-gone', { cause }) : failure(failed)
}

const SyncAnswer = z.object({
  items: z.array(z.unknown()).max(2_500).nullish(),
  nextPageToken: z.string().nullish(),
  nextSyncToken: z.string().nullish(),
})
const SyncedAnswer = z.object({
  id: z.string().min(1),
  etag: z.string().nullish(),
  status: z.string().nullish(),
  summary: z.string().nullish(),
  description: z.string().nullish(),
  transparency: z.string().nullish(),
  eventType: z.string().nullish(),
  recurringEventId: z.string().nullish(),
  start: EventTime.nullish().catch(null),
  end: EventTime.nullish().catch(null),
  attendees: z
    .array(z.object({ email: z.string().nullish(), self: z.boolean().nullish(), responseStatus: z.string().nullish() }))
    .max(1_000)
    .nullish(),
  extendedProperties: z.object({ private: z.record(z.string(), z.string()).nullish() }).nullish(),
})
const ChannelAnswer = z.object({
  resourceId: z.string().min(1),
  expiration: z.coerce.number().int().positive(),
})

/** A row without times that was not deleted says nothing that could be kept. */
function readSynced(item: unknown): SyncedEvent[] {
  const parsed = SyncedAnswer.safeParse(item)
  if (!parsed.success) return []
  const { id, etag, status, start, end, attendees, ...event } = parsed.data
  const cancelled = status === 'cancelled'
  if (!cancelled && (!start || !end)) return []
  const declined = attendees?.some(({ self, responseStatus }) => self && responseStatus === 'declined') ?? false
  const isAppointment = event.transparency !== 'transparent' && !NO_APPOINTMENTS.includes(event.eventType ?? '')
  return [
    {
      eventId: id,
      etag: etag ?? '',
      cancelled,
      classId: event.extendedProperties?.private?.bookingId ?? null,
      recurringId: event.recurringEventId ?? null,
      startsAt: start?.instant ?? new Date(0),
      endsAt: end?.instant ?? new Date(0),
      allDay: start?.allDay ?? false,
      blocks: !cancelled && isAppointment && !declined,
      summary: event.summary ?? '',
      description: unescapeHtml(event.description ?? ''),
      attendees: addressesOf(attendees),
    },
  ]
}
