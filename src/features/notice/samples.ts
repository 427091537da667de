import type { VirtualClassRow } from '../../db/tables.ts'
import { choiceOf } from './choices.ts'
import type { MailContext } from './compose.ts'
import type { NoticeKind } from './kinds.ts'

export const SAMPLE_BASE_URL = 'https://clases.example.test'
export const SAMPLE_LINK = 'https://meet.google.com/abc-defg-hij'
const ORDER_ID = '7a1d0c58-5f0e-4d8f-9d27-6b1f0a4fd0b3'

const CLASS = {
  id: 'c0ffee00-0000-4000-8000-000000000001',
  status: 'scheduled',
  classType: 'grupal',
  startsAt: new Date('2026-11-26T21:00:00Z'),
  endsAt: new Date('2026-11-26T22:00:00Z'),
  meetUrl: SAMPLE_LINK,
  maxParticipants: 3,
  learningFocus: 'Viajes & hoteles',
  priceCentavos: 3_600_000,
  moveCount: 1,
  paidAt: new Date('2026-11-24T13:05:00Z'),
  holdExpiresAt: null,
  cancelReason: null,
} as VirtualClassRow

type Facts = MailContext['facts']

const FACTS: Facts = {
  now: new Date('2026-11-25T21:30:00Z'),
  about: CLASS,
  seat: 'host',
  order: { id: ORDER_ID, status: 'approved' },
  money: null,
  rejection: null,
  refund: null,
  activityDone: false,
  workWaits: true,
  activityId: '8f0c2f0e-2c1f-4a53-9a6e-0d6f0c6f1a11',
  calendarConnected: false,
  data: {},
  hostName: 'Ana Ruiz',
  paymentId: '123456789012',
  code: 'A3B5C7D9',
}

const UNPAID = { order: { id: ORDER_ID, status: 'pending' as const }, paymentId: null, code: null }
const CANCELLED = { ...CLASS, status: 'cancelled' as const, cancelReason: 'host_cancelled' as const }
const REFUND = { amountCentavos: 3_600_000, reason: 'host_cancelled' }

/** What differs from a scheduled class whose host is written to. */
const SITUATION: Readonly<Record<NoticeKind, Partial<Facts>>> = {
  'class-preparing': { about: { ...CLASS, status: 'pending', meetUrl: null }, code: null },
  'class-confirmed': {},
  'class-rescheduled': { data: { move: 1, by: 'host', from: '2026-11-25T18:00:00.000Z', until: '2026-11-25T19:00:00.000Z' } },
  'class-cancelled': { about: CANCELLED, data: { refund: 'full' }, code: null },
  'link-ready': {},
  'reminder-24h': { data: { move: 1 } },
  'reminder-60min': { now: new Date('2026-11-26T20:02:00Z'), data: { move: 1 } },
  'seat-released': { seat: null, hostName: 'Sofía Paz', data: { by: 'host' }, code: null },
  'payment-pending': { ...UNPAID, about: { ...CLASS, status: 'pending', paidAt: null, meetUrl: null }, money: 'in-process' },
  'payment-rejected': {
    ...UNPAID,
    now: new Date('2026-11-24T13:05:00Z'),
    about: { ...CLASS, status: 'pending', paidAt: null, meetUrl: null, holdExpiresAt: new Date('2026-11-24T13:20:00Z') },
    rejection: 'cc_rejected_insufficient_amount',
    data: { group: 'funds' },
  },
  'hold-expired': { ...UNPAID, about: { ...CANCELLED, paidAt: null, cancelReason: 'hold_expired', meetUrl: null } },
  'refund-on-its-way': { about: CANCELLED, refund: 'sent', data: REFUND, code: null },
  'refund-made': { about: CANCELLED, refund: 'approved', data: REFUND, code: null },
  'activity-ready': { about: { ...CLASS, status: 'completed' }, code: null },
  'activity-reminder': { about: { ...CLASS, status: 'completed' }, code: null },
  'drafts-ready': { about: { ...CLASS, status: 'completed' }, seat: null, code: null },
  'texts-waiting': { about: { ...CLASS, status: 'completed' }, seat: null, code: null },
  'ticket-answered': {
    about: null,
    seat: null,
    order: null,
    paymentId: null,
    code: null,
    data: { ticketNumber: 'TKT-7K2P9X', ticketId: 'c0ffee00-0000-4000-8000-000000000002' },
  },
  'link-missing': { about: { ...CLASS, linkBrokenAt: new Date('2026-11-25T21:00:00Z') }, seat: null, code: null },
  'calendar-trial-failed': { about: null, seat: null, order: null, paymentId: null, code: null },
  'calendar-disconnected': { about: null, seat: null, order: null, paymentId: null, code: null },
}

/** Something that each kind of mail can be about, for the gallery and for tests. */
export function sampleContext(kind: NoticeKind): MailContext {
  return {
    reader: { name: 'Ana Ruiz', locale: 'es', isAdmin: false },
    facts: { ...FACTS, ...SITUATION[kind] },
    baseUrl: SAMPLE_BASE_URL,
    joinLeadMinutes: 60,
    unsubscribeUrl: choiceOf(kind) && `${SAMPLE_BASE_URL}/mails/baja?t=c0ffee00-0000-4000-8000-000000000003.${choiceOf(kind)}.0a1b2c`,
  }
}
