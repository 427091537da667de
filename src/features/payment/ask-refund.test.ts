import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { refundStanding } from './ask-refund.ts'
import type { ProviderPayment, ProviderRefund } from './provider.ts'

const PRICE = 1_500_000
const NOW = new Date('2026-11-20T12:00:00Z')

const payment = (change: Partial<ProviderPayment> = {}): ProviderPayment => ({
  id: '7',
  status: 'approved',
  statusDetail: 'accredited',
  amount: PRICE,
  refundedAmount: 0,
  currency: 'ARS',
  collectorId: '1',
  externalReference: null,
  merchantOrderId: null,
  operationType: 'regular_payment',
  approvedAt: NOW,
  lastUpdatedAt: NOW,
  ...change,
})
const refund = (id: string, amount: number, state: ProviderRefund['state'] = 'approved'): ProviderRefund => ({ id, amount, state })
const asked = (providerRefundId: string | null = null, amountCentavos = PRICE) => ({ amountCentavos, providerRefundId })

describe('how a refund that was asked for stands', () => {
  it.each<[string, ReturnType<typeof asked>, Partial<ProviderPayment>, ProviderRefund[], ReturnType<typeof refundStanding>]>([
    ['nothing went back: all is left', asked(), {}, [], PRICE],
    ['all went back, whoever did it', asked(), { status: 'refunded', refundedAmount: PRICE }, [refund('1', PRICE)], 'returned'],
    ['ours was made, and the payment does not say so yet', asked('2'), {}, [refund('2', PRICE)], 'returned'],
    ['a part went back by other hands', asked(), { refundedAmount: 500_000 }, [refund('1', 500_000)], 1_000_000],
    ['… which only the list tells', asked(), {}, [refund('1', 500_000)], 1_000_000],
    ['… which only the payment tells', asked(), { refundedAmount: 500_000 }, [], 1_000_000],
    ['less was asked for than is left: no more than that', asked(null, 700_000), {}, [refund('1', 500_000)], 700_000],
    ['parts that add up to everything', asked(), {}, [refund('1', 500_000), refund('2', 1_000_000)], 'returned'],
    ['ours is on its way', asked('2'), {}, [refund('2', PRICE, 'in_process')], 'in-process'],
    ['another is on its way', asked(), {}, [refund('1', 500_000, 'in_process')], 'in-process'],
    ['ours was taken and is not listed yet', asked('2'), {}, [], 'in-process'],
    ['ours came to nothing', asked('2'), {}, [refund('2', PRICE, 'rejected')], PRICE],
    ['ours came to nothing, and a part went back', asked('2'), {}, [refund('2', PRICE, 'rejected'), refund('3', 1)], PRICE - 1],
    ['in dispute', asked(), { status: 'in_mediation' }, [], 'in-dispute'],
    ['gone by a charge-back', asked(), { status: 'charged_back' }, [], 'not-refundable'],
    ['an amount that the provider leaves out', asked(), { amount: null }, [], 'not-refundable'],
  ])('%s', (_, ours, change, refunds, standing) => {
    expect(refundStanding(ours, payment(change), refunds)).toBe(standing)
  })

  it('what is left to ask for and what went back are never more than was paid, nor more than was asked', () => {
    const amount = fc.integer({ min: 1, max: PRICE })
    const state = fc.constantFrom<ProviderRefund['state'][]>('approved', 'rejected')
    fc.assert(
      fc.property(amount, fc.array(fc.record({ amount, state }), { maxLength: 5 }), amount, (ours, others, refundedAmount) => {
        const refunds = others.map((other, index) => ({ ...other, id: String(index) }))
        const left = refundStanding(asked(null, ours), payment({ refundedAmount }), refunds)
        const made = refunds.reduce((sum, one) => sum + (one.state === 'approved' ? one.amount : 0), 0)
        if (typeof left !== 'number') return left === 'returned' && Math.max(made, refundedAmount) >= PRICE
        return left > 0 && left <= ours && left + Math.max(made, refundedAmount) <= PRICE
      }),
    )
  })
})
