import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/kernel/clock.ts'
import { classStatus, slot } from '../support/booking.ts'
import { expectCleanLog } from '../support/scene.ts'
import { type Client, openWorld, type World } from '../support/world.ts'
import {
  askedOfProvider,
  casesOf,
  clearFaults,
  comingSlots,
  heldClass,
  inboxOf,
  leavesNothing,
  notifyPayment,
  orderOf,
  paidClass,
  pass,
  payOnce,
  refundCase,
  refundsAtProvider,
  refundsOf,
  replacePort,
  setFault,
} from './payment-scene.ts'

/** A test that lets hours go by, round after round. */
const MANY_ROUNDS_MS = 60 * SECOND_MS
const HALF_HOUR_SECONDS = 1_800

describe('operations that last: a wish to wait is respected, and what fails for good is seen', () => {
  let world: World
  let admin: Client
  const nextSlot = comingSlots(() => world)

  beforeAll(async () => {
    world = await openWorld()
    admin = await world.admin()
  })
  leavesNothing(() => world)
  afterAll(() => world.close())

  const busyFor = (route: string, seconds: number, count = 1) =>
    setFault(world, route, { kind: 'error', status: 429, retryAfterSeconds: seconds, count })
  const openCases = (reason: string) =>
    world.rows<{ id: string; subject_id: string }>(
      'SELECT id, subject_id FROM attention_case WHERE reason = $1 AND resolved_at IS NULL ORDER BY opened_at',
      [reason],
    )
  const panel = async () => (await admin.get('/admin')).text()

  describe('Retry-After', () => {
    it('of a refund: not asked before, then made', async () => {
      const held = await paidClass(world, nextSlot())
      await busyFor('refund.create', HALF_HOUR_SECONDS)
      await admin.post(`/api/admin/payments/${held.orderId}/refund`)
      await pass(world, 29 * MINUTE_MS)
      expect(await askedOfProvider(world, 'POST', '/refunds')).toHaveLength(1)
      await pass(world, 2 * MINUTE_MS)
      expect(await refundsAtProvider(world, held.paymentId)).toHaveLength(1)
    })

    it('of a notification', async () => {
      await busyFor('payment.get', HALF_HOUR_SECONDS)
      await notifyPayment(world, '987654321')
      await world.settle()
      await pass(world, 29 * MINUTE_MS)
      expect(await askedOfProvider(world, 'GET', '/v1/payments/987654321')).toHaveLength(1)
      await pass(world, 2 * MINUTE_MS)
      expect((await askedOfProvider(world, 'GET', '/v1/payments/987654321')).length).toBeGreaterThan(1)
    })

    it('of the question about an order', async () => {
      const held = await heldClass(world, nextSlot())
      await busyFor('payment.search', HALF_HOUR_SECONDS, 5_000)
      await pass(world, MINUTE_MS)
      const due = (await orderOf(world, held.preferenceId)).next_check_at as Date
      expect(new Date(due).getTime() - world.clock.now().getTime()).toBeGreaterThan(29 * MINUTE_MS)
      expect(await orderOf(world, held.preferenceId)).toMatchObject({ last_error: 'unavailable' })
    })
  })

  it(
    'a provider that is silent for an hour is one case, however many orders wait, and its first answer closes it',
    async () => {
      const orders = [await heldClass(world, nextSlot()), await heldClass(world, nextSlot())]
      await setFault(world, 'payment.search', { kind: 'error', status: 401, count: 5_000 })
      for (let round = 0; round < 5; round++) await pass(world, 10 * MINUTE_MS)
      expect(await openCases('provider_silent')).toEqual([])
      for (let round = 0; round < 4; round++) await pass(world, 10 * MINUTE_MS)
      expect(await openCases('provider_silent')).toMatchObject([{ subject_id: 'mercado-pago' }])
      expect(await panel()).toContain('Mercado Pago no responde')
      await clearFaults(world)
      await pass(world, 10 * MINUTE_MS)
      expect(await openCases('provider_silent')).toEqual([])
      for (const { preferenceId } of orders)
        expect(await orderOf(world, preferenceId)).toMatchObject({ silent_since: null, last_error: null })
    },
    MANY_ROUNDS_MS,
  )

  it(
    'a notification that can never be read is left to a person',
    async () => {
      await setFault(world, 'payment.get', { kind: 'error', status: 401, count: 5_000 })
      await notifyPayment(world, '13579')
      await world.settle()
      for (let hour = 0; hour < 50; hour++) await pass(world, HOUR_MS)
      expect(await inboxOf(world, '13579')).toMatchObject([{ outcome: 'refused' }])
      expect(await casesOf(world, '13579')).toEqual(['payment notification_unread'])
    },
    MANY_ROUNDS_MS,
  )

  it('a refund of surplus money that was refused is retried as that refund: the class stays', async () => {
    const held = await heldClass(world, nextSlot())
    await world.control('/mercado-pago/refund-refusal', { code: 2024, times: 1 }, 'PUT')
    await payOnce(world, held.preferenceId, { times: 2 })
    await world.settle()
    const [surplus] = await world.rows<{ payment_id: string; id: string }>(`SELECT id, payment_id FROM refund WHERE state = 'failed'`)
    expect(await refundCase(world, surplus?.payment_id ?? '')).toEqual(['refund refund_failed'])
    const page = await panel()
    expect(page).toContain(`/admin/pagos/${surplus?.payment_id}/reembolsar`)
    expect(page).not.toContain(`/admin/pagos/${held.orderId}/reembolsar`)
    expect((await admin.submit(`/admin/pagos/${surplus?.payment_id}/reembolsar`, {})).headers.get('location')).toBe('/admin?ok=reembolsado')
    expect(await refundsOf(world, surplus?.payment_id ?? '')).toMatchObject([{ state: 'approved' }])
    expect(await refundCase(world, surplus?.payment_id ?? '')).toEqual([])
    await world.settle()
    expect(await classStatus(world, held.classId)).toBe('scheduled')
  })

  describe('a job that failed for good', () => {
    /** Lets the reconciling of this order die: its bug is one that throws. */
    async function died(time: string): Promise<{ orderId: string; preferenceId: string; caseId: string }> {
      const { orderId, preferenceId, classId } = await heldClass(world, slot('2026-12-14', time))
      const real = world.deps.payments.findPayments
      const restore = replacePort(world, {
        findPayments: async (id) => {
          if (id === orderId) throw new TypeError('a bug')
          return real(id)
        },
      })
      await payOnce(world, preferenceId)
      // Twenty repetitions, in the end a quarter of an hour apart.
      for (let round = 0; round < 24; round++) await pass(world, 15 * MINUTE_MS)
      restore()
      const [dead] = (await openCases('job_dead')).filter(({ subject_id: id }) => id === `payment.reconcile:${orderId}`)
      expect(dead, classId).toBeDefined()
      return { orderId, preferenceId, caseId: dead?.id ?? '' }
    }

    it(
      'is on the teacher’s list with its last error, once; retrying does it',
      async () => {
        const { orderId, preferenceId, caseId } = await died('09:00')
        expect(
          (await openCases('job_dead')).filter(({ subject_id: id }) => id.endsWith(orderId) && id.startsWith('payment.reconcile')),
        ).toHaveLength(1)
        const page = await panel()
        expect(page).toContain('Una tarea de fondo falló del todo')
        expect(page).toContain('TypeError: a bug')
        await world.rows('UPDATE payment_order SET next_check_at = NULL WHERE id = $1', [orderId])
        expect((await admin.submit(`/admin/casos/${caseId}/reintentar`, {})).headers.get('location')).toBe('/admin?ok=reintentando')
        await world.settle()
        expect(await orderOf(world, preferenceId)).toMatchObject({ status: 'approved' })
        expect((await openCases('job_dead')).map(({ id }) => id)).not.toContain(caseId)
        expect((await world.deps.jobs.deadJobs(50)).map(({ id }) => id)).not.toContain(`payment.reconcile:${orderId}`)
      },
      MANY_ROUNDS_MS,
    )

    it(
      'is forgotten when a person resolves it',
      async () => {
        const { orderId, caseId } = await died('10:00')
        expect((await admin.submit(`/admin/casos/${caseId}/resolver`, {})).status).toBe(303)
        await pass(world, 5 * MINUTE_MS)
        expect((await openCases('job_dead')).map(({ subject_id: id }) => id)).not.toContain(`payment.reconcile:${orderId}`)
        expect((await admin.submit(`/admin/casos/${caseId}/reintentar`, {})).status).toBe(404)
      },
      MANY_ROUNDS_MS,
    )
  })

  it('only the teacher may retry', async () => {
    const [open] = await world.rows<{ id: string }>('SELECT id FROM attention_case LIMIT 1')
    const student = await world.student()
    expect((await student.submit(`/admin/casos/${open?.id}/reintentar`, {})).status).not.toBe(303)
    expect((await admin.submit('/admin/casos/nothing/reintentar', {})).status).toBe(404)
  })

  it('the log names no person, code, link, token or secret', () => expectCleanLog(world, ['local-sandbox-secret']))
})
