import { describe, expect, it } from 'vitest'
import { type Calendar, type JudgedClass, judgeCalendar, judgeConflicts, judgeDisputes, judgeForged } from '../drill/judge.ts'
import type { EventAtGoogle, PaidMoney } from '../support/books.ts'

const HOUR_MS = 3_600_000
const SETTLED = Date.parse('2026-11-24T12:00:00Z')
const START = SETTLED + 24 * HOUR_MS

const virtualClass = (more: Partial<JudgedClass> = {}): JudgedClass => ({
  ...{ id: 'c1', status: 'completed', startsMs: START, endsMs: START + HOUR_MS, toldOfConflict: false },
  ...more,
})
const eventAt = (startsMs: number, more: Partial<EventAtGoogle> = {}): EventAtGoogle => ({
  ...{ id: 'c1g0', status: 'confirmed', classId: 'c1', summary: 'Clase de Inglés', attendees: [] },
  ...{ startsAt: new Date(startsMs).toISOString(), endsAt: new Date(startsMs + HOUR_MS).toISOString() },
  ...more,
})
const calendar = (more: Partial<Calendar>): Calendar => ({
  ...{ events: [eventAt(START)], classes: [virtualClass()], hands: [], denied: new Set(), settledFromMs: SETTLED },
  ...more,
})
const kinds = (more: Partial<Calendar>) => judgeCalendar(calendar(more)).map(({ kind }) => kind)
const deletion = { eventId: 'c1g0', deed: 'delete', at: SETTLED - HOUR_MS } as const

describe('the drill, about events and classes', () => {
  it('is content with one event at its hour, and with none for a class that does not take place', () => {
    expect(kinds({})).toEqual([])
    expect(kinds({ events: [], classes: [virtualClass({ status: 'cancelled' })] })).toEqual([])
    expect(kinds({ events: [eventAt(START, { status: 'cancelled' })], classes: [virtualClass({ status: 'cancelled' })] })).toEqual([])
  })

  it.each<[string, Partial<Calendar>, string[]]>([
    ['no event', { events: [] }, ['event']],
    ['one at another hour', { events: [eventAt(START + HOUR_MS)] }, ['event']],
    ['one that lasts longer', { events: [eventAt(START, { endsAt: new Date(START + 2 * HOUR_MS).toISOString() })] }, ['event']],
    ['another title', { events: [eventAt(START, { summary: 'Cambiado a mano' })] }, ['event']],
    ['two that stand', { events: [eventAt(START), eventAt(START, { id: 'c1g1' })] }, ['events']],
    ['two of which one is gone', { events: [eventAt(START, { status: 'cancelled' }), eventAt(START, { id: 'c1g1' })] }, ['events']],
    ['one for a cancelled class', { classes: [virtualClass({ status: 'cancelled' })] }, ['event']],
    ['one for a class that waits', { classes: [virtualClass({ status: 'pending' })] }, ['event']],
  ])('sees %s', (_what, more, found) => {
    expect(kinds(more)).toEqual(found)
  })

  it('allows a successor for an event that a hand deleted, but no more than that', () => {
    const events = [eventAt(START, { status: 'cancelled' }), eventAt(START, { id: 'c1g1' })]
    expect(kinds({ events, hands: [deletion] })).toEqual([])
    expect(kinds({ events: [...events, eventAt(START, { id: 'c1g2', status: 'cancelled' })], hands: [deletion] })).toEqual(['events'])
    expect(kinds({ events, hands: [{ ...deletion, deed: 'retitle' }] })).toEqual(['events'])
  })

  it('allows one more where Google said not to know the first, of which one stands in the end', () => {
    const events = [eventAt(START, { status: 'cancelled' }), eventAt(START, { id: 'c1g1' })]
    expect(kinds({ events, denied: new Set(['c1g0']) })).toEqual([])
    expect(kinds({ events, denied: new Set(['e9']) })).toEqual(['events'])
    expect(kinds({ events: [eventAt(START), eventAt(START, { id: 'c1g1' })], denied: new Set(['c1g0']) })).toEqual(['events'])
  })

  it('allows none where it was the last one that Google did not know, or that a hand took away', () => {
    const events = [eventAt(START, { id: 'c1g10' }), eventAt(START, { id: 'c1g9', status: 'cancelled' })]
    expect(kinds({ events, denied: new Set(['c1g10']) })).toEqual(['events'])
    expect(kinds({ events, hands: [{ ...deletion, eventId: 'c1g10' }] })).toEqual(['events'])
    expect(kinds({ events, denied: new Set(['c1g9']) })).toEqual([])
  })

  it('excuses what a hand did to an event only where the class had begun before everything worked', () => {
    const early = virtualClass({ startsMs: SETTLED - 2 * HOUR_MS, endsMs: SETTLED - HOUR_MS })
    const gone = eventAt(START, { status: 'cancelled' })
    const elsewhere = eventAt(START, { summary: 'Cambiado a mano' })
    for (const event of [gone, elsewhere]) {
      expect(kinds({ events: [event], classes: [early], hands: [deletion] })).toEqual([])
      expect(kinds({ events: [event], classes: [early], hands: [{ ...deletion, eventId: 'e9' }] })).not.toEqual([])
      expect(kinds({ events: [event], hands: [deletion] })).toEqual(['event'])
    }
    expect(kinds({ events: [], classes: [early] })).toEqual(['event'])
    expect(kinds({ classes: [{ ...early, status: 'cancelled' }], hands: [deletion] })).toEqual(['event'])
  })

  it('wants to know who was told of an appointment over a class to come', () => {
    const appointment = eventAt(START - HOUR_MS / 2, { id: 'dentista', classId: null })
    const found = (more: Partial<Calendar>) => judgeConflicts(calendar({ events: [appointment], ...more })).length
    expect(found({})).toBe(1)
    expect(found({ classes: [virtualClass({ toldOfConflict: true })] })).toBe(0)
    expect(found({ classes: [virtualClass({ status: 'cancelled' })] })).toBe(0)
    expect(found({ events: [{ ...appointment, status: 'cancelled' }] })).toBe(0)
    expect(found({ events: [eventAt(START - HOUR_MS, { classId: null })] })).toBe(0)
    expect(found({ settledFromMs: START })).toBe(0)
  })
})

describe('the drill, about money in dispute', () => {
  const OURS = 1
  const payment = (status: string, collectorId = OURS): PaidMoney => ({
    ...{
      id: 7,
      preferenceId: 'p',
      externalReference: 'o',
      status,
      amount: 15_000,
      currency: 'ARS',
      collectorId,
      goneAt: null,
      refunds: [],
    },
  })
  const found = (status: string, told: { flagged: boolean; claimOpen: boolean } | null, collectorId = OURS) =>
    judgeDisputes([payment(status, collectorId)], told ? [{ id: '7', ...told }] : [], OURS).map(({ kind, pesos }) => [kind, pesos])

  it.each(['in_mediation', 'charged_back'])('wants money that is %s on the list, also if nobody ever heard of it', (status) => {
    expect(found(status, { flagged: true, claimOpen: status === 'in_mediation' })).toEqual([])
    expect(found(status, { flagged: false, claimOpen: false })).toEqual([['silent', 15_000]])
    expect(found(status, null)).toEqual([['silent', 15_000]])
    expect(found(status, null, 2)).toEqual([])
  })

  it('wants no case of a claim that is over', () => {
    expect(found('approved', { flagged: true, claimOpen: true })).toEqual([['money', 0]])
    expect(found('refunded', { flagged: false, claimOpen: false })).toEqual([])
  })
})

it('the drill, about forged notifications: none is taken and none kept', () => {
  expect(judgeForged([], [])).toEqual([])
  expect(judgeForged(['none about 1 was answered 200'], ['777']).map(({ kind }) => kind)).toEqual(['forged', 'forged'])
})
