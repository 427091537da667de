import type { ClassStatus } from '../../../db/tables.ts'
import { HOUR_MS, plus } from '../../../kernel/clock.ts'
import type { Outcome } from '../../../kernel/outcome.ts'
import { refuse, succeed } from '../../../kernel/outcome.ts'
import { type Interval, refuseSlot, type Schedule, type SlotRefusal } from '../../academy/rules.ts'
import { BOOKING_STATUS } from '../rules.ts'

/** Rows 2 to 9 of `POST /api/classes/{id}/reschedule` (behaviour 4.10); `calendar-unreadable` is check 24b of 4.2. */
export type RescheduleRefusal =
  | 'unknown-class'
  | 'guest'
  | 'not-scheduled'
  | 'too-late'
  | 'used-up'
  | 'missing-dates'
  | 'bad-date'
  | SlotRefusal
  | 'same-slot'
  | 'slot-taken'
  | 'own-class'
  | 'calendar-unreadable'

export const RESCHEDULE_STATUS = {
  'unknown-class': 404,
  guest: 403,
  'not-scheduled': 409,
  'too-late': 409,
  'used-up': 409,
  'missing-dates': BOOKING_STATUS['missing-dates'],
  'bad-date': BOOKING_STATUS['bad-date'],
  reversed: BOOKING_STATUS.reversed,
  'wrong-length': BOOKING_STATUS['wrong-length'],
  past: BOOKING_STATUS.past,
  'short-notice': BOOKING_STATUS['short-notice'],
  'beyond-horizon': BOOKING_STATUS['beyond-horizon'],
  closed: BOOKING_STATUS.closed,
  misaligned: BOOKING_STATUS.misaligned,
  'same-slot': 400,
  'slot-taken': BOOKING_STATUS['slot-taken'],
  'own-class': BOOKING_STATUS['own-class'],
  'calendar-unreadable': BOOKING_STATUS['calendar-unreadable'],
} as const satisfies Record<RescheduleRefusal, number>

export type MoveActor = 'host' | 'admin'

/** What limits the host; the admin is bound by the start only (behaviour D14, D14a). */
export interface MovePolicy {
  rescheduleHours: number
  maxReschedules: number
  fullRefundHours: number
}

export interface MovableClass {
  status: ClassStatus
  startsAt: Date
  endsAt: Date
  rescheduleCount: number
  refundLapsed: boolean
}

export type WantedSlot = Outcome<Interval, 'missing-dates' | 'bad-date'>

/** Everything the decision depends on; who else has the slot is decided by the constraint. */
export interface RescheduleFacts {
  virtualClass: MovableClass
  actor: MoveActor
  policy: MovePolicy
  schedule: Schedule
  wanted: WantedSlot
  now: Date
}

/** What becomes of the class. */
export interface Move extends Interval {
  rescheduleCount: number
  refundLapsed: boolean
  previousStartsAt: Date
}

type Decided = Exclude<RescheduleRefusal, 'unknown-class' | 'guest' | 'slot-taken' | 'own-class' | 'calendar-unreadable'>

/** Rows 4 to 8 in that order (behaviour 4.10, D13b, D14, D14a). */
export function decideReschedule(facts: RescheduleFacts): Outcome<Move, Decided> {
  const { virtualClass, actor, policy, wanted, now } = facts
  const reason = refuseMove(virtualClass, actor, policy, now)
  if (reason) return refuse(reason)
  if (!wanted.ok) return wanted
  const slot = wanted.value
  const unfit = refuseSlot(facts.schedule, slot, now)
  if (unfit) return refuse(unfit)
  if (slot.startsAt.getTime() === virtualClass.startsAt.getTime() && slot.endsAt.getTime() === virtualClass.endsAt.getTime())
    return refuse('same-slot')
  const byHost = actor === 'host'
  return succeed({
    startsAt: slot.startsAt,
    endsAt: slot.endsAt,
    previousStartsAt: virtualClass.startsAt,
    rescheduleCount: virtualClass.rescheduleCount + (byHost ? 1 : 0),
    refundLapsed: virtualClass.refundLapsed || (byHost && lapsesRefund(virtualClass, policy, now)),
  })
}

/** Rows 4 to 6: whether this class can be moved by this person at all, to whatever slot. Null: it can. */
export function refuseMove(
  c: Pick<MovableClass, 'status' | 'startsAt' | 'rescheduleCount'>,
  actor: MoveActor,
  policy: Pick<MovePolicy, 'rescheduleHours' | 'maxReschedules'>,
  now: Date,
): 'not-scheduled' | 'too-late' | 'used-up' | null {
  if (c.status !== 'scheduled') return 'not-scheduled'
  if (now >= c.startsAt) return 'too-late'
  if (actor === 'admin') return null
  if (now > plus(c.startsAt, -policy.rescheduleHours * HOUR_MS)) return 'too-late'
  return c.rescheduleCount >= policy.maxReschedules ? 'used-up' : null
}

/** Less than 24 hours are left, so that a cancellation now would give nothing back: a reschedule by the host keeps it so (behaviour D13b). */
export function lapsesRefund(c: { startsAt: Date }, policy: Pick<MovePolicy, 'fullRefundHours'>, now: Date): boolean {
  return now > plus(c.startsAt, -policy.fullRefundHours * HOUR_MS)
}

/** How often the host may still move the class. */
export function reschedulesLeft(
  c: Pick<MovableClass, 'status' | 'rescheduleCount'>,
  { maxReschedules }: Pick<MovePolicy, 'maxReschedules'>,
): number {
  return c.status === 'scheduled' ? Math.max(0, maxReschedules - c.rescheduleCount) : 0
}
