import { Hono } from 'hono'
import { authorize } from '../calendar/access.ts'
import { invalid, notFound } from '../calendar/errors.ts'
import { calendarScopes } from '../oauth/scopes.ts'
import type { GoogleWorld } from '../world.ts'
import type { ConferenceRecord, Participant } from './model.ts'

/** Names for fault switches. */
export const MEET_ROUTES = {
  'meet.records': { method: 'GET', path: '/v2/conferenceRecords' },
  'meet.participants': { method: 'GET', path: '/v2/conferenceRecords/:record/participants' },
  'meet.sessions': { method: 'GET', path: '/v2/conferenceRecords/:record/participants/:participant/participantSessions' },
}

const ACCEPTED = calendarScopes('meetings.space.created', 'meetings.space.readonly')
/** Meet forgets a conference thirty days after its end. */
const KEPT_MS = 30 * 86_400_000
const FILTER = /^space\.meeting_code = "([a-z-]{12})"(?: AND start_time >= "([^"]+)")?(?: AND start_time <= "([^"]+)")?$/

/** Meet REST v2, as far as it tells who was there (section 7 of the provider contract). Only meetings in rooms of the caller's own events. */
export function meetApi(world: GoogleWorld): Hono {
  const app = new Hono()

  app.get('/v2/conferenceRecords', (c) => {
    const own = ownRecords(world, authorize(world, c, ACCEPTED).sub)
    const filter = c.req.query('filter')
    const wanted = filter === undefined ? null : FILTER.exec(filter)
    if (filter !== undefined && !wanted) throw invalid('Invalid filter.')
    const [, code, from, to] = wanted ?? []
    const found = own.filter(
      (record) =>
        (code === undefined || record.code === code) &&
        (from === undefined || record.startAt >= Date.parse(from)) &&
        (to === undefined || record.startAt <= Date.parse(to)),
    )
    const pageSize = Math.min(Number(c.req.query('pageSize') ?? 25) || 25, 100)
    return c.json({ conferenceRecords: found.slice(0, pageSize).map(renderRecord) })
  })

  app.get('/v2/conferenceRecords/:record/participants', (c) => {
    const record = recordFor(world, authorize(world, c, ACCEPTED).sub, c.req.param('record'))
    return c.json({ participants: record.participants.map((one) => renderParticipant(record, one)), totalSize: record.participants.length })
  })

  app.get('/v2/conferenceRecords/:record/participants/:participant/participantSessions', (c) => {
    const record = recordFor(world, authorize(world, c, ACCEPTED).sub, c.req.param('record'))
    const participant = record.participants.find(({ id }) => id === c.req.param('participant'))
    if (!participant) throw notFound()
    return c.json({
      participantSessions: participant.sessions.map(({ startAt, endAt }, index) => ({
        name: `${participantName(record, participant)}/participantSessions/${index + 1}`,
        startTime: instant(startAt),
        ...(endAt === null ? {} : { endTime: instant(endAt) }),
      })),
    })
  })

  return app
}

function ownRecords(world: GoogleWorld, sub: string): ConferenceRecord[] {
  const now = world.context.clock.now().getTime()
  const codes = new Set(
    Object.values(world.state.calendars)
      .filter(({ ownerSub }) => ownerSub === sub)
      .flatMap(({ events }) => Object.values(events).map(({ conference }) => conference?.code)),
  )
  return world.state.meetings.filter(({ code, endAt }) => codes.has(code) && (endAt === null || now < endAt + KEPT_MS))
}

function recordFor(world: GoogleWorld, sub: string, id: string): ConferenceRecord {
  const record = ownRecords(world, sub).find((one) => one.id === id)
  if (!record) throw notFound()
  return record
}

function renderRecord({ id, startAt, endAt }: ConferenceRecord) {
  return { name: `conferenceRecords/${id}`, startTime: instant(startAt), ...(endAt === null ? {} : { endTime: instant(endAt) }) }
}

function renderParticipant(record: ConferenceRecord, participant: Participant) {
  const starts = participant.sessions.map(({ startAt }) => startAt)
  const ends = participant.sessions.map(({ endAt }) => endAt)
  return {
    name: participantName(record, participant),
    ...(participant.sub === null
      ? { anonymousUser: { displayName: participant.name } }
      : { signedinUser: { user: `users/${participant.sub}`, displayName: participant.name } }),
    earliestStartTime: instant(Math.min(...starts)),
    ...(ends.includes(null) ? {} : { latestEndTime: instant(Math.max(...ends.map((end) => end ?? 0))) }),
  }
}

function participantName(record: ConferenceRecord, participant: Participant): string {
  return `conferenceRecords/${record.id}/participants/${participant.id}`
}

function instant(at: number): string {
  return new Date(at).toISOString()
}
