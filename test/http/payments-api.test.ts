import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HOUR_MS, SECOND_MS } from '../../src/kernel/clock.ts'
import { checkout, confirmedClass, json } from '../support/booking.ts'
import { expectCleanLog, newcomer } from '../support/scene.ts'
import { openWorld, type World } from '../support/world.ts'
import { createPreference } from './booking-bench.ts'
import {
  askedOfProvider,
  comingSlots,
  emptyLog,
  expectAnswer,
  expectNoSilentMoney,
  heldClass,
  leavesNothing,
  mercadoPagoSettings,
  payOnce,
  setFault,
} from './payment-scene.ts'

describe('what people are told of their payments', () => {
  let world: World
  const nextSlot = comingSlots(() => world)

  beforeAll(async () => {
    world = await openWorld()
  })
  leavesNothing(() => world)
  afterAll(() => world.close())

  describe('GET /api/payments (4.13)', () => {
    it('lists only own payments, newest first, numbered from 1', async () => {
      const host = await newcomer(world)
      const paid = await confirmedClass(world, host, nextSlot(), { isGroupClass: true, studentsCount: 2 })
      world.clock.advance(SECOND_MS)
      const unpaid = await checkout(host, nextSlot())
      const { response } = (await json(host.get('/api/payments'))) as { response: Record<string, unknown>[] }
      expect(response).toEqual([
        {
          number: 2,
          preferenceId: unpaid.preferenceId,
          amount: 15000,
          currency: 'ARS',
          status: 'pending',
          type: 'individual',
          participants: 1,
          createdAt: expect.stringMatching(/Z$/),
          approvedAt: null,
          refundedAmount: 0,
          refundedAt: null,
          classId: unpaid.classId,
          classStartTime: expect.stringMatching(/Z$/),
        },
        expect.objectContaining({
          number: 1,
          preferenceId: paid.preferenceId,
          amount: 30000,
          status: 'approved',
          type: 'grupal',
          participants: 2,
        }),
      ])
      expect(await json((await newcomer(world)).get('/api/payments'))).toEqual({ response: [] })
      await expectAnswer(world.anonymous.get('/api/payments'), 401, { error: 'Unauthorized' })
    })
  })

  describe('GET /api/payments/{preferenceId} (4.13)', () => {
    it('tells the state of an own payment and its class', async () => {
      const { host, preferenceId, classId, orderId, holdExpiresAt } = await heldClass(world, nextSlot())
      const path = `/api/payments/${preferenceId}`
      const held = {
        preferenceId,
        status: 'pending',
        amount: 15000,
        currency: 'ARS',
        paymentId: null,
        externalReference: orderId,
        classId,
        classStatus: 'pending',
        holdExpiresAt,
      }
      expect((await json(host.get(path))).response).toMatchObject(held)
      const { id } = await payOnce(world, preferenceId)
      await world.settle()
      const answer = await host.get(path)
      expect(answer.headers.get('cache-control')).toBe('no-store')
      expect((await json(answer)).response).toMatchObject({
        ...held,
        status: 'approved',
        paymentId: id,
        classStatus: 'scheduled',
        holdExpiresAt: null,
      })
    })

    it('answers 404 for what is unknown, of somebody else, or no id at all', async () => {
      const { preferenceId } = await heldClass(world, nextSlot())
      const other = await newcomer(world)
      for (const id of [preferenceId, 'unknown', '%00', 'a%00b', '%F0%9F%98%80', 'x'.repeat(3_000), "' OR 1=1--"]) {
        await expectAnswer(other.get(`/api/payments/${id}`), 404, { error: 'No se encontró el pago' })
      }
      await expectAnswer(world.anonymous.get(`/api/payments/${preferenceId}`), 401, { error: 'Unauthorized' })
    })

    it('asks the provider while the payment is pending, so that a lost notification does not matter', async () => {
      const { host, preferenceId } = await heldClass(world, nextSlot())
      await mercadoPagoSettings(world, { notificationsToDrop: 10 })
      await payOnce(world, preferenceId)
      await mercadoPagoSettings(world, { notificationsToDrop: 0 })
      expect((await json(host.get(`/api/payments/${preferenceId}`))).response).toMatchObject({ status: 'approved', classStatus: 'pending' })
      await world.settle()
      expect((await json(host.get(`/api/payments/${preferenceId}`))).response).toMatchObject({ classStatus: 'scheduled' })
    })

    it('asks at most once in five seconds, however often and however many ask, and also while the provider is silent', async () => {
      const { host, preferenceId, orderId } = await heldClass(world, nextSlot())
      const searches = async () =>
        (await askedOfProvider(world, 'GET', '/v1/payments/search')).filter(({ path }) => path.includes(orderId)).length
      const path = `/api/payments/${preferenceId}`
      await Promise.all([host.get(path), host.get(path), host.get(path)])
      await host.get(path)
      expect(await searches()).toBe(1)
      world.clock.advance(5 * SECOND_MS)
      await setFault(world, 'payment.search', { kind: 'error', status: 503, count: 50 })
      await Promise.all([host.get(path), host.get(path)])
      world.clock.advance(4 * SECOND_MS)
      expect((await host.get(path)).status).toBe(200)
      expect(await searches()).toBe(2)
      world.clock.advance(SECOND_MS)
      await host.get(path)
      expect(await searches()).toBe(3)
    })

    it('names the revision that the return page was written for, so that only another outcome makes it fetch itself', async () => {
      const { host, preferenceId } = await heldClass(world, nextSlot())
      const onPage = async (hint: string) =>
        /data-revision="([^"]*)"/.exec(await (await host.get(`/checkout/callback/${hint}?preference_id=${preferenceId}`)).text())?.[1]
      const asked = async () => ((await json(host.get(`/api/payments/${preferenceId}`))).response as { revision: string }).revision
      const held = await asked()
      expect([await onPage('pending'), await onPage('failure')]).toEqual([held, held])
      await mercadoPagoSettings(world, { notificationsToDrop: 10 })
      await payOnce(world, preferenceId)
      await mercadoPagoSettings(world, { notificationsToDrop: 0 })
      world.clock.advance(5 * SECOND_MS)
      const preparing = await asked()
      expect(preparing).not.toBe(held)
      expect(await onPage('success')).toBe(preparing)
      await world.settle()
      expect(await asked()).not.toBe(preparing)
    })

    it('asks nobody about a payment that is settled', async () => {
      const { host, preferenceId, orderId } = await heldClass(world, nextSlot())
      await payOnce(world, preferenceId)
      await world.settle()
      await emptyLog(world)
      world.clock.advance(HOUR_MS)
      await host.get(`/api/payments/${preferenceId}`)
      expect((await askedOfProvider(world)).filter(({ path }) => path.includes(orderId))).toEqual([])
    })

    it('W26: money before the booking is approved, and waits', async () => {
      const host = await newcomer(world)
      const preferenceId = await createPreference(host)
      await payOnce(world, preferenceId)
      await world.settle()
      expect((await json(host.get(`/api/payments/${preferenceId}`))).response).toMatchObject({
        status: 'approved',
        classId: null,
        classStatus: null,
        holdExpiresAt: null,
      })
      const booked = await host.post('/api/booking', { ...nextSlot(), preferenceId })
      expect(booked.status).toBe(200)
      await world.settle()
      expect((await json(host.get(`/api/payments/${preferenceId}`))).response).toMatchObject({ classStatus: 'scheduled' })
    })
  })

  it('no approved peso is silent (invariant 5)', () => expectNoSilentMoney(world))

  it('the log names no person, code, link, token or secret', () => expectCleanLog(world, ['local-sandbox-secret']))
})
