import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { MINUTE_MS } from '../../src/kernel/clock.ts'
import { json } from '../support/booking.ts'
import { freshSlots, newcomer, type Slot } from '../support/scene.ts'
import { type Client, MONDAY_9H, openWorld, type World } from '../support/world.ts'

const CHECK = '/inicio/pre-compra'
const NOT_STARTED = 'No pudimos iniciar el pago. Probá de nuevo en unos minutos.'
const slotOf = freshSlots()

describe('the pages of booking say what became of the slot', () => {
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
  afterEach(() => world.control('/mercado-pago/faults', undefined, 'DELETE'))

  const open = async (path: string, headers: Record<string, string> = {}) => (await host.get(path, headers)).text()
  const checkOf = ({ start }: Slot, text = '') => `${CHECK}?${new URLSearchParams({ start, text })}`
  /** The hidden fields of the payment form; boxes count as cleared. */
  async function formOf(when: Slot, text = ''): Promise<Record<string, string>> {
    const form = (await open(checkOf(when, text))).split('data-online')[1]?.split('</form>')[0] ?? ''
    const fields = [...form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)]
    return Object.fromEntries(fields.map(([, name, value]) => [name, value]))
  }
  const pay = async (fields: Record<string, string>) => {
    const answer = await host.submit(CHECK, fields)
    return { status: answer.status, html: await answer.text() }
  }
  const providerFails = () => world.control('/mercado-pago/faults', { route: 'preference.create', kind: 'error', status: 400, count: 1 })
  const holdsOf = ({ start }: Slot) =>
    world.rows<{ preference_id: string; learning_focus: string }>(
      `SELECT o.preference_id, c.learning_focus FROM virtual_class c JOIN payment_order o ON o.class_id = c.id
       WHERE c.starts_at = $1 AND c.status = 'pending' AND c.paid_at IS NULL`,
      [start],
    )

  it('Mercado Pago fails: nothing is kept and nothing was charged, and what was typed stays', async () => {
    const when = slotOf()
    const form = await formOf(when, 'Verbos')
    await providerFails()
    const { status, html } = await pay(form)
    expect(status).toBe(500)
    for (const text of [NOT_STARTED, 'El horario no quedó guardado y no se te cobró nada.', 'Verbos', 'Pagar con Mercado Pago'])
      expect(html).toContain(text)
  })

  it('Mercado Pago fails while an own hold is changed: the old one stands, and can be paid', async () => {
    const when = slotOf()
    expect((await pay(await formOf(when, 'Verbos'))).status).toBe(303)
    const before = await holdsOf(when)
    const changed = await formOf(when, 'Pronombres')
    expect(changed.replace).toBeDefined()
    await providerFails()
    const { html } = await pay(changed)
    expect(html).toContain(NOT_STARTED)
    expect(html).toContain('Tu horario sigue guardado y no se te cobró nada.')
    expect(html).not.toMatch(/El horario no quedó guardado|se liberó/)
    expect(await holdsOf(when)).toEqual(before)
    await world.control('/mercado-pago/pay', { preferenceId: before[0]?.preference_id })
    await world.settle()
    expect(
      await world.rows('SELECT learning_focus FROM virtual_class WHERE starts_at = $1 AND status = $2', [when.start, 'scheduled']),
    ).toEqual([{ learning_focus: 'Verbos' }])
  })

  it('while an own hold is changed nobody else gets in between, and the old payment is closed', async () => {
    const when = slotOf()
    expect((await pay(await formOf(when, 'Verbos'))).status).toBe(303)
    const [old] = await holdsOf(when)
    const other = await newcomer(world)
    await world.control('/mercado-pago/faults', { route: 'preference.create', kind: 'slow', delayMs: 400 })
    let changing = true
    const change = formOf(when, 'Pronombres')
      .then(pay)
      .finally(() => {
        changing = false
      })
    const answers = new Set<number>()
    while (changing) {
      answers.add((await other.post('/api/checkout', when)).status)
      // A refusal asks only the embedded database, which answers without a turn of the event loop: the slow provider's timer needs one.
      await new Promise<void>((resolve) => setImmediate(resolve))
    }
    expect((await change).status).toBe(303)
    expect(answers).toEqual(new Set([409]))
    const now = await holdsOf(when)
    expect(now).toMatchObject([{ learning_focus: 'Pronombres' }])
    expect(now[0]?.preference_id).not.toBe(old?.preference_id)
    await world.settle()
    world.clock.advance(1_000)
    await expect(world.control('/mercado-pago/pay', { preferenceId: old?.preference_id })).rejects.toThrow(/409.*expired/)
  })

  it('an own hold that was paid a moment ago is not changed any more', async () => {
    const when = slotOf()
    expect((await pay(await formOf(when, 'Verbos'))).status).toBe(303)
    const changed = await formOf(when, 'Pronombres')
    const [old] = await holdsOf(when)
    await world.control('/mercado-pago/notifications/pause', {})
    await world.control('/mercado-pago/pay', { preferenceId: old?.preference_id })
    expect((await pay(changed)).status).toBe(409)
    await world.control('/mercado-pago/notifications/resume', {})
    await world.settle()
    expect(await world.rows('SELECT learning_focus, status FROM virtual_class WHERE starts_at = $1', [when.start])).toEqual([
      { learning_focus: 'Verbos', status: 'scheduled' },
    ])
  })

  it('at the limit of unpaid bookings a ticked one makes the room; without a tick the page says what to do', async () => {
    for (let hold = 0; hold < 5; hold++) expect((await pay(await formOf(slotOf()))).status).toBe(303)
    const form = await formOf(slotOf())
    const refused = await pay(form)
    expect(refused.status).toBe(409)
    for (const text of ['Ya tenés demasiadas reservas pendientes de pago', 'Pagá o liberá alguna para poder guardar otra.'])
      expect(refused.html).toContain(text)
    const [held] = (await json(host.get('/api/payments'))).response as { classId: string }[]
    expect((await pay({ ...form, key: 'otra-vez', replace: held?.classId ?? '' })).status).toBe(303)
  })

  it('a hold that ran out is offered again to whoever had it, before and after it is settled', async () => {
    const when = slotOf()
    expect((await pay(await formOf(when))).status).toBe(303)
    world.clock.advance(20 * MINUTE_MS)
    const ended = 'Se terminó el tiempo para pagar: el horario ya no está guardado.'
    const early = await open(checkOf(when))
    expect(early).toContain(ended)
    expect(early).not.toContain('El horario ya no está disponible')
    await world.settle()
    expect(await open(checkOf(when))).toContain(ended)
    expect((await pay(await formOf(when))).status).toBe(303)
    expect(await open(checkOf(when))).not.toContain(ended)
  })

  it('Inicio offers a newcomer the next three free slots, and the month leads to them', async () => {
    const home = await open('/inicio')
    const links = [...home.matchAll(/href="(\/inicio\/reservas\?dia=[^"]*start=[^"]*)"/g)].map(([, href]) =>
      (href ?? '').replaceAll('&amp;', '&'),
    )
    expect(links).toHaveLength(3)
    expect(await open(links[0] ?? '')).toMatch(/name="start" value="[^"]*" checked/)

    const month = await open('/inicio/calendario?mes=2026-11&dia=2026-11-27')
    for (const text of ['Noviembre de 2026', 'Lunes a sábado', '09:00 a 21:00 hs', 'Horarios del viernes 27 de noviembre', 'DISPONIBLE'])
      expect(month).toContain(text)
    expect(month).toContain('href="/inicio/reservas?dia=2026-11-27"')
  })

  it.each(['?mes=2020-01', '?mes=9999-99&dia=x', '?mes=%00', '?dia=2026-11-31', '?mes=2027-03'])(
    'the month of a strange address is this one: %s',
    async (query) => expect(await open(`/inicio/calendario${query}`)).toContain('Noviembre de 2026'),
  )

  it('reads in English, refusals included', async () => {
    const headers = { cookie: `${host.cookie}; hiy-idioma=en` }
    const past = `${CHECK}?${new URLSearchParams({ start: '2026-11-20T13:00:00.000Z' })}`
    for (const [path, words] of [
      ['/inicio', 'You have no classes booked'],
      ['/inicio/reservas', 'Book a class'],
      ['/inicio/calendario', 'How to book your class'],
      [past, 'That time is over'],
      ['/checkout/callback/success', 'Payment pending'],
    ] as const) {
      const html = await open(path, headers)
      expect(html).toContain(words)
      expect(html.slice(html.indexOf('<main'), html.indexOf('</main>')), path).not.toMatch(/[¿¡áéíóúñ]/)
    }
  })
})
