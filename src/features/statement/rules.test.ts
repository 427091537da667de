import { describe, expect, it } from 'vitest'
import { doLaterDaysWait, type ProviderView, type StatedPayment, type StatementFacts, state } from './rules.ts'

const FROM = new Date('2026-11-22T03:00:00Z')
const TO = new Date('2026-11-23T03:00:00Z')
const NOON = new Date('2026-11-22T15:00:00Z')
const PRICE = 1_500_000
const OURS = '42'

function given(change: Partial<StatedPayment> = {}): StatedPayment {
  return {
    id: '1',
    orderId: 'order-1',
    status: 'approved',
    amount: PRICE,
    refunded: 0,
    currency: 'ARS',
    collectorId: OURS,
    approvedAt: NOON,
    role: 'primary',
    refundState: null,
    hasCase: false,
    orderStatus: 'approved',
    orderEndsAt: NOON,
    classStatus: 'completed',
    classPaid: true,
    cancelReason: null,
    ...change,
  }
}

function viewOf({ id, status, amount, refunded, currency, collectorId, approvedAt }: StatedPayment): ProviderView {
  return { id, status, amount, refunded, currency, collectorId, approvedAt, operationType: 'regular_payment' }
}

function stated(ours: StatedPayment[], theirs: readonly ProviderView[] = ours.map(viewOf), more: Partial<StatementFacts> = {}) {
  const views = new Map(theirs.map((view) => [view.id, view]))
  return state({ from: FROM, to: TO, collectorId: OURS, now: TO, ours, theirs: views, ...more })
}

const released = { classStatus: 'cancelled', classPaid: false, cancelReason: 'hold_expired' } as const
const waiting = { classStatus: null, classPaid: false, orderEndsAt: new Date('2026-11-23T04:00:00Z') } as const

describe('where the money of a day stands', () => {
  it.each<[string, Partial<StatedPayment>, Record<string, number>]>([
    ['a class that was given', {}, { classes: PRICE }],
    ['a class whose event is being made', { classStatus: 'pending' }, { classes: PRICE }],
    ['a class cancelled too late for a refund', { classStatus: 'cancelled', cancelReason: 'host_cancelled' }, { classes: PRICE }],
    ['a hold that was never paid is no class', { classStatus: 'pending', classPaid: false }, { unaccounted: PRICE }],
    ['paid, the booking still to be made', waiting, { credits: PRICE }],
    ['paid, and the preference over', { ...waiting, orderEndsAt: NOON }, { unaccounted: PRICE }],
    ['given back', { status: 'refunded', refunded: PRICE, refundState: 'approved' }, { refunds: PRICE }],
    ['called refunded, without an amount', { status: 'refunded' }, { refunds: PRICE }],
    ['on its way back', { refundState: 'sent' }, { refunds: PRICE }],
    ['given back in part', { refunded: 500_000 }, { classes: 1_000_000, refunds: 500_000 }],
    ['a refund that failed, before a person', { refundState: 'failed', hasCase: true }, { cases: PRICE }],
    ['a refund that failed, before nobody', { refundState: 'failed' }, { unaccounted: PRICE }],
    ['surplus that nobody asked back', { role: 'surplus' }, { unaccounted: PRICE }],
    ['an orphan with its case', { role: 'orphan', orderId: null, classStatus: null, hasCase: true }, { cases: PRICE }],
    ['in dispute', { status: 'in_mediation', hasCase: true }, { cases: PRICE }],
    ['charged back without a case', { status: 'charged_back' }, { unaccounted: PRICE }],
    ['paid for a hold that is gone', released, { unaccounted: PRICE }],
    ['one centavo', { amount: 1 }, { classes: 1 }],
  ])('%s', (_, change, expected) => {
    const { sums, differences } = stated([given(change)])
    const { classes, credits, refunds, cases, unaccounted, approved } = sums
    expect({ classes, credits, refunds, cases, unaccounted }).toEqual({
      classes: 0,
      credits: 0,
      refunds: 0,
      cases: 0,
      unaccounted: 0,
      ...expected,
    })
    expect(classes + credits + refunds + cases + unaccounted).toBe(approved)
    expect(differences.map(({ kind }) => kind)).toEqual(unaccounted > 0 ? ['money_unaccounted'] : [])
    expect(sums.providerApproved).toBe(approved)
  })

  it.each<[string, Partial<StatedPayment>]>([
    ['never approved', { status: 'rejected', approvedAt: null, role: null }],
    ['approved at the next midnight', { approvedAt: TO }],
    ['approved the day before', { approvedAt: new Date(FROM.getTime() - 1) }],
    ['of another account', { collectorId: '7' }],
    ['in dollars', { currency: 'USD' }],
  ])('%s is no money of the day', (_, change) => {
    expect(stated([given(change)]).sums).toMatchObject({ payments: 0, approved: 0, providerPayments: 0, providerApproved: 0 })
  })

  it('the first instant of the day belongs to it', () => {
    expect(stated([given({ approvedAt: FROM })]).sums).toMatchObject({ payments: 1, approved: PRICE })
  })
})

describe('what the two sides tell differently', () => {
  const kinds = (ours: StatedPayment[], theirs: ProviderView[]) => stated(ours, theirs).differences.map(({ kind }) => kind)
  const view = viewOf(given())

  it.each<[string, Partial<ProviderView>]>([
    ['amount', { amount: PRICE + 1 }],
    ['status', { status: 'charged_back' }],
    ['what went back', { refunded: 1 }],
    ['currency', { currency: 'USD' }],
    ['moment of the approval', { approvedAt: TO }],
  ])('%s', (_, change) => expect(kinds([given()], [{ ...view, ...change }])).toEqual(['payment_differs']))

  it('a payment that the provider does not know', () => {
    const theirs = new Map([['1', null]])
    expect(state({ from: FROM, to: TO, collectorId: OURS, now: TO, ours: [given()], theirs }).differences).toMatchObject([
      { kind: 'payment_differs' },
    ])
  })

  it('a refund that the provider does not know', () => {
    expect(kinds([given({ status: 'refunded', refunded: PRICE, refundState: 'approved' })], [view])).toEqual(['refund_unknown'])
  })

  it('a payment that we do not know, when there is money in it', () => {
    expect(kinds([], [view])).toEqual(['unknown_payment'])
    expect(kinds([], [{ ...view, status: 'rejected' }])).toEqual([])
    expect(kinds([], [{ ...view, collectorId: '7' }])).toEqual([])
    expect(kinds([], [{ ...view, operationType: 'money_transfer' }])).toEqual([])
  })

  it('come in the order of the payments, whatever the order of the facts', () => {
    const payments = ['3', '1', '2'].map((id) => given({ id, role: 'surplus' }))
    expect(stated(payments).differences).toEqual(stated(payments.toReversed()).differences)
    expect(stated(payments).differences.map(({ paymentId }) => paymentId)).toEqual(['1', '2', '3'])
  })
})

describe('days that cannot be read', () => {
  const late = { failures: 1, lastError: 'unavailable' }
  const told = { failures: 8, lastError: 'unavailable' }
  const refused = { failures: 1, lastError: 'refused' }

  it('keep the later ones waiting while they may just be late, not once a person is told; many at once do all the same', () => {
    const verdicts = [[], [late], [told], [refused], [told, late], Array(6).fill(told), Array(7).fill(told)].map(doLaterDaysWait)
    expect(verdicts).toEqual([false, true, false, false, true, false, true])
  })
})
