import { describe, expect, it } from 'vitest'
import { disputeCases, endedDisputes, orphanCases } from './dispute.ts'

const ORDER = 'o1'
const payment = (status: string, amountCentavos: number | null = 1_500_000) => ({ id: 'p1', status, amountCentavos })
const tell = (cases: readonly { subject: string; subjectId: string; reason: string }[]) =>
  cases.map(({ subject, subjectId, reason }) => `${subject} ${subjectId} ${reason}`)

describe('disputeCases', () => {
  it.each<[string, ReturnType<typeof payment>, boolean, string[]]>([
    ['a claim over the payment that pays', payment('in_mediation'), true, ['payment p1 in_mediation']],
    ['a claim over any other payment', payment('in_mediation'), false, ['payment p1 in_mediation']],
    ['a charge-back of the payment that pays is about the order', payment('charged_back'), true, ['order o1 charged_back']],
    ['a charge-back of any other payment', payment('charged_back'), false, ['payment p1 charged_back']],
    ['an amount that nobody tells may be money', payment('charged_back', null), false, ['payment p1 charged_back']],
    ['a check of a card moves no money', payment('charged_back', 0), false, []],
    ['approved', payment('approved'), true, []],
    ['refunded', payment('refunded'), true, []],
    ['not paid', payment('rejected'), false, []],
  ])('%s', (_, disputed, pays, expected) => {
    expect(tell(disputeCases(ORDER, [disputed], new Set(pays ? ['p1'] : [])))).toEqual(expected)
  })
})

describe('orphanCases', () => {
  it.each<[string, string[]]>([
    ['approved', ['payment p1 unknown_preference']],
    ['in_mediation', ['payment p1 in_mediation']],
    ['charged_back', ['payment p1 charged_back']],
    ['refunded', []],
  ])('money of no order that is %s', (status, expected) => {
    expect(tell(orphanCases(payment(status)))).toEqual(expected)
  })
})

describe('endedDisputes', () => {
  const MEDIATION = 'payment p1 in_mediation'
  const LOST = ['payment p1 charged_back', 'order o1 charged_back']

  it.each<[string, string, string[]]>([
    ['a claim that goes on ends nothing', 'in_mediation', []],
    ['a claim that was won is over', 'approved', [MEDIATION, ...LOST]],
    ['a claim that was lost is over', 'refunded', [MEDIATION, ...LOST]],
    ['a charge-back ends the claim before it and stays itself', 'charged_back', [MEDIATION]],
  ])('%s', (_, status, expected) => {
    expect(tell(endedDisputes(ORDER, [payment(status)], [{ paymentId: 'p1', role: 'primary' }]))).toEqual(expected)
  })

  it('the charge-back of one of two parts is not over because the other is fine', () => {
    const parts = [payment('charged_back'), { ...payment('approved'), id: 'p2' }]
    const roles = parts.map(({ id }) => ({ paymentId: id, role: 'primary' as const }))
    expect(tell(endedDisputes(ORDER, parts, roles))).not.toContain('order o1 charged_back')
  })
})
