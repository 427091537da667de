import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/kernel/clock.ts'
import { classStatus, orderStatus } from '../support/booking.ts'
import { expectCleanLog, newcomer } from '../support/scene.ts'
import { BASE_URL, type Client, openWorld, type World } from '../support/world.ts'
import { createPreference } from './booking-bench.ts'
import {
  askedOfProvider,
  comingSlots,
  emptyLog,
  type Held,
  heldClass,
  leavesNothing,
  mercadoPagoSettings,
  pay,
  payOnce,
  setFault,
  stateOf,
} from './payment-scene.ts'

const SUCCESS = '¡Tu pago fue exitoso!'
const FAILED = 'El pago falló'
const PENDING = 'Pago pendiente'
const RETURNED = 'Recibimos tu pago, pero el horario ya no estaba disponible. Te devolvemos el total.'
const HEADLINES = [SUCCESS, FAILED, PENDING, RETURNED]

describe('/checkout/callback (4.21): the query is a hint, the state is ours', () => {
  let world: World
  const nextSlot = comingSlots(() => world)

  beforeAll(async () => {
    world = await openWorld()
  })
  leavesNothing(() => world)
  afterAll(() => world.close())

  type Outcome = 'success' | 'failure' | 'pending'
  async function page(client: Client, outcome: Outcome, query: Record<string, string>): Promise<string> {
    const answer = await client.get(`/checkout/callback/${outcome}?${new URLSearchParams(query)}`)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toContain('text/html')
    return (await answer.text()).replaceAll('&#39;', "'")
  }
  const main = (html: string) => html.slice(html.indexOf('<main'), html.indexOf('</main>'))
  /** Which of the outcomes the page shows: exactly one, never none. */
  function headline(html: string): string {
    const shown = HEADLINES.filter((text) => main(html).includes(text))
    expect(shown).toHaveLength(1)
    return shown[0] ?? ''
  }
  /** What the provider appends to the address, in full, as it would look for this order. */
  const returned = ({ preferenceId, orderId }: Pick<Held, 'preferenceId' | 'orderId'>, status: string, paymentId = '123') => ({
    collection_id: paymentId,
    collection_status: status,
    payment_id: paymentId,
    status,
    external_reference: orderId,
    payment_type: 'credit_card',
    merchant_order_id: '55',
    preference_id: preferenceId,
    site_id: 'MLA',
    processing_mode: 'aggregator',
    merchant_account_id: 'null',
  })

  it('approved: the buyer arrives before the notification, and the page asks', async () => {
    const held = await heldClass(world, nextSlot())
    await mercadoPagoSettings(world, { notificationsPaused: true })
    const { payments, returnUrl } = (await world.control('/mercado-pago/pay', { preferenceId: held.preferenceId })) as {
      payments: { id: number }[]
      returnUrl: string
    }
    expect(returnUrl.startsWith(`${BASE_URL}/checkout/callback/success?`)).toBe(true)
    const html = await (await held.host.get(returnUrl.slice(BASE_URL.length))).text()
    expect(headline(html)).toBe(SUCCESS)
    expect(html).toContain(`ID de pago: ${payments[0]?.id}`)
    expect(html).toContain(`Referencia: ${held.orderId}`)
    expect(html).toContain('Serás redirigido a la aplicación en 5 segundos')
    expect(html).toContain('/inicio/mis-clases-virtuales')
    expect(html).toContain('Estamos preparando el enlace de tu clase.')
    expect(await orderStatus(world, held.preferenceId)).toBe('approved')
    await world.settle()
    expect(await classStatus(world, held.classId)).toBe('scheduled')
    expect(headline(await page(held.host, 'success', { preference_id: held.preferenceId }))).toBe(SUCCESS)
  })

  it.each<[Outcome, string]>([
    ['success', 'approved'],
    ['success', 'authorized'],
    ['pending', 'approved'],
    ['failure', 'approved'],
  ])('a forged address %s with status=%s never shows a payment that is not there', async (outcome, status) => {
    const held = await heldClass(world, nextSlot())
    const html = await page(held.host, outcome, returned(held, status))
    expect(headline(html)).toBe(outcome === 'failure' ? FAILED : PENDING)
    expect(html).not.toContain('ID de pago: 123')
    expect(await orderStatus(world, held.preferenceId)).toBe('pending')
    expect(await stateOf(world, held.classId)).toBe('pending: held')
  })

  it('rejected: it says so, and offers to pay again while the hold lives', async () => {
    const held = await heldClass(world, nextSlot())
    const [payment] = await pay(world, held.preferenceId, { holder: 'FUND' })
    const html = await page(held.host, 'failure', returned(held, 'rejected', String(payment?.id)))
    expect(headline(html)).toBe(FAILED)
    expect(html).toContain('Intentá nuevamente más tarde.')
    expect(html).toContain('Reintentar el pago')
    // The address may claim what it likes.
    expect(headline(await page(held.host, 'success', returned(held, 'approved')))).toBe(FAILED)
    world.clock.advance(20 * MINUTE_MS)
    await world.settle()
    const late = await page(held.host, 'failure', returned(held, 'rejected'))
    expect(headline(late)).toBe(FAILED)
    expect(late).not.toContain('Reintentar el pago')
  })

  it('left without paying: everything is the word null', async () => {
    const held = await heldClass(world, nextSlot())
    const nothing = Object.fromEntries(Object.keys(returned(held, '')).map((name) => [name, 'null']))
    const html = await page(held.host, 'failure', { ...nothing, preference_id: held.preferenceId })
    expect(headline(html)).toBe(FAILED)
    expect(html).toContain('Reintentar el pago')
    expect(headline(await page(held.host, 'failure', { preference_id: held.preferenceId }))).toBe(FAILED)
  })

  it.each(['pending', 'in_process'])('%s: the page waits, and asks our own server', async (status) => {
    const held = await heldClass(world, nextSlot())
    const { id } = await payOnce(world, held.preferenceId, { method: 'rapipago', force: true })
    await world.control(`/mercado-pago/payments/${id}/status`, { status, detail: 'pending_waiting_payment' })
    const html = await page(held.host, 'pending', returned(held, status, id))
    expect(headline(html)).toBe(PENDING)
    expect(html).toContain('Estamos procesando tu transacción.')
    expect(html).toContain(`data-payment="${held.preferenceId}"`)
  })

  it('W24: paid too late: it says that the money comes back, while it is on its way and when it is there', async () => {
    const held = await heldClass(world, nextSlot())
    world.clock.advance(20 * MINUTE_MS)
    await world.settle()
    await heldClass(world, { start: held.start, end: held.end })
    await setFault(world, 'refund.create', { kind: 'error', status: 503, count: 1 })
    // The provider was asked when the hold ended, and is not asked twice within five seconds.
    world.clock.advance(5 * SECOND_MS)
    const { id } = await payOnce(world, held.preferenceId, { force: true })
    expect(headline(await page(held.host, 'success', returned(held, 'approved', id)))).toBe(RETURNED)
    await world.settle()
    expect(await orderStatus(world, held.preferenceId)).toBe('approved')
    expect(headline(await page(held.host, 'success', returned(held, 'approved', id)))).toBe(RETURNED)
    world.clock.advance(10 * SECOND_MS)
    await world.settle()
    expect(await orderStatus(world, held.preferenceId)).toBe('refunded')
    expect(headline(await page(held.host, 'success', returned(held, 'approved', id)))).toBe(RETURNED)
  })

  it('nothing is promised back where nothing goes back: a class that its host cancelled too late', async () => {
    const held = await heldClass(world, nextSlot())
    await payOnce(world, held.preferenceId)
    await world.settle()
    const now = world.clock.now()
    world.clock.set(new Date(Date.parse(held.start) - HOUR_MS))
    const cancelled = await held.host.post(`/api/classes/${held.classId}/cancel`, {})
    expect(await cancelled.json()).toMatchObject({ refund: 'none' })
    await world.settle()
    const html = await page(held.host, 'success', { preference_id: held.preferenceId })
    expect(html).not.toContain('Te devolvemos')
    expect(headline(html)).toBe(SUCCESS)
    world.clock.set(now)
  })

  it('finds the order by our reference when the preference is missing, and by the preference when the reference is', async () => {
    const held = await heldClass(world, nextSlot())
    await payOnce(world, held.preferenceId)
    await world.settle()
    expect(headline(await page(held.host, 'success', { external_reference: held.orderId }))).toBe(SUCCESS)
    expect(headline(await page(held.host, 'success', { external_reference: held.orderId, preference_id: 'null' }))).toBe(SUCCESS)
    expect(headline(await page(held.host, 'success', { external_reference: 'null', preference_id: held.preferenceId }))).toBe(SUCCESS)
  })

  it('W26: paid with no booking yet is a success', async () => {
    const host = await newcomer(world)
    const preferenceId = await createPreference(host)
    await payOnce(world, preferenceId)
    expect(headline(await page(host, 'success', { preference_id: preferenceId }))).toBe(SUCCESS)
  })

  it.each<[string, Record<string, string>]>([
    ['no query at all', {}],
    ['an unknown preference', { preference_id: 'no-such-thing', status: 'approved' }],
    ['an unknown reference', { external_reference: crypto.randomUUID(), status: 'approved' }],
    ['no uuid', { external_reference: "' OR 1=1--", status: 'approved' }],
    ['NUL characters', { preference_id: 'a\0b', external_reference: '\0' }],
    ['very long words', { preference_id: 'x'.repeat(4_000), external_reference: 'y'.repeat(4_000) }],
    ['markup', { preference_id: '"><script>alert(1)</script>', payment_id: '<img src=x onerror=alert(1)>', status: '<b>' }],
  ])('unknown is never blank: %s', async (_, query) => {
    const host = await newcomer(world)
    for (const outcome of ['success', 'failure', 'pending'] as const) {
      const html = await page(host, outcome, query)
      expect(headline(html)).toBe(PENDING)
      expect(html).not.toContain('alert(1)')
      expect(html).not.toContain('ID de pago')
    }
    expect((await askedOfProvider(world)).filter(({ path }) => path.startsWith('/v1/payments'))).toEqual([])
  })

  it("somebody else's order looks unknown, and is not even asked about", async () => {
    const held = await heldClass(world, nextSlot())
    await payOnce(world, held.preferenceId)
    await world.settle()
    await emptyLog(world)
    const html = await page(await newcomer(world), 'success', returned(held, 'approved'))
    expect(headline(html)).toBe(PENDING)
    // The switch of the language carries the address that was asked for; the page itself knows nothing.
    expect(main(html)).not.toContain(held.orderId)
    expect(await askedOfProvider(world)).toEqual([])
  })

  it('needs a login and comes back after it, query included', async () => {
    const answer = await world.anonymous.get('/checkout/callback/success?preference_id=abc&status=approved')
    expect(answer.status).toBe(302)
    const target = new URL(answer.headers.get('location') ?? '', BASE_URL)
    expect(target.pathname).toBe('/ingresar')
    expect(target.searchParams.get('callbackUrl')).toBe('/checkout/callback/success?preference_id=abc&status=approved')
  })

  it('a provider that is silent leaves the page waiting, not broken, and is not pressed', async () => {
    const held = await heldClass(world, nextSlot())
    await pay(world, held.preferenceId)
    await setFault(world, 'payment.search', { kind: 'error', status: 503, count: 100 })
    for (let reload = 0; reload < 5; reload++) {
      expect(headline(await page(held.host, 'success', returned(held, 'approved')))).toBe(PENDING)
    }
    const asked = (await askedOfProvider(world, 'GET', '/v1/payments/search')).filter(({ path }) => path.includes(held.orderId))
    expect(asked).toHaveLength(1)
  })

  it('the log names no person, code, link, token or secret', () => expectCleanLog(world, ['local-sandbox-secret']))
})
