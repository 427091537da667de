import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HOUR_MS, MINUTE_MS } from '../../src/kernel/clock.ts'
import { checkout, confirmedClass } from '../support/booking.ts'
import { later, newcomer } from '../support/scene.ts'
import { type Client, openWorld, type World } from '../support/world.ts'
import { comingSlots, heldClass, payOnce, stateOf } from './payment-scene.ts'

const WEEK = '/inicio/reservas'
const CHECK = '/inicio/pre-compra'
const MINE = '/inicio/mis-clases-virtuales'
const HISTORY = '/inicio/historial?filter=all'
const PAY = 'Pagar con Mercado Pago'

async function main(client: Client, path: string): Promise<string> {
  const answer = await client.get(path)
  expect(answer.status).toBe(200)
  const html = await answer.text()
  return html.slice(html.indexOf('<main'), html.indexOf('</main>'))
}

const query = (fields: Record<string, string>) => `?${new URLSearchParams(fields)}`

describe('a person’s own bookings on their pages (behaviour 4.20 to 4.22)', () => {
  let world: World
  const nextSlot = comingSlots(() => world)
  beforeAll(async () => {
    world = await openWorld()
  })
  afterAll(() => world.close())

  const onDay = (start: string) => `${WEEK}${query({ dia: start.slice(0, 10) })}`
  const payForm = (when: { start: string; end: string }, more: Record<string, string> = {}) => ({
    ...when,
    type: 'individual',
    n: '1',
    text: '',
    ...more,
  })

  it('a class of one’s own is called that, and is taken for everybody else', async () => {
    const host = await newcomer(world)
    const when = nextSlot()
    await confirmedClass(world, host, when)
    expect(await main(host, onDay(when.start))).toMatch(/slot-mine" href="\/inicio\/mis-clases-virtuales".*?Tu clase/)
    const other = await main(await newcomer(world), onDay(when.start))
    expect(other).not.toContain('slot-mine')
    expect(other).toContain('RESERVADO')
  })

  it('pre-compra offers no payment for what is one’s own, taken, or past, and says why', async () => {
    const host = await newcomer(world)
    const when = nextSlot()
    await confirmedClass(world, host, when)
    const mine = await main(host, CHECK + query({ start: when.start }))
    expect(mine).toContain('Ese horario ya es tu clase.')
    expect(mine).not.toContain(PAY)
    const taken = await main(await newcomer(world), CHECK + query({ start: when.start }))
    expect(taken).toContain('El horario ya no está disponible')
    expect(taken).not.toContain(PAY)
    const past = await main(host, CHECK + query({ start: later(world.clock.now().toISOString(), -HOUR_MS) }))
    expect(past).toContain('El horario ya pasó')
    expect(past).not.toContain(PAY)
    expect(await main(host, CHECK + query({ start: nextSlot().start }))).toContain(PAY)
  })

  it('a hold is found again from every page, until it ends', async () => {
    const { host, start } = await heldClass(world, nextSlot())
    for (const path of ['/inicio', WEEK, CHECK, MINE, HISTORY]) {
      const html = await main(host, path)
      expect(html, path).toContain('Te falta pagar una clase')
      expect(html, path).toContain(`href="/inicio/pre-compra?start=${encodeURIComponent(start)}"`)
    }
    expect(await main(host, onDay(start))).toMatch(/slot-unpaid" href="\/inicio\/pre-compra/)
    world.clock.advance(20 * MINUTE_MS)
    await world.settle()
    for (const path of ['/inicio', WEEK, CHECK, MINE]) expect(await main(host, path), path).not.toContain('Te falta pagar una clase')
    expect(await main(host, HISTORY)).toContain('Reserva vencida sin pago')
  })

  it('changing a hold keeps it chosen, and paying puts the new booking in its place', async () => {
    const { host, start, end, classId } = await heldClass(world, nextSlot())
    const week = await main(host, WEEK + query({ start }))
    expect(week).not.toContain('El horario ya no está disponible')
    expect(week).toContain(`value="${start}" checked=""`)
    const check = await main(host, CHECK + query({ start, type: 'grupal', n: '3' }))
    expect(check).toContain(`<input type="hidden" name="replace" value="${classId}"/>`)
    const paid = await host.submit(CHECK, payForm({ start, end }, { type: 'grupal', n: '3', replace: classId }))
    expect(paid.status).toBe(303)
    expect(await stateOf(world, classId)).toBe('cancelled: host_cancelled')
    const [now] = await world.rows<{ max: number }>(
      `SELECT max_participants AS max FROM virtual_class WHERE starts_at = $1 AND status = 'pending'`,
      [start],
    )
    expect(now?.max).toBe(3)
  })

  it('another slot leaves the first one held only if one wants so', async () => {
    const { host, classId, start } = await heldClass(world, nextSlot())
    const second = nextSlot()
    const check = await main(host, CHECK + query({ start: second.start }))
    expect(check).toContain('También tenés guardado')
    expect(check).toContain(`<input type="checkbox" name="replace" value="${classId}"/>`)
    expect((await host.submit(CHECK, payForm(second))).status).toBe(303)
    expect(await stateOf(world, classId)).toBe('pending: held')
    const third = nextSlot()
    expect((await host.submit(CHECK, payForm(third, { replace: classId }))).status).toBe(303)
    expect(await stateOf(world, classId)).toBe('cancelled: host_cancelled')
    expect(await main(await newcomer(world), CHECK + query({ start }))).toContain(PAY)
  })

  it.each(['', '&n=', '&n=1', '&n=6', '&n=tres'])('a group without a valid head count (%s) leads back to the filled form', async (n) => {
    const student = await newcomer(world)
    const { start } = nextSlot()
    const answer = await student.get(`${CHECK}?start=${encodeURIComponent(start)}&type=grupal&text=Verbos${n}`)
    expect(answer.status).toBe(303)
    const [form = ''] = (answer.headers.get('location') ?? '').split('#')
    const html = await main(student, form)
    expect(html).toContain('Elegí cuántas personas</p>')
    expect(html).toMatch(new RegExp(`name="start" value="${start}" checked`))
    expect(html).toMatch(/name="type" value="grupal" checked/)
    expect(html).toContain('>Verbos</textarea>')
  })

  it('a refused payment for another slot gives nothing up', async () => {
    const { host, classId } = await heldClass(world, nextSlot())
    const taken = await heldClass(world, nextSlot())
    const answer = await host.submit(CHECK, payForm({ start: taken.start, end: taken.end }, { replace: classId }))
    expect(answer.status).toBe(409)
    expect(await stateOf(world, classId)).toBe('pending: held')
  })

  it('nobody gives up what is not theirs', async () => {
    const { classId } = await heldClass(world, nextSlot())
    const other = await newcomer(world)
    expect((await other.submit(CHECK, payForm(nextSlot(), { replace: classId }))).status).toBe(303)
    expect(await stateOf(world, classId)).toBe('pending: held')
  })

  it('giving a hold up answers about the hold, and Historial does not call it cancelled by the host', async () => {
    const { host, classId } = await heldClass(world, nextSlot())
    const answer = await host.submit(`/inicio/clases/${classId}/cancelar`, { hold: '1' })
    expect(answer.headers.get('location')).toBe('/inicio/reservas?liberado=1')
    expect(await main(host, '/inicio/reservas?liberado=1')).toContain('Liberamos el horario.')
    const history = await main(host, HISTORY)
    expect(history).toContain('Liberada por vos')
    expect(history).not.toContain('Cancelada por el anfitrión')
  })

  it('a hold that was paid meanwhile is not given up by a page that still shows it', async () => {
    const { host, classId, preferenceId } = await heldClass(world, nextSlot())
    await payOnce(world, preferenceId)
    await world.settle()
    const answer = await host.submit(`/inicio/clases/${classId}/cancelar`, { hold: '1' })
    expect(answer.headers.get('location')).toBe('/inicio/mis-clases-virtuales?cancelada=paga')
    expect(await stateOf(world, classId)).toBe('scheduled')
  })

  it('while a payment is in process nobody is asked to pay again, whatever the address says', async () => {
    const held = await heldClass(world, nextSlot())
    const { id } = await payOnce(world, held.preferenceId, { method: 'rapipago', force: true })
    await world.control(`/mercado-pago/payments/${id}/status`, { status: 'in_process', detail: 'pending_contingency' })
    await world.settle()
    const back = await main(held.host, `/checkout/callback/failure${query({ preference_id: held.preferenceId, status: 'rejected' })}`)
    expect(back).toContain('Tu pago está en proceso')
    for (const path of ['/inicio', MINE, CHECK + query({ start: held.start })]) {
      const html = await main(held.host, path)
      expect(html, path).toContain('Tu pago está en proceso')
      expect(html, path).not.toContain('Retomar el pago')
      expect(html, path).not.toContain(PAY)
    }
    expect(await main(held.host, onDay(held.start))).toContain('Pago en proceso')
    world.clock.advance(20 * MINUTE_MS)
    await world.settle()
    const history = await main(held.host, HISTORY)
    expect(history).not.toContain('Reserva vencida sin pago')
    expect(history).toContain('Tu pago está en proceso')
  })

  it('money of a wrong amount is being looked at, not asked for again', async () => {
    const held = await heldClass(world, nextSlot())
    await payOnce(world, held.preferenceId, { amount: 14_000, force: true })
    await world.settle()
    const html = await main(held.host, '/inicio')
    expect(html).toContain('Estamos revisando tu pago')
    expect(html).not.toContain('Retomar el pago')
    world.clock.advance(20 * MINUTE_MS)
    await world.settle()
    expect(await main(held.host, HISTORY)).not.toContain('Reserva vencida sin pago')
  })

  it('the rule about refunds is the one that holds for the hour', async () => {
    const host = await newcomer(world)
    const when = nextSlot()
    const address = CHECK + query({ start: when.start })
    expect(await main(host, address)).toContain('Podés cancelar con reembolso total hasta 24 horas antes de la clase')
    world.clock.set(later(when.start, -24 * HOUR_MS + 1_000))
    expect(await main(host, address)).toContain('Faltan menos de 24 horas: si cancelás no hay reembolso.')
  })

  it('cancelling without refund says so', async () => {
    const host = await newcomer(world)
    const when = nextSlot()
    const { classId } = await confirmedClass(world, host, when)
    world.clock.set(later(when.start, -HOUR_MS))
    const answer = await host.submit(`/inicio/clases/${classId}/cancelar`, {})
    expect(await main(host, answer.headers.get('location') ?? '')).toContain('Cancelamos la clase. No corresponde reembolso.')
  })

  it('host and guest see each other by name', async () => {
    const host = await newcomer(world, 'Sofía Pereyra')
    const guest = await newcomer(world, 'Mateo Quiroga')
    const when = nextSlot()
    const { code } = await confirmedClass(world, host, when, { isGroupClass: true, studentsCount: 2, text: 'Pedir en un restaurante' })
    world.clock.set(later(when.start, -HOUR_MS))
    await guest.post('/api/access-code', { accessCode: code })
    expect(await main(host, MINE)).toMatch(/<section [^>]*aria-label="Con vos"[^>]*>.*?Mateo Quiroga.*?<\/section>/s)
    const html = await main(guest, MINE)
    expect(html).toContain('Te invitó Sofía Pereyra.')
    expect(html).toContain('Pedir en un restaurante')
  })

  it('a paid class without its link is named, and nothing says that there is no class', async () => {
    const held = await heldClass(world, nextSlot())
    await world.control('/google/faults', { route: 'events.insert', kind: 'error', status: 503, count: 20 })
    await payOnce(world, held.preferenceId)
    await world.settle()
    for (const path of ['/inicio', MINE, HISTORY]) {
      const html = await main(held.host, path)
      expect(html, path).toContain('Estamos preparando el enlace de tu clase.')
      expect(html, path).not.toMatch(/No tenes clases programadas|No hay clases por mostrar\.<\/p><p class="soft">Cuando reserves/)
    }
    expect(await checkout(held.host, nextSlot())).toMatchObject({ price: 15_000 })
    await world.control('/google/faults', undefined, 'DELETE')
  })
})
