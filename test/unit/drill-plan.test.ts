import { describe, expect, it } from 'vitest'
import { FaultInput } from '../../sandbox/kernel/faults.ts'
import { alwaysOf, COUNT_MAX, everyRoute, LOST, PARTS, SLOW, STALLED } from '../drill/faults.ts'
import { FORGERIES, HAND_DEEDS, makePlan, WAYS_TO_PAY, WEATHERS } from '../drill/plan.ts'
import { isClean, type Result, reportLines } from '../drill/report.ts'
import { SABOTAGES, type Sabotage } from '../drill/sabotage.ts'

/** As many as a sandbox lets wait at once. */
const SWITCHES_MAX = 100

describe('what a drill does', () => {
  const plan = makePlan(11, 300, 20)

  it('follows from its seed', () => {
    expect(makePlan(11, 300, 20)).toEqual(plan)
    expect(makePlan(12, 300, 20)).not.toEqual(plan)
  })

  it('has every way to pay, weather, deed in the calendar and forgery in it', () => {
    const bookings = plan.people.flatMap((person) => person.bookings)
    expect(new Set(bookings.map(({ pay }) => pay))).toEqual(new Set(WAYS_TO_PAY))
    for (const change of ['moved', 'cancelled'] as const)
      expect(new Set(bookings.map((booking) => booking[change]))).toEqual(new Set(['no', 'host', 'admin', 'both-at-once']))
    expect(new Set(bookings.map(({ onPages }) => onPages))).toEqual(new Set([true, false]))
    expect(new Set(plan.hands.map(({ deed }) => deed))).toEqual(new Set(HAND_DEEDS))
    expect(new Set(plan.forgeries.map(({ forgery }) => forgery))).toEqual(new Set(FORGERIES))
  })

  it('lets every kind of weather come in each round', () => {
    const first = plan.weather.slice(0, WEATHERS.length).map(({ weather }) => weather)
    expect(new Set(first)).toEqual(new Set(WEATHERS))
    expect(first).not.toEqual(WEATHERS)
  })
})

describe('the faults of a drill', () => {
  it.each(PARTS)('are switches that the sandbox of %s knows, and no more of them than it takes', (part) => {
    const always = alwaysOf(part)
    for (const fault of always)
      expect(FaultInput.safeParse({ count: COUNT_MAX, seed: 1, ...fault }).success, JSON.stringify(fault)).toBe(true)
    const passing = Math.max(...[LOST, SLOW, STALLED].map((faults) => everyRoute(part, faults).length))
    expect(always.length + passing).toBeLessThanOrEqual(SWITCHES_MAX)
  })

  it('are also those that come with a sabotage', () => {
    const faults = Object.values<Sabotage>(SABOTAGES).flatMap((sabotage) => sabotage.faults ?? [])
    expect(faults.length).toBeGreaterThan(0)
    for (const fault of faults) expect(FaultInput.safeParse(fault).success, JSON.stringify(fault)).toBe(true)
  })

  it('leave most requests alone', () => {
    for (const part of PARTS) {
      const untouched = new Map<unknown, number>()
      for (const { route, probability } of alwaysOf(part)) untouched.set(route, (untouched.get(route) ?? 1) * (1 - Number(probability)))
      for (const [route, share] of untouched) expect(share, String(route)).toBeGreaterThan(0.5)
    }
  })
})

it('the sabotage of row locks blanks those of the application and leaves those of its queue', () => {
  const blanked = (text: string) => text.replace(SABOTAGES['no-row-locks'].blanks, (found) => ' '.repeat(found.length))
  expect(blanked('select 1 from a for update')).toBe('select 1 from a           ')
  expect(blanked('select 1 from a for no key update')).toBe('select 1 from a                  ')
  for (const kept of ['select 1 FROM a FOR UPDATE SKIP LOCKED', 'select 1 from a for update skip locked', 'select updated_at from a'])
    expect(blanked(kept)).toBe(kept)
})

describe('the table of a drill', () => {
  const result = (figures: object, more: object = {}): Result =>
    ({
      ...{ database: 'embedded', seconds: 1, crashes: 0, faults: 0, refundsRefused: 0, rewritten: null, logged: new Map() },
      ...{ recoveriesMs: [], webhooksInTheDrillMs: [], webhooksMs: [], webhooksApiDownMs: [] },
      town: { counts: {}, hands: [{ eventId: '', deed: 'between', at: 0 }], forged: { refused: 3, invented: [], taken: [] } },
      settled: { unfinished: [], retried: 0, answered: 0, inProcess: 0, fromMs: 0 },
      figures: {
        ...{ classes: 1, classesCancelled: 0, paymentsApproved: 1, breaches: [] },
        ...{ doubleClasses: 0, lostPesos: 0, overFullClasses: 0, duplicateEvents: 0, unansweredPayments: 0, otherBreaches: 0 },
        ...figures,
      },
      ...more,
    }) as unknown as Result

  it('is clean when every zero is zero, nothing is left to do and somebody got a class', () => {
    expect(isClean(result({}))).toBe(true)
    for (const figure of ['doubleClasses', 'lostPesos', 'overFullClasses', 'duplicateEvents', 'unansweredPayments', 'otherBreaches'])
      expect(isClean(result({ [figure]: 1 })), figure).toBe(false)
    expect(isClean(result({ classes: 0 }))).toBe(false)
    expect(isClean(result({ classes: 0, classesCancelled: 1 }))).toBe(true)
    const settled = { unfinished: ['jobs'], retried: 0, answered: 0, inProcess: 0, fromMs: 0 }
    expect(isClean(result({}, { settled }))).toBe(false)
  })

  it('says what hands, forgers and the sabotage did', () => {
    const text = reportLines(result({}, { rewritten: 12 })).join('\n')
    expect(text).toMatch(/appointments, of those right after a question +1, 1/)
    expect(text).toMatch(/forged notifications refused +3/)
    expect(text).toMatch(/statements changed by the sabotage +12/)
    expect(reportLines(result({})).join('\n')).not.toContain('sabotage')
  })
})
