import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { refundPaymentAsAdmin } from '../../src/features/payment/admin.ts'
import { DAY_MS, SECOND_MS } from '../../src/kernel/clock.ts'
import { classStatus, orderStatus } from '../support/booking.ts'
import { expectCleanLog, userIdOf } from '../support/scene.ts'
import { type Client, openWorld, type World } from '../support/world.ts'
import {
  askedOfProvider,
  atProvider,
  auditOf,
  casesOf,
  comingSlots,
  expectAnswer,
  expectNoSilentMoney,
  type Held,
  heldClass,
  leavesNothing,
  mercadoPagoSettings,
  orderOf,
  paidClass,
  pass,
  payOnce,
  refundsAtProvider,
  refundsOf,
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
  const nextSlot = comingSlots(() => world)

  beforeAll(async () => {
    world = await openWorld()
    admin = await world.admin()
  })
  leavesNothing(() => world)
  afterAll(() => world.close())

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
      const held = await paidClass(world, nextSlot())
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

    it('while the event is being made: an event that Google made without our hearing of it goes, too', async () => {
      const held = await heldClass(world, nextSlot())
      await world.control('/google/faults', { route: 'events.insert', kind: 'commit-then-drop', count: 1 })
      const { id } = await payOnce(world, held.preferenceId)
      await world.settle()
      expect(await stateOf(world, held.classId)).toBe('pending: paid')
      expect(await eventOf(held.classId)).toBe('confirmed')
      await world.control(`/mercado-pago/payments/${id}/refund`, {})
      await world.settle()
      expect(await stateOf(world, held.classId)).toBe('cancelled: payment_refunded')
      expect(await eventOf(held.classId)).toBe('cancelled')
    })

    it('without any notification it is seen by the daily look', async () => {
      const held = await paidClass(world, nextSlot())
      await mercadoPagoSettings(world, { notificationsToDrop: 20 })
      await world.control(`/mercado-pago/payments/${held.paymentId}/refund`, {})
      await mercadoPagoSettings(world, { notificationsToDrop: 0 })
      await pass(world, DAY_MS)
      expect(await stateOf(world, held.classId)).toBe('cancelled: payment_refunded')
    })

    it('after the end: the money is gone, the class stays', async () => {
      const held = await paidClass(world, nextSlot())
      world.clock.set(held.end)
      await world.settle()
      expect(await classStatus(world, held.classId)).toBe('completed')
      await world.control(`/mercado-pago/payments/${held.paymentId}/refund`, {})
      await world.settle()
      expect(await orderStatus(world, held.preferenceId)).toBe('refunded')
      expect(await classStatus(world, held.classId)).toBe('completed')
    })

    it('in part: payment and class stay; the rest refunded later is the full refund', async () => {
      const held = await paidClass(world, nextSlot())
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
      const held = await paidClass(world, nextSlot())
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
      const held = await paidClass(world, nextSlot())
      await world.control(`/mercado-pago/payments/${held.paymentId}/chargeback`, {})
      await world.settle()
      expect(await casesOf(world, held.orderId, held.paymentId)).toEqual(['order charged_back'])
      expect(await stateOf(world, held.classId)).toBe('cancelled: payment_refunded')
      expect(await orderStatus(world, held.preferenceId)).toBe('approved')
      expect(await eventOf(held.classId)).toBe('cancelled')
      expect(await refundsOf(world, held.paymentId)).toEqual([])
    })

    it('a charge-back of a class that was given leaves the class', async () => {
      const held = await paidClass(world, nextSlot())
      world.clock.set(held.end)
      await world.settle()
      await world.control(`/mercado-pago/payments/${held.paymentId}/chargeback`, { outcome: 'settled' })
      await world.settle()
      expect(await casesOf(world, held.orderId)).toEqual(['order charged_back'])
      expect(await classStatus(world, held.classId)).toBe('completed')
    })

    it('the notification of the charge-back alone is enough', async () => {
      const held = await paidClass(world, nextSlot())
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
      const held = await paidClass(world, nextSlot())
      await world.control(`/mercado-pago/payments/${held.paymentId}/chargeback`, {})
      await world.settle()
      const [open] = await world.rows<{ id: string }>('SELECT id FROM attention_case WHERE subject_id = $1', [held.orderId])
      const closed = await admin.submit(`/admin/casos/${open?.id}/resolver`, {})
      expect(closed.status).toBeLessThan(400)
      await pass(world, DAY_MS)
      await pass(world, DAY_MS)
      expect(await casesOf(world, held.orderId)).toEqual([])
      expect(await auditOf(world, open?.id ?? '')).toEqual(['case.resolve by a person'])
    })

    it('a charge-back decided for us is told: the class is cancelled and the money is here', async () => {
      const held = await paidClass(world, nextSlot())
      await world.control(`/mercado-pago/payments/${held.paymentId}/chargeback`, {})
      await world.settle()
      await world.control(`/mercado-pago/payments/${held.paymentId}/status`, { status: 'approved', detail: 'accredited' })
      await world.settle()
      expect(await stateOf(world, held.classId)).toBe('cancelled: payment_refunded')
      expect(await casesOf(world, held.orderId)).toEqual(['order paid_without_class'])
    })

    it.each<[string, { status: string; detail: string }, string, string[]]>([
      ['won', { status: 'approved', detail: 'accredited' }, 'scheduled', []],
      ['lost to a refund', { status: 'refunded', detail: 'refunded' }, 'cancelled: payment_refunded', []],
      ['lost to a charge-back', { status: 'charged_back', detail: 'settled' }, 'cancelled: payment_refunded', ['order charged_back']],
    ])('a claim that was %s leaves no case of a claim behind', async (_, end, state, cases) => {
      const held = await paidClass(world, nextSlot())
      await world.control(`/mercado-pago/payments/${held.paymentId}/mediate`, {})
      await world.settle()
      expect(await casesOf(world, held.orderId, held.paymentId)).toEqual(['payment in_mediation'])
      await world.control(`/mercado-pago/payments/${held.paymentId}/status`, end)
      await world.settle()
      expect(await stateOf(world, held.classId)).toBe(state)
      expect(await casesOf(world, held.orderId, held.paymentId)).toEqual(cases)
    })

    it('money in another currency that is charged back before we ever saw it is told', async () => {
      const held = await heldClass(world, nextSlot())
      await mercadoPagoSettings(world, { notificationsPaused: true })
      const odd = await payOnce(world, held.preferenceId, { currency: 'USD' })
      await world.control(`/mercado-pago/payments/${odd.id}/chargeback`, {})
      await mercadoPagoSettings(world, { notificationsPaused: false })
      await world.settle()
      expect(await casesOf(world, held.orderId, odd.id)).toEqual(['payment charged_back'])
      expect(await stateOf(world, held.classId)).toBe('pending: held')
    })

    it('a class cancelled during a mediation owes its money, and pays it when the claim is over', async () => {
      const held = await paidClass(world, nextSlot())
      await world.control(`/mercado-pago/payments/${held.paymentId}/mediate`, {})
      await world.settle()
      const cancelled = await admin.post(`/api/classes/${held.classId}/cancel`)
      expect(await cancelled.json()).toMatchObject({ refund: 'full' })
      await world.settle()
      expect(await refundsOf(world, held.paymentId)).toEqual([])
      await world.control(`/mercado-pago/payments/${held.paymentId}/status`, { status: 'approved', detail: 'accredited' })
      await world.settle()
      expect(await refundsOf(world, held.paymentId)).toMatchObject([{ state: 'approved', reason: 'admin_cancelled' }])
      expect(await orderStatus(world, held.preferenceId)).toBe('refunded')
    })

    it('a mediation is told, the class goes on, and nothing is paid out twice', async () => {
      const held = await paidClass(world, nextSlot())
      await world.control(`/mercado-pago/payments/${held.paymentId}/mediate`, {})
      await world.settle()
      expect(await casesOf(world, held.paymentId)).toEqual(['payment in_mediation'])
      expect(await classStatus(world, held.classId)).toBe('scheduled')
      await expectAnswer(admin.post(`/api/admin/payments/${held.orderId}/refund`), 409, NOT_APPROVED)
      expect(await classStatus(world, held.classId)).toBe('scheduled')
      expect(await askedOfProvider(world, 'POST', '/refunds')).toEqual([])
    })
  })

  describe('POST /api/admin/payments/{id}/refund (4.16)', () => {
    it('gives everything back, cancels a class that has not started, and says the same a second time', async () => {
      const held = await paidClass(world, nextSlot())
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
      expect(await refundsAtProvider(world, held.paymentId)).toHaveLength(1)
      expect(await mailsTo(held)).toContain('Te devolvimos tu pago')
    })

    it('gives everything back of a class that was given, and leaves the class', async () => {
      const held = await paidClass(world, nextSlot())
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
      const held = await paidClass(world, nextSlot())
      await setFault(world, 'refund.create', { kind: 'error', status: 503, count: 2 })
      await expectAnswer(admin.post(`/api/admin/payments/${held.orderId}/refund`), 503, WILL_RETRY)
      expect(await stateOf(world, held.classId)).toBe('cancelled: payment_refunded')
      expect(await orderStatus(world, held.preferenceId)).toBe('approved')
      for (let round = 0; round < 4; round++) await pass(world, 15 * SECOND_MS)
      expect(await orderStatus(world, held.preferenceId)).toBe('refunded')
      expect(await refundsAtProvider(world, held.paymentId)).toHaveLength(1)
    })

    it('two admins at the same moment refund once', async () => {
      const held = await paidClass(world, nextSlot())
      const answers = await Promise.all([1, 2, 3].map(() => admin.post(`/api/admin/payments/${held.orderId}/refund`)))
      await world.settle()
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
      expect(await refundsAtProvider(world, held.paymentId)).toHaveLength(1)
      expect((await auditOf(world, held.paymentId)).filter((line) => line.startsWith('refund.made'))).toHaveLength(1)
    })

    it('money that pays nothing can be given back as well: a payment of the wrong amount, and an orphan', async () => {
      const held = await heldClass(world, nextSlot())
      const { id } = await payOnce(world, held.preferenceId, { amount: 5000 })
      await world.settle()
      expect(await casesOf(world, id)).toEqual(['payment amount_mismatch'])
      const adminId = await userIdOf(world, world.deps.config.adminEmail)
      expect(await refundPaymentAsAdmin(world.deps, id, adminId)).toEqual({ ok: true, value: 'made' })
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

  it('no approved peso is silent (invariant 5)', () => expectNoSilentMoney(world))

  it('the log names no person, code, link, token or secret', () => expectCleanLog(world, ['local-sandbox-secret']))
})
