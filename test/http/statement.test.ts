import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { makeStatement } from '../../src/features/statement/make.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/kernel/clock.ts'
import { addDays, instantAt, wallDate } from '../../src/kernel/zoned-time.ts'
import { expectCleanLog } from '../support/scene.ts'
import { type Client, openWorld, type World } from '../support/world.ts'
import {
  askedOfProvider,
  casesOf,
  clearFaults,
  comingSlots,
  emptyLog,
  heldClass,
  mercadoPagoSettings,
  orderOf,
  paidClass,
  pass,
  payOnce,
  setFault,
} from './payment-scene.ts'

const PRICE = 1_500_000
const SEARCH = '/v1/payments/search'

interface Statement extends Record<string, unknown> {
  day: string
  state: string
  differences: { kind: string; paymentId: string }[]
}

describe('the nightly statement', () => {
  let world: World
  let admin: Client
  const nextSlot = comingSlots(() => world)

  beforeAll(async () => {
    world = await openWorld()
    admin = await world.admin()
    await world.settle()
  })
  afterEach(async () => {
    await clearFaults(world)
    await mercadoPagoSettings(world, { notificationsPaused: false, notificationsToDrop: 0, searchLagMs: 0 })
  })
  afterAll(() => world.close())

  const statements = () => world.rows<Statement>('SELECT *, day::text AS day FROM daily_statement s ORDER BY s.day')
  async function statementOf(day: string): Promise<Statement> {
    const found = (await statements()).find((row) => row.day === day)
    if (!found) throw new Error(`No statement of ${day}`)
    return found
  }
  const today = () => wallDate(world.clock.now())
  /** Lets the day end: 03:00 of the next one, and everything that happens by then. Answers the day that ended. */
  async function nightfall(): Promise<string> {
    const day = today()
    world.clock.set(instantAt(addDays(day, 1), '03:00'))
    await world.settle()
    return day
  }
  const morning = async () => {
    world.clock.set(instantAt(today(), '09:00'))
    await world.settle()
  }
  /** The second look, after the cure has had its time. */
  const secondLook = () => pass(world, 20 * MINUTE_MS)
  const sums = ({
    approved_centavos,
    classes_centavos,
    credits_centavos,
    refunds_centavos,
    cases_centavos,
    unaccounted_centavos,
  }: Statement) =>
    [approved_centavos, classes_centavos, credits_centavos, refunds_centavos, cases_centavos, unaccounted_centavos].map(Number)
  async function unheardPayment(preferenceId: string, how: Record<string, unknown> = {}) {
    await mercadoPagoSettings(world, { notificationsToDrop: 20 })
    const paid = await payOnce(world, preferenceId, how)
    await mercadoPagoSettings(world, { notificationsToDrop: 0 })
    return paid
  }

  it('is made at 03:00 and not before: classes, a refund, a surplus payment and an orphan are each in their place', async () => {
    await paidClass(world, nextSlot())
    const given = await paidClass(world, nextSlot())
    await given.host.post(`/api/classes/${given.classId}/cancel`)
    const twice = await heldClass(world, nextSlot())
    await payOnce(world, twice.preferenceId, { times: 2 })
    const stray = await heldClass(world, nextSlot())
    await payOnce(world, stray.preferenceId, { amount: 140.55 })
    await world.settle()
    const day = today()
    world.clock.set(instantAt(addDays(day, 1), '02:59'))
    await world.settle()
    expect((await statements()).map((row) => row.day)).not.toContain(day)
    await pass(world, 6 * MINUTE_MS)
    const statement = await statementOf(day)
    expect(statement).toMatchObject({ state: 'balanced', payments: 5, provider_payments: 5, differences: [] })
    expect(sums(statement)).toEqual([4 * PRICE + 14_055, 2 * PRICE, 0, 2 * PRICE, 14_055, 0])
    expect(statement.provider_approved_centavos).toBe(statement.approved_centavos)
  })

  it('made again it is the same, and opens nothing', async () => {
    const day = (await statements()).at(-1)?.day ?? ''
    const { made_at: first, ...before } = await statementOf(day)
    const cases = await world.rows('SELECT id FROM attention_case ORDER BY id')
    await pass(world, 5 * HOUR_MS)
    expect(await makeStatement(world.deps, day)).toBe('balanced')
    const { made_at: second, ...again } = await statementOf(day)
    expect(again).toEqual(before)
    expect(second).not.toEqual(first)
    expect(await world.rows('SELECT id FROM attention_case ORDER BY id')).toEqual(cases)
  })

  it('a payment nobody told us of cures itself: the order is asked about again, and no case is opened', async () => {
    await morning()
    const held = await heldClass(world, nextSlot())
    await world.rows('UPDATE payment_order SET next_check_at = NULL WHERE id = $1', [held.orderId])
    const { id } = await unheardPayment(held.preferenceId)
    const day = today()
    world.clock.set(instantAt(addDays(day, 1), '03:00'))
    await world.rows('UPDATE payment_order SET next_check_at = NULL WHERE id = $1', [held.orderId])
    await world.settle()
    expect(await statementOf(day)).toMatchObject({ state: 'curing', differences: [{ kind: 'unknown_payment', paymentId: id }] })
    await secondLook()
    expect(await statementOf(day)).toMatchObject({ state: 'balanced', differences: [], payments: 1, provider_payments: 1 })
    expect(await casesOf(world, id)).toEqual([])
    expect((await orderOf(world, held.preferenceId)).status).not.toBe('pending')
  })

  it('a payment under a foreign reference is put before a person, and then everything adds up', async () => {
    await morning()
    const held = await heldClass(world, nextSlot())
    const { id } = await unheardPayment(held.preferenceId, { externalReference: 'another-shop' })
    await world.rows('UPDATE payment_order SET next_check_at = NULL WHERE id = $1', [held.orderId])
    const day = await nightfall()
    await secondLook()
    const statement = await statementOf(day)
    expect(statement.state).toBe('balanced')
    expect(sums(statement)).toEqual([PRICE, 0, 0, 0, PRICE, 0])
    expect(await casesOf(world, id)).toEqual(['payment reference_mismatch'])
  })

  it('a payment that differs and does not cure becomes one case, however often the day is made', async () => {
    await morning()
    const { paymentId } = await paidClass(world, nextSlot())
    await world.rows(
      `UPDATE provider_payment SET amount_centavos = amount_centavos + 1, provider_updated_at = '2030-01-01' WHERE id = $1`,
      [paymentId],
    )
    const day = await nightfall()
    expect(await casesOf(world, paymentId)).toEqual([])
    await secondLook()
    expect(await statementOf(day)).toMatchObject({ state: 'differs', differences: [{ kind: 'payment_differs', paymentId }] })
    expect(await casesOf(world, paymentId)).toEqual(['payment payment_differs'])
    for (let again = 0; again < 3; again++) expect(await makeStatement(world.deps, day)).toBe('differs')
    expect(await casesOf(world, paymentId)).toEqual(['payment payment_differs'])

    // Mended: the next look by itself closes the case.
    await world.rows('UPDATE provider_payment SET amount_centavos = $2 WHERE id = $1', [paymentId, PRICE])
    await pass(world, DAY_MS)
    expect(await statementOf(day)).toMatchObject({ state: 'balanced' })
    expect(await casesOf(world, paymentId)).toEqual([])
  })

  it('a case that a person has closed stays closed', async () => {
    await morning()
    const { paymentId } = await paidClass(world, nextSlot())
    const wrongBy = (centavos: number) =>
      world.rows(`UPDATE provider_payment SET amount_centavos = $2, provider_updated_at = '2030-01-01' WHERE id = $1`, [
        paymentId,
        PRICE + centavos,
      ])
    await wrongBy(100)
    const day = await nightfall()
    await secondLook()
    const [open] = await world.rows<{ id: string }>('SELECT id FROM attention_case WHERE subject_id = $1 AND resolved_at IS NULL', [
      paymentId,
    ])
    expect((await admin.submit(`/admin/casos/${open?.id}/resolver`, {})).status).toBe(303)
    expect(await makeStatement(world.deps, day)).toBe('differs')
    expect(await casesOf(world, paymentId)).toEqual([])
    await wrongBy(0)
  })

  it('approved money of ours without class, refund or case is told, by number and amount', async () => {
    await morning()
    const { paymentId } = await paidClass(world, nextSlot())
    await world.rows('UPDATE provider_payment SET role = NULL, operation_type = $2 WHERE id = $1', [paymentId, 'pos_payment'])
    const day = await nightfall()
    const statement = await statementOf(day)
    expect(statement).toMatchObject({ state: 'curing', differences: [{ kind: 'money_unaccounted', paymentId }] })
    expect(sums(statement)).toEqual([PRICE, 0, 0, 0, 0, PRICE])
    await secondLook()
    // Its cure: the decision about money sees it again and puts it before a person, where it is no longer silent.
    expect((await statementOf(day)).state).toBe('balanced')
  })

  it('a refund that the provider does not know is told', async () => {
    await morning()
    const { paymentId, orderId } = await paidClass(world, nextSlot())
    await world.rows(
      `INSERT INTO refund (id, payment_id, order_id, amount_centavos, reason, created_at, updated_at)
       VALUES (gen_random_uuid(), $1, $2, $3, 'admin_refund', $4, $4)`,
      [paymentId, orderId, PRICE, world.clock.now()],
    )
    await world.rows(`UPDATE refund SET state = 'approved' WHERE payment_id = $1`, [paymentId])
    await world.rows(`UPDATE provider_payment SET status = 'refunded', refunded_centavos = amount_centavos WHERE id = $1`, [paymentId])
    const day = await nightfall()
    await secondLook()
    expect((await statementOf(day)).differences).toMatchObject([{ kind: 'refund_unknown', paymentId }])
    expect(await casesOf(world, paymentId)).toEqual(['payment refund_unknown'])
  })

  it('a refund made in the panel of the provider for an older day is seen on the day it happens', async () => {
    await morning()
    const { paymentId } = await paidClass(world, nextSlot())
    const first = await nightfall()
    expect((await statementOf(first)).state).toBe('balanced')
    await morning()
    await mercadoPagoSettings(world, { notificationsToDrop: 20 })
    await world.control(`/mercado-pago/payments/${paymentId}/refund`, {})
    await world.rows('UPDATE payment_order SET next_check_at = NULL')
    const second = await nightfall()
    await secondLook()
    expect((await statementOf(second)).state).toBe('balanced')
    const [payment] = await world.rows('SELECT status FROM provider_payment WHERE id = $1', [paymentId])
    expect(payment?.status).toBe('refunded')
  })

  it('days that were missed are made in order, each once', async () => {
    const before = (await statements()).length
    const first = today()
    world.clock.advance(12 * DAY_MS)
    await world.settle()
    const days = (await statements()).slice(before).map(({ day }) => day)
    const made = await world.rows<{ day: string }>(
      'SELECT day::text AS day FROM daily_statement s WHERE s.day >= $1 ORDER BY made_at, s.day',
      [first],
    )
    expect(days).toEqual(Array.from({ length: days.length }, (_, index) => addDays(first, index)))
    expect(days.at(-1)).toBe(addDays(today(), -1))
    expect(made.map(({ day }) => day)).toEqual(days)
    await emptyLog(world)
    await pass(world, 10 * MINUTE_MS)
    expect((await askedOfProvider(world, 'GET', SEARCH)).filter(({ path }) => path.includes('range='))).toEqual([])
  })

  it('a provider that does not answer keeps the day waiting; after eight failures a person is told, and the answer closes the case', async () => {
    await morning()
    const day = today()
    await setFault(world, 'payment.search', { kind: 'error', status: 503, count: 5_000 })
    await nightfall()
    expect(await statementOf(day)).toMatchObject({ state: 'unread', failures: 1, last_error: 'unavailable' })
    for (let round = 0; round < 30 && Number((await statementOf(day)).failures) < 8; round++) {
      expect(await casesOf(world, day)).toEqual([])
      await pass(world, 15 * MINUTE_MS)
    }
    expect(await casesOf(world, day)).toEqual(['statement statement_unread'])
    await clearFaults(world)
    for (let round = 0; round < 4; round++) await pass(world, 30 * MINUTE_MS)
    expect(await statementOf(day)).toMatchObject({ state: 'balanced', failures: 0, last_error: null })
    expect(await casesOf(world, day)).toEqual([])
  })

  it('a day that cannot be read, of which a person is told, stops no later day; its case closes when it is read', async () => {
    await morning()
    const day = today()
    await setFault(world, 'payment.search', { kind: 'error', status: 503, count: 5_000 })
    await nightfall()
    await clearFaults(world)
    const unreadFor = (failures: number, until: Date) =>
      world.rows('UPDATE daily_statement SET failures = $2, next_look_at = $3 WHERE day = $1', [day, failures, until])
    await unreadFor(7, new Date(world.clock.now().getTime() + 2 * DAY_MS))
    await morning()
    const next = await nightfall()
    await pass(world, 6 * MINUTE_MS)
    expect((await statements()).map((row) => row.day)).not.toContain(next)
    // The eighth failure, which a person is told of. From here on it is asked for hourly, and always in vain.
    await setFault(world, 'payment.search', { kind: 'error', status: 503, count: 5_000 })
    await unreadFor(7, world.clock.now())
    await pass(world, 6 * MINUTE_MS)
    expect(await casesOf(world, day)).toEqual(['statement statement_unread'])
    expect(await statementOf(day)).toMatchObject({ state: 'unread', failures: 8 })
    expect(await statementOf(next)).toMatchObject({ state: 'unread', failures: 1 })
    await clearFaults(world)
    await unreadFor(8, new Date(world.clock.now().getTime() + DAY_MS))
    await pass(world, 30 * MINUTE_MS)
    expect([(await statementOf(day)).state, (await statementOf(next)).state]).toEqual(['unread', 'balanced'])
    expect(await casesOf(world, day)).toEqual(['statement statement_unread'])
    await pass(world, DAY_MS)
    expect(await statementOf(day)).toMatchObject({ state: 'balanced', failures: 0 })
    expect(await casesOf(world, day)).toEqual([])
  })

  it('waits as long as the provider asks for', async () => {
    await morning()
    const day = today()
    await setFault(world, 'payment.search', { kind: 'error', status: 429, retryAfterSeconds: 1_800, count: 5_000 })
    await nightfall()
    await clearFaults(world)
    await pass(world, 29 * MINUTE_MS)
    expect((await statementOf(day)).state).toBe('unread')
    await pass(world, 6 * MINUTE_MS)
    expect((await statementOf(day)).state).toBe('balanced')
  })

  it('the teacher sees the days with their sums, works without JavaScript, and makes one again', async () => {
    const page = await (await admin.get('/admin/cierres')).text()
    const [newest] = (await statements()).slice(-1)
    expect(page).toContain((newest?.day ?? '').split('-').reverse().join('/'))
    expect(page).toContain('$60.140,55')
    expect(page).toContain('Mercado Pago')
    const differing = (await statements()).find(({ state }) => state === 'differs')
    expect(page).toContain(`action="/admin/cierres/${differing?.day}/rehacer"`)
    const made = await admin.submit(`/admin/cierres/${differing?.day}/rehacer`, {})
    expect([made.status, made.headers.get('location')]).toEqual([303, '/admin/cierres?ok=differs'])
    expect(await (await admin.get('/admin/cierres?ok=differs')).text()).toContain('todavía hay diferencias')
    expect((await admin.submit('/admin/cierres/2020-01-01/rehacer', {})).status).toBe(404)
    expect((await admin.submit('/admin/cierres/x/rehacer', {})).status).toBe(404)
    const student = await world.student()
    expect((await student.get('/admin/cierres')).status).not.toBe(200)
    expect((await student.submit(`/admin/cierres/${differing?.day}/rehacer`, {})).status).not.toBe(303)
  })

  it('the log names no person, code, link, token or secret', () => expectCleanLog(world, ['local-sandbox-secret']))
})
