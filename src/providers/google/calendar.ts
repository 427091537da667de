import type { calendar_v3 } from '@googleapis/calendar'
import type { Config } from '../../config.ts'
import type {
  AccessTokens,
  CalendarAccess,
  CalendarEvent,
  CalendarOutcome,
  CalendarProvider,
  CallTurns,
  ListedEvent,
  MeetAttendance,
} from '../../features/meeting/provider.ts'
import type { Clock } from '../../kernel/clock.ts'
import { HOUR_MS, plus, SECOND_MS } from '../../kernel/clock.ts'
import type { Log } from '../../kernel/log.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import { withDeadline } from '../deadline.ts'
import { createClientPool, type GrantClient } from './calendar-client.ts'
import {
  attendeesOf,
  conferenceRequest,
  escapeHtml,
  eventBody,
  eventTime,
  readEvent,
  readFreeBusy,
  readListPage,
} from './calendar-event.ts'
import { type CalendarCallFailure, classify } from './calendar-failure.ts'
import { type Answer, failure, KEEP_CONFERENCE, type Operation } from './calendar-operation.ts'
import { createCalendarSync } from './calendar-sync.ts'
import { createTrial } from './calendar-trial.ts'
import { createDiscovery } from './discovery.ts'
import { createLocalTokens } from './local-tokens.ts'
import { canAskForRecords, createMeetApi, type MeetApi, meetingCodeOf, meetRoot, presencesIn, REQUESTS_MAX } from './meet.ts'

export type CalendarOptions = Omit<Config['google'], 'serviceAccount'> & {
  /** Acts for teachers who gave no grant of their own. */
  serviceAccount?: Config['google']['serviceAccount']
  clock: Clock
  log: Log
  /** Called when Google replaces a refresh token, so that the new one is stored (behaviour 4.11). */
  onRefreshToken?: (grantId: string, refreshToken: string) => void
  /** Called after every call, with how it ended. Must not throw. */
  onCall?: (grantId: string, end: 'done' | 'limited' | 'failed') => Promise<void>
  /** Where access tokens are shared with other processes; without it, nowhere. */
  tokens?: AccessTokens
  /** Where calls take turns with those of other processes; without it they take turns in this one. */
  turns?: CallTurns
  /** Per request; 8 s unless told. */
  timeoutMs?: number
  /** Per operation, renewing the access token included; 10 s unless told. */
  deadlineMs?: number
  /** Calls of one grant that this process makes in any second; 4 unless told (behaviour 7: under 5). */
  callsPerSecondMax?: number
}

const PAGE_SIZE = 2_500
const PAGES_MAX = 40

/** Google Calendar behind the meeting port; the contract is google.md 2 and 4. */
export function createCalendar(options: CalendarOptions): CalendarProvider {
  const { clock, log, timeoutMs = 8_000, deadlineMs = 10_000, callsPerSecondMax = 4 } = options
  const insecure = options.issuerUrl.startsWith('http://')
  const pool = createClientPool({
    ...options,
    tokens: options.tokens ?? createLocalTokens(clock),
    serviceAccount: options.serviceAccount ?? null,
    timeoutMs,
    callsPerSecondMax,
    turns: options.turns ?? null,
    discovery: createDiscovery({ ...options, insecure, timeoutMs }),
    onRefreshToken: options.onRefreshToken ?? (() => undefined),
  })

  async function call(operation: string, access: CalendarAccess, request: Operation, limitMs = deadlineMs): Promise<Answer> {
    const late = new AbortController()
    try {
      // Waiting for a turn is no waiting for Google: the deadline begins afterwards.
      await pool.turn(access)
      const { data } = await withDeadline(limitMs, attempt(access, request, late.signal))
      await options.onCall?.(access.grantId, 'done')
      return { ok: true, body: data }
    } catch (error) {
      late.abort(error)
      const failed = classify(error, clock.now())
      log.warn({ operation, grantId: access.grantId, ...shown(failed) }, 'Google Calendar call failed')
      // What is not there or there already is an answer like any other.
      const isAnswer = [404, 409, 410].includes(failed.status)
      await options.onCall?.(access.grantId, failed.failure === 'rate-limited' ? 'limited' : isAnswer ? 'done' : 'failed')
      return { ok: false, failed }
    }
  }

  /**
   * An access token can die early: renewed once, the call is sent once more (a 401 was not carried out). Nothing is sent any more once
   * nobody waits for it: the caller has been told that it failed.
   */
  async function attempt(access: CalendarAccess, request: Operation, late: AbortSignal): Promise<{ data: unknown }> {
    const client = await pool.take(access)
    late.throwIfAborted()
    try {
      return await request(client)
    } catch (error) {
      if (classify(error, clock.now()).status !== 401) throw error
      const renewed = await pool.take(access, client.accessToken)
      await pool.turn(access)
      late.throwIfAborted()
      return request(renewed)
    }
  }

  function understood(operation: string, body: unknown): CalendarOutcome<CalendarEvent> {
    const event = readEvent(body)
    return event ? succeed(event) : misunderstood(operation)
  }

  function misunderstood(operation: string): CalendarOutcome<never> {
    log.warn({ operation }, 'Google Calendar answer not understood')
    return refuse('unavailable', { cause: 'answer not understood' })
  }

  async function getEvent(access: CalendarAccess, eventId: string): ReturnType<CalendarProvider['getEvent']> {
    const answer = await call('events.get', access, ({ api }) => api.events.get({ calendarId: access.calendarId, eventId }))
    return answer.ok ? understood('events.get', answer.body) : orGone(answer.failed)
  }

  async function patch(
    operation: string,
    access: CalendarAccess,
    eventId: string,
    requestBody: calendar_v3.Schema$Event,
  ): Promise<CalendarOutcome<CalendarEvent, 'not-found'>> {
    const answer = await call(operation, access, ({ api }) =>
      api.events.patch({ calendarId: access.calendarId, eventId, ...KEEP_CONFERENCE, requestBody }),
    )
    if (answer.ok) return unlessDeleted(understood(operation, answer.body))
    // A deleted event still exists as a tombstone, which cannot be changed.
    if (answer.failed.status === 403 && answer.failed.failure === 'refused') {
      const event = await getEvent(access, eventId)
      if (event.ok && event.value.cancelled) return unlessDeleted(event)
    }
    return orGone(answer.failed)
  }

  async function freeBusy(access: CalendarAccess, from: Date, to: Date): ReturnType<CalendarProvider['freeBusy']> {
    const requestBody = { timeMin: from.toISOString(), timeMax: to.toISOString(), items: [{ id: access.calendarId }] }
    const answer = await call('freebusy.query', access, ({ api }) => api.freebusy.query({ requestBody }))
    if (!answer.ok) return failure(answer.failed)
    const read = readFreeBusy(answer.body, access.calendarId)
    if (!read) return misunderstood('freebusy.query')
    if ('busy' in read) return succeed(read.busy)
    return refuse(read.error === 'notFound' ? 'refused' : 'unavailable', { cause: `free/busy: ${read.error}` })
  }

  async function listEvents(access: CalendarAccess, from: Date, to: Date, limit: number): ReturnType<CalendarProvider['listEvents']> {
    const events: ListedEvent[] = []
    let pageToken: string | null = null
    for (let page = 0; page < PAGES_MAX && events.length < limit; page++) {
      const parameters = {
        calendarId: access.calendarId,
        timeMin: from.toISOString(),
        timeMax: to.toISOString(),
        singleEvents: true,
        orderBy: 'startTime',
        maxResults: PAGE_SIZE,
        ...(pageToken ? { pageToken } : {}),
      }
      const answer: Answer = await call('events.list', access, ({ api }) => api.events.list(parameters))
      if (!answer.ok) return failure(answer.failed)
      const read = readListPage(answer.body)
      if (!read) return misunderstood('events.list')
      events.push(...read.events)
      pageToken = read.nextPageToken
      // A page may be short or empty while more follow: only a missing token ends the list.
      if (!pageToken) break
    }
    return succeed(events.slice(0, limit))
  }

  const deleteEvent: CalendarProvider['deleteEvent'] = async (access, eventId) => {
    const answer = await call('events.delete', access, ({ api }) =>
      api.events.delete({ calendarId: access.calendarId, eventId, sendUpdates: 'none' }),
    )
    const done = answer.ok || answer.failed.status === 404 || answer.failed.status === 410
    return done ? succeed(null) : failure(answer.failed)
  }

  /** Reads through both scopes: a grant can be alive and still lack one of them. */
  const checkGrant: CalendarProvider['checkGrant'] = async (access) => {
    const now = clock.now()
    const listed = await listEvents(access, now, plus(now, HOUR_MS), 1)
    if (!listed.ok) return listed
    const busy = await freeBusy(access, now, plus(now, HOUR_MS))
    return busy.ok ? succeed(null) : busy
  }

  /** The call has a turn for its first request, and counts its last one. Every further request takes its own, and the one before it is counted. */
  function meetOf(access: CalendarAccess, { accessToken }: GrantClient): MeetApi {
    return createMeetApi({
      meetUrl: meetRoot(options.apiUrl),
      accessToken,
      timeoutMs,
      async beforeNext() {
        await options.onCall?.(access.grantId, 'done')
        await pool.turn(access)
      },
    })
  }

  return {
    async insertEvent(access, event) {
      const answer = await call('events.insert', access, ({ api }) =>
        api.events.insert({ calendarId: access.calendarId, ...KEEP_CONFERENCE, requestBody: eventBody(event) }),
      )
      if (!answer.ok) return answer.failed.status === 409 ? refuse('duplicate', { cause: answer.failed.cause }) : failure(answer.failed)
      return asAsked(understood('events.insert', answer.body), event)
    },

    getEvent,

    requestConference(access, eventId, requestId) {
      return patch('events.patch conference', access, eventId, { conferenceData: conferenceRequest(requestId) })
    },

    async updateEvent(access, eventId, change) {
      const updated = await patch('events.patch', access, eventId, {
        ...(change.startsAt ? { start: eventTime(change.startsAt) } : {}),
        ...(change.endsAt ? { end: eventTime(change.endsAt) } : {}),
        ...(change.attendees ? { attendees: attendeesOf(change.attendees) } : {}),
        ...(change.text ? { ...change.text, description: escapeHtml(change.text.description), transparency: 'opaque' as const } : {}),
      })
      return asAsked(updated, change)
    },

    deleteEvent,
    freeBusy,
    listEvents,
    ...createCalendarSync(call, misunderstood),

    checkGrant,

    tryOut: createTrial(call, { checkGrant, deleteEvent }),

    async tellsPresences(access) {
      const answer = await call('meet.conferenceRecords probe', access, (client) => canAskForRecords(meetOf(access, client)))
      if (answer.ok) return succeed(true)
      // An account without the right, or a project without the API: the teacher says who was there.
      return [400, 401, 403, 404].includes(answer.failed.status) ? succeed(false) : failure(answer.failed)
    },

    async presences(access, meetUrl, from, to) {
      const code = meetingCodeOf(meetUrl)
      if (code === null) return succeed({ people: [], isWhole: true })
      // Its requests wait for their turns meanwhile.
      const limitMs = deadlineMs + (REQUESTS_MAX * SECOND_MS) / callsPerSecondMax
      const ask = async (client: GrantClient) => ({
        // What was told by then counts, instead of nothing at the deadline.
        data: await presencesIn(meetOf(access, client), code, from, to, AbortSignal.timeout(limitMs * 0.7)),
      })
      const answer = await call('meet.conferenceRecords', access, ask, limitMs)
      return answer.ok ? succeed(answer.body as MeetAttendance) : failure(answer.failed)
    },

    async revoke(access) {
      try {
        await withDeadline(deadlineMs, pool.revoke(access))
      } catch (error) {
        log.warn({ operation: 'revoke', grantId: access.grantId, ...shown(classify(error, clock.now())) }, 'Google Calendar call failed')
      }
    },
  }
}

/** What of a failure goes into the log. */
function shown({ failure: reason, cause }: CalendarCallFailure): { reason: string; cause: string } {
  return { reason, cause }
}

function orGone(failed: CalendarCallFailure): CalendarOutcome<never, 'not-found'> {
  return failed.status === 404 || failed.status === 410 ? refuse('not-found', { cause: failed.cause }) : failure(failed)
}

function unlessDeleted(outcome: CalendarOutcome<CalendarEvent, 'not-found'>): CalendarOutcome<CalendarEvent, 'not-found'> {
  return outcome.ok && outcome.value.cancelled ? refuse('not-found', { cause: 'the event was deleted' }) : outcome
}

/** Google must have understood the hour as we meant it; anything else would send people to a class at the wrong time. */
function asAsked<More extends string>(
  outcome: CalendarOutcome<CalendarEvent, More>,
  asked: { startsAt?: Date; endsAt?: Date },
): CalendarOutcome<CalendarEvent, More> {
  if (!outcome.ok) return outcome
  const { startsAt, endsAt } = outcome.value
  const same = sameSecond(startsAt, asked.startsAt ?? startsAt) && sameSecond(endsAt, asked.endsAt ?? endsAt)
  if (same) return outcome
  return refuse('refused', { cause: `times differ: calendar says ${startsAt.toISOString()} to ${endsAt.toISOString()}` })
}

function sameSecond(a: Date, b: Date): boolean {
  return Math.floor(a.getTime() / 1_000) === Math.floor(b.getTime() / 1_000)
}
