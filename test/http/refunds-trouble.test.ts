import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/kernel/clock.ts'
import { classStatus, json, orderStatus } from '../support/booking.ts'
import { expectCleanLog, newcomer } from '../support/scene.ts'
import { type Client, openWorld, type World } from '../support/world.ts'
import { createPreference } from './booking-bench.ts'
import {
  askedOfProvider,
  atProvider,
  clearFaults,
  comingSlots,
  emptyLog,
  expectAnswer,
  expectNoSilentMoney,
  leavesNothing,
  mercadoPagoSettings,
  orderOf,
  paidClass,
  pass,
  payOnce,
  refundCase,
  refundsAtProvider,
  refundsOf,
  replacePort,
  setFault,
  stateOf,
} from './payment-scene.ts'

/** A test that lets hours go by, round after round. */
const MANY_ROUNDS_MS = 60 * SECOND_MS

describe('money that goes back in times of trouble', () => {
  let world: World
  let admin: Client
  const nextSlot = comingSlots(() => world)

  beforeAll(async () => {
    world = await openWorld()
    admin = await world.admin()
  })
  leavesNothing(() => world)
  afterAll(() => world.close())

  describe('a refund that fails', () => {
    it(
      'for want of balance is told at once, tried on in growing pauses, hourly in the end, and closes its case when it is made',
      async () => {
        const held = await paidClass(world, nextSlot())
        await world.control('/mercado-pago/refund-refusal', { code: 2031, times: 1_000 }, 'PUT')
        expect((await admin.post(`/api/admin/payments/${held.orderId}/refund`)).status).toBe(503)
        await world.settle()
        expect(await refundCase(world, held.paymentId)).toEqual(['refund refund_failed'])
        const listed = JSON.stringify(await json(admin.get('/api/admin/payments?attention=1')))
        expect(listed).toContain('refund_failed')
        for (let round = 0; round < 8; round++) await pass(world, 20 * MINUTE_MS)
        expect((await askedOfProvider(world, 'POST', '/refunds')).length).toBeGreaterThanOrEqual(8)
        await emptyLog(world)
        for (let halfHour = 0; halfHour < 10; halfHour++) await pass(world, 30 * MINUTE_MS)
        const hourly = (await askedOfProvider(world, 'POST', '/refunds')).length
        expect(hourly).toBeGreaterThanOrEqual(3)
        expect(hourly).toBeLessThanOrEqual(5)
        expect(await refundCase(world, held.paymentId)).toEqual(['refund refund_failed'])
        await world.control('/mercado-pago/refund-refusal', undefined, 'DELETE')
        for (let round = 0; round < 2; round++) await pass(world, 40 * MINUTE_MS)
        expect(await orderStatus(world, held.preferenceId)).toBe('refunded')
        expect(await refundCase(world, held.paymentId)).toEqual([])
        expect(await refundsAtProvider(world, held.paymentId)).toHaveLength(1)
      },
      MANY_ROUNDS_MS,
    )

    it(
      'with 5xx is told after eight failures',
      async () => {
        const held = await paidClass(world, nextSlot())
        await setFault(world, 'refund.create', { kind: 'error', status: 503, count: 5_000 })
        await admin.post(`/api/admin/payments/${held.orderId}/refund`)
        let failures = 0
        for (let round = 0; round < 40 && failures < 8; round++) {
          await pass(world, 5 * MINUTE_MS)
          failures = Number((await refundsOf(world, held.paymentId))[0]?.attempts)
          expect(await refundCase(world, held.paymentId), `${failures} failures`).toEqual(failures >= 8 ? ['refund refund_failed'] : [])
        }
        expect(failures).toBe(8)
        await clearFaults(world)
        for (let round = 0; round < 2; round++) await pass(world, 40 * MINUTE_MS)
        expect(await orderStatus(world, held.preferenceId)).toBe('refunded')
        expect(await refundCase(world, held.paymentId)).toEqual([])
      },
      MANY_ROUNDS_MS,
    )

    it('with a refusal for good is not tried on: a person decides, and may ask again', async () => {
      const held = await paidClass(world, nextSlot())
      await world.control('/mercado-pago/refund-refusal', { code: 2024, times: 1 }, 'PUT')
      expect((await admin.post(`/api/admin/payments/${held.orderId}/refund`)).status).toBe(503)
      await pass(world, HOUR_MS)
      await pass(world, 3 * HOUR_MS)
      expect(await refundsOf(world, held.paymentId)).toMatchObject([{ state: 'failed' }])
      expect(await askedOfProvider(world, 'POST', '/refunds')).toHaveLength(1)
      expect(await refundCase(world, held.paymentId)).toEqual(['refund refund_failed'])
      await expectAnswer(admin.post(`/api/admin/payments/${held.orderId}/refund`), 200, { success: true })
      expect(await refundCase(world, held.paymentId)).toEqual([])
    })

    it.each([401, 403, 409])('because of who asks (%i), as when the token is changed, is made once that is mended', async (status) => {
      const held = await paidClass(world, nextSlot())
      await setFault(world, 'refund.create', { status })
      expect((await admin.post(`/api/admin/payments/${held.orderId}/refund`)).status).toBe(503)
      await clearFaults(world)
      expect(await refundsOf(world, held.paymentId)).toMatchObject([{ state: 'requested' }])
      await pass(world, HOUR_MS)
      expect(await orderStatus(world, held.preferenceId)).toBe('refunded')
      expect(await refundsAtProvider(world, held.paymentId)).toHaveLength(1)
    })

    it('and is then made by hand at the provider is noticed and closed', async () => {
      const held = await paidClass(world, nextSlot())
      await world.control('/mercado-pago/refund-refusal', { code: 2063, times: 1 }, 'PUT')
      await admin.post(`/api/admin/payments/${held.orderId}/refund`)
      await world.settle()
      expect(await refundCase(world, held.paymentId)).toEqual(['refund refund_failed'])
      await world.control(`/mercado-pago/payments/${held.paymentId}/refund`, {})
      await world.settle()
      expect(await orderStatus(world, held.preferenceId)).toBe('refunded')
      expect(await refundsOf(world, held.paymentId)).toMatchObject([{ state: 'approved' }])
      expect(await refundCase(world, held.paymentId)).toEqual([])
    })

    it.each(['commit-then-500', 'commit-then-drop', 'malformed', 'truncated', 'drop'])(
      'on the way back (%s) is asked for again with the same key: exactly one refund at the provider',
      async (kind) => {
        const held = await paidClass(world, nextSlot())
        await setFault(world, 'refund.create', { kind, count: 2 })
        expect((await admin.post(`/api/admin/payments/${held.orderId}/refund`)).status).toBe(503)
        for (let round = 0; round < 4; round++) await pass(world, 15 * SECOND_MS)
        expect(await refundsAtProvider(world, held.paymentId)).toHaveLength(1)
        expect(await atProvider(world, held.paymentId)).toMatchObject({ transaction_amount_refunded: 15000 })
        expect(await orderStatus(world, held.preferenceId)).toBe('refunded')
        expect(await refundsOf(world, held.paymentId)).toMatchObject([{ state: 'approved' }])
        expect(await refundCase(world, held.paymentId)).toEqual([])
      },
    )

    it.each(['before', 'after'] as const)('because the process dies %s the provider has done it: one refund, later', async (when) => {
      const held = await paidClass(world, nextSlot())
      const real = world.deps.payments.refund
      let deaths = 0
      const restore = replacePort(world, {
        refund: async (request) => {
          const dying = deaths++ === 0
          if (dying && when === 'before') throw new Error('the process died')
          const answer = await real(request)
          if (dying) throw new Error('the process died')
          return answer
        },
      })
      await expectAnswer(admin.post(`/api/admin/payments/${held.orderId}/refund`), 500, { error: 'Internal Server Error' })
      expect(await stateOf(world, held.classId)).toBe('cancelled: payment_refunded')
      await world.settle()
      restore()
      expect(await orderStatus(world, held.preferenceId)).toBe('refunded')
      expect(await refundsAtProvider(world, held.paymentId)).toHaveLength(1)
    })

    it('whose job is lost altogether is found and made', async () => {
      const held = await paidClass(world, nextSlot())
      await setFault(world, 'refund.create', { kind: 'error', status: 503, count: 1 })
      await admin.post(`/api/admin/payments/${held.orderId}/refund`)
      await world.rows(`DELETE FROM pgboss.job WHERE name = 'payment.refund'`)
      await pass(world, HOUR_MS)
      expect(await orderStatus(world, held.preferenceId)).toBe('approved')
      await pass(world, HOUR_MS)
      await pass(world, HOUR_MS)
      expect(await orderStatus(world, held.preferenceId)).toBe('refunded')
      expect(await refundsAtProvider(world, held.paymentId)).toHaveLength(1)
    })
  })

  describe('a payment of which a part went back by other hands', () => {
    const giveBack = (paymentId: string, amount: number) => world.control(`/mercado-pago/payments/${paymentId}/refund`, { amount })
    let keysAsked: string[]
    let restore: () => void
    beforeEach(() => {
      const real = world.deps.payments.refund
      keysAsked = []
      restore = replacePort(world, {
        refund: (request) => {
          keysAsked.push(request.key)
          return real(request)
        },
      })
    })
    afterEach(() => restore())

    it('unheard of: what is left is asked for under a key of its own, and all is back', async () => {
      const held = await paidClass(world, nextSlot())
      await mercadoPagoSettings(world, { notificationsPaused: true })
      await giveBack(held.paymentId, 5_000)
      await expectAnswer(admin.post(`/api/admin/payments/${held.orderId}/refund`), 200, { success: true })
      const [refund] = await refundsOf(world, held.paymentId)
      expect(refund).toMatchObject({ state: 'approved', amount_centavos: '1000000' })
      expect(keysAsked).toEqual([`refund:${refund?.id}`, `refund:${refund?.id}:1`])
      expect((await refundsAtProvider(world, held.paymentId)).map(({ amount }) => amount)).toEqual([5_000, 10_000])
      expect(await orderOf(world, held.preferenceId)).toMatchObject({ status: 'refunded', refunded_centavos: '1500000' })
      expect(await refundCase(world, held.paymentId)).toEqual([])
      const told = await (await admin.get(`/admin/clases/${held.classId}`)).text()
      for (const [what, amount] of [
        ['Devolución pedida a Mercado Pago', '$15.000'],
        ['Devolución pedida a Mercado Pago', '$10.000'],
        ['Pago devuelto', '$5.000'],
        ['Pago devuelto', '$10.000'],
      ])
        expect(told.split('<li').filter((entry) => entry.includes(`${what}<`) && entry.includes(`${amount} ARS`))).toHaveLength(1)
    })

    it('again and again while it is asked for: each request is for less, and they are few', async () => {
      const held = await paidClass(world, nextSlot())
      await mercadoPagoSettings(world, { notificationsPaused: true })
      await giveBack(held.paymentId, 1_000)
      const { refund } = world.deps.payments
      const calm = replacePort(world, {
        refund: async (request) => {
          await giveBack(held.paymentId, 1_000)
          return refund(request)
        },
      })
      expect((await admin.post(`/api/admin/payments/${held.orderId}/refund`)).status).toBe(503)
      calm()
      expect(keysAsked).toHaveLength(3)
      expect(await refundCase(world, held.paymentId)).toEqual(['refund refund_failed'])
      await expectAnswer(admin.post(`/api/admin/payments/${held.orderId}/refund`), 200, { success: true })
      expect(await atProvider(world, held.paymentId)).toMatchObject({ status: 'refunded', transaction_amount_refunded: 15_000 })
    })

    it.each([
      ['is made', 'approved', 10_000],
      ['comes to nothing', 'rejected', 15_000],
    ] as const)('that is on its way is waited for; once it %s, the rest is asked for', async (_, status, rest) => {
      const held = await paidClass(world, nextSlot())
      await mercadoPagoSettings(world, { notificationsPaused: true, refundsInProcess: true })
      await giveBack(held.paymentId, 5_000)
      const [foreign] = (await atProvider(world, held.paymentId)).refunds
      await mercadoPagoSettings(world, { refundsInProcess: false })
      expect((await admin.post(`/api/admin/payments/${held.orderId}/refund`)).status).toBe(503)
      expect(await refundsOf(world, held.paymentId)).toMatchObject([{ state: 'requested' }])
      await world.control(`/mercado-pago/payments/${held.paymentId}/refunds/${foreign?.id}/settle`, { status })
      await pass(world, MINUTE_MS)
      expect((await refundsAtProvider(world, held.paymentId)).at(-1)?.amount).toBe(rest)
      expect(await atProvider(world, held.paymentId)).toMatchObject({ status: 'refunded', transaction_amount_refunded: 15_000 })
      expect(await refundsOf(world, held.paymentId)).toMatchObject([{ state: 'approved', amount_centavos: String(rest * 100) }])
    })

    it('a claim keeps what is owed: it is given back once the claim has come to nothing', async () => {
      const held = await paidClass(world, nextSlot())
      await setFault(world, 'refund.create', { kind: 'error', status: 503, count: 1 })
      expect(await json(held.host.post(`/api/classes/${held.classId}/cancel`))).toMatchObject({ refund: 'full' })
      await world.settle()
      await world.control(`/mercado-pago/payments/${held.paymentId}/mediate`, {})
      await pass(world, MINUTE_MS)
      expect(await refundsOf(world, held.paymentId)).toMatchObject([{ state: 'requested', last_error: 'in-dispute' }])
      await world.control(`/mercado-pago/payments/${held.paymentId}/status`, { status: 'approved', detail: 'accredited' })
      for (let round = 0; round < 3; round++) await pass(world, HOUR_MS)
      expect(await orderStatus(world, held.preferenceId)).toBe('refunded')
      expect(await refundsAtProvider(world, held.paymentId)).toHaveLength(1)
    })

    it('the answer to a request after a refusal is lost: it is read back, and one refund is made', async () => {
      const held = await paidClass(world, nextSlot())
      await world.control('/mercado-pago/refund-refusal', { code: 2063, times: 1 }, 'PUT')
      const ask = () => admin.post(`/api/admin/payments/${held.orderId}/refund`)
      expect((await ask()).status).toBe(503)
      await setFault(world, 'refund.create', { kind: 'commit-then-drop', count: 1 })
      expect((await ask()).status).toBe(503)
      await pass(world, MINUTE_MS)
      expect(keysAsked.map((key) => key.split(':')[2])).toEqual([undefined, '1'])
      expect(await orderStatus(world, held.preferenceId)).toBe('refunded')
      expect(await refundsAtProvider(world, held.paymentId)).toHaveLength(1)
    })

    it('two people press at once after a refusal: one request follows it', async () => {
      const held = await paidClass(world, nextSlot())
      await world.control('/mercado-pago/refund-refusal', { code: 2063, times: 1 }, 'PUT')
      const ask = () => admin.post(`/api/admin/payments/${held.orderId}/refund`)
      expect((await ask()).status).toBe(503)
      await Promise.all([ask(), ask(), ask()])
      await world.settle()
      expect(await refundsAtProvider(world, held.paymentId)).toHaveLength(1)
      expect(new Set(keysAsked).size).toBe(2)
      expect(await refundsOf(world, held.paymentId)).toMatchObject([{ state: 'approved' }])
    })
  })

  describe('a refund that the provider carries out later', () => {
    it('and that comes to nothing is a case; asked for again by hand it is a new request', async () => {
      const held = await paidClass(world, nextSlot())
      await mercadoPagoSettings(world, { refundsInProcess: true })
      await expectAnswer(admin.post(`/api/admin/payments/${held.orderId}/refund`), 200, { success: true })
      const [first] = (await atProvider(world, held.paymentId)).refunds
      await mercadoPagoSettings(world, { refundsInProcess: false })
      await world.control(`/mercado-pago/payments/${held.paymentId}/refunds/${first?.id}/settle`, { status: 'rejected' })
      await pass(world, MINUTE_MS)
      expect(await refundsOf(world, held.paymentId)).toMatchObject([{ state: 'failed' }])
      expect(await refundCase(world, held.paymentId)).toEqual(['refund refund_failed'])
      expect(await (await admin.get(`/admin/clases/${held.classId}`)).text()).toContain('Mercado Pago no aceptó la devolución')
      await expectAnswer(admin.post(`/api/admin/payments/${held.orderId}/refund`), 200, { success: true })
      expect((await atProvider(world, held.paymentId)).refunds.map(({ status }) => status)).toEqual(['rejected', 'approved'])
      expect(await orderStatus(world, held.preferenceId)).toBe('refunded')
      expect(await refundCase(world, held.paymentId)).toEqual([])
    })

    it("is not called made before it is; the provider's word ends it", async () => {
      const held = await paidClass(world, nextSlot())
      await mercadoPagoSettings(world, { refundsInProcess: true })
      await expectAnswer(admin.post(`/api/admin/payments/${held.orderId}/refund`), 200, { success: true })
      await pass(world, MINUTE_MS)
      expect(await orderStatus(world, held.preferenceId)).toBe('approved')
      const { refunds } = await atProvider(world, held.paymentId)
      expect(refunds).toHaveLength(1)
      await world.control(`/mercado-pago/payments/${held.paymentId}/refunds/${refunds[0]?.id}/settle`, { status: 'approved' })
      await world.settle()
      expect(await orderStatus(world, held.preferenceId)).toBe('refunded')
      expect(await refundsOf(world, held.paymentId)).toMatchObject([{ state: 'approved' }])
      await emptyLog(world)
      await pass(world, 2 * HOUR_MS)
      expect(await askedOfProvider(world, 'POST', '/refunds')).toEqual([])
    })

    it('without a word from the provider is read back', async () => {
      const held = await paidClass(world, nextSlot())
      await mercadoPagoSettings(world, { refundsInProcess: true })
      await admin.post(`/api/admin/payments/${held.orderId}/refund`)
      const { refunds } = await atProvider(world, held.paymentId)
      await mercadoPagoSettings(world, { notificationsToDrop: 20 })
      await world.control(`/mercado-pago/payments/${held.paymentId}/refunds/${refunds[0]?.id}/settle`, { status: 'approved' })
      await mercadoPagoSettings(world, { notificationsToDrop: 0 })
      await pass(world, MINUTE_MS)
      await pass(world, MINUTE_MS)
      expect(await orderStatus(world, held.preferenceId)).toBe('refunded')
      expect(await refundsAtProvider(world, held.paymentId)).toHaveLength(1)
    })
  })

  it('W16: a surplus that cannot be given back now is given back later; the class is not touched', async () => {
    const held = await paidClass(world, nextSlot())
    await setFault(world, 'refund.create', { kind: 'error', status: 503, count: 2 })
    const surplus = await payOnce(world, held.preferenceId)
    await world.settle()
    expect(await refundsOf(world, surplus.id)).toMatchObject([{ state: 'requested', reason: 'surplus_payment' }])
    for (let round = 0; round < 4; round++) await pass(world, 15 * SECOND_MS)
    expect(await refundsAtProvider(world, surplus.id)).toHaveLength(1)
    expect(await classStatus(world, held.classId)).toBe('scheduled')
    expect(await orderOf(world, held.preferenceId)).toMatchObject({ status: 'approved', refunded_centavos: '0', refunded_at: null })
  })

  it('a refund asked for while a booking is made of the same money leaves no class without pay', async () => {
    const host = await newcomer(world)
    const preferenceId = await createPreference(host)
    const { id } = await payOnce(world, preferenceId)
    await world.settle()
    const { id: orderId } = await orderOf(world, preferenceId)
    await setFault(world, 'refund.create', { kind: 'error', status: 503, count: 1 })
    expect((await admin.post(`/api/admin/payments/${orderId}/refund`)).status).toBe(503)
    const booked = (await json(host.post('/api/booking', { ...nextSlot(), preferenceId }))) as { classId?: string }
    for (let round = 0; round < 4; round++) await pass(world, 15 * SECOND_MS)
    expect(await orderStatus(world, preferenceId)).toBe('refunded')
    expect(await refundsAtProvider(world, id)).toHaveLength(1)
    if (booked.classId) expect(await stateOf(world, booked.classId)).toBe('cancelled: payment_refunded')
  })

  it('refunded never exceeds paid, and no payment has two refunds (invariant 12)', async () => {
    const { payments } = (await world.control('/mercado-pago/payments')) as {
      payments: { transaction_amount: number; transaction_amount_refunded: number }[]
    }
    expect(payments.length).toBeGreaterThan(10)
    expect(payments.filter((payment) => payment.transaction_amount_refunded > payment.transaction_amount)).toEqual([])
    expect(await world.rows('SELECT payment_id FROM refund GROUP BY payment_id HAVING count(*) > 1')).toEqual([])
  })

  it('no approved peso is silent (invariant 5)', () => expectNoSilentMoney(world))

  it('the log names no person, code, link, token or secret', () => expectCleanLog(world, ['local-sandbox-secret']))
})
