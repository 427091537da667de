import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { refundPaymentAsAdmin } from '../../src/features/payment/admin.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/kernel/clock.ts'
import { classStatus, json, orderStatus } from '../support/booking.ts'
import { expectCleanLog, freshSlots, newcomer, userIdOf } from '../support/scene.ts'
import { type Client, openWorld, type World } from '../support/world.ts'
import { createPreference } from './booking-bench.ts'
import {
  askedOfProvider,
  atProvider,
  auditOf,
  casesOf,
  clearFaults,
  emptyLog,
  expectAnswer,
  expectNoSilentMoney,
  type Held,
  heldClass,
  mercadoPagoSettings,
  orderOf,
  payOnce,
  refundsOf,
  replacePort,
  setFault,
  signedHeaders,
  stateOf,
  WEBHOOK,
} from './payment-scene.ts'

const FULL = '1500000'
const NOT_APPROVED = { error: 'El pago no está aprobado' }
const WILL_RETRY = { error: 'No se pudo reembolsar. Se va a reintentar.' }

describe('money that goes back', () => {
  let world: World
  let admin: Client
  const nextSlot = freshSlots('2026-12-01')

  beforeAll(async () => {
    world = await openWorld()
    admin = await world.admin()
  })
  beforeEach(async () => {
    await world.settle()
    await emptyLog(world)
  })
  afterEach(async () => {
    await clearFaults(world)
    await world.control('/mercado-pago/refund-refusal', undefined, 'DELETE')
    await mercadoPagoSettings(world, { notificationsPaused: false, refundsInProcess: false })
  })
  afterAll(() => world.close())

  type Paid = Held & { paymentId: string }
  async function paid(when = nextSlot()): Promise<Paid> {
    const held = await heldClass(world, when)
    const { id } = await payOnce(world, held.preferenceId)
    await world.settle()
    expect(await classStatus(world, held.classId)).toBe('scheduled')
    await emptyLog(world)
    return { ...held, paymentId: id }
  }
  async function pass(milliseconds: number): Promise<void> {
    world.clock.advance(milliseconds)
    await world.settle()
  }
  const refundCase = async (paymentId: string) => casesOf(world, ...(await refundsOf(world, paymentId)).map(({ id }) => id))
  /** Refunds that took effect at the provider. */
  const refundsAtProvider = async (paymentId: string) =>
    (await atProvider(world, paymentId)).refunds.filter(({ status }) => status === 'approved')
  const mailsTo = async (held: Held) => JSON.stringify(await world.control(`/mail?to=${await emailOf(held)}`))
  const emailOf = async ({ classId }: Held) =>
    String(
      (await world.rows('SELECT u.email FROM app_user u JOIN virtual_class c ON c.booked_by_id = u.id WHERE c.id = $1', [classId]))[0]
        ?.email,
    )
  const eventOf = async (classId: string) => {
    const { events } = (await world.control('/google/events')) as { events: { id: string; status: string }[] }
    return events.find((event) => event.id.startsWith(classId.replaceAll('-', '')))?.status
  }

  describe('W27: refunded outside the product', () => {
    it('in full before the start: order refunded, class cancelled, event removed, slot free', async () => {
      const held = await paid()
      await world.control(`/mercado-pago/payments/${held.paymentId}/refund`, {})
      await world.settle()
      expect(await orderOf(world, held.preferenceId)).toMatchObject({ status: 'refunded', refunded_centavos: FULL })
      expect(await stateOf(world, held.classId)).toBe('cancelled: payment_refunded')
      expect(await eventOf(held.classId)).toBe('cancelled')
      expect(await auditOf(world, held.classId)).toContain('class.cancel payment_refunded by itself')
      expect(await refundsOf(world, held.paymentId)).toEqual([])
      expect((await heldClass(world, { start: held.start, end: held.end })).classId).toBeTruthy()
      expect(await mailsTo(held)).toContain('Clase cancelada')
      const [code] = await world.rows<{ retire_reason: string }>('SELECT retire_reason FROM access_code WHERE class_id = $1', [
        held.classId,
      ])
      expect(code?.retire_reason).toBe('cancelled')
    })

    it('without any notification it is seen by the daily look', async () => {
      const held = await paid()
      await mercadoPagoSettings(world, { notificationsToDrop: 20 })
      await world.control(`/mercado-pago/payments/${held.paymentId}/refund`, {})
      await mercadoPagoSettings(world, { notificationsToDrop: 0 })
      await pass(DAY_MS)
      expect(await stateOf(world, held.classId)).toBe('cancelled: payment_refunded')
    })

    it('after the end: the money is gone, the class stays', async () => {
      const held = await paid()
      world.clock.set(held.end)
      await world.settle()
      expect(await classStatus(world, held.classId)).toBe('completed')
      await world.control(`/mercado-pago/payments/${held.paymentId}/refund`, {})
      await world.settle()
      expect(await orderStatus(world, held.preferenceId)).toBe('refunded')
      expect(await classStatus(world, held.classId)).toBe('completed')
    })

    it('in part: payment and class stay; the rest refunded later is the full refund', async () => {
      const held = await paid()
      await world.control(`/mercado-pago/payments/${held.paymentId}/refund`, { amount: 4000 })
      await world.settle()
      expect(await orderOf(world, held.preferenceId)).toMatchObject({ status: 'approved', refunded_centavos: '400000' })
      expect(await classStatus(world, held.classId)).toBe('scheduled')
      await world.control(`/mercado-pago/payments/${held.paymentId}/refund`, {})
      await world.settle()
      expect(await orderOf(world, held.preferenceId)).toMatchObject({ status: 'refunded', refunded_centavos: FULL })
      expect(await stateOf(world, held.classId)).toBe('cancelled: payment_refunded')
    })

    it('in part, then by us: only what is left goes back, and the order ends refunded', async () => {
      const held = await paid()
      await world.control(`/mercado-pago/payments/${held.paymentId}/refund`, { amount: 4000 })
      await world.settle()
      await expectAnswer(admin.post(`/api/admin/payments/${held.orderId}/refund`), 200, { success: true })
      expect(await refundsOf(world, held.paymentId)).toMatchObject([{ amount_centavos: '1100000', state: 'approved' }])
      expect(await orderOf(world, held.preferenceId)).toMatchObject({ status: 'refunded', refunded_centavos: FULL })
      expect(await atProvider(world, held.paymentId)).toMatchObject({ status: 'refunded', transaction_amount_refunded: 15000 })
    })
  })

  describe('W28: disputes', () => {
    it('a charge-back before the start cancels the class and tells the admin; the order is not called refunded', async () => {
      const held = await paid()
      await world.control(`/mercado-pago/payments/${held.paymentId}/chargeback`, {})
      await world.settle()
      expect(await casesOf(world, held.orderId, held.paymentId)).toEqual(['order charged_back'])
      expect(await stateOf(world, held.classId)).toBe('cancelled: payment_refunded')
      expect(await orderStatus(world, held.preferenceId)).toBe('approved')
      expect(await eventOf(held.classId)).toBe('cancelled')
      expect(await refundsOf(world, held.paymentId)).toEqual([])
    })

    it('a charge-back of a class that was given leaves the class', async () => {
      const held = await paid()
      world.clock.set(held.end)
      await world.settle()
      await world.control(`/mercado-pago/payments/${held.paymentId}/chargeback`, { outcome: 'settled' })
      await world.settle()
      expect(await casesOf(world, held.orderId)).toEqual(['order charged_back'])
      expect(await classStatus(world, held.classId)).toBe('completed')
    })

    it('the notification of the charge-back alone is enough', async () => {
      const held = await paid()
      await mercadoPagoSettings(world, { notificationsPaused: true })
      const { chargeback } = (await world.control(`/mercado-pago/payments/${held.paymentId}/chargeback`, {})) as {
        chargeback: { id: string }
      }
      const body = {
        type: 'topic_chargebacks_wh',
        actions: ['changed_case_status'],
        data: { payment_id: Number(held.paymentId), checkout: 'PRO' },
      }
      const query = `?data.id=${chargeback.id}&type=topic_chargebacks_wh`
      await expectAnswer(world.anonymous.post(WEBHOOK + query, body), 401, { error: 'Firma inválida' })
      await expectAnswer(world.anonymous.post(WEBHOOK + query, body, signedHeaders(world, { dataId: chargeback.id })), 200, { ok: true })
      const nameless = { type: 'topic_chargebacks_wh', data: { id: chargeback.id } }
      await expectAnswer(world.anonymous.post(WEBHOOK + query, nameless, signedHeaders(world, { dataId: chargeback.id })), 200, {
        ok: true,
      })
      await world.settle()
      expect(await casesOf(world, held.orderId)).toEqual(['order charged_back'])
      expect(await stateOf(world, held.classId)).toBe('cancelled: payment_refunded')
    })

    it('a case that the admin has closed stays closed, however often the order is looked at', async () => {
      const held = await paid()
      await world.control(`/mercado-pago/payments/${held.paymentId}/chargeback`, {})
      await world.settle()
      const [open] = await world.rows<{ id: string }>('SELECT id FROM attention_case WHERE subject_id = $1', [held.orderId])
      const closed = await admin.submit(`/admin/casos/${open?.id}/resolver`, {})
      expect(closed.status).toBeLessThan(400)
      await pass(DAY_MS)
      await pass(DAY_MS)
      expect(await casesOf(world, held.orderId)).toEqual([])
      expect(await auditOf(world, open?.id ?? '')).toEqual(['case.resolve by a person'])
    })

    it('a charge-back decided for us is told: the class is cancelled and the money is here', async () => {
      const held = await paid()
      await world.control(`/mercado-pago/payments/${held.paymentId}/chargeback`, {})
      await world.settle()
      await world.control(`/mercado-pago/payments/${held.paymentId}/status`, { status: 'approved', detail: 'accredited' })
      await world.settle()
      expect(await stateOf(world, held.classId)).toBe('cancelled: payment_refunded')
      expect(await casesOf(world, held.orderId)).toContain('order no_valid_hold')
    })

    it('a mediation is told, the class goes on, and nothing is paid out twice', async () => {
      const held = await paid()
      await world.control(`/mercado-pago/payments/${held.paymentId}/mediate`, {})
      await world.settle()
      expect(await casesOf(world, held.paymentId)).toEqual(['payment charged_back'])
      expect(await classStatus(world, held.classId)).toBe('scheduled')
      await expectAnswer(admin.post(`/api/admin/payments/${held.orderId}/refund`), 409, NOT_APPROVED)
      expect(await classStatus(world, held.classId)).toBe('scheduled')
      expect(await askedOfProvider(world, 'POST', '/refunds')).toEqual([])
    })
  })

  describe('POST /api/admin/payments/{id}/refund (4.16)', () => {
    it('gives everything back, cancels a class that has not started, and says the same a second time', async () => {
      const held = await paid()
      await expectAnswer(admin.post(`/api/admin/payments/${held.orderId}/refund`), 200, { success: true })
      await world.settle()
      expect(await orderOf(world, held.preferenceId)).toMatchObject({
        status: 'refunded',
        refunded_centavos: FULL,
        refund_reason: 'admin_refund',
      })
      expect(await stateOf(world, held.classId)).toBe('cancelled: payment_refunded')
      expect(await eventOf(held.classId)).toBe('cancelled')
      expect(await auditOf(world, held.orderId)).toEqual(['payment.refund by a person'])
      expect(await auditOf(world, held.paymentId)).toEqual([
        'refund.request admin_refund by a person',
        'refund.made admin_refund by itself',
      ])
      await expectAnswer(admin.post(`/api/admin/payments/${held.orderId}/refund`), 200, { success: true })
      expect(await refundsAtProvider(held.paymentId)).toHaveLength(1)
      expect(await mailsTo(held)).toContain('Te devolvimos tu pago')
    })

    it('gives everything back of a class that was given, and leaves the class', async () => {
      const held = await paid()
      world.clock.set(held.end)
      await world.settle()
      await expectAnswer(admin.post(`/api/admin/payments/${held.orderId}/refund`), 200, { success: true })
      expect(await classStatus(world, held.classId)).toBe('completed')
      expect(await orderStatus(world, held.preferenceId)).toBe('refunded')
    })

    it('refuses what is not approved, not known, or asked for by somebody else', async () => {
      const held = await heldClass(world, nextSlot())
      await expectAnswer(admin.post(`/api/admin/payments/${held.orderId}/refund`), 409, NOT_APPROVED)
      for (const id of [crypto.randomUUID(), 'no-id', "' OR 1=1--"]) {
        expect((await admin.post(`/api/admin/payments/${encodeURIComponent(id)}/refund`)).status).toBe(404)
      }
      expect((await held.host.post(`/api/admin/payments/${held.orderId}/refund`)).status).toBe(403)
      expect((await world.anonymous.post(`/api/admin/payments/${held.orderId}/refund`)).status).toBe(401)
    })

    it('says when the provider fails, and the refund is made later without anybody asking again', async () => {
      const held = await paid()
      await setFault(world, 'refund.create', { kind: 'error', status: 503, count: 2 })
      await expectAnswer(admin.post(`/api/admin/payments/${held.orderId}/refund`), 503, WILL_RETRY)
      expect(await stateOf(world, held.classId)).toBe('cancelled: payment_refunded')
      expect(await orderStatus(world, held.preferenceId)).toBe('approved')
      for (let round = 0; round < 4; round++) await pass(15 * SECOND_MS)
      expect(await orderStatus(world, held.preferenceId)).toBe('refunded')
      expect(await refundsAtProvider(held.paymentId)).toHaveLength(1)
    })

    it('two admins at the same moment refund once', async () => {
      const held = await paid()
      const answers = await Promise.all([1, 2, 3].map(() => admin.post(`/api/admin/payments/${held.orderId}/refund`)))
      await world.settle()
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
      expect(await refundsAtProvider(held.paymentId)).toHaveLength(1)
      expect((await auditOf(world, held.paymentId)).filter((line) => line.startsWith('refund.made'))).toHaveLength(1)
    })

    it('money that pays nothing can be given back as well: a payment of the wrong amount, and an orphan', async () => {
      const held = await heldClass(world, nextSlot())
      const { id } = await payOnce(world, held.preferenceId, { amount: 5000 })
      await world.settle()
      expect(await casesOf(world, id)).toEqual(['payment amount_mismatch'])
      const adminId = await userIdOf(world, world.deps.config.adminEmail)
      expect(await refundPaymentAsAdmin(world.deps, id, adminId)).toEqual({ ok: true, value: null })
      await world.settle()
      expect(await casesOf(world, id)).toEqual([])
      expect(await atProvider(world, id)).toMatchObject({ status: 'refunded', transaction_amount_refunded: 5000 })
      expect(await orderStatus(world, held.preferenceId)).toBe('pending')
      // The whole price afterwards is still welcome.
      await payOnce(world, held.preferenceId)
      await world.settle()
      expect(await classStatus(world, held.classId)).toBe('scheduled')
      expect(await refundPaymentAsAdmin(world.deps, '404', adminId)).toMatchObject({ reason: 'unknown-payment' })
    })
  })

  describe('a refund that fails', () => {
    it('for want of balance is told at once, tried on in growing pauses, hourly in the end, and closes its case when it is made', async () => {
      const held = await paid()
      await world.control('/mercado-pago/refund-refusal', { code: 2031, times: 1_000 }, 'PUT')
      expect((await admin.post(`/api/admin/payments/${held.orderId}/refund`)).status).toBe(503)
      await world.settle()
      expect(await refundCase(held.paymentId)).toEqual(['refund refund_failed'])
      const listed = JSON.stringify(await json(admin.get('/api/admin/payments?attention=1')))
      expect(listed).toContain('refund_failed')
      for (let quarter = 0; quarter < 3 * 4; quarter++) await pass(15 * MINUTE_MS)
      const tries = (await askedOfProvider(world, 'POST', '/refunds')).length
      expect(tries).toBeGreaterThan(8)
      await emptyLog(world)
      for (let quarter = 0; quarter < 6 * 4; quarter++) await pass(15 * MINUTE_MS)
      const hourly = (await askedOfProvider(world, 'POST', '/refunds')).length
      expect(hourly).toBeGreaterThanOrEqual(4)
      expect(hourly).toBeLessThanOrEqual(6)
      expect(await refundCase(held.paymentId)).toEqual(['refund refund_failed'])
      await world.control('/mercado-pago/refund-refusal', undefined, 'DELETE')
      for (let quarter = 0; quarter < 6; quarter++) await pass(15 * MINUTE_MS)
      expect(await orderStatus(world, held.preferenceId)).toBe('refunded')
      expect(await refundCase(held.paymentId)).toEqual([])
      expect(await refundsAtProvider(held.paymentId)).toHaveLength(1)
    })

    it('with 5xx is told after eight failures', async () => {
      const held = await paid()
      await setFault(world, 'refund.create', { kind: 'error', status: 503, count: 5_000 })
      await admin.post(`/api/admin/payments/${held.orderId}/refund`)
      let failures = 0
      for (let round = 0; round < 40 && failures < 8; round++) {
        await pass(5 * MINUTE_MS)
        failures = Number((await refundsOf(world, held.paymentId))[0]?.attempts)
        expect(await refundCase(held.paymentId), `${failures} failures`).toEqual(failures >= 8 ? ['refund refund_failed'] : [])
      }
      expect(failures).toBe(8)
      await clearFaults(world)
      for (let quarter = 0; quarter < 6; quarter++) await pass(15 * MINUTE_MS)
      expect(await orderStatus(world, held.preferenceId)).toBe('refunded')
      expect(await refundCase(held.paymentId)).toEqual([])
    })

    it('with a refusal for good is not tried on: a person decides, and may ask again', async () => {
      const held = await paid()
      await world.control('/mercado-pago/refund-refusal', { code: 2024, times: 1 }, 'PUT')
      expect((await admin.post(`/api/admin/payments/${held.orderId}/refund`)).status).toBe(503)
      await pass(HOUR_MS)
      await pass(3 * HOUR_MS)
      expect(await refundsOf(world, held.paymentId)).toMatchObject([{ state: 'failed' }])
      expect(await askedOfProvider(world, 'POST', '/refunds')).toHaveLength(1)
      expect(await refundCase(held.paymentId)).toEqual(['refund refund_failed'])
      await expectAnswer(admin.post(`/api/admin/payments/${held.orderId}/refund`), 200, { success: true })
      expect(await refundCase(held.paymentId)).toEqual([])
    })

    it('and is then made by hand at the provider is noticed and closed', async () => {
      const held = await paid()
      await world.control('/mercado-pago/refund-refusal', { code: 2063, times: 1 }, 'PUT')
      await admin.post(`/api/admin/payments/${held.orderId}/refund`)
      await world.settle()
      expect(await refundCase(held.paymentId)).toEqual(['refund refund_failed'])
      await world.control(`/mercado-pago/payments/${held.paymentId}/refund`, {})
      await world.settle()
      expect(await orderStatus(world, held.preferenceId)).toBe('refunded')
      expect(await refundsOf(world, held.paymentId)).toMatchObject([{ state: 'approved' }])
      expect(await refundCase(held.paymentId)).toEqual([])
    })

    it.each(['commit-then-500', 'commit-then-drop', 'malformed', 'truncated', 'drop'])(
      'on the way back (%s) is asked for again with the same key: exactly one refund at the provider',
      async (kind) => {
        const held = await paid()
        await setFault(world, 'refund.create', { kind, count: 2 })
        expect((await admin.post(`/api/admin/payments/${held.orderId}/refund`)).status).toBe(503)
        for (let round = 0; round < 4; round++) await pass(15 * SECOND_MS)
        expect(await refundsAtProvider(held.paymentId)).toHaveLength(1)
        expect(await atProvider(world, held.paymentId)).toMatchObject({ transaction_amount_refunded: 15000 })
        expect(await orderStatus(world, held.preferenceId)).toBe('refunded')
        expect(await refundsOf(world, held.paymentId)).toMatchObject([{ state: 'approved' }])
        expect(await refundCase(held.paymentId)).toEqual([])
      },
    )

    it.each(['before', 'after'] as const)('because the process dies %s the provider has done it: one refund, later', async (when) => {
      const held = await paid()
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
      expect(await refundsAtProvider(held.paymentId)).toHaveLength(1)
    })

    it('whose job is lost altogether is found and made', async () => {
      const held = await paid()
      await setFault(world, 'refund.create', { kind: 'error', status: 503, count: 1 })
      await admin.post(`/api/admin/payments/${held.orderId}/refund`)
      await world.rows(`DELETE FROM pgboss.job WHERE name = 'payment.refund'`)
      await pass(HOUR_MS)
      expect(await orderStatus(world, held.preferenceId)).toBe('approved')
      await pass(HOUR_MS)
      await pass(HOUR_MS)
      expect(await orderStatus(world, held.preferenceId)).toBe('refunded')
      expect(await refundsAtProvider(held.paymentId)).toHaveLength(1)
    })
  })

  describe('a refund that the provider carries out later', () => {
    it("is not called made before it is; the provider's word ends it", async () => {
      const held = await paid()
      await mercadoPagoSettings(world, { refundsInProcess: true })
      expect((await admin.post(`/api/admin/payments/${held.orderId}/refund`)).status).toBe(503)
      await pass(MINUTE_MS)
      expect(await orderStatus(world, held.preferenceId)).toBe('approved')
      const { refunds } = await atProvider(world, held.paymentId)
      expect(refunds).toHaveLength(1)
      await world.control(`/mercado-pago/payments/${held.paymentId}/refunds/${refunds[0]?.id}/settle`, { status: 'approved' })
      await world.settle()
      expect(await orderStatus(world, held.preferenceId)).toBe('refunded')
      expect(await refundsOf(world, held.paymentId)).toMatchObject([{ state: 'approved' }])
      await emptyLog(world)
      await pass(2 * HOUR_MS)
      expect(await askedOfProvider(world, 'POST', '/refunds')).toEqual([])
    })

    it('without a word from the provider is read back', async () => {
      const held = await paid()
      await mercadoPagoSettings(world, { refundsInProcess: true })
      await admin.post(`/api/admin/payments/${held.orderId}/refund`)
      const { refunds } = await atProvider(world, held.paymentId)
      await mercadoPagoSettings(world, { notificationsToDrop: 20 })
      await world.control(`/mercado-pago/payments/${held.paymentId}/refunds/${refunds[0]?.id}/settle`, { status: 'approved' })
      await mercadoPagoSettings(world, { notificationsToDrop: 0 })
      await pass(MINUTE_MS)
      await pass(MINUTE_MS)
      expect(await orderStatus(world, held.preferenceId)).toBe('refunded')
      expect(await refundsAtProvider(held.paymentId)).toHaveLength(1)
    })
  })

  it('W16: a surplus that cannot be given back now is given back later; the class is not touched', async () => {
    const held = await paid()
    await setFault(world, 'refund.create', { kind: 'error', status: 503, count: 2 })
    const surplus = await payOnce(world, held.preferenceId)
    await world.settle()
    expect(await refundsOf(world, surplus.id)).toMatchObject([{ state: 'requested', reason: 'surplus_payment' }])
    for (let round = 0; round < 4; round++) await pass(15 * SECOND_MS)
    expect(await refundsAtProvider(surplus.id)).toHaveLength(1)
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
    for (let round = 0; round < 4; round++) await pass(15 * SECOND_MS)
    expect(await orderStatus(world, preferenceId)).toBe('refunded')
    expect(await refundsAtProvider(id)).toHaveLength(1)
    if (booked.classId) expect(await stateOf(world, booked.classId)).toBe('cancelled: payment_refunded')
  })

  it('refunded never exceeds paid, and no payment has two refunds (invariant 12)', async () => {
    const { payments } = (await world.control('/mercado-pago/payments')) as {
      payments: { transaction_amount: number; transaction_amount_refunded: number }[]
    }
    expect(payments.length).toBeGreaterThan(20)
    expect(payments.filter((payment) => payment.transaction_amount_refunded > payment.transaction_amount)).toEqual([])
    expect(await world.rows('SELECT payment_id FROM refund GROUP BY payment_id HAVING count(*) > 1')).toEqual([])
  })

  it('no approved peso is silent (invariant 5)', () => expectNoSilentMoney(world))

  it('the log names no person, code, link, token or secret', () => expectCleanLog(world, ['local-sandbox-secret']))
})
