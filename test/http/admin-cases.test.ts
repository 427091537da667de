import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { DAY_MS } from '../../src/kernel/clock.ts'
import { json, orderStatus } from '../support/booking.ts'
import { type Client, openWorld, type World } from '../support/world.ts'
import {
  atProvider,
  clearFaults,
  comingSlots,
  heldClass,
  mercadoPagoSettings,
  notifyPayment,
  paidClass,
  pass,
  payOnce,
  refundsAtProvider,
  refundsOf,
  setFault,
  stateOf,
} from './payment-scene.ts'

describe('what the buttons of a case do (behaviour 4.16)', () => {
  let world: World
  let admin: Client
  const nextSlot = comingSlots(() => world)

  beforeAll(async () => {
    world = await openWorld()
    admin = await world.admin()
  })
  beforeEach(() => world.settle())
  afterEach(async () => {
    await clearFaults(world)
    await world.control('/google/faults', undefined, 'DELETE')
    await world.control('/mercado-pago/refund-refusal', undefined, 'DELETE')
    await mercadoPagoSettings(world, { notificationsPaused: false, refundsInProcess: false })
  })
  afterAll(() => world.close())

  const refuseRefunds = () => world.control('/mercado-pago/refund-refusal', { code: 2024, times: 1 }, 'PUT')

  interface ShownCase {
    id: string
    html: string
    /** Addresses of its forms, but for "Resolver". */
    actions: string[]
  }

  /** The open case about that subject as the panel shows it. */
  async function shown(subjectId: string, reason: string): Promise<ShownCase> {
    const [row] = await world.rows<{ id: string }>(
      'SELECT id FROM attention_case WHERE subject_id = $1 AND reason = $2 AND resolved_at IS NULL',
      [subjectId, reason],
    )
    if (!row) throw new Error(`There is no open case ${reason}`)
    const html = await (await admin.get('/admin')).text()
    const item = html.split('<li>').find((part) => part.includes(`/admin/casos/${row.id}/resolver`))
    if (!item) throw new Error(`The panel does not show ${reason}`)
    const actions = [...item.matchAll(/<form method="post" action="([^"]*)"/g)].map(([, action]) => String(action))
    return { id: row.id, html: item, actions: actions.filter((action) => !action.includes('/casos/')) }
  }

  /** What the API says of the same case. */
  async function listed(id: string): Promise<Record<string, unknown> | undefined> {
    const { response } = (await json(admin.get('/api/admin/payments?attention=1'))) as { response: Record<string, unknown>[] }
    return response.find((entry) => entry.id === id)
  }

  async function press(action: string | undefined): Promise<string> {
    const answer = await admin.submit(action ?? 'nothing', {})
    return answer.headers.get('location') ?? `${answer.status} ${await answer.text()}`
  }

  const isOpen = async (id: string) =>
    (await world.rows('SELECT 1 FROM attention_case WHERE id = $1 AND resolved_at IS NULL', [id])).length === 1

  it('a failed refund of a surplus payment is sent again for that payment, and the good class stays', async () => {
    const held = await paidClass(world, nextSlot())
    await refuseRefunds()
    const surplus = await payOnce(world, held.preferenceId)
    await world.settle()
    const [failed] = await refundsOf(world, surplus.id)
    expect(failed).toMatchObject({ state: 'failed' })
    const found = await shown(failed?.id ?? '', 'refund_failed')
    expect(found.actions).toEqual([`/admin/pagos/${surplus.id}/reembolsar`])
    expect(found.html).toContain('Se devuelven $15.000.')
    expect(found.html).not.toContain('se cancela')
    expect(await listed(found.id)).toMatchObject({
      subject: 'refund',
      order: { id: held.orderId, status: 'approved', amount: 15_000 },
      payment: { id: surplus.id, role: 'surplus', status: 'approved', amount: 15_000 },
      refund: { id: surplus.id, amount: 15_000 },
    })
    expect(await press(found.actions[0])).toBe('/admin?ok=reembolsado')
    await world.settle()
    expect(await refundsAtProvider(world, surplus.id)).toHaveLength(1)
    expect(await refundsAtProvider(world, held.paymentId)).toHaveLength(0)
    expect(await stateOf(world, held.classId)).toBe('scheduled')
    expect(await orderStatus(world, held.preferenceId)).toBe('approved')
    expect(await isOpen(found.id)).toBe(false)
  })

  it('a failed refund of the payment that paid a class is sent again with its order', async () => {
    const held = await paidClass(world, nextSlot())
    await refuseRefunds()
    await held.host.post(`/api/classes/${held.classId}/cancel`)
    await world.settle()
    const [failed] = await refundsOf(world, held.paymentId)
    const found = await shown(failed?.id ?? '', 'refund_failed')
    expect(found.actions).toEqual([`/admin/pagos/${held.orderId}/reembolsar`])
    // The class is cancelled already: there is nothing to warn of.
    expect(found.html).not.toContain('se cancela')
    expect(await press(found.actions[0])).toBe('/admin?ok=reembolsado')
    expect(await refundsAtProvider(world, held.paymentId)).toHaveLength(1)
    expect(await orderStatus(world, held.preferenceId)).toBe('refunded')
    expect(await isOpen(found.id)).toBe(false)
  })

  it('an orphan, and its refund when that fails, each have a button', async () => {
    const orphan = await orphanPayment()
    const found = await shown(orphan, 'unknown_preference')
    expect(found.actions).toEqual([`/admin/pagos/${orphan}/reembolsar`])
    await refuseRefunds()
    expect(await press(found.actions[0])).toBe('/admin?ok=reembolso-rechazado')
    const [failed] = await refundsOf(world, orphan)
    const again = await shown(failed?.id ?? '', 'refund_failed')
    expect(again.actions).toEqual([`/admin/pagos/${orphan}/reembolsar`])
    // "Reintentar" of the same case says the same of the same refusal: nobody tries again by himself.
    await refuseRefunds()
    expect(await press(`/admin/casos/${again.id}/reintentar`)).toBe('/admin?ok=reembolso-rechazado')
    expect(await listed(again.id)).toMatchObject({ order: null, payment: { id: orphan }, refund: { id: orphan } })
    expect(await press(again.actions[0])).toBe('/admin?ok=reembolsado')
    expect(await atProvider(world, orphan)).toMatchObject({ status: 'refunded' })
    expect([await isOpen(found.id), await isOpen(again.id)]).toEqual([false, false])
  })

  it('half a price goes back alone, and the hold stays', async () => {
    const held = await heldClass(world, nextSlot())
    const { id } = await payOnce(world, held.preferenceId, { amount: 5_000 })
    await world.settle()
    const found = await shown(id, 'amount_mismatch')
    expect(found.actions).toEqual([`/admin/pagos/${id}/reembolsar`])
    expect(found.html).toContain('Se esperaban $15.000 y se pagaron $5.000.')
    expect(found.html).toContain('Se devuelven $5.000.')
    expect(await press(found.actions[0])).toBe('/admin?ok=reembolsado')
    expect(await stateOf(world, held.classId)).toBe('pending: held')
    const bill = await (await held.host.get('/inicio/facturacion')).text()
    expect(bill).toMatch(/Monto total.*\$5\.000.*Devuelto.*\$5\.000 el/s)
    expect(bill).not.toMatch(/\$15\.000|Todavía no/)
    expect(await (await held.host.get('/inicio/facturacion/1')).text()).toMatch(/Total devuelto.*−\$5\.000.*Neto.*\$0/s)
  })

  it('money in dispute has no refund: a charge-back', async () => {
    const held = await paidClass(world, nextSlot())
    await world.control(`/mercado-pago/payments/${held.paymentId}/chargeback`, {})
    await world.settle()
    const found = await shown(held.orderId, 'charged_back')
    expect(found.actions).toEqual([])
    expect(await listed(found.id)).toMatchObject({ order: { id: held.orderId }, refund: null })
  })

  it('a charge-back that is lost is told as such by the case, the bill and the receipt', async () => {
    const held = await paidClass(world, nextSlot())
    await world.control(`/mercado-pago/payments/${held.paymentId}/chargeback`, { outcome: 'settled' })
    await world.settle()
    const found = await shown(held.orderId, 'charged_back')
    expect(found.html).toContain('el dinero volvió al comprador')
    expect(found.html).not.toContain('Respondé el contracargo')
    const bills = await (await held.host.get('/inicio/facturacion')).text()
    const receipt = await (await held.host.get(`/inicio/facturacion/${held.orderId}`)).text()
    for (const page of [bills, receipt]) {
      expect(page).toContain('Reclamo resuelto: el dinero volvió al comprador.')
      expect(page).not.toContain('Hay un reclamo abierto')
    }
    expect(receipt).toMatch(/Total devuelto.*−\$15\.000.*Neto.*\$0/s)
  })

  it('money in dispute has no refund: a claim', async () => {
    const held = await paidClass(world, nextSlot())
    await world.control(`/mercado-pago/payments/${held.paymentId}/mediate`, {})
    await world.settle()
    expect((await shown(held.paymentId, 'in_mediation')).actions).toEqual([])
    expect(await stateOf(world, held.classId)).toBe('scheduled')
  })

  it('a payment that came back after its class was cancelled can be given back', async () => {
    const held = await paidClass(world, nextSlot())
    await world.control(`/mercado-pago/payments/${held.paymentId}/chargeback`, {})
    await world.settle()
    await world.control(`/mercado-pago/payments/${held.paymentId}/status`, { status: 'approved', detail: 'accredited' })
    await world.settle()
    const found = await shown(held.orderId, 'paid_without_class')
    expect(found.actions).toEqual([`/admin/pagos/${held.orderId}/reembolsar`])
    expect(await press(found.actions[0])).toBe('/admin?ok=reembolsado')
    expect(await orderStatus(world, held.preferenceId)).toBe('refunded')
  })

  it('a paid class without its event can be tried again or given back, and the page says that it would be cancelled', async () => {
    const held = await heldClass(world, nextSlot())
    await world.control('/google/faults', { route: 'events.insert', kind: 'error', status: 503, count: 1_000 })
    await payOnce(world, held.preferenceId)
    await world.settle()
    await world.rows(
      `INSERT INTO attention_case (id, subject, subject_id, reason, detail, opened_at) VALUES ($1, 'class', $2, 'calendar_failed', '', $3)`,
      [crypto.randomUUID(), held.classId, world.clock.now()],
    )
    const found = await shown(held.classId, 'calendar_failed')
    expect(found.actions).toEqual([`/admin/clases/${held.classId}/reintentar`, `/admin/pagos/${held.orderId}/reembolsar`])
    expect(found.html).toContain('Se devuelven $15.000. La clase se cancela.')
    expect(await press(found.actions[0])).toBe('/admin?ok=sin-evento')
    await world.control('/google/faults', undefined, 'DELETE')
    expect(await press(found.actions[1])).toBe('/admin?ok=reembolsado')
    await world.settle()
    expect(await stateOf(world, held.classId)).toBe('cancelled: payment_refunded')
    // Pressed once more on a page that was not reloaded: all that could be behind is the removal of the event, which is asked for again.
    expect(await press(found.actions[0])).toBe('/admin?ok=lista')
  })

  it('says whether a refund that did not work will be tried again', async () => {
    const later = await paidClass(world, nextSlot())
    await setFault(world, 'refund.create', { kind: 'error', status: 503, count: 1 })
    const pending = await press(`/admin/pagos/${later.orderId}/reembolsar`)
    expect(pending).toBe('/admin?ok=reembolso-pendiente')
    expect(await (await admin.get(pending)).text()).toContain('No se pudo reembolsar. Se va a reintentar.')
    const never = await paidClass(world, nextSlot())
    await refuseRefunds()
    const refused = await press(`/admin/pagos/${never.orderId}/reembolsar`)
    const page = await (await admin.get(refused)).text()
    expect(page).toContain('Mercado Pago rechazó el reembolso.')
    expect(page).not.toContain('Se va a reintentar.')
    await refuseRefunds()
    const answer = await admin.post(`/api/admin/payments/${never.orderId}/refund`)
    expect([answer.status, await answer.json()]).toEqual([
      503,
      { error: 'Mercado Pago rechazó el reembolso. Revisalo ahí: no se va a reintentar solo.' },
    ])
    await pass(world, DAY_MS)
  })

  it('a refund that Mercado Pago has accepted is on its way, and is not asked for again meanwhile', async () => {
    const held = await heldClass(world, nextSlot())
    const { id } = await payOnce(world, held.preferenceId, { amount: 5_000 })
    await world.settle()
    const found = await shown(id, 'amount_mismatch')
    await mercadoPagoSettings(world, { refundsInProcess: true })
    const going = await press(found.actions[0])
    expect(going).toBe('/admin?ok=reembolso-en-camino')
    const page = await (await admin.get(going)).text()
    expect(page).toContain('La devolución está en camino.')
    expect(page).not.toContain('No se pudo reembolsar.')
    const meanwhile = await shown(id, 'amount_mismatch')
    expect(meanwhile.actions).toEqual([])
    expect(meanwhile.html).toContain('La devolución está en camino.')
    expect(await listed(found.id)).toMatchObject({ refund: null })
    const [refund] = (await atProvider(world, id)).refunds
    await mercadoPagoSettings(world, { refundsInProcess: false })
    await world.control(`/mercado-pago/payments/${id}/refunds/${refund?.id}/settle`, { status: 'approved' })
    await pass(world, DAY_MS)
    expect(await isOpen(found.id)).toBe(false)
  })

  it('the case of a refund says why it was not made last', async () => {
    const held = await paidClass(world, nextSlot())
    await refuseRefunds()
    await press(`/admin/pagos/${held.orderId}/reembolsar`)
    const [failed] = await refundsOf(world, held.paymentId)
    expect((await shown(failed?.id ?? '', 'refund_failed')).html).toContain('Mercado Pago rechazó el pedido.')
    await world.control('/mercado-pago/refund-refusal', { code: 2031, times: 1 }, 'PUT')
    await press(`/admin/pagos/${held.orderId}/reembolsar`)
    const now = await shown(failed?.id ?? '', 'refund_failed')
    expect(now.html).toContain('No hay saldo en tu cuenta de Mercado Pago.')
    expect(now.html).not.toContain('Mercado Pago rechazó el pedido.')
    expect(await listed(now.id)).toMatchObject({ detail: `Reembolso del pago ${held.paymentId}: no-balance` })
    await pass(world, DAY_MS)
  })

  it('cancelling says what comes back: nothing for a hold that nobody paid', async () => {
    const held = await heldClass(world, nextSlot())
    const free = await press(`/admin/clases/${held.classId}/cancelar`)
    const freePage = await (await admin.get(free)).text()
    expect(freePage).toContain('Cancelamos la clase. No estaba paga.')
    expect(freePage).not.toContain('devolvemos el total')
    const paid = await paidClass(world, nextSlot())
    const back = await press(`/admin/clases/${paid.classId}/cancelar`)
    expect(await (await admin.get(back)).text()).toContain('Cancelamos la clase y devolvemos el total.')
    const partly = await paidClass(world, nextSlot())
    await world.control(`/mercado-pago/payments/${partly.paymentId}/refund`, { amount: 5_000 })
    await world.settle()
    expect(await (await admin.get('/admin')).text()).toContain('Se reembolsa lo que queda: $10.000. Ya se devolvieron $5.000.')
    const rest = await press(`/admin/clases/${partly.classId}/cancelar`)
    expect(await (await admin.get(rest)).text()).toContain('Cancelamos la clase y devolvemos lo que quedaba del pago.')
  })

  it('lists that are longer than a page say so, and turn', async () => {
    for (let i = 0; i < 25; i++) {
      await world.rows(
        `INSERT INTO attention_case (id, subject, subject_id, reason, detail, opened_at) VALUES ($1, 'order', $2, 'charged_back', '', $3)`,
        [crypto.randomUUID(), crypto.randomUUID(), world.clock.now()],
      )
    }
    const first = await (await admin.get('/admin?status=all')).text()
    expect(first).toContain('href="/admin?casos=2"')
    const [open] = await world.rows<{ n: number }>('SELECT count(*)::int AS n FROM attention_case WHERE resolved_at IS NULL')
    expect(first).toContain(`Necesita atención <span class="count tabular">${open?.n}</span>`)
    const seen = new Set<string>()
    for (const path of ['/admin', '/admin?casos=2', '/admin?casos=999']) {
      for (const [, id] of (await (await admin.get(path)).text()).matchAll(/\/admin\/casos\/([^/]+)\/resolver/g)) seen.add(String(id))
    }
    expect(seen.size).toBe(open?.n)
    expect(await json(admin.get('/api/admin/payments?attention=1'))).toMatchObject({ page: 1, pagesTotal: 1, total: open?.n })
    expect(await json(admin.get('/api/admin/classes?page=2'))).toMatchObject({ page: 1, pagesTotal: 1, more: false })
  })

  /** Money that names no order of ours. */
  async function orphanPayment(): Promise<string> {
    const held = await heldClass(world, nextSlot())
    await mercadoPagoSettings(world, { notificationsPaused: true })
    const { id } = await payOnce(world, held.preferenceId, { externalReference: null })
    await setFault(world, 'merchant-order.get', { kind: 'error', status: 404, reason: 'not_found', count: 1 })
    await notifyPayment(world, id)
    await world.settle()
    return id
  }
})
