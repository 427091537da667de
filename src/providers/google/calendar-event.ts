import type { calendar_v3 } from '@googleapis/calendar'
import { z } from 'zod'
import type { BusyInterval, CalendarEvent, ClassEvent, ConferenceState, ListedEvent } from '../../features/meeting/provider.ts'
import { MINUTE_MS, plus } from '../../kernel/clock.ts'
import { ARGENTINA, instantAt, isWallDate, parseInstant, withOffset } from '../../kernel/zoned-time.ts'

/** What is sent to insert the event of a class (behaviour 4.5, R12; google.md 2.1). */
export function eventBody(event: ClassEvent): calendar_v3.Schema$Event {
  return {
    id: event.eventId,
    summary: event.summary,
    // Google shows descriptions as HTML, and the objective is a student's text.
    description: escapeHtml(event.description),
    ...(event.location === undefined ? {} : { location: event.location }),
    start: eventTime(event.startsAt),
    end: eventTime(event.endsAt),
    attendees: attendeesOf(event.attendees),
    conferenceData: conferenceRequest(event.conferenceRequestId),
    transparency: 'opaque',
    visibility: 'private',
    guestsCanInviteOthers: false,
    guestsCanModify: false,
    guestsCanSeeOtherGuests: false,
    reminders: { useDefault: false },
    extendedProperties: { private: { bookingId: event.classId } },
  }
}

/** By this private property whatever a trial left behind is found again. */
export const TRIAL = { trial: 'yes' }

/** An event to try the calendar with: nobody is invited but the teacher, where that might be refused, no time is blocked, and it is no class. */
export function trialBody(eventId: string, startsAt: Date, invited?: string): calendar_v3.Schema$Event {
  return {
    id: eventId,
    summary: 'Prueba diaria del calendario',
    start: eventTime(startsAt),
    end: eventTime(plus(startsAt, 15 * MINUTE_MS)),
    ...(invited === undefined ? {} : { attendees: attendeesOf([invited]) }),
    conferenceData: conferenceRequest(`${eventId}-1`),
    transparency: 'transparent',
    visibility: 'private',
    reminders: { useDefault: false },
    extendedProperties: { private: TRIAL },
  }
}

/** With offset and with zone: a naive time would be read in whatever zone Google assumes (google.md 6, row 10). */
export function eventTime(instant: Date): calendar_v3.Schema$EventDateTime {
  return { dateTime: withOffset(instant), timeZone: ARGENTINA }
}

export function attendeesOf(addresses: string[]): calendar_v3.Schema$EventAttendee[] {
  return addresses.map((email) => ({ email, responseStatus: 'needsAction' }))
}

export function conferenceRequest(requestId: string): calendar_v3.Schema$ConferenceData {
  return { createRequest: { requestId, conferenceSolutionKey: { type: 'hangoutsMeet' } } }
}

export const EventTime = z.object({ dateTime: z.string().nullish(), date: z.string().nullish() }).transform((time, context) => {
  const instant = time.dateTime ? parseInstant(time.dateTime) : time.date && isWallDate(time.date) ? instantAt(time.date, '00:00') : null
  if (instant) return { instant, allDay: !time.dateTime }
  context.addIssue('neither an instant nor a date')
  return z.NEVER
})

const MeetUrl = z.url({ protocol: /^https?$/ }).max(500)

const ConferenceAnswer = z.object({
  createRequest: z.object({ status: z.object({ statusCode: z.string().nullish() }).nullish() }).nullish(),
  entryPoints: z
    .array(z.object({ entryPointType: z.string().nullish(), uri: z.string().nullish() }))
    .max(100)
    .nullish(),
})

const EventAnswer = z.object({
  id: z.string().min(1),
  status: z.string().nullish(),
  htmlLink: z.string().nullish(),
  hangoutLink: z.string().nullish(),
  start: EventTime.nullish(),
  end: EventTime.nullish(),
  summary: z.string().nullish(),
  description: z.string().nullish(),
  transparency: z.string().nullish(),
  attendees: z
    .array(z.object({ email: z.string().nullish() }))
    .max(1_000)
    .nullish(),
  conferenceData: ConferenceAnswer.nullish(),
  extendedProperties: z.object({ private: z.record(z.string(), z.string()).nullish() }).nullish(),
})

/** Null when the answer is not an event. A deleted event may have lost its times: then they are the epoch. */
export function readEvent(body: unknown): CalendarEvent | null {
  const parsed = EventAnswer.safeParse(body)
  if (!parsed.success) return null
  const event = parsed.data
  const cancelled = event.status === 'cancelled'
  if (!cancelled && (!event.start || !event.end)) return null
  return {
    eventId: event.id,
    cancelled,
    classId: event.extendedProperties?.private?.bookingId ?? null,
    startsAt: event.start?.instant ?? new Date(0),
    endsAt: event.end?.instant ?? new Date(0),
    pageUrl: event.htmlLink ?? null,
    ...readConference(event),
    attendees: addressesOf(event.attendees),
    summary: event.summary ?? '',
    description: unescapeHtml(event.description ?? ''),
    transparent: event.transparency === 'transparent',
  }
}

export function addressesOf(attendees: readonly { email?: string | null | undefined }[] | null | undefined): string[] {
  return (attendees ?? []).flatMap(({ email }) => (email ? [email.toLowerCase()] : []))
}

/**
 * The link is the `video` entry point, wherever it stands in the list: Google also lists telephones. Making a conference is
 * asynchronous: until the request says `success` there is no link (google.md 2.1).
 */
function readConference(event: z.infer<typeof EventAnswer>): { conference: ConferenceState; meetUrl: string | null } {
  const data = event.conferenceData
  if (!data) return { conference: 'none', meetUrl: null }
  const status = data.createRequest ? (data.createRequest.status?.statusCode ?? 'pending') : 'success'
  if (status === 'pending') return { conference: 'pending', meetUrl: null }
  if (status !== 'success') return { conference: 'failed', meetUrl: null }
  const video = data.entryPoints?.find((entry) => entry.entryPointType === 'video')?.uri
  const meetUrl = MeetUrl.safeParse(video ?? event.hangoutLink)
  return meetUrl.success ? { conference: 'ready', meetUrl: meetUrl.data } : { conference: 'failed', meetUrl: null }
}

const ListAnswer = z.object({ items: z.array(z.unknown()).max(2_500).nullish(), nextPageToken: z.string().nullish() })
const ListedAnswer = z.object({
  id: z.string().min(1),
  summary: z.string().nullish(),
  status: z.enum(['confirmed', 'tentative']),
  transparency: z.string().nullish(),
  start: EventTime,
  end: EventTime,
})

/** One page of a list. Deleted events and rows without times are left out. Null when the answer is no list. */
export function readListPage(body: unknown): { events: ListedEvent[]; nextPageToken: string | null } | null {
  const page = ListAnswer.safeParse(body)
  if (!page.success) return null
  const events = (page.data.items ?? []).flatMap((item): ListedEvent[] => {
    const parsed = ListedAnswer.safeParse(item)
    if (!parsed.success) return []
    const { id, summary, status, transparency, start, end } = parsed.data
    return [
      {
        eventId: id,
        summary: summary ?? '',
        status,
        startsAt: start.instant,
        endsAt: end.instant,
        transparent: transparency === 'transparent',
        allDay: start.allDay,
      },
    ]
  })
  return { events, nextPageToken: page.data.nextPageToken ?? null }
}

const Instant = z.string().transform((text, context) => {
  const instant = parseInstant(text)
  if (instant) return instant
  context.addIssue('not an instant')
  return z.NEVER
})
const FreeBusyAnswer = z.object({
  calendars: z.record(
    z.string(),
    z.object({
      errors: z.array(z.object({ reason: z.string().nullish() })).nullish(),
      busy: z
        .array(z.object({ start: Instant, end: Instant }))
        .max(10_000)
        .nullish(),
    }),
  ),
})

/** Busy time of one calendar; the errors Google hides inside a 200 mean "unknown", never "free" (google.md 2.5). Null: not understood. */
export function readFreeBusy(body: unknown, calendarId: string): { busy: BusyInterval[] } | { error: string } | null {
  const parsed = FreeBusyAnswer.safeParse(body)
  if (!parsed.success) return null
  const calendar = parsed.data.calendars[calendarId]
  if (!calendar) return null
  const [error] = calendar.errors ?? []
  if (error) return { error: error.reason ?? 'unknown' }
  return { busy: (calendar.busy ?? []).map(({ start, end }) => ({ startsAt: start, endsAt: end })) }
}

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;')
}

/** The reverse of what is sent, so that a description that nobody touched reads as it was meant. */
export function unescapeHtml(html: string): string {
  return html.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&')
}
