import { describe, expect, it } from 'vitest'
import { apart, type Bill, type BillStanding, type Charge, hasReceipt, moneyIn, returnsOf, standingOf } from './rules.ts'

const NOW = new Date('2026-11-23T12:00:00Z')
const at = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000)

function charge(more: Partial<Charge> = {}): Charge {
  return {
    paymentId: '1001',
    status: 'approved',
    amount: 15_000_00,
    refunded: 0,
    approvedAt: at(-60),
    role: 'primary',
    refund: null,
    chargeBack: null,
    ...more,
  }
}

function bill(more: Partial<Bill> = {}): Bill {
  return {
    status: 'approved',
    amount: 15_000_00,
    refunded: 0,
    refundedAt: null,
    expiresAt: at(10),
    money: null,
    cancelReason: null,
    refundOwed: false,
    charges: [],
    ...more,
  }
}

const refund = (state: 'requested' | 'sent' | 'approved' | 'failed') => ({
  refundId: state === 'approved' ? '9001' : null,
  amount: 15_000_00,
  state,
  askedAt: at(-5),
  settledAt: at(-1),
})

const chargeBack = (state: 'open' | 'lost' | 'won') => ({ state, amount: 15_000_00, decidedAt: state === 'open' ? null : at(-2) })

describe('where a payment stands', () => {
  it.each<[string, Bill, BillStanding]>([
    ['can still be paid', bill({ status: 'pending' }), 'awaiting'],
    ['can still be paid after a rejection', bill({ status: 'rejected' }), 'awaiting'],
    ['was never paid', bill({ status: 'pending', expiresAt: NOW }), 'lapsed'],
    ['was rejected for good', bill({ status: 'rejected', expiresAt: at(-1) }), 'rejected'],
    ['was given up, though its time is not over', bill({ status: 'pending', cancelReason: 'host_cancelled' }), 'given-up'],
    ['was given up, and its time is over', bill({ status: 'rejected', cancelReason: 'host_cancelled', expiresAt: at(-1) }), 'given-up'],
    ['was given up by the teacher', bill({ status: 'pending', cancelReason: 'admin_cancelled' }), 'withdrawn'],
    ['cannot be paid once the slot is gone', bill({ status: 'rejected', cancelReason: 'payment_rejected' }), 'rejected'],
    [
      'is owed back, though nobody asked Mercado Pago yet',
      bill({ cancelReason: 'host_cancelled', refundOwed: true, charges: [charge()] }),
      'returning',
    ],
    ['is paid, and its class cancelled too late', bill({ cancelReason: 'host_cancelled', charges: [charge()] }), 'no-refund'],
    [
      'is on its way back after a cancellation',
      bill({ cancelReason: 'host_cancelled', charges: [charge({ refund: refund('sent') })] }),
      'returning',
    ],
    ['is in process, also after its time', bill({ status: 'pending', expiresAt: at(-1), money: 'in-process' }), 'in-process'],
    ['stands before a person', bill({ status: 'pending', money: 'in-review', charges: [charge({ role: null })] }), 'in-review'],
    ['is paid', bill({ charges: [charge()] }), 'paid'],
    [
      'is charged back, and nobody has decided',
      bill({ charges: [charge({ status: 'charged_back', chargeBack: chargeBack('open') })] }),
      'disputed',
    ],
    ['is lost to a charge-back', bill({ charges: [charge({ status: 'charged_back', chargeBack: chargeBack('lost') })] }), 'charged-back'],
    ['was won back', bill({ charges: [charge({ status: 'charged_back', chargeBack: chargeBack('won') })] }), 'paid'],
    ['is disputed', bill({ charges: [charge({ status: 'in_mediation' })] }), 'disputed'],
    ['is on its way back', bill({ charges: [charge({ refund: refund('requested') })] }), 'returning'],
    ['was asked for, and goes on', bill({ charges: [charge({ refund: refund('sent') })] }), 'returning'],
    ['does not get back by itself', bill({ charges: [charge({ refund: refund('failed') })] }), 'return-stuck'],
    [
      'paid twice, the second one going back',
      bill({ charges: [charge(), charge({ paymentId: '1002', role: 'surplus', refund: refund('sent') })] }),
      'paid',
    ],
    ['is back in part', bill({ refunded: 5_000_00, charges: [charge({ refunded: 5_000_00 })] }), 'partly-returned'],
    [
      'is back',
      bill({ status: 'refunded', refunded: 15_000_00, charges: [charge({ status: 'refunded', refund: refund('approved') })] }),
      'returned',
    ],
    [
      'was too little, and goes back',
      bill({ status: 'pending', money: 'returning', charges: [charge({ role: null, refund: refund('requested') })] }),
      'returning',
    ],
    [
      'was too little, and is back',
      bill({ status: 'pending', money: 'returning', charges: [charge({ role: null, refunded: 15_000_00, refund: refund('approved') })] }),
      'returned',
    ],
  ])('%s', (_what, facts, standing) => expect(standingOf(facts, NOW)).toBe(standing))
})

describe('what goes back', () => {
  it('is told once: made with its date, on its way since it was asked for, stuck', () => {
    const returns = returnsOf(
      bill({
        charges: [
          charge({ paymentId: '1', refunded: 15_000_00, refund: refund('approved') }),
          charge({ paymentId: '2', role: 'surplus', refund: refund('sent') }),
          charge({ paymentId: '3', role: 'surplus', refund: refund('failed') }),
        ],
      }),
    )
    expect(returns.made).toEqual([{ paymentId: '1', role: 'primary', amount: 15_000_00, refundId: '9001', at: at(-1) }])
    expect(returns.onTheWay).toEqual([{ paymentId: '2', role: 'surplus', amount: 15_000_00, refundId: null, at: at(-5) }])
    expect(returns.stuck).toEqual([{ paymentId: '3', role: 'surplus', amount: 15_000_00, refundId: null, at: at(-5) }])
  })
  it('keeps what was paid a second time apart from what was paid for the class', () => {
    const { own, surplus } = apart(
      returnsOf(
        bill({
          charges: [
            charge({ paymentId: '1', refund: refund('sent') }),
            charge({ paymentId: '2', role: 'surplus', refunded: 15_000_00, refund: refund('approved') }),
            charge({ paymentId: '3', role: null, refund: refund('failed') }),
          ],
        }),
      ),
    )
    const ids = ({ made, onTheWay, stuck }: typeof own) => [made, onTheWay, stuck].map((moves) => moves.map(({ paymentId }) => paymentId))
    expect(ids(own)).toEqual([[], ['1'], ['3']])
    expect(ids(surplus)).toEqual([['2'], [], []])
  })
  it('counts what a charge-back took, once it is lost', () => {
    const madeOf = (state: 'open' | 'lost' | 'won') =>
      returnsOf(bill({ charges: [charge({ status: 'charged_back', chargeBack: chargeBack(state) })] })).made
    expect(madeOf('lost')).toEqual([{ paymentId: '1001', role: 'primary', amount: 15_000_00, refundId: null, at: at(-2) }])
    expect([madeOf('open'), madeOf('won')]).toEqual([[], []])
  })
  it('counts what was given back by hand at Mercado Pago', () => {
    const { made } = returnsOf(bill({ refundedAt: at(-2), charges: [charge({ refunded: 5_000_00 })] }))
    expect(made).toEqual([{ paymentId: '1001', role: 'primary', amount: 5_000_00, refundId: null, at: at(-2) }])
  })
})

it('a receipt is for money that came in for the order', () => {
  expect(hasReceipt([charge()])).toBe(true)
  expect(hasReceipt([charge({ status: 'rejected', approvedAt: null, role: null })])).toBe(false)
  expect(hasReceipt([])).toBe(false)
})

it('operations are those that moved money, whatever became of it, and no rejected try', () => {
  const tries = [
    charge({ paymentId: '1', status: 'rejected', approvedAt: null, role: null }),
    charge({ paymentId: '2' }),
    charge({ paymentId: '3', status: 'refunded', refunded: 15_000_00 }),
  ]
  expect(moneyIn(tries).map(({ paymentId }) => paymentId)).toEqual(['2', '3'])
})
