import { describe, expect, it } from 'vitest'
import { MINUTE_MS, plus } from '../../kernel/clock.ts'
import { nextCheck, nextCheckAfterSilence, type SettledClass, type SettledPayment, type SettleFacts, settle } from './rules.ts'

const NOW = new Date('2026-11-23T12:10:00Z')
const ORDER_ID = '6f3c1a52-5f0e-4d5e-9a57-0f6d3c1b2a10'
const COLLECTOR = '2115257370'
const PRICE = 1_500_000

const minutes = (count: number) => plus(NOW, count * MINUTE_MS)

function order(change: Partial<SettleFacts['order']> = {}): SettleFacts['order'] {
  return { id: ORDER_ID, status: 'pending', amountCentavos: PRICE, expiresAt: minutes(10), ...change }
}

function held(change: Partial<SettledClass> = {}): SettledClass {
  return {
    status: 'pending',
    cancelReason: null,
    holdExpiresAt: minutes(10),
    paidAt: null,
    startsAt: minutes(600),
    refundOwed: false,
    ...change,
  }
}

function released(change: Partial<SettledClass> = {}): SettledClass {
  return held({ status: 'cancelled', cancelReason: 'hold_expired', holdExpiresAt: null, ...change })
}

function paidClass(change: Partial<SettledClass> = {}): SettledClass {
  return held({ status: 'scheduled', holdExpiresAt: null, paidAt: minutes(-5), ...change })
}

let numbers = 100
function payment(change: Partial<SettledPayment> = {}): SettledPayment {
  numbers += 1
  const status = change.status ?? 'approved'
  return {
    id: String(numbers),
    status,
    amountCentavos: PRICE,
    refundedCentavos: status === 'refunded' ? (change.amountCentavos ?? PRICE) : 0,
    currency: 'ARS',
    collectorId: COLLECTOR,
    externalReference: ORDER_ID,
    operationType: 'regular_payment',
    approvedAt: ['pending', 'in_process', 'rejected', 'cancelled'].includes(status) ? null : minutes(-1),
    role: null,
    ...change,
  }
}

function settled(facts: Partial<SettleFacts>) {
  return settle({ order: order(), bookedClass: held(), payments: [], leaving: new Set(), collectorId: COLLECTOR, now: NOW, ...facts })
}

describe('settle: nothing pays the order', () => {
  it.each<[string, SettledPayment[], string, string]>([
    ['no payments (W9)', [], 'pending', 'keep'],
    ['all pending or in process (W10)', [payment({ status: 'pending' }), payment({ status: 'in_process' })], 'pending', 'keep'],
    ['authorized is not paid', [payment({ status: 'authorized' })], 'pending', 'keep'],
    ['a status nobody knows is not paid', [payment({ status: 'teleported' })], 'pending', 'keep'],
    ['all rejected (W11)', [payment({ status: 'rejected' }), payment({ status: 'cancelled' })], 'rejected', 'keep'],
    ['one rejected, one still open', [payment({ status: 'rejected' }), payment({ status: 'in_process' })], 'pending', 'keep'],
    [
      'a check of a card is nothing',
      [payment({ amountCentavos: 0, operationType: 'card_validation', approvedAt: minutes(-1) })],
      'pending',
      'keep',
    ],
  ])('%s', (_, payments, status, step) => {
    const settlement = settled({ payments })
    expect(settlement).toMatchObject({ status, classStep: { step }, refunds: [], roles: [], cases: [], approvedAt: null })
  })

  it('a new attempt after a rejection is pending again, as it would be without the rejection having been heard of', () => {
    const payments = [payment({ status: 'rejected' }), payment({ status: 'in_process' })]
    expect(settled({ order: order({ status: 'rejected' }), payments }).status).toBe('pending')
  })

  it.each<[string, Date, SettledPayment[], object]>([
    ['one millisecond before its end it stays', plus(NOW, 1), [], { step: 'keep' }],
    ['at its end it is released', NOW, [], { step: 'release', reason: 'hold_expired' }],
    ['after its end too', minutes(-5), [payment({ status: 'pending' })], { step: 'release', reason: 'hold_expired' }],
    ['after a rejected attempt it says so (D7c)', NOW, [payment({ status: 'rejected' })], { step: 'release', reason: 'payment_rejected' }],
  ])('the hold: %s', (_, holdExpiresAt, payments, classStep) => {
    expect(settled({ bookedClass: held({ holdExpiresAt }), payments }).classStep).toEqual(classStep)
  })
})

describe('settle: money arrives', () => {
  it('of exactly the price with a valid hold confirms (W13)', () => {
    const paid = payment()
    expect(settled({ payments: [paid] })).toEqual({
      status: 'approved',
      approvedAt: paid.approvedAt,
      refundedCentavos: 0,
      roles: [{ paymentId: paid.id, role: 'primary' }],
      refunds: [],
      cases: [],
      classStep: { step: 'confirm' },
    })
  })

  it('after a rejected attempt confirms (W12)', () => {
    const settlement = settled({ order: order({ status: 'rejected' }), payments: [payment({ status: 'rejected' }), payment()] })
    expect(settlement).toMatchObject({ status: 'approved', classStep: { step: 'confirm' } })
  })

  it('in time while the hold has run out but is not released yet confirms (W25b)', () => {
    expect(settled({ bookedClass: held({ holdExpiresAt: minutes(-3) }), payments: [payment()] }).classStep).toEqual({ step: 'confirm' })
  })

  it('twice keeps the first and gives the second back in full (W16)', () => {
    const second = payment({ approvedAt: minutes(-1) })
    const first = payment({ approvedAt: minutes(-2) })
    expect(settled({ payments: [second, first] })).toMatchObject({
      classStep: { step: 'confirm' },
      roles: [
        { paymentId: first.id, role: 'primary' },
        { paymentId: second.id, role: 'surplus' },
      ],
      refunds: [{ paymentId: second.id, amount: PRICE, reason: 'surplus_payment' }],
    })
  })

  it('in two halves is added up (W14)', () => {
    const [one, two] = [payment({ amountCentavos: 700_000 }), payment({ amountCentavos: 800_000 })]
    const settlement = settled({ payments: [two, one] })
    expect(settlement).toMatchObject({ status: 'approved', classStep: { step: 'confirm' }, cases: [], refunds: [] })
    expect(settlement.roles.map(({ paymentId }) => paymentId).sort()).toEqual([one.id, two.id])
  })

  it('in parts among which one fits nothing keeps the parts and gives the stray back', () => {
    const stray = payment({ amountCentavos: 500_000, approvedAt: minutes(-9) })
    const halves = [
      payment({ amountCentavos: 750_000, approvedAt: minutes(-8) }),
      payment({ amountCentavos: 750_000, approvedAt: minutes(-7) }),
    ]
    expect(settled({ payments: [stray, ...halves] })).toMatchObject({
      classStep: { step: 'confirm' },
      refunds: [{ paymentId: stray.id, amount: 500_000, reason: 'surplus_payment' }],
      cases: [],
    })
  })

  it('chosen once stays chosen, whatever arrives later', () => {
    const halves = [payment({ amountCentavos: 750_000, role: 'primary' }), payment({ amountCentavos: 750_000, role: 'primary' })]
    const whole = payment({ approvedAt: minutes(-60) })
    const settlement = settled({ order: order({ status: 'approved' }), bookedClass: paidClass(), payments: [...halves, whole] })
    expect(settlement.refunds).toEqual([{ paymentId: whole.id, amount: PRICE, reason: 'surplus_payment' }])
    expect(settlement.classStep).toEqual({ step: 'keep' })
  })

  it.each<[string, Partial<SettledPayment>, string]>([
    ['less than the price (W14)', { amountCentavos: PRICE - 1 }, 'amount_mismatch'],
    ['more than the price (W14)', { amountCentavos: PRICE + 1 }, 'amount_mismatch'],
    ['no amount at all (W14)', { amountCentavos: null }, 'amount_mismatch'],
    ['another currency (W15)', { currency: 'USD' }, 'currency_mismatch'],
    ['no currency', { currency: '' }, 'currency_mismatch'],
    ['another reference (W18)', { externalReference: 'somebody-elses-shop' }, 'reference_mismatch'],
    ['another collector (W18)', { collectorId: '1' }, 'reference_mismatch'],
    ['money of another operation', { operationType: 'money_transfer' }, 'reference_mismatch'],
  ])('that does not fit is a case and nothing else: %s', (_, change, reason) => {
    const odd = payment(change)
    const settlement = settled({ payments: [odd] })
    expect(settlement).toMatchObject({ status: 'pending', classStep: { step: 'keep' }, refunds: [], roles: [] })
    expect(settlement.cases).toEqual([expect.objectContaining({ subject: 'payment', subjectId: odd.id, reason })])
    expect(settled({ payments: [{ ...odd, status: 'pending' }] }).cases).toEqual([])
  })

  it.each<[string, Partial<SettledPayment>]>([
    ['another currency', { currency: 'USD' }],
    ['another reference', { externalReference: 'somebody-elses-shop' }],
    ['another amount', { amountCentavos: PRICE + 1 }],
  ])('and is disputed before anybody saw it approved is a case, too: %s', (_, change) => {
    for (const reason of ['in_mediation', 'charged_back'] as const) {
      const odd = payment({ ...change, status: reason })
      const settlement = settled({ payments: [odd] })
      expect(settlement).toMatchObject({ status: 'pending', classStep: { step: 'keep' }, refunds: [], roles: [] })
      expect(settlement.cases).toEqual([expect.objectContaining({ subject: 'payment', subjectId: odd.id, reason })])
    }
  })

  it('without a reference at all is ours when it came with our order', () => {
    expect(settled({ payments: [payment({ externalReference: null })] }).classStep).toEqual({ step: 'confirm' })
  })

  it('met first as an orphan still pays its order', () => {
    expect(settled({ payments: [payment({ role: 'orphan' })] })).toMatchObject({ classStep: { step: 'confirm' } })
  })

  it('that is on its way out buys nothing any more, and does not complete a price', () => {
    const leaving = payment({ amountCentavos: 500_000 })
    const rest = payment({ amountCentavos: 1_000_000 })
    const settlement = settled({ payments: [leaving, rest], leaving: new Set([leaving.id]) })
    expect(settlement).toMatchObject({ status: 'pending', roles: [], classStep: { step: 'keep' } })
    expect(settlement.cases.map(({ subjectId }) => subjectId)).toEqual([rest.id])
  })
})

describe('settle: money arrives late (D7b)', () => {
  it.each<[string, SettledClass, object, boolean]>([
    ['released, start far ahead (W25)', released(), { step: 'revive' }, false],
    ['released after a rejection', released({ cancelReason: 'payment_rejected' }), { step: 'revive' }, false],
    ['start exactly 60 minutes ahead', released({ startsAt: minutes(60) }), { step: 'revive' }, false],
    ['start a second less ahead (W24)', released({ startsAt: plus(minutes(60), -1000) }), { step: 'keep' }, true],
    ['given up by the host (W24)', released({ cancelReason: 'host_cancelled' }), { step: 'keep' }, true],
    ['cancelled by the academy', released({ cancelReason: 'admin_cancelled' }), { step: 'keep' }, true],
    ['payment never started', released({ cancelReason: 'booking_failed' }), { step: 'keep' }, true],
  ])('%s', (_, bookedClass, classStep, goesBack) => {
    const late = payment()
    const settlement = settled({ bookedClass, payments: [late] })
    expect(settlement.status).toBe('approved')
    expect(settlement.classStep).toEqual(classStep)
    expect(settlement.refunds).toEqual(goesBack ? [{ paymentId: late.id, amount: PRICE, reason: 'no_valid_hold' }] : [])
  })

  it('a class that was paid and cancelled later keeps its own refund rule', () => {
    const settlement = settled({
      order: order({ status: 'approved' }),
      bookedClass: released({ cancelReason: 'host_cancelled', paidAt: minutes(-60) }),
      payments: [payment({ role: 'primary' })],
    })
    expect(settlement).toMatchObject({ status: 'approved', refunds: [], classStep: { step: 'keep' } })
  })

  it.each<[string, Date, number]>([
    ['waits until the preference ends', minutes(1), 0],
    ['goes back at its end (W26, D17a)', NOW, 1],
  ])('paid without a booking: %s', (_, expiresAt, refunds) => {
    const settlement = settled({ order: order({ expiresAt }), bookedClass: null, payments: [payment()] })
    expect(settlement.status).toBe('approved')
    expect(settlement.refunds).toHaveLength(refunds)
  })
})

describe('settle: money leaves', () => {
  const approved = order({ status: 'approved' })

  it.each<[string, SettledClass, object]>([
    ['before the start cancels the class (W27)', paidClass(), { step: 'cancel', reason: 'payment_refunded' }],
    ['while the event is being made', held({ paidAt: minutes(-1), holdExpiresAt: null }), { step: 'cancel', reason: 'payment_refunded' }],
    ['at the start leaves the class', paidClass({ startsAt: NOW }), { step: 'keep' }],
    ['after the end leaves the class', paidClass({ status: 'completed', startsAt: minutes(-90) }), { step: 'keep' }],
  ])('refunded in full %s', (_, bookedClass, classStep) => {
    const settlement = settled({ order: approved, bookedClass, payments: [payment({ status: 'refunded', role: 'primary' })] })
    expect(settlement).toMatchObject({ status: 'refunded', refundedCentavos: PRICE, classStep, refunds: [], cases: [] })
  })

  it('in part keeps payment and class', () => {
    const settlement = settled({
      order: approved,
      bookedClass: paidClass(),
      payments: [payment({ role: 'primary', refundedCentavos: 400_000 })],
    })
    expect(settlement).toMatchObject({ status: 'approved', refundedCentavos: 400_000, classStep: { step: 'keep' }, refunds: [] })
  })

  it('what goes back of a partly refunded payment is only the rest', () => {
    const settlement = settled({
      bookedClass: released({ cancelReason: 'host_cancelled' }),
      payments: [payment({ refundedCentavos: 400_000 })],
    })
    expect(settlement.refunds).toMatchObject([{ amount: PRICE - 400_000 }])
  })

  it.each<[string, SettledClass, object]>([
    ['cancels a class that has not started', paidClass(), { step: 'cancel', reason: 'payment_refunded' }],
    ['leaves a class that has started', paidClass({ startsAt: minutes(-1) }), { step: 'keep' }],
  ])('a charge-back is a case and %s (W28)', (_, bookedClass, classStep) => {
    const settlement = settled({ order: approved, bookedClass, payments: [payment({ status: 'charged_back', role: 'primary' })] })
    expect(settlement).toMatchObject({
      status: 'approved',
      classStep,
      cases: [{ subject: 'order', subjectId: ORDER_ID, reason: 'charged_back' }],
    })
  })

  it('a charge-back that was decided for us leaves the class cancelled and tells a person', () => {
    const settlement = settled({
      order: approved,
      bookedClass: released({ cancelReason: 'payment_refunded', paidAt: minutes(-60) }),
      payments: [payment({ role: 'primary' })],
    })
    expect(settlement).toMatchObject({ classStep: { step: 'keep' }, refunds: [], cases: [{ reason: 'paid_without_class' }] })
  })

  it('a claim in mediation is a case; the class goes on and nothing is given back by us', () => {
    const settlement = settled({
      order: approved,
      bookedClass: paidClass(),
      payments: [payment({ status: 'in_mediation', role: 'primary' })],
    })
    expect(settlement).toMatchObject({ status: 'approved', classStep: { step: 'keep' }, refunds: [], cases: [{ reason: 'in_mediation' }] })
  })

  it('what a cancelled class owes is asked for as soon as a claim has let go of it, part by part', () => {
    const bookedClass = released({ cancelReason: 'host_cancelled', paidAt: minutes(-60), refundOwed: true })
    const [held, free, leaves] = [
      payment({ status: 'in_mediation', role: 'primary', amountCentavos: 500_000 }),
      payment({ role: 'primary', amountCentavos: 500_000 }),
      payment({ role: 'primary', amountCentavos: 500_000 }),
    ]
    const facts = { order: approved, bookedClass, payments: [held, free, leaves], leaving: new Set([leaves.id]) }
    expect(settled(facts).refunds).toEqual([{ paymentId: free.id, amount: 500_000, reason: 'host_cancelled' }])
    const released2 = { ...facts, payments: [{ ...held, status: 'approved' }, free, leaves], leaving: new Set([leaves.id, free.id]) }
    expect(settled(released2).refunds).toEqual([{ paymentId: held.id, amount: 500_000, reason: 'host_cancelled' }])
  })

  it('a class that was cancelled without a refund keeps its money', () => {
    const bookedClass = released({ cancelReason: 'host_cancelled', paidAt: minutes(-60) })
    expect(settled({ order: approved, bookedClass, payments: [payment({ role: 'primary' })] }).refunds).toEqual([])
  })

  it('a mediation over money without a hold is not paid out a second time', () => {
    const settlement = settled({
      bookedClass: released({ cancelReason: 'host_cancelled' }),
      payments: [payment({ status: 'in_mediation' })],
    })
    expect(settlement.refunds).toEqual([])
    expect(settlement.cases).toHaveLength(1)
  })

  it.each(['pending', 'rejected', 'cancelled'])('a late view "%s" of the payment that pays never lowers the order (W21)', (status) => {
    const settlement = settled({ order: approved, bookedClass: paidClass(), payments: [payment({ status, role: 'primary' })] })
    expect(settlement).toMatchObject({ status: 'approved', classStep: { step: 'keep' } })
  })
})

describe('nextCheck', () => {
  const createdAt = new Date('2026-11-23T12:00:00Z')
  const unpaid = { createdAt, expiresAt: plus(createdAt, 20 * MINUTE_MS), status: 'pending' as const, approvedAt: null, classId: 'c' }

  function instants(from: typeof unpaid | Parameters<typeof nextCheck>[0], count: number): (number | null)[] {
    const found: (number | null)[] = []
    for (let at: Date | null = createdAt; at && found.length < count; ) {
      at = nextCheck(from, at)
      found.push(at && (at.getTime() - createdAt.getTime()) / MINUTE_MS)
    }
    return found
  }

  it('climbs +1, +3, +8, +15 and the end of the hold, then every hour for 48 hours', () => {
    const all = instants(unpaid, 100)
    expect(all.slice(0, 7)).toEqual([1, 3, 8, 15, 20, 80, 140])
    expect(all).toHaveLength(5 + 48 + 1)
    expect(all.at(-2)).toBe(20 + 48 * 60)
    expect(all.at(-1)).toBeNull()
  })

  it('asks of a rejected order as of a pending one, and of a short hold only until its end', () => {
    expect(instants({ ...unpaid, status: 'rejected' }, 5)).toEqual([1, 3, 8, 15, 20])
    expect(instants({ ...unpaid, expiresAt: plus(createdAt, 5 * MINUTE_MS) }, 4)).toEqual([1, 3, 5, 65])
  })

  it('does not drift when a question comes late', () => {
    expect(nextCheck(unpaid, plus(createdAt, 20 * MINUTE_MS + 25_000))).toEqual(plus(createdAt, 80 * MINUTE_MS))
  })

  it('looks at an approved order daily for thirty days, and never again at a refunded one', () => {
    const approved = { ...unpaid, status: 'approved' as const, approvedAt: createdAt }
    expect(instants(approved, 40).filter((at) => at !== null)).toEqual(Array.from({ length: 30 }, (_, day) => (day + 1) * 24 * 60))
    expect(nextCheck({ ...approved, status: 'refunded' }, createdAt)).toBeNull()
  })

  it('comes back at the end of the preference to money without a booking (D17a)', () => {
    const early = { ...unpaid, status: 'approved' as const, approvedAt: createdAt, classId: null }
    expect(nextCheck(early, plus(createdAt, 60_000))).toEqual(unpaid.expiresAt)
  })
})

describe('nextCheckAfterSilence', () => {
  it.each<[string, { holdEnd: number | null; expires: number; retryAfter?: number }, number]>([
    ['every 30 seconds while a hold waits for the answer', { holdEnd: -1, expires: -1 }, 0.5],
    ['in five minutes otherwise', { holdEnd: null, expires: 60 }, 5],
    ['but not after the end of the hold', { holdEnd: 2, expires: 2 }, 2],
    ['in five minutes when the hold is long over', { holdEnd: null, expires: -60 }, 5],
    ['not before the provider asked for', { holdEnd: null, expires: 60, retryAfter: 20 }, 20],
    ['not later than in an hour, whatever it asked for', { holdEnd: null, expires: -60, retryAfter: 600 }, 60],
    ['not before it asked for, while a hold waits', { holdEnd: -1, expires: -1, retryAfter: 3 }, 3],
    ['but a hold in silence ends in time', { holdEnd: -28, expires: -28, retryAfter: 30 }, 2],
  ])('%s', (_, { holdEnd, expires, retryAfter = 0 }, expected) => {
    const end = holdEnd === null ? null : minutes(holdEnd)
    expect(nextCheckAfterSilence({ expiresAt: minutes(expires) }, end, NOW, retryAfter * MINUTE_MS)).toEqual(minutes(expected))
  })
})
