import { describe, expect, it } from 'vitest'
import type { ClassStatus } from '../../db/tables.ts'
import { type ListedCase, refundOffer } from './attention-list.ts'

type About = Pick<ListedCase, 'subject' | 'reason' | 'bookedClass' | 'order' | 'payment'>

const order = (left: number | null = 15_000): ListedCase['order'] => ({ id: 'o', status: 'approved', amount: 15_000, left })
const payment = (role: 'primary' | 'surplus' | 'orphan' | null, left: number | null): ListedCase['payment'] => ({
  id: '77',
  role,
  status: left === null ? 'charged_back' : 'approved',
  amount: 9_000,
  left,
})
const lesson = (status: ClassStatus, paid = true): ListedCase['bookedClass'] => ({
  id: 'c',
  teacherId: 't',
  status,
  startsAt: new Date(0),
  endsAt: new Date(1),
  paid,
})
const about = (change: Partial<About>): About => ({
  subject: 'order',
  reason: 'paid_without_class',
  bookedClass: lesson('scheduled'),
  order: order(),
  payment: null,
  ...change,
})

const WHOLE_ORDER = { of: 'order', id: 'o', amount: 15_000 }
const THAT_PAYMENT = { of: 'payment', id: '77', amount: 9_000 }

describe('the refund that a case offers', () => {
  it.each<[string, Partial<About>, unknown]>([
    ['a failed refund of a surplus payment: that payment alone', { subject: 'refund', payment: payment('surplus', 9_000) }, THAT_PAYMENT],
    ['of an orphan: that payment', { subject: 'refund', order: null, bookedClass: null, payment: payment('orphan', 9_000) }, THAT_PAYMENT],
    ['of a payment that fits nothing: that payment', { subject: 'refund', payment: payment(null, 9_000) }, THAT_PAYMENT],
    ['of the payment that pays the order: the order', { subject: 'refund', payment: payment('primary', 9_000) }, WHOLE_ORDER],
    ['of a surplus payment that is gone: nothing', { subject: 'refund', payment: payment('surplus', null) }, null],
    ['of a surplus payment already back: nothing', { subject: 'refund', payment: payment('surplus', 0) }, null],
    ['of the paying payment, in dispute: nothing', { subject: 'refund', payment: payment('primary', null) }, null],
    ['of a payment that is not known: nothing', { subject: 'refund' }, null],
    ['a payment of the wrong amount: that payment', { subject: 'payment', payment: payment(null, 9_000) }, THAT_PAYMENT],
    ['a surplus payment: that payment', { subject: 'payment', payment: payment('surplus', 9_000) }, THAT_PAYMENT],
    ['an orphan: that payment', { subject: 'payment', order: null, payment: payment('orphan', 9_000) }, THAT_PAYMENT],
    ['a mediation of the paying payment: nothing', { subject: 'payment', payment: payment('primary', null), order: order(null) }, null],
    ['a mediation of a surplus payment: nothing', { subject: 'payment', payment: payment('surplus', null) }, null],
    ['a mediation that is over: the order', { subject: 'payment', payment: payment('primary', 9_000) }, WHOLE_ORDER],
    ['an unknown payment: nothing', { subject: 'payment' }, null],
    ['a charge-back of the order: nothing', { reason: 'charged_back', order: order(null) }, null],
    ['a payment that came back without its class: the order', { bookedClass: lesson('cancelled') }, WHOLE_ORDER],
    ['an order that has nothing left: nothing', { order: order(0) }, null],
    [
      'a paid class without its event: the order',
      { subject: 'class', reason: 'calendar_failed', bookedClass: lesson('pending') },
      WHOLE_ORDER,
    ],
    ['a class whose event was changed: the order', { subject: 'class', reason: 'calendar_changed' }, WHOLE_ORDER],
    ['guests missing in the event: nothing', { subject: 'class', reason: 'calendar_failed' }, null],
    ['an event that stayed behind: nothing', { subject: 'class', reason: 'calendar_failed', bookedClass: lesson('cancelled') }, null],
    [
      'a changed event of a cancelled class: nothing',
      { subject: 'class', reason: 'calendar_changed', bookedClass: lesson('cancelled') },
      null,
    ],
    ['the connection: nothing', { subject: 'connection', reason: 'calendar_disconnected' }, null],
  ])('%s', (_, change, offer) => {
    expect(refundOffer(about(change))).toEqual(offer)
  })
})
