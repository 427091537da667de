import { and, asc, eq, gt, isNotNull, isNull, lte, or, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import { type VirtualClassRow, virtualClass } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { defineJob } from '../../jobs/define.ts'
import { MINUTE_MS, plus, SECOND_MS } from '../../kernel/clock.ts'
import { describeFailure } from '../../kernel/failure.ts'
import type { Outcome } from '../../kernel/outcome.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import { audit, openCase } from '../operation/attention.ts'
import { findClass, lockClass, updateClass, updateClassWithEvent } from '../virtual-class/store.ts'
import { calendarAccess, findConnection, recordFailure, tellTeacher } from './connection.ts'
import { conferenceRequestId } from './event.ts'
import type { CalendarAccess, CalendarEvent } from './provider.ts'
import { isOpen, type RoomOutcomeRefusal, replaceLink } from './room/commands.ts'
import { queueRoomInEvent } from './room/event.ts'
import { isLinkLookDue, LAST_LOOK_MS, LINK_PATIENCE_MS, LINK_WATCHED_MS } from './room/rules.ts'

const LOOKED_AT_ONCE = 50
/** Well within the time after which a run counts as lost; whatever is left over is first at the next one. */
const BUDGET_MS = MINUTE_MS

/** Every class that starts within a day has a link that leads somewhere, or its teacher knows while there is time to give another room. */
async function checkLinks(deps: Deps): Promise<void> {
  const until = plus(deps.clock.now(), BUDGET_MS)
  for (const waiting of await waitingTooLong(deps)) {
    await alarm(deps, waiting, 'La clase está paga y todavía no tiene enlace')
  }
  for (const due of await linksToLookAt(deps)) {
    if (deps.clock.now() >= until) return
    // What cannot be looked at for one class says nothing about the next.
    await lookAt(deps, due).catch((error) =>
      deps.log.error({ classId: due.id, ...describeFailure(error) }, 'the link of a class could not be looked at'),
    )
  }
}

async function waitingTooLong(deps: Deps): Promise<VirtualClassRow[]> {
  return deps.db.handle
    .select()
    .from(virtualClass)
    .where(waitsTooLong(deps.clock.now()))
    .orderBy(asc(virtualClass.startsAt))
    .limit(LOOKED_AT_ONCE)
}

async function linksToLookAt(deps: Deps): Promise<VirtualClassRow[]> {
  const now = deps.clock.now()
  const soon = await deps.db.handle.select().from(virtualClass).where(isWatched(now)).orderBy(asc(virtualClass.startsAt)).limit(500)
  return soon.filter((each) => isLinkLookDue(each, now)).slice(0, LOOKED_AT_ONCE)
}

const isNear = (now: Date) => and(gt(virtualClass.startsAt, now), lte(virtualClass.startsAt, plus(now, LINK_WATCHED_MS)))

const waitsTooLong = (now: Date) =>
  and(
    eq(virtualClass.status, 'pending'),
    isNotNull(virtualClass.paidAt),
    lte(virtualClass.paidAt, plus(now, -LINK_PATIENCE_MS)),
    isNear(now),
  )

const isWatched = (now: Date) => and(eq(virtualClass.status, 'scheduled'), isNull(virtualClass.roomUrl), isNear(now))

/** Compares the link of a class with its event: takes over another one, asks for one that is missing, and tells the teacher what stays broken. */
async function lookAt(deps: Deps, due: VirtualClassRow): Promise<void> {
  const access = await calendarAccess(deps, due.teacherId, due.calendarId)
  // Without a connection nothing can be said; that it is gone was told.
  if (!access || !due.googleEventId || due.eventCreatedAt === null) return
  const found = await deps.calendar.getEvent(access, due.googleEventId)
  if (!found.ok && found.reason !== 'not-found') {
    await recordFailure(deps, due.teacherId, access.grantId, { ...found, reason: found.reason })
    return
  }
  if (!found.ok || found.value.cancelled) return markBroken(deps, due, 'El evento ya no está en el calendario')
  const event = await withConference(deps, access, due, found.value)
  if (event?.conference === 'pending') return waitForLink(deps, due)
  if (event?.conference !== 'ready' || !event.meetUrl) return markBroken(deps, due, 'El evento ya no tiene enlace de Meet')
  const { meetUrl } = event
  await deps.db.transaction(async (tx) => {
    const current = await lockClass(tx, due.id)
    if (current?.status !== 'scheduled' || current.roomUrl !== null || current.googleEventId !== due.googleEventId) return
    if (current.conferenceAskedAt !== null) await updateClass(tx, due.id, deps.clock.now(), { conferenceAskedAt: null })
    await replaceLink(deps, tx, current, meetUrl)
  })
}

/** Google is still making it: looked at again with the next round. When it takes too long, that is a link that is missing. */
async function waitForLink(deps: Deps, due: VirtualClassRow): Promise<void> {
  const now = deps.clock.now()
  const { conferenceAskedAt } = due
  if (conferenceAskedAt === null) await updateClassWithEvent(deps.db.handle, due, now, { conferenceAskedAt: now })
  else if (isLate(conferenceAskedAt, now)) await markBroken(deps, due, 'Google no termina de crear el enlace de Meet')
}

function isLate(askedAt: Date, now: Date): boolean {
  return now >= plus(askedAt, LINK_PATIENCE_MS)
}

/**
 * The event with a conference: an event that lost its own, or whose own is never done, is asked for a new one, under a new request id. Null: it
 * cannot have one, or is not the event of the class any more.
 */
async function withConference(
  deps: Deps,
  access: CalendarAccess,
  due: VirtualClassRow,
  event: CalendarEvent,
): Promise<CalendarEvent | null> {
  const now = deps.clock.now()
  const isUnderWay = event.conference === 'pending' && !(due.conferenceAskedAt && isLate(due.conferenceAskedAt, now))
  if (event.conference === 'ready' || isUnderWay) return event
  const attempt = due.conferenceAttempt + 1
  const change = { conferenceAttempt: attempt, conferenceAskedAt: due.conferenceAskedAt ?? now }
  if (!(await updateClassWithEvent(deps.db.handle, due, now, change))) return null
  const asked = await deps.calendar.requestConference(access, event.eventId, conferenceRequestId(event.eventId, attempt))
  return asked.ok ? asked.value : null
}

async function markBroken(deps: Deps, due: VirtualClassRow, detail: string): Promise<void> {
  const now = deps.clock.now()
  const change = { linkCheckedAt: now, linkBrokenAt: due.linkBrokenAt ?? now }
  // It has another event by now, which will be looked at by itself.
  if (!(await updateClassWithEvent(deps.db.handle, due, now, change))) return
  await alarm(deps, due, detail)
}

/**
 * A case, and one mail for each hour that the class was ever to be at. No mail while the calendar is disconnected: that was told once, for all
 * classes that wait for it.
 */
async function alarm(deps: Deps, { id: classId, teacherId, startsAt }: VirtualClassRow, detail: string): Promise<void> {
  const connection = await findConnection(deps, teacherId)
  await deps.db.transaction(async (tx) => {
    const current = await lockClass(tx, classId)
    if (!current || current.roomUrl || (current.status !== 'pending' && current.status !== 'scheduled')) return
    await openCase(deps, tx, { subject: 'class', subjectId: classId, reason: 'link_missing', detail }, { once: true })
    if (connection?.status === 'disconnected') return
    await tellTeacher(deps, tx, teacherId, {
      classId,
      kind: 'link-missing',
      dedupeKey: `link-missing:${classId}:${startsAt.toISOString()}`,
    })
  })
}

/** Back from a room of the teacher's to the one in Google Meet. The class keeps the room while Meet has no link for it. */
export async function returnToMeet(deps: Deps, classId: string, actorId: string): Promise<Outcome<null, RoomOutcomeRefusal>> {
  const known = await findClass(deps.db.handle, classId)
  if (!known) return refuse('unknown-class')
  if (!known.roomUrl) return succeed(null)
  const access = await calendarAccess(deps, known.teacherId, known.calendarId)
  const found = access && known.googleEventId ? await deps.calendar.getEvent(access, known.googleEventId) : null
  if (!found?.ok || found.value.cancelled || !found.value.meetUrl) return refuse('no-meet-link')
  const { meetUrl } = found.value
  return deps.db.transaction(async (tx): Promise<Outcome<null, RoomOutcomeRefusal>> => {
    const current = await lockClass(tx, classId)
    if (current?.status !== 'scheduled' || !isOpen(current, deps.clock.now())) return refuse('not-open')
    if (current.googleEventId !== known.googleEventId) return refuse('no-meet-link')
    await updateClass(tx, classId, deps.clock.now(), { roomUrl: null })
    await queueRoomInEvent(deps, classId)
    await replaceLink(deps, tx, current, meetUrl)
    await audit(deps, tx, { actorId, action: 'meeting.return-to-meet', subject: 'class', subjectId: classId })
    return succeed(null)
  })
}

/** Timed: looks after the links of the next day. */
export const checkLinksJob = defineJob({
  name: 'meeting.check-links',
  payload: z.object({}),
  retriesMax: 0,
  run: checkLinks,
})

/** Whether that job would find anything: no link that is due to be looked at is left out, and hardly another one is in. */
export function hasLinksToCheck({ clock }: Deps): SQL {
  const now = clock.now()
  const mayBeDue = or(
    isNull(virtualClass.linkCheckedAt),
    isNotNull(virtualClass.linkBrokenAt),
    lte(virtualClass.startsAt, plus(now, LAST_LOOK_MS)),
    sql`${virtualClass.linkCheckedAt} < ${virtualClass.startsAt} - make_interval(secs => ${LINK_WATCHED_MS / SECOND_MS})`,
  )
  return sql`EXISTS (SELECT FROM ${virtualClass} WHERE ${or(waitsTooLong(now), and(isWatched(now), mayBeDue))})`
}
