import { describe, expect, it } from 'vitest'
import type { TimelineEvent } from './events.ts'
import type { TimelineFacts } from './facts.ts'
import { type TimelineViewer, timelineOf } from './rules.ts'

const START = new Date('2026-11-26T21:00:00Z')
const HOUR = 3_600_000
/** Minutes after the booking was made. */
const at = (minutes: number) => new Date(new Date('2026-11-23T12:00:00Z').getTime() + minutes * 60_000)

const HOST: TimelineViewer = { userId: 'host', role: 'host' }
const GUEST: TimelineViewer = { userId: 'guest', role: 'guest' }
const ADMIN: TimelineViewer = { userId: 'teacher', role: 'admin' }

const PAID = {
  id: '1001',
  status: 'approved',
  statusDetail: 'accredited',
  amount: 30_000_00,
  refunded: 0,
  approvedAt: at(3),
  updatedAt: at(3),
}
const person = (userId: string, more: Partial<TimelineFacts['people'][number]> = {}) => ({
  userId,
  name: `Name of ${userId}`,
  isHost: userId === 'host',
  joinedAt: at(4),
  firstEnteredAt: null,
  enteredAt: null,
  attendance: null,
  ...more,
})

/** A confirmed group of two with nobody but its host, unless told otherwise. */
function facts(
  more: Partial<Omit<TimelineFacts, 'bookedClass'>> & { bookedClass?: Partial<TimelineFacts['bookedClass']> } = {},
): TimelineFacts {
  return {
    order: { amount: 30_000_00, createdAt: at(0), preferenceAt: at(1), expiresAt: at(20), refundedAt: null },
    payments: [{ ...PAID, role: 'primary' }],
    refunds: [],
    disputes: [],
    returnsSeen: [],
    cancellations: [],
    departures: [],
    codes: [{ issuedAt: at(4), retireReason: null }],
    people: [person('host')],
    audit: [],
    mails: [],
    ...more,
    bookedClass: {
      hostId: 'host',
      status: 'scheduled',
      startsAt: START,
      endsAt: new Date(START.getTime() + HOUR),
      maxParticipants: 2,
      createdAt: at(0),
      paidAt: at(3),
      eventCreatedAt: at(4),
      linkReadyAt: at(4),
      completedAt: null,
      refundOwed: false,
      ...more.bookedClass,
    },
  }
}

const kinds = (told: TimelineFacts, viewer: TimelineViewer) => timelineOf(told, viewer).map(({ event }) => event.kind)
function only<K extends TimelineEvent['kind']>(
  told: TimelineFacts,
  viewer: TimelineViewer,
  kind: K,
): Extract<TimelineEvent, { kind: K }>[] {
  return timelineOf(told, viewer).flatMap(({ event }) => (event.kind === kind ? [event as Extract<TimelineEvent, { kind: K }>] : []))
}

const CONFIRMED = ['held', 'checkout-started', 'paid', 'event-created', 'link-ready', 'code-issued'] as const
const REFUND = {
  paymentId: '1001',
  amount: 30_000_00,
  reason: 'host_cancelled',
  refundId: null,
  createdAt: at(30),
  updatedAt: at(31),
  requests: [],
  failures: [],
}
const CANCELLED = { reason: 'host_cancelled' as const, byId: 'host', cancelledAt: at(30), revivedAt: null }
const UNPAID = { paidAt: null, eventCreatedAt: null, linkReadyAt: null }
const move = (minutes: number, actorId: string, from: string, to: string) => ({
  at: at(minutes),
  action: 'class.reschedule',
  actorId,
  detail: { by: actorId === 'host' ? 'host' : 'admin', from, to },
})

describe('what a host is told of a class, in the order in which it happened', () => {
  it.each<[string, TimelineFacts, readonly string[]]>([
    ['held, and not paid yet', facts({ bookedClass: UNPAID, payments: [], codes: [], people: [] }), ['held', 'checkout-started']],
    [
      'its checkout has no address yet',
      facts({
        bookedClass: UNPAID,
        payments: [],
        codes: [],
        people: [],
        order: { amount: 1, createdAt: at(0), preferenceAt: null, expiresAt: at(20), refundedAt: null },
      }),
      ['held'],
    ],
    ['confirmed', facts(), CONFIRMED],
    [
      'rejected, then paid',
      facts({
        payments: [
          { ...PAID, id: '1000', status: 'rejected', amount: null, approvedAt: null, updatedAt: at(2), role: null },
          { ...PAID, role: 'primary' },
        ],
      }),
      ['held', 'checkout-started', 'payment-rejected', ...CONFIRMED.slice(2)],
    ],
    [
      'in process',
      facts({ bookedClass: UNPAID, payments: [{ ...PAID, status: 'in_process', approvedAt: null, role: null }], codes: [], people: [] }),
      ['held', 'checkout-started', 'payment-in-process'],
    ],
    [
      'full, entered and given',
      facts({
        bookedClass: { status: 'completed', completedAt: at(200) },
        people: [
          person('host', { firstEnteredAt: at(100), enteredAt: at(100) }),
          person('guest', { joinedAt: at(90), firstEnteredAt: at(101), enteredAt: at(150) }),
        ],
      }),
      [...CONFIRMED, 'joined', 'group-full', 'entered', 'entered', 'entered', 'completed'],
    ],
    [
      'moved twice',
      facts({
        audit: [
          move(10, 'host', '2026-11-26T21:00:00Z', '2026-11-27T21:00:00Z'),
          move(20, 'teacher', '2026-11-27T21:00:00Z', '2026-11-26T21:00:00Z'),
        ],
        codes: [
          { issuedAt: at(4), retireReason: 'rescheduled' },
          { issuedAt: at(10), retireReason: 'rescheduled' },
          { issuedAt: at(20), retireReason: null },
        ],
      }),
      [...CONFIRMED, 'moved', 'code-rotated', 'moved', 'code-rotated'],
    ],
    [
      'cancelled with its money on the way',
      facts({ bookedClass: { status: 'cancelled' }, cancellations: [CANCELLED], refunds: [{ ...REFUND, state: 'sent' }] }),
      [...CONFIRMED, 'cancelled', 'refund-requested'],
    ],
    [
      'cancelled too late for a refund',
      facts({ bookedClass: { status: 'cancelled' }, cancellations: [CANCELLED] }),
      [...CONFIRMED, 'cancelled', 'no-refund'],
    ],
    [
      'cancelled and refunded',
      facts({ bookedClass: { status: 'cancelled' }, cancellations: [CANCELLED], refunds: [{ ...REFUND, state: 'approved' }] }),
      [...CONFIRMED, 'cancelled', 'refund-requested', 'refunded'],
    ],
    [
      'cancelled, the refund refused',
      facts({ bookedClass: { status: 'cancelled' }, cancellations: [CANCELLED], refunds: [{ ...REFUND, state: 'failed' }] }),
      [...CONFIRMED, 'cancelled', 'refund-requested', 'refund-failed'],
    ],
    [
      'expired, paid late, given back',
      facts({
        bookedClass: { ...UNPAID, status: 'cancelled' },
        codes: [],
        people: [],
        payments: [{ ...PAID, approvedAt: at(25), role: 'primary' }],
        cancellations: [{ ...CANCELLED, reason: 'hold_expired', byId: null, cancelledAt: at(20) }],
        refunds: [{ ...REFUND, reason: 'no_valid_hold', state: 'approved' }],
      }),
      ['held', 'checkout-started', 'cancelled', 'paid', 'refund-requested', 'refunded'],
    ],
    [
      'expired, paid late, its slot still free',
      facts({ cancellations: [{ ...CANCELLED, reason: 'hold_expired', byId: null, cancelledAt: at(2), revivedAt: at(3) }] }),
      ['held', 'checkout-started', 'cancelled', 'paid', 'revived', ...CONFIRMED.slice(3)],
    ],
    [
      'given back by hand at Mercado Pago',
      facts({ payments: [{ ...PAID, refunded: 30_000_00, updatedAt: at(50), role: 'primary' }] }),
      [...CONFIRMED, 'refunded'],
    ],
    [
      'charged back and won',
      facts({ disputes: [{ paymentId: '1001', amount: 30_000_00, state: 'won', openedAt: at(60), decidedAt: at(70) }] }),
      [...CONFIRMED, 'disputed', 'dispute-decided'],
    ],
  ])('%s', (_what, told, expected) => expect(kinds(told, HOST)).toEqual(expected))

  it('tells each request for its own amount, what came to nothing, and what went back by another hand meanwhile', () => {
    const told = facts({
      payments: [{ ...PAID, status: 'refunded', refunded: 30_000_00, updatedAt: at(50), role: 'primary' }],
      refunds: [
        {
          ...REFUND,
          state: 'approved',
          amount: 20_000_00,
          updatedAt: at(45),
          requests: [
            { at: at(30), amount: 30_000_00 },
            { at: at(44), amount: 20_000_00 },
          ],
          failures: [{ at: at(35), amount: 30_000_00 }],
        },
      ],
      returnsSeen: [at(40), at(45)],
    })
    const money = timelineOf(told, HOST).flatMap(({ at: instant, event }) =>
      event.kind === 'refund-requested' || event.kind === 'refund-failed' || event.kind === 'refunded'
        ? [[instant, event.kind, event.amount]]
        : [],
    )
    expect(money).toEqual([
      [at(30), 'refund-requested', 30_000_00],
      [at(35), 'refund-failed', 30_000_00],
      [at(40), 'refunded', 10_000_00],
      [at(44), 'refund-requested', 20_000_00],
      [at(45), 'refunded', 20_000_00],
    ])
  })

  it('tells a second entry only when its time reads differently', () => {
    const entered = (seconds: number) => {
      const host = person('host', { firstEnteredAt: at(50), enteredAt: new Date(at(50).getTime() + seconds * 1000) })
      return only(facts({ people: [host] }), HOST, 'entered').map(({ again }) => again)
    }
    expect(entered(59)).toEqual([false])
    expect(entered(60)).toEqual([false, true])
  })

  it('says who moved it, from where to where', () => {
    const told = facts({
      audit: [
        move(10, 'host', '2026-11-26T21:00:00.000Z', '2026-11-27T21:00:00.000Z'),
        move(20, 'teacher', '2026-11-27T21:00:00Z', 'no date'),
      ],
    })
    const moved = { kind: 'moved', by: 'viewer', from: { startsAt: START, endsAt: new Date(START.getTime() + HOUR) } }
    expect(only(told, HOST, 'moved')).toEqual([expect.objectContaining(moved)])
    expect(only(told, GUEST, 'moved')).toEqual([expect.objectContaining({ ...moved, by: 'host' })])
    expect(only(facts({ audit: [move(20, 'teacher', '2026-11-26T21:00:00Z', '2026-11-27T21:00:00Z')] }), HOST, 'moved')[0]?.by).toBe(
      'teacher',
    )
  })

  it('tells a late payment and a repeated one from money that fits nothing', () => {
    const payments = [
      { ...PAID, role: 'primary' as const },
      { ...PAID, id: '1002', role: 'surplus' as const },
      { ...PAID, id: '1003', role: null },
    ]
    expect(only(facts({ payments }), HOST, 'paid').map(({ use }) => use)).toEqual(['class', 'surplus', 'unmatched'])
    const refunds = (['no_valid_hold', 'surplus_payment', 'admin_cancelled'] as const).map((reason) => ({
      ...REFUND,
      reason,
      state: 'sent' as const,
    }))
    expect(only(facts({ refunds }), HOST, 'refund-requested').map(({ why }) => why)).toEqual(['late', 'surplus', 'other'])
  })

  it('counts who was in when somebody came, also those who are gone by now', () => {
    const gone = { userId: 'gone', name: 'Gone', joinedAt: at(80), at: at(85), actorId: 'gone' }
    const thrown = { userId: 'thrown', name: 'Thrown', joinedAt: at(81), at: at(86), actorId: 'host' }
    const told = facts({
      bookedClass: { maxParticipants: 3 },
      people: [person('host'), person('guest', { joinedAt: at(90) })],
      departures: [gone, thrown, { ...gone, joinedAt: null, at: at(95), actorId: 'teacher' }],
    })
    expect(kinds(told, HOST).slice(6)).toEqual(['joined', 'joined', 'group-full', 'left', 'seat-released', 'joined', 'seat-released'])
    expect(only(told, HOST, 'joined').map(({ people }) => people)).toEqual([2, 3, 2])
    expect(only(told, HOST, 'seat-released').map(({ by }) => by)).toEqual(['viewer', 'teacher'])
    expect(kinds(told, GUEST)).toEqual(['link-ready', 'joined'])
  })

  it('a group is complete once, however close its guests came, and again only after a seat became free', () => {
    const fills = (told: TimelineFacts) => only(told, HOST, 'group-full').map(({ again }) => again)
    const people = ['host', 'a', 'b'].map((userId) => person(userId, userId === 'host' ? {} : { joinedAt: at(90) }))
    const full = facts({ bookedClass: { maxParticipants: 3 }, people })
    expect(fills(full)).toEqual([false])
    expect(only(full, HOST, 'joined').map((joined) => joined.people)).toEqual([2, 3])
    // The one left at the very instant at which the other came.
    const gone = { userId: 'gone', name: 'Gone', joinedAt: at(80), at: at(90), actorId: 'gone' }
    const swapped = facts({ people: [person('host'), person('guest', { joinedAt: at(90) })], departures: [gone] })
    expect(fills(swapped)).toEqual([false, true])
    expect(only(swapped, HOST, 'joined').map((joined) => joined.people)).toEqual([2, 2])
  })

  it('gives each cancellation its own explanation', () => {
    const cancel = (explanation: string) => ({ at: at(30), action: 'class.cancel', actorId: 'host', detail: { explanation } })
    const told = facts({
      cancellations: [{ ...CANCELLED, reason: 'hold_expired', byId: null, revivedAt: at(3) }, CANCELLED],
      audit: [{ ...cancel(''), actorId: null }, cancel('Me enfermé')],
    })
    expect(only(told, HOST, 'cancelled')).toEqual([
      { kind: 'cancelled', reason: 'hold_expired', by: 'rule', wasPaid: false, explanation: null },
      { kind: 'cancelled', reason: 'host_cancelled', by: 'viewer', wasPaid: true, explanation: 'Me enfermé' },
    ])
  })

  it('a class that was paid before it was booked was never held', () => {
    expect(only(facts({ bookedClass: { createdAt: at(4) } }), HOST, 'held')).toEqual([{ kind: 'held', until: null }])
  })
})

describe('who is told what', () => {
  const full = facts({
    bookedClass: { status: 'completed', completedAt: at(200), maxParticipants: 3 },
    people: [
      person('host', { enteredAt: at(99) }),
      person('guest', { joinedAt: at(90), enteredAt: at(100) }),
      person('other', { joinedAt: at(91), enteredAt: at(101) }),
    ],
    audit: [
      move(10, 'host', '2026-11-26T21:00:00Z', '2026-11-27T21:00:00Z'),
      { at: at(12), action: 'meeting.retry', actorId: 'teacher', detail: { outcome: 'ok' } },
    ],
    cancellations: [{ ...CANCELLED, reason: 'hold_expired', byId: null, cancelledAt: at(2), revivedAt: at(3) }],
    refunds: [{ ...REFUND, state: 'approved' }],
    mails: ['host', 'guest', 'other'].map((userId) => ({
      userId,
      name: `Name of ${userId}`,
      kind: 'class-confirmed' as const,
      sentAt: at(5),
    })),
  })

  it('a guest: what happened to the class, what they did, and their own mails; no money, no codes, nobody else', () => {
    expect(kinds(full, GUEST)).toEqual(['link-ready', 'mailed', 'moved', 'joined', 'entered', 'completed'])
    expect(JSON.stringify(timelineOf(full, GUEST))).not.toMatch(/other|1001|amount/)
    expect(only(full, GUEST, 'joined')).toEqual([
      { kind: 'joined', who: { name: 'Name of guest', isViewer: true }, people: 2, peopleMax: 3 },
    ])
  })
  it('a guest of a class that was never paid hears nothing of its hold', () => {
    const told = facts({ bookedClass: UNPAID, cancellations: [{ ...CANCELLED, reason: 'hold_expired', byId: null }] })
    expect(kinds(told, GUEST)).toEqual([])
  })
  it('the host: everything but the mails of others and what the teacher repaired', () => {
    expect(only(full, HOST, 'joined').map(({ who }) => who.name)).toEqual(['Name of guest', 'Name of other'])
    expect(only(full, HOST, 'entered')).toHaveLength(3)
    expect(only(full, HOST, 'mailed').map(({ to }) => to.isViewer)).toEqual([true])
    expect(kinds(full, HOST)).not.toContain('calendar-retried')
  })
  it('the admin: everything', () => {
    expect(only(full, ADMIN, 'mailed')).toHaveLength(3)
    expect(kinds(full, ADMIN)).toContain('calendar-retried')
    expect(timelineOf(full, ADMIN).length).toBeGreaterThan(timelineOf(full, HOST).length)
  })
  it('an unknown entry of the audit log is no event, whatever its name', () => {
    const audit = ['class.cancel', 'constructor', '__proto__', 'seat.something'].map((action) => ({
      at: at(9),
      action,
      actorId: null,
      detail: {},
    }))
    expect(kinds(facts({ audit }), ADMIN)).toEqual([...CONFIRMED])
  })
})
