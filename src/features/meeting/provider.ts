import type { Outcome } from '../../kernel/outcome.ts'

/** What it takes to act on a teacher's calendar. */
export interface CalendarAccess {
  /** Identifies the grant (the id of its connection), so that clients and access tokens can be reused. Changes with every new grant. */
  grantId: string
  /** Empty when a service account acts for the teacher. */
  refreshToken: string
  /** The address of the teacher for whom the configured service account acts; absent for a grant that the teacher gave. */
  actsFor?: string
  /** `primary` or the calendar's address. */
  calendarId: string
  /** Whose `primary` that is. */
  account?: { subject: string; email: string }
}

export interface ClassEvent {
  /** Client-chosen id: lowercase a–v and digits (google.md 2.3). */
  eventId: string
  classId: string
  summary: string
  description: string
  /** Where it takes place, when not in Google Meet. */
  location?: string
  startsAt: Date
  endsAt: Date
  /** Addresses of the host and the guests. */
  attendees: string[]
  /** Stable for every retry of one attempt to get a conference. */
  conferenceRequestId: string
}

export type ConferenceState = 'ready' | 'pending' | 'failed' | 'none'

export interface CalendarEvent {
  eventId: string
  cancelled: boolean
  /** The class this event was made for, from the private extended property; null when it is not ours. */
  classId: string | null
  startsAt: Date
  endsAt: Date
  /** Address of the calendar page. */
  pageUrl: string | null
  conference: ConferenceState
  /** The `video` entry point; only when `conference` is `ready`. */
  meetUrl: string | null
  attendees: string[]
  summary: string
  description: string
  /** It does not block time, although it was made to. */
  transparent: boolean
}

/** An event as incremental sync tells it. A cancelled one may have lost everything but its id. */
export interface SyncedEvent {
  eventId: string
  etag: string
  cancelled: boolean
  /** What the private extended property says; copies made by hand say it, too. */
  classId: string | null
  /** The series this is an occurrence of. */
  recurringId: string | null
  startsAt: Date
  endsAt: Date
  allDay: boolean
  /** Opaque, and not declined by the calendar's owner. */
  blocks: boolean
  summary: string
  description: string
  attendees: string[]
}

export interface SyncPage {
  events: SyncedEvent[]
  nextPageToken: string | null
  /** Only on the last page: where the next round goes on. */
  syncToken: string | null
}

/** Where a round of reading begins: everything that touches a window, or what changed since a token. */
export type SyncFrom = { from: Date; to: Date } | { syncToken: string }

/** What an existing event is made to say; what is absent stays. */
export interface EventChange {
  startsAt?: Date
  endsAt?: Date
  attendees?: string[]
  /** Title, description, and that it blocks the time; the place, where it is told. */
  text?: { summary: string; description: string; location?: string }
}

export interface ChannelRequest {
  id: string
  token: string
  address: string
}

export interface BusyInterval {
  startsAt: Date
  endsAt: Date
}

/** An event as the public calendar and the admin's list show it. */
export interface ListedEvent {
  eventId: string
  summary: string
  status: 'confirmed' | 'tentative'
  startsAt: Date
  endsAt: Date
  transparent: boolean
  allDay: boolean
}

/**
 * `needs-reconnect`: the grant is gone (invalid_grant) or lacks a scope; only the teacher can cure it.
 * `rate-limited` and `unavailable`: try again later. `refused`: a permanent no (bad request, conference type not allowed).
 */
export type CalendarFailure = 'needs-reconnect' | 'rate-limited' | 'unavailable' | 'refused'
export interface CalendarFailureDetail {
  /** Technical reason for the log and the admin, never with a token. */
  cause: string
  retryAfterMs?: number
}
export type CalendarOutcome<T, More extends string = never> = Outcome<T, CalendarFailure | More, CalendarFailureDetail>

/** Somebody whom Google Meet saw in a room. */
export interface MeetPresence {
  /** Their Google account; null for somebody without one. */
  subject: string | null
  name: string
  /** `to` null: still there when Meet was asked. */
  stays: { from: Date; to: Date | null }[]
}

/** What Meet tells of a room. */
export interface MeetAttendance {
  people: MeetPresence[]
  /** False: a meeting still goes on, or there was more than is asked for. Then nobody can be called absent. */
  isWhole: boolean
}

/** An access token, and until when it is good on our clock. */
export interface AccessToken {
  token: string
  expiresAt: Date
}

/** `renew`: whoever asked may renew it, and is the only one until `put`, `release` or the end of the lease. `wait`: somebody else is at it. */
export type TokenTurn = ({ state: 'good' } & AccessToken) | { state: 'renew'; lease: string } | { state: 'wait' }

/** A renewal takes no longer than this, a second try included. */
export const RENEWAL_MS_MAX = 12_500

/** The access token of each grant, shared by all processes, so that it is renewed once and not by everybody at the same moment. */
export interface AccessTokens {
  /** `stale`: a token that Google refused just now, whatever its time says. */
  take(grantId: string, stale: string | null): Promise<TokenTurn>
  put(grantId: string, lease: string, renewed: AccessToken): Promise<void>
  release(grantId: string, lease: string): Promise<void>
}

/** Who calls when: the calls of one grant are spread over time. */
export interface CallTurns {
  /** Takes the next turn and says how long it is off, in milliseconds; null: too many wait already. */
  take(grantId: string): Promise<number | null>
}

/** Google Calendar in our words. Writes are never retried inside: durable jobs own the retries (google.md 4.3). */
export interface CalendarProvider {
  insertEvent(access: CalendarAccess, event: ClassEvent): Promise<CalendarOutcome<CalendarEvent, 'duplicate'>>
  getEvent(access: CalendarAccess, eventId: string): Promise<CalendarOutcome<CalendarEvent, 'not-found'>>
  /** Asks for a conference again under a new request id, after one failed. */
  requestConference(access: CalendarAccess, eventId: string, requestId: string): Promise<CalendarOutcome<CalendarEvent, 'not-found'>>
  /** Replaces times, attendees or text; the conference stays, and nobody gets mail. */
  updateEvent(access: CalendarAccess, eventId: string, change: EventChange): Promise<CalendarOutcome<CalendarEvent, 'not-found'>>
  /** An event that is already gone counts as deleted. */
  deleteEvent(access: CalendarAccess, eventId: string): Promise<CalendarOutcome<null>>
  /** Busy time of the calendar in [from, to). */
  freeBusy(access: CalendarAccess, from: Date, to: Date): Promise<CalendarOutcome<BusyInterval[]>>
  /** Events that end after `from`, recurring ones expanded, every page read up to `limit`, by start. */
  listEvents(access: CalendarAccess, from: Date, to: Date, limit: number): Promise<CalendarOutcome<ListedEvent[]>>
  /** One page of a round of reading, recurring events expanded. `start-over`: the token is no longer good, everything has to be read. */
  syncEvents(
    access: CalendarAccess,
    from: SyncFrom,
    pageToken: string | null,
  ): Promise<CalendarOutcome<SyncPage, 'start-over' | 'calendar-gone'>>
  /** Ids of the events that stand and say that they were made for this class. */
  eventsOfClass(access: CalendarAccess, classId: string): Promise<CalendarOutcome<string[]>>
  /** Asks Google to tell of changes at an address. */
  watch(access: CalendarAccess, channel: ChannelRequest): Promise<CalendarOutcome<{ resourceId: string; expiresAt: Date }>>
  /** A channel that is unknown counts as stopped. */
  stopChannel(access: CalendarAccess, channel: { id: string; resourceId: string }): Promise<CalendarOutcome<null>>
  /** Proves that the grant still works. */
  checkGrant(access: CalendarAccess): Promise<CalendarOutcome<null>>
  /**
   * Does what a class needs and leaves nothing behind: reads, makes an event with a Meet link that blocks no time, and removes it again, with
   * whatever trials that were cut short have left. `eventId`: one that was never used, because an event that was there before proves nothing.
   */
  tryOut(access: CalendarAccess, eventId: string, startsAt: Date): Promise<CalendarOutcome<null>>
  /** Whether Meet tells this account who was in its rooms. Not every account may ask, and no class depends on it. */
  tellsPresences(access: CalendarAccess): Promise<CalendarOutcome<boolean>>
  /** Who was in a room, out of meetings that began between two instants; nobody while Meet knows of none. */
  presences(access: CalendarAccess, meetUrl: string, from: Date, to: Date): Promise<CalendarOutcome<MeetAttendance>>
  /** Forgets the grant at Google. Best effort. */
  revoke(access: CalendarAccess): Promise<void>
}
