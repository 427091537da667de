import type { Config } from '../../config.ts'
import type { OpenBooking } from '../../features/booking/own.ts'
import { refuseMove } from '../../features/booking/reschedule/rules.ts'
import { decideLeave } from '../../features/enrollment/seats/rules.ts'
import type { MyClass } from '../../features/virtual-class/queries.ts'
import { isCancellable, joinTimes, refundIfCancelled } from '../../features/virtual-class/rules.ts'
import { checkHref } from '../pages/booking/view.ts'
import type { Policy } from '../pages/policy.ts'
import type { CancelNote, ClassCard } from '../ui/class-card.ts'
import type { OpenBookingView } from '../ui/open-bookings.tsx'
import type { Price } from '../ui/prices.tsx'

/** A row of the list as its card. */
export function classCard(row: MyClass, config: Config, now: Date): ClassCard {
  const isHost = row.rol === 'anfitrion'
  const join = joinTimes(row, config.joinLeadMinutes)
  return {
    id: row.id,
    startsAt: row.startsAt,
    endsAt: row.endsAt,
    type: row.classType,
    role: row.rol,
    status: row.status === 'pending' ? 'cancelled' : row.status,
    cancelReason: row.cancelReason,
    cancelNote: row.status === 'cancelled' && !row.wasPaid ? noteOf(row) : null,
    people: row.currentParticipants,
    peopleMax: row.maxParticipants,
    activity: {
      state: row.status === 'cancelled' ? 'none' : row.activityCompleted ? 'done' : row.activityId !== null ? 'available' : 'pending',
      href: row.activityId === null ? null : `/actividad/${row.activityId}`,
    },
    attendance: row.attended === null ? null : { attended: row.attended, minutes: row.attendedMinutes },
    accessCode: row.accessCode,
    objective: row.learningFocus,
    hostName: row.hostName,
    teacherName: row.teacherName,
    guests: row.guests,
    canLeave: !isHost && decideLeave(row, row.rol, now) === null,
    joinFrom: join.from,
    joinUntil: join.until,
    cancel: isHost && isCancellable(row, now) ? refundIfCancelled(row, 'host', config.fullRefundHours, now) : null,
    rescheduleHref: isHost && refuseMove(row, 'host', config, now) === null ? `/inicio/mis-clases-virtuales/${row.id}/reprogramar` : null,
    noReschedule: isHost && now < row.startsAt ? noReschedule(row, config, now) : null,
  }
}

/** Where a class was never to be moved, nothing has to be explained. */
function noReschedule(row: MyClass, config: Config, now: Date): NonNullable<ClassCard['noReschedule']> | null {
  if (config.maxReschedules === 0) return null
  switch (refuseMove(row, 'host', config, now)) {
    case 'too-late':
      return { why: 'too-late', hours: config.rescheduleHours }
    case 'used-up':
      return { why: 'used-up', times: config.maxReschedules }
    default:
      return null
  }
}

/** A hold whose money is not settled says so, whatever ended it; one that was given up was not "cancelled". */
function noteOf(row: MyClass): CancelNote | null {
  switch (row.money) {
    case 'in-process':
      return 'inProcess'
    case 'in-review':
      return 'inReview'
    case 'returning':
      return 'returned'
    case null:
      return row.cancelReason === 'host_cancelled' ? 'givenUp' : null
  }
}

/** A booking that is no class yet, as every page shows it. */
export function openBookingView(booking: OpenBooking): OpenBookingView {
  const text = booking.learningFocus ?? ''
  return {
    classId: booking.classId,
    start: booking.startsAt,
    end: booking.endsAt,
    type: booking.classType,
    people: booking.maxParticipants,
    text,
    standing: booking.standing,
    slot: booking.slot,
    rejection: booking.standing === 'unpaid' ? booking.rejection : null,
    keptUntil: booking.holdExpiresAt,
    expiresAt: booking.standing === 'unpaid' ? booking.holdExpiresAt : null,
    teacher: booking.teacherName === null ? null : { id: booking.teacherId, name: booking.teacherName },
    resumeHref: checkHref({
      start: booking.startsAt,
      type: booking.classType,
      people: booking.maxParticipants,
      text,
      teacher: booking.teacherName === null ? null : booking.teacherId,
    }),
  }
}

export function pricesOf({ pricing }: Config): Price[] {
  return [
    { type: 'individual', people: 1, total: pricing.individual },
    ...([2, 3, 4, 5] as const).map((people) => ({ type: 'grupal' as const, people, total: pricing.grupal[people] })),
  ]
}

/** The numbers that pages tell people about. */
export function policyOf(config: Config, slotMinutes: number): Policy {
  const { holdMinutes, joinLeadMinutes, joinCutoff, rescheduleHours, maxReschedules } = config
  return { slotMinutes, holdMinutes, joinLeadMinutes, joinCutoff, refundHours: config.fullRefundHours, rescheduleHours, maxReschedules }
}
