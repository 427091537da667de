import type { PaymentStatus, VirtualClassRow } from '../../db/tables.ts'
import { HOUR_MS, MINUTE_MS, plus } from '../../kernel/clock.ts'
import { rejectionGroup } from '../payment/rejection.ts'
import type { OpenMoney } from '../payment/standing.ts'
import type { NoticeKind } from './kinds.ts'

/** Everything that a message is judged by, as it stands when the message is about to leave. */
export interface NoticeFacts {
  now: Date
  about: VirtualClassRow | null
  /** The reader's own place in that class. */
  seat: 'host' | 'guest' | null
  order: { id: string; status: PaymentStatus } | null
  /** Money of the order that is on its way; null when there is none. */
  money: OpenMoney | null
  /** Mercado Pago's reason for the newest attempt that it rejected. */
  rejection: string | null
  /** Where the refund stands that the message is about. */
  refund: 'requested' | 'sent' | 'approved' | 'failed' | null
  /** The reader did the activity of that class. */
  activityDone: boolean
  /** Drafts or texts of that class wait for its teacher, whichever the message is about. */
  workWaits: boolean
  /** The reader's own calendar, for the teacher. */
  calendarConnected: boolean
  /** What the cause wrote down. */
  data: Readonly<Record<string, unknown>>
}

export type ReminderKind = 'reminder-24h' | 'reminder-60min'

/** When a reminder is due before the start, and how near to the start it still makes sense: a process may have been down meanwhile. */
export const REMINDERS: Readonly<Record<ReminderKind, { beforeMs: number; untilMs: number }>> = {
  'reminder-24h': { beforeMs: 24 * HOUR_MS, untilMs: 18 * HOUR_MS },
  'reminder-60min': { beforeMs: 60 * MINUTE_MS, untilMs: 0 },
}

/** What usually passes within seconds is told only when it has lasted this long: an instant refund, a card that is tried again at once. */
export const SETTLING_MS = 2 * MINUTE_MS
/** A paid class that waits this long for its link is told to its host. */
export const PREPARING_AFTER_MS = 5 * MINUTE_MS

/** Whether what a message says is still true. One that is overtaken is never sent: another says what is true now. */
export function isStillTrue(kind: NoticeKind, facts: NoticeFacts): boolean {
  return STILL_TRUE[kind](facts)
}

const STILL_TRUE: Readonly<Record<NoticeKind, (facts: NoticeFacts) => boolean>> = {
  'class-preparing': ({ about, now }) => about?.status === 'pending' && about.paidAt !== null && now < about.startsAt,
  'class-confirmed': (facts) => isAhead(facts),
  'class-rescheduled': (facts) => isAhead(facts) && isSameHour(facts) && facts.seat !== null,
  'class-cancelled': ({ about }) => about?.status === 'cancelled',
  'link-ready': (facts) =>
    facts.data.to === 'teacher'
      ? facts.about !== null && isUnderWay(facts.about, facts.now) && Boolean(facts.about.roomUrl)
      : isAhead(facts) && facts.seat !== null,
  'reminder-24h': (facts) => isReminderDue('reminder-24h', facts),
  'reminder-60min': (facts) => isReminderDue('reminder-60min', facts),
  'seat-released': (facts) => isAhead(facts) && facts.seat === null,
  'payment-pending': ({ order, money }) => isUnpaid(order) && money === 'in-process',
  'payment-rejected': ({ about, order, money, rejection, data, now }) =>
    isUnpaid(order) && money === null && isHeld(about, now) && rejection !== null && rejectionGroup(rejection) === data.group,
  'hold-expired': ({ about, order, money }) =>
    about?.status === 'cancelled' &&
    (about.cancelReason === 'hold_expired' || about.cancelReason === 'payment_rejected') &&
    isUnpaid(order) &&
    (money === null || money === 'in-process'),
  'refund-on-its-way': ({ refund }) => refund === 'requested' || refund === 'sent',
  'refund-made': () => true,
  'activity-ready': ({ about, seat }) => about?.status === 'completed' && seat !== null,
  'activity-reminder': ({ about, seat, activityDone }) => about?.status === 'completed' && seat !== null && !activityDone,
  'drafts-ready': ({ workWaits }) => workWaits,
  'texts-waiting': ({ workWaits }) => workWaits,
  'ticket-answered': () => true,
  'calendar-disconnected': ({ calendarConnected }) => !calendarConnected,
  'link-missing': ({ about, now }) =>
    about !== null &&
    now < about.endsAt &&
    ((about.status === 'pending' && about.paidAt !== null) || (about.status === 'scheduled' && about.linkBrokenAt !== null)),
  'calendar-trial-failed': () => true,
}

/** Scheduled or paid, and not over. */
function isUnderWay({ status, paidAt, endsAt }: VirtualClassRow, now: Date): boolean {
  return now < endsAt && (status === 'scheduled' || (status === 'pending' && paidAt !== null))
}

/** Scheduled, and not over. */
function isAhead({ about, now }: NoticeFacts): boolean {
  return about?.status === 'scheduled' && now < about.endsAt
}

/** The class was not moved since the message was written. */
function isSameHour({ about, data }: NoticeFacts): boolean {
  return about?.moveCount === data.move
}

function isReminderDue(kind: ReminderKind, facts: NoticeFacts): boolean {
  const { about, seat, now } = facts
  if (about?.status !== 'scheduled' || seat === null || !isSameHour(facts)) return false
  return now < plus(about.startsAt, -REMINDERS[kind].untilMs)
}

function isUnpaid(order: NoticeFacts['order']): boolean {
  return order?.status === 'pending' || order?.status === 'rejected'
}

function isHeld(about: VirtualClassRow | null, now: Date): boolean {
  return about?.status === 'pending' && about.holdExpiresAt !== null && now < about.holdExpiresAt
}
