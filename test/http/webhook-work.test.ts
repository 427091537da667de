import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/kernel/clock.ts'
import { classStatus, orderStatus } from '../support/booking.ts'
import { askedOfGoogle, expectCleanLog, newcomer } from '../support/scene.ts'
import { openWorld, type World } from '../support/world.ts'
import {
  askedOfProvider,
  casesOf,
  clearFaults,
  comingSlots,
  emptyLog,
  expectAnswer,
  expectNoSilentMoney,
  heldClass,
  inboxOf,
  mercadoPagoSettings,
  notifyOrder,
  notifyPayment,
  orderOf,
  pass,
  pay,
  payOnce,
  replacePort,
  setFault,
  stateOf,
} from './payment-scene.ts'

const OK = { ok: true }

describe('POST /api/mercado-pago/webhook: what a notification sets going', () => {
  let world: World
  const nextSlot = comingSlots(() => world)

  beforeAll(async () => {
    world = await openWorld()
  })
  beforeEach(async () => {
    await world.settle()
    await emptyLog(world)
  })
  afterEach(() => clearFaults(world))
  afterAll(() => world.close())

  it('answers before anything is read from the provider, and confirms by reading it', async () => {
    const { preferenceId, classId } = await heldClass(world, nextSlot())
    await mercadoPagoSettings(world, { notificationsPaused: true })
    const { orderNumber } = await payOnce(world, preferenceId)
    await emptyLog(world)
    const calls: string[] = []
    const noted = (name: string) => async () => {
      calls.push(name)
      return { ok: false, reason: 'unavailable' } as const
    }
    const restore = replacePort(world, {
      getMerchantOrder: noted('order'),
      getPayment: noted('payment'),
      findPayments: noted('search'),
    })
    await expectAnswer(notifyOrder(world, orderNumber), 200, OK)
    expect(calls).toEqual([])
    restore()
    expect(await askedOfProvider(world)).toEqual([])
    expect(await stateOf(world, classId)).toBe('pending: held')
    await world.settle()
    await mercadoPagoSettings(world, { notificationsPaused: false })
    expect((await askedOfProvider(world, 'GET')).map(({ path }) => path.split('?')[0])).toEqual(
      expect.arrayContaining([`/merchant_orders/${orderNumber}`, '/v1/payments/search']),
    )
    expect(await classStatus(world, classId)).toBe('scheduled')
  })

  it.each<[string, Record<string, unknown>]>([
    ['time-outs and dropped connections', { kind: 'drop' }],
    ['5xx', { kind: 'error', status: 503 }],
    ['429', { kind: 'error', status: 429, retryAfterSeconds: 2 }],
    ['half an answer', { kind: 'malformed' }],
  ])('W7: an order that cannot be read changes nothing and is read again: %s', async (_, fault) => {
    const { preferenceId, classId } = await heldClass(world, nextSlot())
    await setFault(world, 'merchant-order.get', { ...fault, count: 3 })
    await setFault(world, 'payment.get', { ...fault, count: 3 })
    const { orderNumber } = await payOnce(world, preferenceId)
    await world.settle()
    expect(await stateOf(world, classId)).toBe('pending: held')
    expect(await orderStatus(world, preferenceId)).toBe('pending')
    expect((await inboxOf(world, orderNumber)).every(({ outcome }) => outcome === null)).toBe(true)
    // 5, 10 and 20 seconds, each with up to a fifth more.
    for (let round = 0; round < 3; round++) {
      world.clock.advance(24 * SECOND_MS)
      await world.settle()
    }
    expect(await classStatus(world, classId)).toBe('scheduled')
    expect((await inboxOf(world, orderNumber)).every(({ outcome }) => outcome === 'settled')).toBe(true)
  })

  it('W7: a new notification does not wait for the pause after a failure', async () => {
    const { preferenceId, classId } = await heldClass(world, nextSlot())
    await setFault(world, 'merchant-order.get', { kind: 'error', status: 503, count: 30 })
    await setFault(world, 'payment.get', { kind: 'error', status: 503, count: 30 })
    await setFault(world, 'payment.search', { kind: 'error', status: 503, count: 30 })
    const { id } = await payOnce(world, preferenceId)
    for (let round = 0; round < 4; round++) {
      await world.settle()
      world.clock.advance(50 * SECOND_MS)
    }
    await world.settle()
    await clearFaults(world)
    await expectAnswer(notifyPayment(world, id), 200, OK)
    await world.settle()
    expect(await classStatus(world, classId)).toBe('scheduled')
  })

  it('W7: a provider that is down is asked about one number every five seconds at most, however often the bell rings', async () => {
    const { preferenceId } = await heldClass(world, nextSlot())
    await setFault(world, 'payment.get', { kind: 'error', status: 503, count: 100 })
    await mercadoPagoSettings(world, { notificationsPaused: true })
    const { id } = await payOnce(world, preferenceId)
    await emptyLog(world)
    for (let ring = 0; ring < 10; ring++) {
      await expectAnswer(notifyPayment(world, id), 200, OK)
      await pass(world, SECOND_MS)
    }
    expect((await askedOfProvider(world, 'GET', `/payments/${id}`)).length).toBeLessThanOrEqual(3)
    await mercadoPagoSettings(world, { notificationsPaused: false })
  })

  it('W7b: a notification that cannot be stored is answered 500, and comes again', async () => {
    const { preferenceId, classId } = await heldClass(world, nextSlot())
    await world.rows('ALTER TABLE webhook_inbox RENAME TO webhook_inbox_away')
    await expectAnswer(notifyOrder(world, '424242'), 500, { error: 'Internal Server Error' })
    await expectAnswer(notifyPayment(world, '424242'), 500, { error: 'Internal Server Error' })
    await pay(world, preferenceId)
    await world.sandbox.tick()
    await world.rows('ALTER TABLE webhook_inbox_away RENAME TO webhook_inbox')
    expect(await inboxOf(world, '424242')).toEqual([])
    await world.jobs.drain(world.deps)
    expect(await stateOf(world, classId)).toBe('pending: held')
    world.clock.advance(SECOND_MS)
    await world.settle()
    expect(await classStatus(world, classId)).toBe('scheduled')
    const line = world.logged.find(({ message }) => message === 'a notification could not be stored')
    expect(JSON.stringify(line)).toContain('webhook_inbox')
    expect(JSON.stringify(line)).not.toContain('424242')
  })

  it('W8: an order that does not exist is answered and logged; asked for again a few times, for an hour when the notification was signed', async () => {
    const missing = '31337'
    await expectAnswer(notifyOrder(world, missing), 200, OK)
    await expectAnswer(notifyPayment(world, missing), 200, OK)
    for (let minute = 0; minute < 80; minute += 10) {
      await world.settle()
      world.clock.advance(10 * MINUTE_MS)
    }
    await world.settle()
    const asked = await askedOfProvider(world, 'GET', `/payments/${missing}`)
    expect(asked.length).toBeGreaterThan(4)
    expect(asked.length).toBeLessThan(20)
    // Anybody can send the unsigned form.
    expect(await askedOfProvider(world, 'GET', `/merchant_orders/${missing}`)).toHaveLength(4)
    expect((await inboxOf(world, missing)).map(({ outcome }) => outcome)).toEqual(['unknown', 'unknown'])
    expect(world.logged.filter(({ fields }) => fields.externalId === missing).map(({ fields }) => fields.topic)).toEqual(
      expect.arrayContaining(['payment', 'merchant_order']),
    )
    await emptyLog(world)
    world.clock.advance(60 * MINUTE_MS)
    await world.settle()
    expect(await askedOfProvider(world, 'GET', missing)).toEqual([])
  })

  it('W7: a provider that never answers about a number is asked for two days, then it is left to the payment check', async () => {
    const number = '31338'
    await setFault(world, 'merchant-order.get', { kind: 'error', status: 503, count: 5_000 })
    await notifyOrder(world, number)
    await world.settle()
    for (let hours = 0; hours < 48; hours += 7) await pass(world, 7 * HOUR_MS)
    expect(await inboxOf(world, number)).toMatchObject([{ outcome: 'unavailable' }])
    await emptyLog(world)
    await pass(world, 7 * HOUR_MS)
    expect(await askedOfProvider(world, 'GET', number)).toEqual([])
  })

  it("W8: the panel's simulator, which names a payment 123456, is answered 200", async () => {
    const { answer } = (await world.control('/mercado-pago/notifications/forge', {
      signature: 'valid',
      type: 'payment',
      id: '123456',
    })) as {
      answer: { status: number }
    }
    expect(answer.status).toBe(200)
    await world.settle()
  })

  it('W17: money for a preference of nobody schedules nothing and is put before the admin, once', async () => {
    const foreign = await world.deps.payments.createPreference({
      orderId: crypto.randomUUID(),
      itemId: 'another-program',
      title: 'Otra cosa',
      amount: 1_500_000,
      expiresAt: new Date(world.clock.now().getTime() + 20 * MINUTE_MS),
    })
    if (!foreign.ok) throw new Error(foreign.reason)
    const scheduled = async () => (await world.rows(`SELECT id FROM virtual_class WHERE status = 'scheduled'`)).length
    const before = await scheduled()
    const { id, orderNumber } = await payOnce(world, foreign.value.preferenceId)
    await world.settle()
    await expectAnswer(notifyOrder(world, orderNumber), 200, OK)
    await expectAnswer(notifyPayment(world, id), 200, OK)
    await world.settle()
    expect(await scheduled()).toBe(before)
    expect(await casesOf(world, id)).toEqual(['payment unknown_preference'])
    expect(world.logged.some(({ fields }) => fields.externalId === orderNumber && fields.outcome === 'orphan')).toBe(true)

    // What a person has dealt with does not come back.
    await world.rows(
      `UPDATE attention_case SET resolved_at = now(), resolved_by_id = (SELECT id FROM app_user LIMIT 1) WHERE subject_id = $1`,
      [id],
    )
    await notifyPayment(world, id)
    await world.settle()
    expect(await casesOf(world, id)).toEqual([])
  })

  it('W17: a dispute over such money is told, and once it is back with its buyer nobody needs to look any more', async () => {
    const foreign = await world.deps.payments.createPreference({
      orderId: crypto.randomUUID(),
      itemId: 'another-program',
      title: 'Otra cosa',
      amount: 1_500_000,
      expiresAt: new Date(world.clock.now().getTime() + 20 * MINUTE_MS),
    })
    if (!foreign.ok) throw new Error(foreign.reason)
    const { id } = await payOnce(world, foreign.value.preferenceId)
    await world.control(`/mercado-pago/payments/${id}/mediate`, {})
    await world.settle()
    expect(await casesOf(world, id)).toContain('payment in_mediation')
    await world.control(`/mercado-pago/payments/${id}/status`, { status: 'refunded', detail: 'refunded' })
    await world.settle()
    expect(await casesOf(world, id)).toEqual([])
  })

  it('W17: an unknown preference without approved money is logged and nothing else', async () => {
    const foreign = await world.deps.payments.createPreference({
      orderId: crypto.randomUUID(),
      itemId: 'another-program',
      title: 'Otra cosa',
      amount: 1_500_000,
      expiresAt: new Date(world.clock.now().getTime() + 20 * MINUTE_MS),
    })
    if (!foreign.ok) throw new Error(foreign.reason)
    const { id, orderNumber } = await payOnce(world, foreign.value.preferenceId, { holder: 'FUND' })
    await world.settle()
    expect(await casesOf(world, id)).toEqual([])
    expect(world.logged.some(({ fields }) => fields.externalId === orderNumber && fields.outcome === 'not-ours')).toBe(true)
  })

  describe('W19–W21: repeated, late and disordered notifications', () => {
    async function counted(classId: string) {
      const [row] = await world.rows(
        `SELECT (SELECT count(*)::int FROM participation WHERE class_id = $1) AS people,
          (SELECT string_agg(code, ',') FROM access_code WHERE class_id = $1) AS codes,
          (SELECT status FROM virtual_class WHERE id = $1) AS status,
          (SELECT count(*)::int FROM notice WHERE class_id = $1) AS notices`,
        [classId],
      )
      const inserted = (await askedOfGoogle(world, 'POST', '/events')).filter(
        ({ body, status }) => status === 200 && body.includes(classId.replaceAll('-', '')),
      )
      return { ...row, inserted: inserted.length }
    }

    it('W19: ten equal ones at the same moment, in both forms, confirm once', async () => {
      const { preferenceId, classId, orderId } = await heldClass(world, nextSlot())
      await mercadoPagoSettings(world, { notificationsPaused: true })
      const { id, orderNumber } = await payOnce(world, preferenceId)
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? notifyPayment(world, id) : notifyOrder(world, orderNumber))),
      )
      expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200))
      await mercadoPagoSettings(world, { notificationsPaused: false })
      await world.settle()
      const once = await counted(classId)
      expect(once).toMatchObject({ people: 1, status: 'scheduled', notices: 1, inserted: 1 })
      for (let again = 0; again < 3; again++) {
        await notifyPayment(world, id)
        await notifyOrder(world, orderNumber)
        await world.settle()
      }
      expect(await counted(classId)).toEqual(once)
      expect(await casesOf(world, id, orderId)).toEqual([])
    })

    it('W20: after guests have joined a repeated notification changes neither count nor code', async () => {
      const when = nextSlot()
      const { preferenceId, classId } = await heldClass(world, when, { isGroupClass: true, studentsCount: 3 })
      const { id, orderNumber } = await payOnce(world, preferenceId)
      await world.settle()
      const [{ code } = { code: '' }] = await world.rows<{ code: string }>('SELECT code FROM access_code WHERE class_id = $1', [classId])
      const now = world.clock.now()
      world.clock.set(new Date(Date.parse(when.start) - 30 * MINUTE_MS))
      const guest = await newcomer(world)
      expect((await guest.post('/api/access-code', { accessCode: code })).status).toBe(200)
      await world.settle()
      const joined = await counted(classId)
      expect(joined).toMatchObject({ people: 2 })
      await notifyPayment(world, id)
      await notifyOrder(world, orderNumber)
      await world.settle()
      expect(await counted(classId)).toEqual(joined)
      world.clock.set(now)
    })

    it.each(['pending', 'rejected'])('W21: approved first, then an old "%s" view: nothing goes back', async (status) => {
      const { preferenceId, classId } = await heldClass(world, nextSlot())
      const { id, orderNumber } = await payOnce(world, preferenceId)
      await world.settle()
      expect(await classStatus(world, classId)).toBe('scheduled')
      const truth = await world.deps.payments.getPayment(id)
      if (!truth.ok) throw new Error(truth.reason)
      const old = { ...truth.value, status, approvedAt: null, lastUpdatedAt: new Date(truth.value.lastUpdatedAt.getTime() - 1) }
      const restore = replacePort(world, {
        getPayment: async () => ({ ok: true, value: old }),
        findPayments: async () => ({ ok: true, value: [old] }),
      })
      await notifyPayment(world, id)
      await notifyOrder(world, orderNumber)
      await world.settle()
      restore()
      expect(await classStatus(world, classId)).toBe('scheduled')
      expect(await orderOf(world, preferenceId)).toMatchObject({ status: 'approved', refunded_centavos: '0' })
      expect(await world.rows('SELECT status, role FROM provider_payment WHERE id = $1', [id])).toEqual([
        { status: 'approved', role: 'primary' },
      ])
    })

    it('W21: even a newer view that takes the approval back does not lower the order', async () => {
      const { preferenceId, classId } = await heldClass(world, nextSlot())
      const { id } = await payOnce(world, preferenceId)
      await world.settle()
      await world.control(`/mercado-pago/payments/${id}/status`, { status: 'rejected', detail: 'cc_rejected_other_reason' })
      await world.settle()
      expect(await orderStatus(world, preferenceId)).toBe('approved')
      expect(await classStatus(world, classId)).toBe('scheduled')
    })
  })

  it('W29: the signed form about a payment finds its order, also while the search does not know it yet', async () => {
    await mercadoPagoSettings(world, { notificationsPaused: true, searchLagMs: 60_000 })
    const { preferenceId, classId } = await heldClass(world, nextSlot())
    const { id } = await payOnce(world, preferenceId)
    await expectAnswer(notifyPayment(world, id), 200, OK)
    await world.settle()
    expect(await classStatus(world, classId)).toBe('scheduled')
    await mercadoPagoSettings(world, { notificationsPaused: false, searchLagMs: 0 })
  })

  it('W29: a payment that a lagging replica does not show yet is found a moment later', async () => {
    await mercadoPagoSettings(world, { hiddenPaymentReads: 2, searchLagMs: 60_000 })
    const { preferenceId, classId } = await heldClass(world, nextSlot())
    await pay(world, preferenceId)
    await world.settle()
    await mercadoPagoSettings(world, { hiddenPaymentReads: 0, searchLagMs: 0 })
    world.clock.advance(20 * SECOND_MS)
    await world.settle()
    expect(await classStatus(world, classId)).toBe('scheduled')
  })

  it("R34: notifications of the account's own IPN form confirm too, through their merchant order", async () => {
    const { preferenceId, classId } = await heldClass(world, nextSlot())
    await mercadoPagoSettings(world, { notificationsPaused: true })
    const { orderNumber } = await payOnce(world, preferenceId)
    const { answer } = (await world.control('/mercado-pago/notifications/forge', {
      format: 'ipn',
      type: 'merchant_order',
      id: orderNumber,
    })) as { answer: { status: number } }
    expect(answer.status).toBe(200)
    await world.settle()
    await mercadoPagoSettings(world, { notificationsPaused: false })
    expect(await classStatus(world, classId)).toBe('scheduled')
    expect((await inboxOf(world, orderNumber))[0]).toMatchObject({ signed: false, outcome: 'settled' })
  })

  it('no approved peso is silent (invariant 5)', () => expectNoSilentMoney(world))

  it('the log names no person, code, link, token or secret', () => expectCleanLog(world, ['local-sandbox-secret']))
})
