import type { Deps } from '../../deps.ts'
import { DAY_MS, MINUTE_MS, plus } from '../../kernel/clock.ts'
import { type Interval, overlaps } from '../academy/rules.ts'
import { findTeacher } from '../academy/store.ts'
import { calendarEventId } from '../virtual-class/rules.ts'
import { leavingClasses } from '../virtual-class/taken.ts'
import { replaceSnapshot } from './busy-snapshot.ts'
import { calendarAccess, recordFailure, recordSuccess } from './connection.ts'
import { cover, intersect, subtract } from './intervals.ts'
import { lastReading } from './last-reading.ts'
import type { CalendarAccess } from './provider.ts'

/** What free/busy said of the time that was wanted, as of `readAt`, when the question was asked. */
export interface BusyReading {
  readAt: Date
  busy: Interval[]
}

/**
 * So much is asked for at once: a horizon of 60 days as one question. Google does not say how much it answers; 90 days are known to be answered and
 * three months to be refused (decision 045).
 */
const RANGE_MS = 64 * DAY_MS
/** Before and after a slot: an event of whole days is told by its days, and those begin in the zone of the calendar. */
const AROUND_MS = DAY_MS
/** The mirror is read once a minute. Where that has not succeeded for so long, whoever asks about a slot reads everything, for all to go by. */
const WHOLE_AFTER_MS = 5 * MINUTE_MS
const EVENTS_MAX = 500
/** How long pages go on without asking again after a question that failed; the timed reading finds out earlier when Google is back. */
const FAILURE_REMEMBERED_MS = 90_000

/** What a question asks for: some slots, and perhaps all that may be offered. */
interface Question {
  slots: Map<string, Interval>
  isWhole: boolean
  answer: Promise<BusyReading | null>
}

interface Desk {
  running: Question | null
  /** Has not begun: whoever comes adds what they want to know. */
  next: Question | null
  failedAt: Date | null
}

/** One desk per teacher and process, so that a crowd costs one question at a time, also one that wants different slots. */
const desks = new WeakMap<Deps, Map<string, Desk>>()

/**
 * Reads free/busy for all that may be offered and replaces the snapshot; null when the calendar could not be read. Of callers at the same time only
 * one asks. `fresh`: a question that was asked before does not do, but its failure does.
 */
export async function readBusy(deps: Deps, teacherId: string, since: 'any' | 'fresh'): Promise<BusyReading | null> {
  const { running } = deskOf(deps, teacherId)
  return since === 'any' && running?.isWhole ? running.answer : wait(deps, teacherId, 'whole')
}

/**
 * The same for the time around one slot, by a question that is asked from now on. What others want to know while one is under way is asked
 * together. The snapshot stays as it is, unless it is old.
 */
export async function readBusyAround(deps: Deps, teacherId: string, slot: Interval): Promise<BusyReading | null> {
  return wait(deps, teacherId, slot)
}

/** Whether the last question failed a moment ago, so that asking again would only make somebody wait. */
export function hasJustFailed(deps: Deps, teacherId: string): boolean {
  const { failedAt } = deskOf(deps, teacherId)
  return failedAt !== null && Math.abs(deps.clock.now().getTime() - failedAt.getTime()) < FAILURE_REMEMBERED_MS
}

/** The question takes longer than a page may wait: the next pages need not find that out again. */
export function rememberFailure(deps: Deps, teacherId: string): void {
  deskOf(deps, teacherId).failedAt = deps.clock.now()
}

function deskOf(deps: Deps, teacherId: string): Desk {
  const all = desks.get(deps) ?? new Map<string, Desk>()
  desks.set(deps, all)
  const desk = all.get(teacherId) ?? { running: null, next: null, failedAt: null }
  all.set(teacherId, desk)
  return desk
}

function wait(deps: Deps, teacherId: string, wanted: Interval | 'whole'): Promise<BusyReading | null> {
  const desk = deskOf(deps, teacherId)
  const question = desk.next ?? { slots: new Map(), isWhole: false, answer: Promise.resolve(null) }
  if (wanted === 'whole') question.isWhole = true
  else question.slots.set(`${wanted.startsAt.getTime()} ${wanted.endsAt.getTime()}`, wanted)
  if (desk.next) return desk.next.answer
  if (!desk.running) return begin(deps, teacherId, desk, question)
  desk.next = question
  question.answer = afterwards(deps, teacherId, desk, question, desk.running.answer)
  return question.answer
}

function begin(deps: Deps, teacherId: string, desk: Desk, question: Question): Promise<BusyReading | null> {
  const run = async () => {
    try {
      const reading = await ask(deps, teacherId, question)
      desk.failedAt = reading ? null : deps.clock.now()
      return reading
    } finally {
      desk.running = null
    }
  }
  desk.running = question
  question.answer = run()
  return question.answer
}

async function afterwards(
  deps: Deps,
  teacherId: string,
  desk: Desk,
  question: Question,
  running: Promise<BusyReading | null>,
): Promise<BusyReading | null> {
  const before = await running.catch(() => null)
  desk.next = null
  return before ? begin(deps, teacherId, desk, question) : null
}

async function ask(deps: Deps, teacherId: string, question: Question): Promise<BusyReading | null> {
  const access = await calendarAccess(deps, teacherId)
  const teacher = await findTeacher(deps.db.handle, teacherId)
  if (!access || !teacher) return null
  const readAt = deps.clock.now()
  const last = question.isWhole ? null : await lastReading(deps, teacherId)
  question.isWhole = !last || Math.abs(readAt.getTime() - last.readAt.getTime()) > WHOLE_AFTER_MS
  const { slots, isWhole } = question
  const offered = { startsAt: plus(readAt, -DAY_MS), endsAt: plus(readAt, (teacher.horizonDays + 2) * DAY_MS) }
  const wanted = [...slots.values()]
  const around = wanted.map(({ startsAt, endsAt }) => ({ startsAt: plus(startsAt, -AROUND_MS), endsAt: plus(endsAt, AROUND_MS) }))
  const said: Interval[] = []
  for (const { startsAt, endsAt } of cover([...around, ...(isWhole ? [offered] : [])], RANGE_MS)) {
    const answer = await deps.calendar.freeBusy(access, startsAt, endsAt)
    if (!answer.ok) {
      await recordFailure(deps, teacherId, access.grantId, answer)
      return null
    }
    said.push(...answer.value)
  }
  const inTheWay = wanted.filter((slot) => said.some((busy) => overlaps(busy, slot)))
  const left = isWhole || inTheWay.length > 0 ? await withoutLeaving(deps, access, teacherId, offered, isWhole ? [] : inTheWay, said) : said
  const reading = { readAt, busy: left.filter(({ startsAt, endsAt }) => endsAt > startsAt) }
  if (isWhole) await replaceSnapshot(deps, teacherId, { ...reading, coversFrom: offered.startsAt, coversTo: offered.endsAt })
  await recordSuccess(deps, teacherId)
  return reading
}

/**
 * Busy time without the events of cancelled classes that could not be removed yet. Free/busy does not tell whose time it is, and the
 * teacher may have something else in the same hour, so the events are looked at: those in `slots`, which may have been moved there by hand, or
 * without any where such classes were. When that fails the hour stays busy.
 */
async function withoutLeaving(
  deps: Deps,
  access: CalendarAccess,
  teacherId: string,
  offered: Interval,
  slots: readonly Interval[],
  said: Interval[],
): Promise<Interval[]> {
  const leaving = await leavingClasses(deps.db.handle, [teacherId], offered.startsAt, offered.endsAt)
  if (leaving.length === 0) return said
  const looked = slots.length > 0 ? slots : leaving
  const from = new Date(Math.min(...looked.map(({ startsAt }) => startsAt.getTime())))
  const until = new Date(Math.max(...looked.map(({ endsAt }) => endsAt.getTime())))
  const listed = await deps.calendar.listEvents(access, from, until, EVENTS_MAX)
  if (!listed.ok || listed.value.length >= EVENTS_MAX) return said
  const ids = new Set(leaving.flatMap((c) => [calendarEventId(c.id, c.eventGeneration), c.googleEventId]))
  const ours = listed.value.filter(({ eventId }) => ids.has(eventId))
  const others = listed.value.filter(({ eventId, transparent }) => !ids.has(eventId) && !transparent)
  return [...subtract(said, ours), ...intersect(others, ours)]
}
