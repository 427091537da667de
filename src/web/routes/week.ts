import type { Interval } from '../../features/academy/rules.ts'
import type { AvailableSlot } from '../../features/booking/availability.ts'
import { addDays, daysBetween, type WallDate, wallDate } from '../../kernel/zoned-time.ts'
import type { Day, Slot } from '../pages/booking/view.ts'
import type { OpenBookingView } from '../ui/open-bookings.tsx'

const WEEK_DAYS = 7

/** First day of the seven that show `wanted`. They are counted from today, so that no week begins with days that are over. */
export function firstDayShown(today: WallDate, wanted: WallDate): WallDate {
  return addDays(today, Math.floor(daysBetween(today, wanted) / WEEK_DAYS) * WEEK_DAYS)
}

/** Seven days of slots; what is the visitor's own is told from what somebody else has. */
export function daysShown(
  first: WallDate,
  slots: readonly AvailableSlot[],
  own: { classes: readonly Interval[]; open: readonly OpenBookingView[] },
): Day[] {
  return Array.from({ length: WEEK_DAYS }, (_, index) => {
    const date = addDays(first, index)
    return { date, slots: slots.filter((slot) => wallDate(slot.startsAt) === date).map((slot) => slotShown(slot, own)) }
  })
}

function slotShown(slot: AvailableSlot, { classes, open }: { classes: readonly Interval[]; open: readonly OpenBookingView[] }): Slot {
  const times = { start: slot.startsAt, end: slot.endsAt }
  const touches = (from: Date, to: Date) => from < slot.endsAt && to > slot.startsAt
  if (classes.some((mine) => touches(mine.startsAt, mine.endsAt))) return { ...times, state: 'mine', href: '/inicio/mis-clases-virtuales' }
  const booking = open.find((candidate) => candidate.slot === 'held' && touches(candidate.start, candidate.end))
  if (booking?.standing === 'unpaid') return { ...times, state: 'unpaid', href: booking.resumeHref }
  if (booking) return { ...times, state: 'processing', href: '/inicio' }
  return { ...times, state: slot.state }
}
