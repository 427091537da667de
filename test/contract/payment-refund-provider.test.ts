import { describe, expect, it } from 'vitest'
import { fault, PRICE, paid, payments, read, rig, usePaymentBench } from './payment-bench.ts'

usePaymentBench()

describe('refund', () => {
  const refundOf = (paymentId: string, change: object = {}) =>
    payments.refund({ paymentId, amount: PRICE, key: `refund:${paymentId}`, ...change })

  it('in full gives everything back', async () => {
    const { paymentId } = await paid()
    expect(await refundOf(paymentId)).toEqual({ ok: true, value: { refundId: expect.stringMatching(/^\d+$/), state: 'approved' } })
    expect(await read(paymentId)).toMatchObject({ status: 'refunded', refundedAmount: PRICE })
  })

  it('in part leaves the payment approved', async () => {
    const { paymentId } = await paid()
    expect(await refundOf(paymentId, { amount: 500_050 })).toMatchObject({ ok: true })
    expect(await read(paymentId)).toMatchObject({ status: 'approved', statusDetail: 'partially_refunded', refundedAmount: 500_050 })
  })

  it('with the same key happens once, also at the same time', async () => {
    const { paymentId } = await paid()
    const half = { amount: PRICE / 2, key: 'refund:once' }
    const outcomes = await Promise.all([refundOf(paymentId, half), refundOf(paymentId, half), refundOf(paymentId, half)])
    expect(new Set(outcomes.map((outcome) => outcome.ok && outcome.value.refundId)).size).toBe(1)
    expect(await read(paymentId)).toMatchObject({ refundedAmount: PRICE / 2 })
  })

  it.each(['commit-then-500', 'commit-then-drop', 'malformed', 'truncated'])(
    'whose answer is lost (%s) is found again with the same key',
    async (kind) => {
      const { paymentId } = await paid()
      await fault('refund.create', { kind })
      expect(await refundOf(paymentId)).toEqual({ ok: false, reason: 'unavailable' })
      expect(await refundOf(paymentId)).toMatchObject({ ok: true, value: { state: 'approved' } })
      expect(await read(paymentId)).toMatchObject({ refundedAmount: PRICE })
    },
  )

  it('may take a while', async () => {
    await rig.control('mercado-pago/settings', { refundsInProcess: true }, 'PATCH')
    const { paymentId } = await paid()
    expect(await refundOf(paymentId)).toMatchObject({ ok: true, value: { state: 'in_process' } })
  })

  it('without balance says so, and succeeds later with the same key', async () => {
    const { paymentId } = await paid()
    await rig.control('mercado-pago/refund-refusal', { code: 2031 }, 'PUT')
    expect(await refundOf(paymentId)).toEqual({ ok: false, reason: 'no-balance' })
    expect(await refundOf(paymentId)).toMatchObject({ ok: true })
  })

  it('of money that went back already is refused; the list of its refunds tells why', async () => {
    const { paymentId } = await paid()
    await rig.control(`mercado-pago/payments/${paymentId}/refund`, { amount: 5_000 })
    expect(await refundOf(paymentId)).toEqual({ ok: false, reason: 'refused' })
    const refund = { id: expect.stringMatching(/^\d+$/), amount: 500_000, state: 'approved' }
    expect(await payments.listRefunds(paymentId)).toEqual({ ok: true, value: [refund] })
  })

  it.each(['approved', 'rejected'] as const)('in process is listed, also once it is %s', async (status) => {
    await rig.control('mercado-pago/settings', { refundsInProcess: true }, 'PATCH')
    const { paymentId } = await paid()
    const asked = await refundOf(paymentId)
    const id = asked.ok ? asked.value.refundId : ''
    expect(await payments.listRefunds(paymentId)).toEqual({ ok: true, value: [{ id, amount: PRICE, state: 'in_process' }] })
    await rig.control(`mercado-pago/payments/${paymentId}/refunds/${id}/settle`, { status })
    expect(await payments.listRefunds(paymentId)).toEqual({ ok: true, value: [{ id, amount: PRICE, state: status }] })
  })

  it('of an unknown payment are none to list; during an outage nothing is said', async () => {
    expect(await payments.listRefunds('123456')).toMatchObject({ ok: false, reason: 'unknown' })
    await fault('refund.list', { status: 503 })
    expect(await payments.listRefunds('123456')).toMatchObject({ ok: false, reason: 'unavailable' })
  })

  it.each([
    ['more than is left', PRICE + 1, 'refused'],
    ['nothing', 0, 'refused'],
  ])('of %s is refused', async (_, amount, reason) => {
    const { paymentId } = await paid()
    expect(await refundOf(paymentId, { amount })).toEqual({ ok: false, reason })
    expect(await read(paymentId)).toMatchObject({ refundedAmount: 0 })
  })

  it('of a rejected or an unknown payment is refused', async () => {
    const { paymentId } = await paid({ holder: 'OTHE' })
    expect(await refundOf(paymentId)).toEqual({ ok: false, reason: 'refused' })
    expect(await refundOf('123456')).toEqual({ ok: false, reason: 'refused' })
  })

  it('that is too late is refused', async () => {
    const { paymentId } = await paid()
    await rig.control('mercado-pago/refund-refusal', { code: 2024 }, 'PUT')
    expect(await refundOf(paymentId)).toEqual({ ok: false, reason: 'refused' })
  })

  it('during an outage is unavailable', async () => {
    const { paymentId } = await paid()
    await fault('refund.create', { status: 503 })
    expect(await refundOf(paymentId)).toEqual({ ok: false, reason: 'unavailable' })
  })
})
