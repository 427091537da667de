import type { Outcome } from '../../kernel/outcome.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import { type Interval, overlaps, type Schedule } from '../academy/rules.ts'
import { decideReschedule, type MovableClass, type Move, type MovePolicy, type RescheduleRefusal } from '../booking/reschedule/rules.ts'

/** How an event stands in the calendar, or should. */
export interface Standing extends Interval {
  contentHash: string
}

/** What a hand did to the event of a class. */
export type Difference = 'deleted' | 'moved' | 'content'

/** Where the event differs from what the class says; null: nowhere. Where it stands weighs more than what it says. */
export function differenceOf(due: Standing, found: Standing | null): Difference | null {
  if (!found) return 'deleted'
  if (!isSameHour(due, found)) return 'moved'
  return due.contentHash === found.contentHash ? null : 'content'
}

/** Google keeps no milliseconds. */
export function isSameHour(a: Interval, b: Interval): boolean {
  const second = (instant: Date) => Math.floor(instant.getTime() / 1_000)
  return second(a.startsAt) === second(b.startsAt) && second(a.endsAt) === second(b.endsAt)
}

/** Why a move by hand waits for the teacher's word. `asked-first`: because the academy wants it so. */
export type MoveDoubt =
  | Exclude<RescheduleRefusal, 'unknown-class' | 'guest' | 'missing-dates' | 'bad-date' | 'calendar-unreadable'>
  | 'asked-first'

export interface HandMoveFacts {
  virtualClass: MovableClass
  /** Where the event stands now. */
  event: Interval
  schedule: Schedule
  /** The teacher's other appointments. */
  appointments: readonly Interval[]
  moves: 'accept' | 'ask'
  policy: MovePolicy
  now: Date
}

/**
 * Whether the class follows its event. Only to a time that a student could have been given: a free slot, by the same rules as a reschedule by
 * the admin. Who else has that slot is decided by the constraint.
 */
export function decideHandMove(facts: HandMoveFacts): Outcome<Move, MoveDoubt> {
  const { virtualClass, event, schedule, policy, now } = facts
  const decided = decideReschedule({ virtualClass, actor: 'admin', policy, schedule, wanted: succeed(event), now })
  if (!decided.ok) return refuse(decided.reason as MoveDoubt)
  if (facts.appointments.some((other) => overlaps(other, event))) return refuse('slot-taken')
  return facts.moves === 'accept' ? decided : refuse('asked-first')
}

/**
 * Whether the teacher may take a move over that the rules doubted: outside the opening hours, off the slots or over an appointment of their
 * own they may give a class, but not in the past, not of another length, and not once it has begun.
 */
export function isAcceptable(c: Interval & { status: string }, event: Interval, now: Date): boolean {
  const length = ({ startsAt, endsAt }: Interval) => endsAt.getTime() - startsAt.getTime()
  return c.status === 'scheduled' && now < c.startsAt && now < event.startsAt && length(c) === length(event)
}

/** An appointment over a class: the time is the appointment's. */
export interface Conflict extends Interval {
  classId: string
  eventId: string
}

/** Every class with every event that lies over it, both given by their start, in one walk along the two. */
export function conflictsAmong(
  classes: readonly (Interval & { classId: string })[],
  events: readonly (Interval & { eventId: string })[],
): Conflict[] {
  const conflicts: Conflict[] = []
  let met = 0
  let going: (Interval & { eventId: string })[] = []
  for (const { classId, startsAt, endsAt } of classes) {
    // What is over by now is over for all classes that follow.
    going = going.filter((event) => event.endsAt > startsAt)
    for (let next = events[met]; next && next.startsAt < endsAt; next = events[++met]) if (next.endsAt > startsAt) going.push(next)
    for (const event of going) if (overlaps(event, { startsAt, endsAt })) conflicts.push({ classId, ...event })
  }
  return conflicts
}
