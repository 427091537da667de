import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HOUR_MS, MINUTE_MS, plus, SECOND_MS } from '../../../kernel/clock.ts'
import { refuse, succeed } from '../../../kernel/outcome.ts'
import { instantAt } from '../../../kernel/zoned-time.ts'
import { DEFAULT_OPENING, type Interval, refuseSlot, type Schedule } from '../../academy/rules.ts'
import { decideReschedule, type MovableClass, type RescheduleFacts, refuseMove, reschedulesLeft } from './rules.ts'

const POLICY = { rescheduleHours: 12, maxReschedules: 2, fullRefundHours: 24 }
const SCHEDULE: Schedule = { slotMinutes: 60, minNoticeMinutes: 120, horizonDays: 60, opening: [...DEFAULT_OPENING], blackouts: [] }
const START = instantAt('2026-11-26', '18:00')
const hour = (startsAt: Date): Interval => ({ startsAt, endsAt: plus(startsAt, HOUR_MS) })
const TARGET = hour(instantAt('2026-12-01', '10:00'))

function facts(more: Partial<RescheduleFacts> = {}, c: Partial<MovableClass> = {}): RescheduleFacts {
  return {
    virtualClass: { status: 'scheduled', ...hour(START), rescheduleCount: 0, refundLapsed: false, ...c },
    actor: 'host',
    policy: POLICY,
    schedule: SCHEDULE,
    wanted: succeed(TARGET),
    now: plus(START, -48 * HOUR_MS),
    ...more,
  }
}

const reasonOf = (given: RescheduleFacts) => {
  const decision = decideReschedule(given)
  return decision.ok ? 'moves' : decision.reason
}

describe('whether a class moves (behaviour 4.10 rows 4 to 8)', () => {
  it.each([
    ['host, exactly 12 h before', facts({ now: plus(START, -12 * HOUR_MS) }), 'moves'],
    ['host, a millisecond later', facts({ now: plus(START, -12 * HOUR_MS + 1) }), 'too-late'],
    ['admin, a millisecond before the start', facts({ actor: 'admin', now: plus(START, -1) }), 'moves'],
    ['admin, at the start', facts({ actor: 'admin', now: START }), 'too-late'],
    ['host, once moved', facts({}, { rescheduleCount: 1 }), 'moves'],
    ['host, twice moved', facts({}, { rescheduleCount: 2 }), 'used-up'],
    ['admin, twice moved', facts({ actor: 'admin' }, { rescheduleCount: 2 }), 'moves'],
    ['row 4 before row 5', facts({ now: START }, { status: 'cancelled' }), 'not-scheduled'],
    ['row 5 before row 6', facts({ now: START }, { rescheduleCount: 2 }), 'too-late'],
    ['row 6 before row 7', facts({ wanted: refuse('missing-dates') }, { rescheduleCount: 2 }), 'used-up'],
    ['row 7, check 4', facts({ wanted: refuse('missing-dates') }), 'missing-dates'],
    ['row 7, check 6', facts({ wanted: refuse('bad-date') }), 'bad-date'],
    ['row 7 before row 8', facts({ now: plus(START, -MINUTE_MS), actor: 'admin', wanted: succeed(hour(START)) }), 'short-notice'],
    ['row 8', facts({ wanted: succeed(hour(START)) }), 'same-slot'],
    ['row 8 for the admin', facts({ actor: 'admin', wanted: succeed(hour(START)) }), 'same-slot'],
  ] as const)('%s: %s', (_, given, expected) => {
    expect(reasonOf(given)).toBe(expected)
  })

  it.each([
    ['24 h + 1 s', 'host', -24 * HOUR_MS - SECOND_MS, false],
    ['exactly 24 h', 'host', -24 * HOUR_MS, false],
    ['24 h − 1 ms', 'host', -24 * HOUR_MS + 1, true],
    ['1 h, by the admin', 'admin', -HOUR_MS, false],
  ] as const)('D13b: %s before', (_, actor, offset, refundLapsed) => {
    expect(decideReschedule(facts({ actor, now: plus(START, offset) }))).toMatchObject({ ok: true, value: { refundLapsed } })
  })
})

const quarter = (from: string, to: string) =>
  fc.integer({ min: 0, max: (Date.parse(to) - Date.parse(from)) / (15 * MINUTE_MS) }).map((n) => plus(new Date(from), n * 15 * MINUTE_MS))

const drawn = fc.record({
  status: fc.oneof({ weight: 6, arbitrary: fc.constant('scheduled' as const) }, fc.constantFrom('pending', 'completed', 'cancelled')),
  classAt: quarter('2026-11-23T00:00:00Z', '2026-12-05T00:00:00Z'),
  rescheduleCount: fc.integer({ min: 0, max: 4 }),
  refundLapsed: fc.boolean(),
  actor: fc.constantFrom('host', 'admin'),
  rescheduleHours: fc.constantFrom(0, 1, 12, 24, 48),
  maxReschedules: fc.integer({ min: 0, max: 4 }),
  fullRefundHours: fc.constantFrom(0, 12, 24),
  // Mostly instants that matter: whole hours before the class, one millisecond beside them.
  before: fc.integer({ min: -2, max: 240 }),
  beside: fc.constantFrom(-1, 0, 1),
  wantedAt: quarter('2026-11-22T00:00:00Z', '2027-02-01T00:00:00Z'),
  wantedMinutes: fc.oneof({ weight: 8, arbitrary: fc.constant(60) }, fc.constantFrom(-60, 0, 30, 90)),
  wantedIs: fc.oneof(
    { weight: 8, arbitrary: fc.constant('a slot' as const) },
    fc.constantFrom('missing-dates', 'bad-date', 'its own slot'),
  ),
})

describe('whatever the circumstances', () => {
  it('the first row of the table that fits answers; a move lies in the opening hours, and costs the host alone', () => {
    const seen = new Map<string, number>()
    fc.assert(
      fc.property(drawn, (d) => {
        const virtualClass: MovableClass = {
          status: d.status,
          ...hour(d.classAt),
          rescheduleCount: d.rescheduleCount,
          refundLapsed: d.refundLapsed,
        }
        const now = new Date(d.classAt.getTime() - d.before * HOUR_MS + d.beside)
        const slot =
          d.wantedIs === 'its own slot' ? hour(d.classAt) : { startsAt: d.wantedAt, endsAt: plus(d.wantedAt, d.wantedMinutes * MINUTE_MS) }
        const isSlot = d.wantedIs === 'a slot' || d.wantedIs === 'its own slot'
        const given: RescheduleFacts = {
          virtualClass,
          actor: d.actor,
          policy: d,
          schedule: SCHEDULE,
          wanted: isSlot ? succeed(slot) : refuse(d.wantedIs === 'bad-date' ? 'bad-date' : 'missing-dates'),
          now,
        }
        const frozen = structuredClone(virtualClass)
        const decision = decideReschedule(given)
        expect(virtualClass).toEqual(frozen)
        expect(decideReschedule(given)).toEqual(decision)

        const msLeft = d.classAt.getTime() - now.getTime()
        const isHost = d.actor === 'host'
        const rows: [boolean, string][] = [
          [d.status !== 'scheduled', 'not-scheduled'],
          [isHost ? msLeft < d.rescheduleHours * HOUR_MS || msLeft <= 0 : msLeft <= 0, 'too-late'],
          [isHost && d.rescheduleCount >= d.maxReschedules, 'used-up'],
          [!isSlot, d.wantedIs],
          [refuseSlot(SCHEDULE, slot, now) !== null, refuseSlot(SCHEDULE, slot, now) ?? ''],
          [slot.startsAt.getTime() === d.classAt.getTime() && slot.endsAt.getTime() === d.classAt.getTime() + HOUR_MS, 'same-slot'],
        ]
        const expected = rows.find(([fits]) => fits)?.[1] ?? 'moves'
        seen.set(expected, (seen.get(expected) ?? 0) + 1)
        expect(reasonOf(given)).toBe(expected)
        if (!decision.ok) return
        expect(decision.value).toEqual({
          ...slot,
          previousStartsAt: d.classAt,
          rescheduleCount: d.rescheduleCount + (isHost ? 1 : 0),
          // Never restored; lapses when the host moves it with too little time left for a refund.
          refundLapsed: d.refundLapsed || (isHost && msLeft < d.fullRefundHours * HOUR_MS),
        })
        expect(slot.startsAt.getTime() - now.getTime()).toBeGreaterThanOrEqual(2 * HOUR_MS)
      }),
      { numRuns: 5_000 },
    )
    // The property is about something: every row was met.
    for (const row of ['moves', 'not-scheduled', 'too-late', 'used-up', 'missing-dates', 'bad-date', 'closed', 'misaligned', 'same-slot'])
      expect([row, seen.get(row) ?? 0]).not.toEqual([row, 0])
  })

  it('what the list promises is what the command grants: moves are left exactly while the count allows one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 5 }), (rescheduleCount, maxReschedules) => {
        const c = { status: 'scheduled' as const, startsAt: START, rescheduleCount }
        const refused = refuseMove(c, 'host', { rescheduleHours: 12, maxReschedules }, plus(START, -48 * HOUR_MS))
        expect(refused === null).toBe(reschedulesLeft(c, { maxReschedules }) > 0)
      }),
    )
  })
})
