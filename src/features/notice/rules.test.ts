import { describe, expect, it } from 'vitest'
import type { VirtualClassRow } from '../../db/tables.ts'
import { HOUR_MS, MINUTE_MS, plus } from '../../kernel/clock.ts'
import { NOTICE_KINDS, type NoticeKind } from './kinds.ts'
import { isStillTrue, type NoticeFacts } from './rules.ts'

const START = new Date('2026-11-26T21:00:00Z')
const END = plus(START, HOUR_MS)
const before = (milliseconds: number) => plus(START, -milliseconds)

const CLASS = {
  status: 'scheduled',
  startsAt: START,
  endsAt: END,
  moveCount: 1,
  paidAt: before(48 * HOUR_MS),
  holdExpiresAt: null,
  cancelReason: null,
} as VirtualClassRow
const HELD = { ...CLASS, status: 'pending', paidAt: null, holdExpiresAt: before(47 * HOUR_MS) } as VirtualClassRow
const PREPARING = { ...CLASS, status: 'pending' } as VirtualClassRow
const CANCELLED = { ...CLASS, status: 'cancelled', cancelReason: 'host_cancelled' } as VirtualClassRow
const EXPIRED = { ...HELD, status: 'cancelled', cancelReason: 'hold_expired', holdExpiresAt: null } as VirtualClassRow
const COMPLETED = { ...CLASS, status: 'completed' } as VirtualClassRow

const FACTS: NoticeFacts = {
  now: before(20 * HOUR_MS),
  about: CLASS,
  seat: 'host',
  order: { id: 'o1', status: 'approved' },
  money: null,
  rejection: null,
  refund: null,
  activityDone: false,
  workWaits: false,
  calendarConnected: false,
  data: { move: 1 },
}
const UNPAID = { order: { id: 'o1', status: 'pending' as const }, about: HELD, now: before(47.2 * HOUR_MS) }
const REJECTED = { ...UNPAID, rejection: 'cc_rejected_insufficient_amount', data: { group: 'funds' } }

/** For every kind: a situation in which it is sent, and those that have overtaken it. */
const TABLE: Record<NoticeKind, { sent: Partial<NoticeFacts>; overtaken: Record<string, Partial<NoticeFacts>> }> = {
  'class-preparing': {
    sent: { about: PREPARING },
    overtaken: {
      'confirmed meanwhile': { about: CLASS },
      cancelled: { about: CANCELLED },
      unpaid: { about: HELD },
      'the start has come': { about: PREPARING, now: START },
    },
  },
  'class-confirmed': {
    sent: {},
    overtaken: { cancelled: { about: CANCELLED }, completed: { about: COMPLETED }, over: { now: END }, 'no class': { about: null } },
  },
  'class-rescheduled': {
    sent: {},
    overtaken: {
      'moved once more': { data: { move: 0 } },
      cancelled: { about: CANCELLED },
      over: { now: END },
      'the guest left': { seat: null },
    },
  },
  'class-cancelled': { sent: { about: CANCELLED }, overtaken: { 'it stands': {}, 'no class': { about: null } } },
  'link-ready': {
    sent: {},
    overtaken: {
      cancelled: { about: CANCELLED },
      over: { now: END },
      'the guest left': { seat: null },
      'told to the teacher, of no room': { seat: null, data: { to: 'teacher' } },
    },
  },
  'reminder-24h': {
    sent: { now: before(24 * HOUR_MS) },
    overtaken: {
      'six hours late': { now: before(18 * HOUR_MS) },
      moved: { now: before(24 * HOUR_MS), data: { move: 0 } },
      cancelled: { now: before(24 * HOUR_MS), about: CANCELLED },
      'the guest left': { now: before(24 * HOUR_MS), seat: null },
    },
  },
  'reminder-60min': {
    sent: { now: before(MINUTE_MS) },
    overtaken: {
      started: { now: START },
      moved: { now: before(HOUR_MS), data: { move: 0 } },
      cancelled: { now: before(HOUR_MS), about: CANCELLED },
      'the guest left': { now: before(HOUR_MS), seat: null },
    },
  },
  'seat-released': {
    sent: { seat: null },
    overtaken: { 'joined again': { seat: 'guest' }, cancelled: { seat: null, about: CANCELLED }, over: { seat: null, now: END } },
  },
  'payment-pending': {
    sent: { ...UNPAID, money: 'in-process' },
    overtaken: {
      approved: { money: 'in-process' },
      refunded: { order: { id: 'o1', status: 'refunded' } },
      'rejected in the end': UNPAID,
      'a person looks at it': { ...UNPAID, money: 'in-review' },
    },
  },
  'payment-rejected': {
    sent: REJECTED,
    overtaken: {
      approved: { ...REJECTED, order: { id: 'o1', status: 'approved' } },
      'tried again, in process': { ...REJECTED, money: 'in-process' },
      'rejected for another reason since': { ...REJECTED, rejection: 'cc_rejected_high_risk' },
      'the hold is over': { ...REJECTED, now: before(47 * HOUR_MS) },
      'the slot was released': { ...REJECTED, about: EXPIRED },
    },
  },
  'hold-expired': {
    sent: { ...UNPAID, about: EXPIRED },
    overtaken: {
      'paid late': { about: EXPIRED },
      'revived by the payment': { ...UNPAID, about: PREPARING },
      'given up by its host': { ...UNPAID, about: CANCELLED },
      'the money goes back': { ...UNPAID, about: EXPIRED, money: 'returning' },
    },
  },
  'refund-on-its-way': {
    sent: { refund: 'sent' },
    overtaken: { made: { refund: 'approved' }, 'refused: a person decides': { refund: 'failed' }, 'none of that number': { refund: null } },
  },
  'refund-made': { sent: { about: CANCELLED, order: { id: 'o1', status: 'refunded' } }, overtaken: {} },
  'activity-ready': {
    sent: { about: COMPLETED },
    overtaken: { 'no longer a participant': { about: COMPLETED, seat: null }, cancelled: { about: CANCELLED } },
  },
  'activity-reminder': {
    sent: { about: COMPLETED },
    overtaken: { cancelled: { about: CANCELLED }, 'done meanwhile': { about: COMPLETED, activityDone: true } },
  },
  'drafts-ready': {
    sent: { about: COMPLETED, seat: null, workWaits: true },
    overtaken: { 'published meanwhile': { about: COMPLETED, seat: null } },
  },
  'texts-waiting': {
    sent: { about: COMPLETED, seat: null, workWaits: true },
    overtaken: { 'marked meanwhile': { about: COMPLETED, seat: null } },
  },
  'ticket-answered': { sent: { about: null, seat: null, order: null }, overtaken: {} },
  'link-missing': {
    sent: { about: PREPARING, seat: null },
    overtaken: {
      'it has one': { about: { ...CLASS, linkBrokenAt: null }, seat: null },
      cancelled: { about: CANCELLED, seat: null },
      over: { about: PREPARING, seat: null, now: END },
    },
  },
  'calendar-trial-failed': { sent: { about: null, seat: null }, overtaken: {} },
  'calendar-disconnected': { sent: { about: null, seat: null }, overtaken: { 'connected again': { calendarConnected: true } } },
}

describe('a message is only sent while it is true (behaviour 7)', () => {
  it.each(NOTICE_KINDS.map((kind) => [kind, TABLE[kind].sent] as const))('%s: sent', (kind, change) => {
    expect(isStillTrue(kind, { ...FACTS, ...change })).toBe(true)
  })

  it.each(NOTICE_KINDS.flatMap((kind) => Object.entries(TABLE[kind].overtaken).map(([why, change]) => [kind, why, change] as const)))(
    '%s: not sent when %s',
    (kind, _why, change) => {
      expect(isStillTrue(kind, { ...FACTS, ...change })).toBe(false)
    },
  )
})
