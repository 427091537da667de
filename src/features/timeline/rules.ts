import { MINUTE_MS } from '../../kernel/clock.ts'
import { EDIT_DEEDS } from '../hand-edit/deeds.ts'
import type { Actor, EventKind, Someone, TimelineEntry, TimelineEvent } from './events.ts'
import type { PaymentFact, TimelineFacts } from './facts.ts'

export interface TimelineViewer {
  userId: string
  /** The admin is told everything, also of classes of their own. */
  role: 'host' | 'guest' | 'admin'
}

/** Who is told, besides the admin: everybody of the class, its host, one person, or one person and the host. */
type Audience = 'everyone' | 'host' | 'admin' | { userId: string; host: boolean }

interface Told extends TimelineEntry {
  to: Audience
}

type Source = (facts: TimelineFacts, viewer: TimelineViewer) => Told[]

/** Where events come from. Another source is one more line. */
const SOURCES: readonly Source[] = [booking, payments, refunds, disputes, cancellations, meeting, codes, people, audited, mails]

/** Of what happened at the same instant, what led to what. */
const RANK: Readonly<Record<EventKind, number>> = {
  held: 0,
  'checkout-started': 1,
  'payment-in-process': 2,
  'payment-rejected': 2,
  paid: 3,
  revived: 4,
  'event-created': 5,
  'link-ready': 6,
  'code-issued': 7,
  joined: 8,
  'group-full': 9,
  left: 9,
  'seat-released': 9,
  moved: 10,
  'code-rotated': 11,
  'room-changed': 11,
  entered: 12,
  'teacher-entered': 12,
  completed: 13,
  attendance: 13,
  disputed: 14,
  'dispute-decided': 15,
  cancelled: 16,
  'refund-requested': 17,
  'no-refund': 17,
  'refund-failed': 18,
  refunded: 18,
  'calendar-edited': 19,
  'calendar-retried': 19,
  mailed: 20,
}

/** Everything that happened to a class and that this person may know, the oldest first. Pure: the same rows tell the same story. */
export function timelineOf(facts: TimelineFacts, viewer: TimelineViewer): TimelineEntry[] {
  return SOURCES.flatMap((source) => source(facts, viewer))
    .filter(({ to }) => isTold(to, viewer))
    .map(({ at, event }) => ({ at, event }))
    .sort((a, b) => a.at.getTime() - b.at.getTime() || RANK[a.event.kind] - RANK[b.event.kind])
}

function isTold(to: Audience, viewer: TimelineViewer): boolean {
  if (viewer.role === 'admin' || to === 'everyone') return true
  if (to === 'host' || to === 'admin') return to === viewer.role
  return to.userId === viewer.userId || (to.host && viewer.role === 'host')
}

function booking({ bookedClass, order, payments: paid }: TimelineFacts): Told[] {
  const { createdAt } = bookedClass
  const paidBefore = paid.some(({ role, approvedAt }) => role === 'primary' && approvedAt !== null && approvedAt < createdAt)
  return [
    told(createdAt, 'host', { kind: 'held', until: paidBefore ? null : (order?.expiresAt ?? null) }),
    ...at(order?.preferenceAt ?? null, 'host', { kind: 'checkout-started', amount: order?.amount ?? 0 }),
  ]
}

const IN_PROCESS = ['pending', 'in_process', 'authorized']

function payments(facts: TimelineFacts): Told[] {
  return facts.payments.flatMap((payment): Told[] => {
    const { id: paymentId, approvedAt, updatedAt, status } = payment
    if (approvedAt) return [told(approvedAt, 'host', { kind: 'paid', paymentId, amount: payment.amount ?? 0, use: useOf(payment) })]
    if (status === 'rejected') return [told(updatedAt, 'host', { kind: 'payment-rejected', paymentId, detail: payment.statusDetail })]
    return IN_PROCESS.includes(status) ? [told(updatedAt, 'host', { kind: 'payment-in-process', paymentId })] : []
  })
}

function useOf({ role }: PaymentFact): 'class' | 'surplus' | 'unmatched' {
  return role === 'primary' ? 'class' : role === 'surplus' ? 'surplus' : 'unmatched'
}

/** Refunds that we asked for, and money that went back without us: by hand at the provider. */
function refunds(facts: TimelineFacts): Told[] {
  const ours = facts.refunds.flatMap(({ paymentId, amount, reason, state, refundId, createdAt, updatedAt, ...log }): Told[] => {
    const requests = log.requests.length > 0 ? log.requests : [{ at: createdAt, amount }]
    const failures = log.failures.length > 0 || state !== 'failed' ? log.failures : [{ at: updatedAt, amount }]
    const why = reason === 'no_valid_hold' ? 'late' : reason === 'surplus_payment' ? 'surplus' : 'other'
    return [
      ...requests.map((asked) => told(asked.at, 'host', { kind: 'refund-requested', paymentId, amount: asked.amount, why })),
      ...failures.map((failed) => told(failed.at, 'host', { kind: 'refund-failed', paymentId, amount: failed.amount })),
      ...at(state === 'approved' ? updatedAt : null, 'host', { kind: 'refunded', paymentId, amount, refundId }),
    ]
  })
  const byUs = new Map(facts.refunds.filter(({ state }) => state === 'approved').map((made) => [made.paymentId, made]))
  const [firstSeen] = facts.returnsSeen
  // When several went back by hand, they are told as one, by when the first of them was seen; never after ours, which was for what was left.
  const outside = facts.payments.flatMap(({ id: paymentId, role, refunded, updatedAt }): Told[] => {
    const made = byUs.get(paymentId)
    const amount = refunded - (made?.amount ?? 0)
    const seen = (role === 'primary' ? firstSeen : null) ?? facts.order?.refundedAt ?? updatedAt
    const instant = made && made.updatedAt < seen ? made.updatedAt : seen
    return amount > 0 ? [told(instant, 'host', { kind: 'refunded', paymentId, amount, refundId: null })] : []
  })
  return [...outside, ...ours]
}

function disputes(facts: TimelineFacts): Told[] {
  return facts.disputes.flatMap(({ paymentId, amount, state, openedAt, decidedAt }): Told[] => [
    told(openedAt, 'host', { kind: 'disputed', paymentId, amount }),
    ...(state === 'open' ? [] : at(decidedAt, 'host', { kind: 'dispute-decided', paymentId, amount, outcome: state })),
  ])
}

/** The n-th cancellation is explained by the n-th entry that says so: both are written together. */
function cancellations(facts: TimelineFacts, viewer: TimelineViewer): Told[] {
  const explained = facts.audit.filter(({ action }) => action === 'class.cancel')
  return facts.cancellations.flatMap(({ reason, byId, cancelledAt, revivedAt }, index): Told[] => {
    const wasPaid = facts.bookedClass.paidAt !== null && revivedAt === null
    const explanation = explained[index]?.detail.explanation
    const cancelled: TimelineEvent = {
      kind: 'cancelled',
      reason,
      by: actorOf(byId, facts, viewer),
      wasPaid,
      explanation: typeof explanation === 'string' && explanation !== '' ? explanation : null,
    }
    return [
      told(cancelledAt, wasPaid ? 'everyone' : 'host', cancelled),
      ...at(wasPaid && reason === 'host_cancelled' && keepsMoney(facts) ? cancelledAt : null, 'host', { kind: 'no-refund' }),
      ...at(revivedAt, 'host', { kind: 'revived' }),
    ]
  })
}

/** Nothing of what was paid for the class went back or was asked back. */
function keepsMoney({ bookedClass, payments: paid, refunds: asked }: TimelineFacts): boolean {
  if (bookedClass.refundOwed) return false
  return paid
    .filter(({ role }) => role === 'primary')
    .every(({ id, refunded }) => refunded === 0 && !asked.some(({ paymentId }) => paymentId === id))
}

function meeting({ bookedClass }: TimelineFacts): Told[] {
  return [
    ...at(bookedClass.eventCreatedAt, 'host', { kind: 'event-created' }),
    ...at(bookedClass.linkReadyAt, 'everyone', { kind: 'link-ready' }),
    ...at(bookedClass.completedAt, 'everyone', { kind: 'completed' }),
  ]
}

function codes(facts: TimelineFacts): Told[] {
  return facts.codes.map(({ issuedAt }, index): Told => {
    const before = facts.codes[index - 1]
    if (!before) return told(issuedAt, 'host', { kind: 'code-issued' })
    return told(issuedAt, 'host', { kind: 'code-rotated', why: before.retireReason === 'rescheduled' ? 'rescheduled' : 'rotated' })
  })
}

function people(facts: TimelineFacts, viewer: TimelineViewer): Told[] {
  const peopleMax = facts.bookedClass.maxParticipants
  const departed = facts.departures.flatMap(({ joinedAt, ...guest }) => (joinedAt ? [{ ...guest, joinedAt }] : []))
  const guests = [...departed, ...facts.people.filter((person) => !person.isHost)].sort(
    (a, b) => a.joinedAt.getTime() - b.joinedAt.getTime(),
  )
  // The host, and everybody who had come and not left by then: of two who came at the same instant, one was the first.
  const countOf = (index: number, instant: Date) =>
    2 + index - departed.filter((gone) => gone.at <= instant && gone.joinedAt < instant).length
  let fillings = 0
  const joined = guests.flatMap(({ userId, name, joinedAt }, index): Told[] => {
    const count = countOf(index, joinedAt)
    const fills = count === peopleMax
    if (fills) fillings += 1
    return [
      told(joinedAt, { userId, host: true }, { kind: 'joined', who: someone(userId, name, viewer), people: count, peopleMax }),
      ...at(fills ? joinedAt : null, 'host', { kind: 'group-full', peopleMax, again: fillings > 1 }),
    ]
  })
  const left = facts.departures.map(({ at: instant, userId, name, actorId }): Told => {
    const who = someone(userId, name, viewer)
    const byThemselves = actorId === userId
    const event: TimelineEvent = byThemselves ? { kind: 'left', who } : { kind: 'seat-released', who, by: actorOf(actorId, facts, viewer) }
    return told(instant, { userId, host: true }, event)
  })
  const entered = facts.people.flatMap(({ userId, name, firstEnteredAt, enteredAt }): Told[] => {
    const first = firstEnteredAt ?? enteredAt
    // Times are told to the minute: the same one twice would be no news.
    const again = first && enteredAt && minuteOf(enteredAt) > minuteOf(first) ? enteredAt : null
    const who = someone(userId, name, viewer)
    return [
      ...at(first, { userId, host: true }, { kind: 'entered', who, again: false }),
      ...at(again, { userId, host: true }, { kind: 'entered', who, again: true }),
    ]
  })
  const attended = facts.people.flatMap(({ userId, name, attendance }): Told[] => {
    if (!attendance) return []
    const { at: instant, ...said } = attendance
    return [told(instant, { userId, host: true }, { kind: 'attendance', who: someone(userId, name, viewer), ...said })]
  })
  return [...joined, ...left, ...entered, ...attended]
}

function minuteOf(instant: Date): number {
  return Math.floor(instant.getTime() / MINUTE_MS)
}

type AuditEntry = TimelineFacts['audit'][number]
type Audited = (entry: AuditEntry, facts: TimelineFacts, viewer: TimelineViewer) => { to: Audience; event: TimelineEvent } | null

/** Actions of people that only the audit log remembers. */
const AUDITED: Readonly<Record<string, Audited>> = {
  'class.reschedule': ({ detail, actorId }, facts, viewer) => {
    const from = hourOf(detail.from, facts)
    const to = hourOf(detail.to, facts)
    const by = detail.by === 'calendar' ? 'calendar' : actorOf(actorId, facts, viewer)
    return from && to ? { to: 'everyone', event: { kind: 'moved', from, to, by } } : null
  },
  'calendar.edit': ({ detail }, facts) => {
    const what = EDIT_DEEDS.find((deed) => deed === detail.what)
    return what ? { to: 'admin', event: { kind: 'calendar-edited', what, to: hourOf(detail.to, facts) } } : null
  },
  'class.enter': () => ({ to: 'everyone', event: { kind: 'teacher-entered' } }),
  'meeting.use-room': () => ({ to: 'everyone', event: { kind: 'room-changed', to: 'room' } }),
  'meeting.return-to-meet': () => ({ to: 'everyone', event: { kind: 'room-changed', to: 'meet' } }),
  'meeting.retry': ({ detail }) => ({ to: 'admin', event: { kind: 'calendar-retried', worked: detail.outcome === 'ok' } }),
}

function audited(facts: TimelineFacts, viewer: TimelineViewer): Told[] {
  return facts.audit.flatMap((entry): Told[] => {
    const found = Object.hasOwn(AUDITED, entry.action) ? AUDITED[entry.action]?.(entry, facts, viewer) : null
    return found ? [told(entry.at, found.to, found.event)] : []
  })
}

/** The log keeps where a class began; how long it lasts never changes. */
function hourOf(start: unknown, { bookedClass }: TimelineFacts): { startsAt: Date; endsAt: Date } | null {
  const startsAt = new Date(typeof start === 'string' ? start : Number.NaN)
  if (Number.isNaN(startsAt.getTime())) return null
  return { startsAt, endsAt: new Date(startsAt.getTime() + bookedClass.endsAt.getTime() - bookedClass.startsAt.getTime()) }
}

function mails(facts: TimelineFacts, viewer: TimelineViewer): Told[] {
  return facts.mails.map(({ userId, name, kind: mail, sentAt }) =>
    told(sentAt, { userId, host: false }, { kind: 'mailed', mail, to: someone(userId, name, viewer) }),
  )
}

function someone(userId: string, name: string, viewer: TimelineViewer): Someone {
  return { name, isViewer: userId === viewer.userId }
}

function actorOf(userId: string | null, facts: TimelineFacts, viewer: TimelineViewer): Actor {
  if (userId === null) return 'rule'
  if (userId === viewer.userId) return 'viewer'
  return userId === facts.bookedClass.hostId ? 'host' : 'teacher'
}

function told(instant: Date, to: Audience, event: TimelineEvent): Told {
  return { at: instant, to, event }
}

/** Nothing when it has not happened. */
function at(instant: Date | null, to: Audience, event: TimelineEvent): Told[] {
  return instant ? [told(instant, to, event)] : []
}
