import { describe, expect, it } from 'vitest'
import { type PaymentOutcome, revisionOf } from './outcome.ts'

const CLASS = {
  id: 'c1',
  status: 'pending',
  startsAt: new Date('2026-11-24T15:00:00Z'),
  endsAt: new Date('2026-11-24T16:00:00Z'),
  classType: 'individual',
  maxParticipants: 1,
  learningFocus: null,
  holdExpiresAt: new Date('2026-11-23T15:15:00Z'),
  preparing: false,
  wasPaid: false,
  givenUp: false,
} as const

const HELD: PaymentOutcome = {
  orderId: 'o1',
  preferenceId: 'p1',
  status: 'pending',
  amount: 1_500_000,
  currency: 'ARS',
  paymentId: null,
  bookedClass: CLASS,
  returned: false,
  money: null,
  rejection: null,
}

describe('the revision of an outcome', () => {
  const later: [string, Partial<PaymentOutcome>][] = [
    ['money is on its way', { money: 'in-process' }],
    ['a person looks at the money', { money: 'in-review' }],
    ['an attempt was rejected', { rejection: 'cc_rejected_other_reason' }],
    ['the order was rejected', { status: 'rejected', rejection: 'cc_rejected_other_reason' }],
    ['the slot is no longer kept', { bookedClass: { ...CLASS, status: 'cancelled' } }],
    ['the slot is no longer kept, and money is on its way', { bookedClass: { ...CLASS, status: 'cancelled' }, money: 'in-process' }],
    ['paid, and the link is being made', { status: 'approved', bookedClass: { ...CLASS, preparing: true } }],
    ['paid, and the class stands', { status: 'approved', bookedClass: { ...CLASS, status: 'scheduled' } }],
    ['paid, and there is no class', { status: 'approved', bookedClass: null }],
    ['the money goes back', { status: 'approved', returned: true }],
  ]

  it('is another one for everything that a buyer is told otherwise', () => {
    const revisions = [HELD, ...later.map(([, change]) => ({ ...HELD, ...change }))].map(revisionOf)
    expect(new Set(revisions).size).toBe(revisions.length)
  })

  it('stays while nothing of that changes', () => {
    expect(revisionOf({ ...HELD, paymentId: '77', bookedClass: { ...CLASS, holdExpiresAt: null } })).toBe(revisionOf(HELD))
  })
})
