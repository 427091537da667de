import { describe, expect, it } from 'vitest'
import type { PaidMoney } from '../support/books.ts'
import { judgeOrder, type OrderRow } from '../support/money-judge.ts'

const order = (more: Partial<OrderRow> = {}): OrderRow => ({
  ...{ id: 'o', preference: 'p', status: 'approved', amount: 1_500_000, refunded: 0, class: 'scheduled', starts: null, flagged: false },
  ...more,
})

/** [pesos, status, by hand] of each refund. */
type Refunds = readonly (readonly [number, string, boolean?])[]

const paid = (refunds: Refunds, more: Partial<PaidMoney> = {}): PaidMoney => ({
  ...{
    id: 7,
    preferenceId: 'p',
    externalReference: 'o',
    status: 'approved',
    amount: 15_000,
    currency: 'ARS',
    collectorId: 1,
    goneAt: null,
  },
  refunds: refunds.map(([amount, status, byHand = false], id) => ({ id, amount, status, byHand })),
  ...more,
})

describe('what went back of a payment', () => {
  const found = (refunds: Refunds, status = 'refunded') =>
    judgeOrder(order({ status, class: 'cancelled', flagged: true }), [paid(refunds, { status })], new Set()).map(({ kind, pesos }) => [
      kind,
      pesos,
    ])

  it.each<[string, Refunds]>([
    ['the whole', [[15_000, 'approved']]],
    [
      'the whole, after a first request that came to nothing',
      [
        [15_000, 'rejected'],
        [15_000, 'approved'],
      ],
    ],
    [
      'a part by hand, and what was left by us',
      [
        [1_000, 'approved', true],
        [14_000, 'approved'],
      ],
    ],
    [
      'two parts by hand',
      [
        [1_000, 'approved', true],
        [14_000, 'in_process', true],
      ],
    ],
  ])('%s: is right', (_, refunds) => {
    expect(found(refunds)).toEqual([])
  })

  it.each<[string, Refunds, number]>([
    [
      'two requests of ours became money',
      [
        [1_000, 'approved'],
        [14_000, 'approved'],
      ],
      0,
    ],
    [
      'one of them is still on its way',
      [
        [1_000, 'approved'],
        [14_000, 'in_process'],
      ],
      0,
    ],
    [
      'more than was paid, by two hands',
      [
        [1_000, 'approved', true],
        [15_000, 'approved'],
      ],
      1_000,
    ],
    ['more than was paid, on its way', [[16_000, 'in_process']], 1_000],
  ])('%s: must not be', (_, refunds, pesos) => {
    expect(found(refunds)).toEqual([['money', pesos]])
  })
})

describe('a class whose money went away before it began (W27)', () => {
  const START = Date.parse('2026-11-27T12:00:00Z')
  const HOUR_MS = 3_600_000
  const found = (status: string, goneHoursBefore: number | null, others: readonly PaidMoney[] = []) => {
    const goneAt = goneHoursBefore === null ? null : new Date(START - goneHoursBefore * HOUR_MS).toISOString()
    const payment = paid([[15_000, 'approved', true]], { status: goneAt ? 'refunded' : 'approved', goneAt })
    const refunded = order({ status: 'refunded', class: status, starts: new Date(START) })
    return judgeOrder(refunded, [payment, ...others], new Set()).map(({ kind }) => kind)
  }

  it('must not take place', () => {
    expect(found('completed', 38)).toEqual(['money'])
    expect(found('scheduled', 1)).toEqual(['money'])
  })

  it('may, where nobody could know of it, or where it was cancelled', () => {
    expect(found('completed', 20)).toEqual([])
    expect(found('completed', -2)).toEqual([])
    expect(found('cancelled', 38)).toEqual([])
  })

  it('may when another payment pays it', () => {
    const other = paid([], { id: 8 })
    const twice = order({ class: 'completed', starts: new Date(START) })
    const surplus = paid([[15_000, 'approved']], { status: 'refunded', goneAt: new Date(START - 60 * HOUR_MS).toISOString() })
    expect(judgeOrder(twice, [surplus, other], new Set())).toEqual([])
    expect(judgeOrder(twice, [surplus], new Set()).map(({ kind }) => kind)).toContain('money')
  })
})
