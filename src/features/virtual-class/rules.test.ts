import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Pricing } from '../../config-files.ts'
import { HOUR_MS, MINUTE_MS, plus, SECOND_MS } from '../../kernel/clock.ts'
import { toPesos } from '../../kernel/money.ts'
import {
  agreesWithPrice,
  calendarEventId,
  decideCancel,
  eventText,
  headCount,
  isCancellable,
  isJoinable,
  joinTimes,
  joinWindow,
  priceOf,
  refundIfCancelled,
} from './rules.ts'

const PRICING: Pricing = { individual: 1_500_000, grupal: { 2: 3_000_000, 3: 3_600_000, 4: 4_800_000, 5: 6_000_000 } }
const START = new Date('2026-11-26T21:00:00Z')
const END = plus(START, HOUR_MS)

describe('head-counts (4.1 row 4, B3)', () => {
  it('individual is for one person, which may be left unsaid', () => {
    for (const raw of [1, '1', 0, '0', undefined, null, -0]) expect(headCount('individual', raw)).toBe(1)
    const wrong = [2, 3, 4, 5, -1, 1.5, '2', 'abc', '', true, [], [1], {}, Number.NaN, Number.POSITIVE_INFINITY, '1e0', '-1', '1.0']
    for (const raw of wrong) expect(headCount('individual', raw)).toBeNull()
  })

  it('grupal is for two to five', () => {
    for (const raw of [2, 3, 4, 5]) {
      expect(headCount('grupal', raw)).toBe(raw)
      expect(headCount('grupal', String(raw))).toBe(raw)
    }
    const wrong = [
      0,
      1,
      6,
      -1,
      -3,
      1000,
      2.5,
      'abc',
      undefined,
      null,
      -0,
      true,
      [3],
      { 0: 3 },
      '3 personas',
      '0x3',
      Number.MAX_VALUE,
      '9'.repeat(400),
    ]
    for (const raw of wrong) expect(headCount('grupal', raw)).toBeNull()
  })

  it('accepts nothing but 1 for individual and 2 to 5 for grupal, whatever arrives', () => {
    fc.assert(
      fc.property(fc.constantFrom('individual' as const, 'grupal' as const), fc.anything({ withNullPrototype: true }), (type, raw) => {
        const people = headCount(type, raw)
        expect(people === null || (type === 'individual' ? people === 1 : people >= 2 && people <= 5)).toBe(true)
      }),
    )
  })
})

describe('the price (D6, invariant 13)', () => {
  it('comes from the table', () => {
    expect(priceOf(PRICING, 'individual', 1)).toBe(1_500_000)
    expect([2, 3, 4, 5].map((count) => toPesos(priceOf(PRICING, 'grupal', count)))).toEqual([30000, 36000, 48000, 60000])
    for (const count of [0, 1, 6, 2.5]) expect(() => priceOf(PRICING, 'grupal', count)).toThrow()
  })

  it('of a client is an assertion: absent, or exactly the server’s', () => {
    for (const raw of [undefined, null, 15000, '15000']) expect(agreesWithPrice(raw, 1_500_000)).toBe(true)
    const wrong = [
      1,
      14999,
      15001,
      15000.5,
      -15000,
      'gratis',
      '',
      '15000.0',
      '15.000',
      '-15000',
      ' 15000',
      0,
      -0,
      true,
      [],
      [15000],
      {},
      Number.NaN,
    ]
    for (const raw of [...wrong, Number.POSITIVE_INFINITY, 1.5e300]) expect(agreesWithPrice(raw, 1_500_000)).toBe(false)
  })

  it('no client value ever passes for another price', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true }), fc.constantFrom(...Object.values(PRICING.grupal)), (raw, price) => {
        if (agreesWithPrice(raw, price)) expect(raw === undefined || raw === null || Number(raw) * 100 === price).toBe(true)
      }),
    )
  })
})

describe('the join window (D1)', () => {
  it('opens at exactly 60 minutes before the start and closes at exactly the end', () => {
    const at = (instant: Date) => joinWindow({ startsAt: START, endsAt: END }, 60, instant)
    expect(at(plus(START, -HOUR_MS - 1))).toBe('early')
    expect(at(plus(START, -HOUR_MS))).toBe('open')
    expect(at(START)).toBe('open')
    expect(at(plus(END, -1))).toBe('open')
    expect(at(END)).toBe('over')
  })

  it('is a half-open interval for every lead time (invariant 15)', () => {
    fc.assert(
      fc.property(fc.nat(24 * 60), fc.integer({ min: -48 * 3600, max: 48 * 3600 }), (lead, seconds) => {
        const now = plus(START, seconds * SECOND_MS)
        const expected = now < plus(START, -lead * MINUTE_MS) ? 'early' : now < END ? 'open' : 'over'
        expect(joinWindow({ startsAt: START, endsAt: END }, lead, now)).toBe(expected)
      }),
    )
  })
})

describe('cancelling (4.10, D13)', () => {
  const scheduled = { status: 'scheduled' as const, startsAt: START, paidAt: plus(START, -72 * HOUR_MS), refundLapsed: false }

  it('gives everything back until exactly 24 hours before, and nothing after', () => {
    const refundAt = (instant: Date) => refundIfCancelled(scheduled, 'host', 24, instant)
    expect(refundAt(plus(START, -24 * HOUR_MS - SECOND_MS))).toBe('full')
    expect(refundAt(plus(START, -24 * HOUR_MS))).toBe('full')
    expect(refundAt(plus(START, -24 * HOUR_MS + 1))).toBe('none')
    expect(refundAt(plus(START, -SECOND_MS))).toBe('none')
  })

  it('the boundary is exact for every start and every policy, and the academy knows none', () => {
    const starts = fc.date({ min: new Date('2020-01-01T00:00:00Z'), max: new Date('2060-01-01T00:00:00Z'), noInvalidDate: true })
    fc.assert(
      fc.property(
        starts,
        fc.nat(14 * 24),
        fc.boolean(),
        fc.constantFrom(-HOUR_MS, -1, 0, 1, HOUR_MS),
        (startsAt, hours, lapsed, beside) => {
          const c = { startsAt, refundLapsed: lapsed }
          const now = plus(startsAt, -hours * HOUR_MS + beside)
          expect(refundIfCancelled(c, 'host', hours, now)).toBe(!lapsed && beside <= 0 ? 'full' : 'none')
          expect(refundIfCancelled(c, 'admin', hours, now)).toBe('full')
        },
      ),
    )
  })

  it('a lapsed refund stays lapsed, except when the academy cancels (D13b)', () => {
    const lapsed = { ...scheduled, refundLapsed: true }
    expect(refundIfCancelled(lapsed, 'host', 24, plus(START, -72 * HOUR_MS))).toBe('none')
    expect(refundIfCancelled(lapsed, 'admin', 24, plus(START, -SECOND_MS))).toBe('full')
  })

  it('is refused for what is cancelled, over, or has begun', () => {
    const decide = (change: Partial<Parameters<typeof decideCancel>[0]>, now = plus(START, -HOUR_MS)) =>
      decideCancel({ ...scheduled, ...change }, 'host', 24, now)
    expect(decide({ status: 'cancelled' })).toEqual({ ok: false, reason: 'already-cancelled' })
    expect(decide({ status: 'completed' })).toEqual({ ok: false, reason: 'started-or-over' })
    expect(decide({}, START)).toEqual({ ok: false, reason: 'started-or-over' })
    expect(decide({ status: 'pending', paidAt: null }, START)).toEqual({ ok: false, reason: 'started-or-over' })
    expect(decide({}, plus(START, -1))).toMatchObject({ ok: true, refund: 'none' })
  })

  it('a hold costs nothing; a class that is paid but has no event yet is paid back whole', () => {
    const late = plus(START, -HOUR_MS)
    expect(decideCancel({ ...scheduled, status: 'pending', paidAt: null }, 'host', 24, late)).toEqual({
      ok: true,
      refund: 'none',
      reason: 'host_cancelled',
    })
    expect(decideCancel({ ...scheduled, status: 'pending' }, 'host', 24, late)).toMatchObject({ ok: true, refund: 'full' })
    expect(decideCancel(scheduled, 'admin', 24, late)).toEqual({ ok: true, refund: 'full', reason: 'admin_cancelled' })
  })
})

describe('the calendar event (D4)', () => {
  it('says the specification’s sentence, and the objective on a line of its own', () => {
    expect(eventText({ classType: 'individual', maxParticipants: 1, learningFocus: null })).toEqual({
      summary: 'Clase de Inglés',
      description: 'La clase sera individual con x1 participantes',
    })
    expect(eventText({ classType: 'grupal', maxParticipants: 3, learningFocus: 'Viaje' }).description).toBe(
      'La clase sera grupal con x3 participantes\nObjetivo: Viaje',
    )
  })

  it('has an id that Google accepts, the same for a class and a generation and never for another', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.uuid(), fc.nat(99), fc.nat(99), (a, b, first, second) => {
        const id = calendarEventId(a, first)
        expect(id).toMatch(/^[a-v0-9]{5,1024}$/)
        expect(calendarEventId(b, second) === id).toBe(a === b && first === second)
      }),
    )
  })
})

describe('what pages and API say of a class', () => {
  const lesson = (status: 'pending' | 'scheduled' | 'completed' | 'cancelled') => ({ status, startsAt: START, endsAt: END })
  const justBefore = (instant: Date) => new Date(instant.getTime() - 1)

  it('is enterable exactly while it is scheduled and its window is open', () => {
    const { from, until } = joinTimes(lesson('scheduled'), 60)
    expect([justBefore(from), from, justBefore(until), until].map((now) => isJoinable(lesson('scheduled'), 60, now))).toEqual([
      false,
      true,
      true,
      false,
    ])
    for (const status of ['pending', 'completed', 'cancelled'] as const) expect(isJoinable(lesson(status), 60, START)).toBe(false)
  })

  it('is cancellable exactly while it is live and has not begun, as the decision itself sees it', () => {
    for (const status of ['pending', 'scheduled', 'completed', 'cancelled'] as const) {
      for (const now of [justBefore(START), START]) {
        const facts = { ...lesson(status), paidAt: null, refundLapsed: false }
        expect(isCancellable(facts, now)).toBe(decideCancel(facts, 'host', 24, now).ok)
      }
    }
  })
})
