import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HOUR_MS, MINUTE_MS, plus } from '../../kernel/clock.ts'
import { instantAt } from '../../kernel/zoned-time.ts'
import { DEFAULT_OPENING, type Interval, overlaps, type Schedule } from '../academy/rules.ts'
import { conflictsAmong, decideHandMove, differenceOf, type HandMoveFacts, isAcceptable } from './rules.ts'

const START = instantAt('2026-11-26', '18:00')
const hour = (startsAt: Date, lengthMs = HOUR_MS): Interval => ({ startsAt, endsAt: plus(startsAt, lengthMs) })
const FREE = hour(instantAt('2026-12-01', '10:00'))
const SCHEDULE: Schedule = { slotMinutes: 60, minNoticeMinutes: 120, horizonDays: 60, opening: [...DEFAULT_OPENING], blackouts: [] }

describe('where an event differs from its class', () => {
  const due = { ...hour(START), contentHash: 'a' }
  it.each([
    ['nowhere', due, null],
    ['nowhere: Google keeps no milliseconds', { ...due, startsAt: plus(START, 400) }, null],
    ['it is gone', null, 'deleted'],
    ['it begins elsewhere', { ...due, startsAt: plus(START, HOUR_MS) }, 'moved'],
    ['it ends elsewhere', { ...due, endsAt: plus(START, 2 * HOUR_MS) }, 'moved'],
    ['it says something else', { ...due, contentHash: 'b' }, 'content'],
    ['both: the hour weighs more', { ...hour(plus(START, HOUR_MS)), contentHash: 'b' }, 'moved'],
  ])('%s', (_, found, expected) => {
    expect(differenceOf(due, found)).toBe(expected)
  })
})

describe('whether a class follows its event', () => {
  const facts = (change: Partial<HandMoveFacts> = {}): HandMoveFacts => ({
    virtualClass: { status: 'scheduled', ...hour(START), rescheduleCount: 2, refundLapsed: false },
    event: FREE,
    schedule: SCHEDULE,
    appointments: [],
    moves: 'accept',
    policy: { rescheduleHours: 12, maxReschedules: 2, fullRefundHours: 24 },
    now: plus(START, -3 * HOUR_MS),
    ...change,
  })
  it.each([
    ['to a free slot, also late and after two moves of the host', facts(), 'follows'],
    ['the academy wants to be asked', facts({ moves: 'ask' }), 'asked-first'],
    ['outside the hours', facts({ event: hour(instantAt('2026-11-29', '10:00')) }), 'closed'],
    ['between slots', facts({ event: hour(instantAt('2026-12-01', '10:30')) }), 'misaligned'],
    ['longer', facts({ event: hour(FREE.startsAt, 90 * MINUTE_MS) }), 'wrong-length'],
    ['a whole day', facts({ event: hour(instantAt('2026-12-01', '00:00'), 24 * HOUR_MS) }), 'wrong-length'],
    ['into the past', facts({ event: hour(instantAt('2026-11-20', '10:00')) }), 'past'],
    ['once it has begun', facts({ now: START }), 'too-late'],
    ['over an appointment', facts({ appointments: [hour(plus(FREE.startsAt, 30 * MINUTE_MS))] }), 'slot-taken'],
    ['beside one', facts({ appointments: [hour(FREE.endsAt)] }), 'follows'],
  ])('%s: %s', (_, given, expected) => {
    const decided = decideHandMove(given)
    expect(decided.ok ? 'follows' : decided.reason).toBe(expected)
    if (decided.ok) expect(decided.value).toMatchObject({ ...FREE, previousStartsAt: START, rescheduleCount: 2, refundLapsed: false })
  })

  it.each([
    ['outside the rules, when the teacher wants it', hour(instantAt('2026-11-29', '22:15')), plus(START, -HOUR_MS), true],
    ['another length', hour(FREE.startsAt, 90 * MINUTE_MS), plus(START, -HOUR_MS), false],
    ['a past hour', hour(plus(START, -4 * HOUR_MS)), plus(START, -HOUR_MS), false],
    ['a class that has begun', FREE, START, false],
  ])('may be accepted by hand, %s: %s', (_, event, now, expected) => {
    expect(isAcceptable({ status: 'scheduled', ...hour(START) }, event, now)).toBe(expected)
  })
})

describe('appointments over classes', () => {
  const drawn = fc
    .array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 12 })), { maxLength: 12 })
    .map((all) => all.toSorted(([a], [b]) => a - b).map(([from, hours]) => hour(plus(START, from * HOUR_MS), hours * HOUR_MS)))

  it('are exactly those that overlap, by the start of the class and then of the appointment', () => {
    fc.assert(
      fc.property(drawn, drawn, (hours, busy) => {
        const classes = hours.map((interval, index) => ({ classId: `class ${index}`, ...interval }))
        const events = busy.map((interval, index) => ({ eventId: `event ${index}`, ...interval }))
        const each = classes.flatMap(({ classId, ...during }) =>
          events.filter((event) => overlaps(event, during)).map((event) => ({ classId, ...event })),
        )
        expect(conflictsAmong(classes, events)).toEqual(each)
      }),
    )
  })
})
