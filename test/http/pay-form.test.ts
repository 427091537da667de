import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { MINUTE_MS } from '../../src/kernel/clock.ts'
import { json } from '../support/booking.ts'
import { freshSlots, newcomer, type Slot } from '../support/scene.ts'
import { type Client, MONDAY_9H, openWorld, type World } from '../support/world.ts'

const PAGE = '/inicio/pre-compra'
const slotOf = freshSlots()

describe('the payment form is safe to send twice (behaviour 4.21, 4.8 checks 2 and 3)', () => {
  let world: World
  let host: Client
  beforeAll(async () => {
    world = await openWorld()
  })
  afterAll(() => world.close())
  beforeEach(async () => {
    world.clock.set(MONDAY_9H)
    host = await newcomer(world)
  })

  /** The hidden fields of the form, as the page gives them. */
  async function formOf({ start }: Slot, text = ''): Promise<Record<string, string>> {
    const html = await (await host.get(`${PAGE}?${new URLSearchParams({ start, text })}`)).text()
    return Object.fromEntries(
      [...html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]),
    )
  }

  /** Own orders, the newest first. */
  const orders = async () => (await json(host.get('/api/payments'))).response as { classId: string }[]

  it('a fresh key per page', async () => {
    const when = slotOf()
    const [first, second] = [await formOf(when), await formOf(when)]
    expect(first.key).toMatch(/^[\x21-\x7e]{16,100}$/)
    expect(second.key).not.toBe(first.key)
  })

  it('sent again it leads where it led the first time; after the hold was given up it holds nothing anew', async () => {
    const when = slotOf()
    const form = await formOf(when)
    const first = await host.submit(PAGE, form)
    expect(first.status).toBe(303)
    expect((await host.submit(PAGE, form)).headers.get('location')).toBe(first.headers.get('location'))
    const [held] = await orders()
    await host.post(`/api/classes/${held?.classId}/cancel`)
    const before = await world.rows('SELECT id FROM virtual_class')
    const second = await host.submit(PAGE, form)
    expect([second.status, second.headers.get('location')]).toEqual([303, `${PAGE}?${new URLSearchParams({ start: when.start })}`])
    expect(await world.rows('SELECT id FROM virtual_class')).toEqual(before)
  })

  it('two clicks at the same moment make one class and lead to one payment', async () => {
    const form = await formOf(slotOf())
    const answers = await Promise.all([host.submit(PAGE, form), host.submit(PAGE, form)])
    expect(new Set(answers.map((answer) => answer.headers.get('location'))).size).toBe(1)
    expect(await orders()).toHaveLength(1)
  })

  it('the same key with another booking is refused, and nothing is held', async () => {
    const form = await formOf(slotOf())
    expect((await host.submit(PAGE, form)).status).toBe(303)
    const before = await world.rows('SELECT id FROM virtual_class')
    const answer = await host.submit(PAGE, { ...form, ...slotOf() })
    expect(answer.status).toBe(409)
    expect(await answer.text()).toContain('La clave de idempotencia ya se usó con otros datos')
    expect(await world.rows('SELECT id FROM virtual_class')).toEqual(before)
  })

  it('what the booking replaces belongs to it: sent again nothing more is given up, and with another wish it is refused', async () => {
    const first = slotOf()
    expect((await host.submit(PAGE, await formOf(first))).status).toBe(303)
    const [held] = await orders()
    const replace = held?.classId ?? ''
    const form = { ...(await formOf(slotOf())), replace }
    const answers = [await host.submit(PAGE, form), await host.submit(PAGE, form)]
    expect(answers.map((answer) => answer.status)).toEqual([303, 303])
    expect(new Set(answers.map((answer) => answer.headers.get('location'))).size).toBe(1)
    expect(await world.rows('SELECT status FROM virtual_class WHERE id = $1', [replace])).toEqual([{ status: 'cancelled' }])
    expect((await orders()).length).toBe(2)
    const { replace: _, ...without } = form
    expect((await host.submit(PAGE, without)).status).toBe(409)
  })

  it('a key that was refused is free again, and one without sense is none', async () => {
    const when = slotOf()
    const form = await formOf(when)
    await world.control('/mercado-pago/faults', { route: 'preference.create', kind: 'error', status: 400, count: 1 })
    expect((await host.submit(PAGE, form)).status).toBeGreaterThanOrEqual(400)
    await world.control('/mercado-pago/faults', undefined, 'DELETE')
    expect((await host.submit(PAGE, form)).status).toBe(303)
    const { key: _, ...bare } = await formOf(slotOf())
    expect((await host.submit(PAGE, bare)).status).toBe(303)
    expect((await host.submit(PAGE, { ...(await formOf(slotOf())), key: 'con espacio' })).status).toBe(303)
  })

  it('an old page, sent again after its hold has ended, shows the booking afresh instead of a payment that is closed', async () => {
    const when = slotOf()
    const form = await formOf(when)
    expect((await host.submit(PAGE, form)).status).toBe(303)
    world.clock.advance(21 * MINUTE_MS)
    await world.settle()
    const answer = await host.submit(PAGE, form)
    expect(answer.status).toBe(303)
    const again = new URL(answer.headers.get('location') ?? '', 'http://x')
    expect([again.pathname, again.searchParams.get('start')]).toEqual([PAGE, when.start])
  })
})
