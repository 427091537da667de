import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HOUR_MS } from '../../src/kernel/clock.ts'
import { json } from '../support/booking.ts'
import { classFor, freshSlots, later, newcomer } from '../support/scene.ts'
import { type Client, MONDAY_9H, openWorld, type World } from '../support/world.ts'

const TEXT = 'No puedo entrar a mi clase'
const NUMBER = /^TKT-[A-Z0-9]{6}$/

interface Ticket {
  id: string
  ticketNumber: string
  status: string
  priority: string
  category: string
  classId: string | null
  orderId: string | null
  messages: { content: string; role: string }[]
}

describe('tickets (behaviour 4.15, 4.16)', () => {
  let world: World
  let admin: Client
  const nextSlot = freshSlots()
  beforeAll(async () => {
    // The limit of a real hour.
    world = await openWorld({ env: { RATE_LIMIT_SCALE: '1' } })
    admin = await world.admin()
  })
  afterAll(() => world.close())

  const listOf = async (client: Client) => (await json(client.get('/api/tickets'))).response as unknown as Ticket[]
  const ticketOf = async (client: Client, id: string) => (await json(client.get(`/api/tickets/${id}`))).response as unknown as Ticket
  async function opened(client: Client, more: object = {}): Promise<Ticket> {
    expect((await client.post('/api/tickets', { description: TEXT, ...more })).status).toBe(201)
    return (await listOf(client))[0]!
  }
  const mailsTo = async (client: Client) => {
    await world.settle()
    const { email } = (await json(client.get('/api/auth/session'))).user as unknown as { email: string }
    return world.rows("SELECT data FROM notice JOIN app_user u ON u.id = user_id WHERE kind = 'ticket-answered' AND u.email = $1", [email])
  }

  it('are opened with a number of their own and seen by their owner and the admin only', async () => {
    const person = await newcomer(world)
    const answer = await person.post('/api/tickets', { description: TEXT, category: 'CUENTA' })
    const { ticketNumber } = (await answer.json()) as { ticketNumber: string }
    expect([answer.status, ticketNumber]).toEqual([201, expect.stringMatching(NUMBER)])
    const [mine] = await listOf(person)
    expect(mine).toMatchObject({ ticketNumber, description: TEXT, category: 'CUENTA', status: 'OPEN', priority: 'MEDIUM', classId: null })
    const path = `/api/tickets/${mine!.id}`
    const stranger = await newcomer(world)
    for (const refused of [await stranger.get(path), await stranger.post(`${path}/messages`, { content: 'hola' })]) {
      expect([refused.status, await refused.json()]).toEqual([404, { error: 'No se encontró el ticket' }])
    }
    expect((await world.anonymous.get(path)).status).toBe(401)
    expect((await stranger.get('/api/tickets/x')).status).toBe(404)
    expect((await admin.get(path)).status).toBe(200)
    expect(await listOf(stranger)).toEqual([])
    for (const refused of [await person.get('/api/admin/tickets'), await person.send('PATCH', `/api/admin/tickets/${mine!.id}`, {})])
      expect(refused.status).toBe(403)
  })

  it.each([
    [{ description: 'corto' }, 'El mensaje debe tener al menos 10 carácteres'],
    [{ description: 'x'.repeat(501) }, 'El mensaje no puede superar los 500 carácteres'],
    [{ description: TEXT, category: 'OTRA' }, 'Categoría inválida'],
  ])('are refused with their text: %j', async (body, error) => {
    const answer = await (await newcomer(world)).post('/api/tickets', body)
    expect([answer.status, await answer.json()]).toEqual([400, { error }])
  })

  it('are answered as opened, and not kept, when the hidden field is filled in', async () => {
    const person = await newcomer(world)
    const answer = await person.post('/api/tickets', { description: TEXT, website_url: 'http://spam.test' })
    expect([answer.status, await answer.json()]).toEqual([201, { success: true, ticketNumber: expect.stringMatching(NUMBER) }])
    expect(await listOf(person)).toEqual([])
  })

  it('are five an hour, and one when the same form is sent twice at once', async () => {
    const person = await newcomer(world)
    const send = () => person.post('/api/tickets', { description: TEXT }, { 'idempotency-key': 'k1' })
    const twice = await Promise.all([send(), send()])
    const [first, second] = (await Promise.all(twice.map((each) => each.json()))) as { ticketNumber: string }[]
    expect(first).toEqual(second)
    for (let more = 0; more < 4; more++) await opened(person)
    const refused = await person.post('/api/tickets', { description: TEXT })
    expect([refused.status, await refused.json()]).toEqual([429, { error: 'Demasiadas solicitudes. Probá de nuevo en unos minutos.' }])
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/)
    expect((await (await send()).json()) as object).toEqual(first)
    expect(await listOf(person)).toHaveLength(5)
  })

  it('know the class or the payment they were opened from, if it is the person’s own', async () => {
    const scene = await classFor(world, 1, nextSlot())
    const [order] = await world.rows<{ id: string }>('SELECT id FROM payment_order WHERE class_id = $1', [scene.classId])
    expect(await opened(scene.host, { classId: scene.classId })).toMatchObject({ classId: scene.classId, orderId: order!.id })
    expect(await opened(scene.host, { orderId: order!.id })).toMatchObject({ classId: scene.classId, orderId: order!.id })
    const stranger = await newcomer(world)
    const foreignClass = await stranger.post('/api/tickets', { description: TEXT, classId: scene.classId })
    expect([foreignClass.status, await foreignClass.json()]).toEqual([404, { error: 'No se encontró la clase' }])
    const foreignOrder = await stranger.post('/api/tickets', { description: TEXT, orderId: order!.id })
    expect([foreignOrder.status, await foreignOrder.json()]).toEqual([404, { error: 'No se encontró el pago' }])
    expect(await listOf(stranger)).toEqual([])
  })

  it('of a guest show the payment of the host to the admin alone', async () => {
    const scene = await classFor(world, 2, nextSlot())
    const [order] = await world.rows<{ payment_id: string }>(
      'SELECT p.id AS payment_id FROM payment_order o JOIN provider_payment p ON p.order_id = o.id WHERE o.class_id = $1',
      [scene.classId],
    )
    world.clock.set(later(scene.start, -HOUR_MS))
    const guest = await newcomer(world)
    expect((await guest.post('/api/access-code', { accessCode: scene.code })).status).toBe(200)
    const { id } = await opened(guest, { classId: scene.classId })
    const seenBy = async (client: Client, path: string) => (await client.get(path, { accept: 'text/html' })).text()
    const theirs = await seenBy(guest, `/inicio/tickets?ticketId=${id}`)
    expect(theirs).toContain(TEXT)
    expect(theirs).not.toContain(order!.payment_id)
    expect(theirs).not.toContain('30.000')
    expect(await ticketOf(guest, id)).toMatchObject({ classId: scene.classId, orderId: null })
    expect(await seenBy(admin, `/admin/tickets/${id}`)).toContain(order!.payment_id)
    world.clock.set(MONDAY_9H)
  })

  it('are in progress once the admin answers; the person is told, and the answer counts once', async () => {
    const person = await newcomer(world)
    const { id } = await opened(person)
    const answer = () => admin.post(`/api/tickets/${id}/messages`, { content: 'Ya lo miro.\nTe aviso.' }, { 'idempotency-key': 'a1' })
    expect([(await answer()).status, (await answer()).status]).toEqual([201, 201])
    expect(await ticketOf(person, id)).toMatchObject({
      status: 'IN_PROGRESS',
      messages: [{ content: 'Ya lo miro.\nTe aviso.', role: 'ADMIN' }],
    })
    expect(await mailsTo(person)).toHaveLength(1)
    expect((await person.post(`/api/tickets/${id}/messages`, { content: '' })).status).toBe(400)
    expect((await person.post(`/api/tickets/${id}/messages`, { content: 'Gracias' })).status).toBe(201)
    expect((await ticketOf(admin, id)).messages.map(({ role }) => role)).toEqual(['ADMIN', 'USER'])
  })

  it('take no message once they are closed; what the admin changes is written down', async () => {
    const person = await newcomer(world)
    const { id } = await opened(person)
    const patch = (body: object) => admin.send('PATCH', `/api/admin/tickets/${id}`, body)
    const wrong = await patch({ status: 'TERMINADO' })
    expect([wrong.status, await wrong.json()]).toEqual([400, { error: 'Estado de ticket inválido' }])
    expect((await patch({ status: 'CLOSED', priority: 'HIGH', category: 'PAGOS' })).status).toBe(200)
    expect(await ticketOf(person, id)).toMatchObject({ status: 'CLOSED', priority: 'HIGH', category: 'PAGOS' })
    for (const client of [person, admin]) {
      const refused = await client.post(`/api/tickets/${id}/messages`, { content: 'Hola' })
      expect([refused.status, await refused.json()]).toEqual([409, { error: 'El ticket está cerrado' }])
    }
    expect(await world.rows("SELECT detail FROM audit_log WHERE action = 'ticket.change' AND subject_id = $1", [id])).toHaveLength(1)
    const unknown = await admin.send('PATCH', '/api/admin/tickets/7a1d0c58-1b1f-4c7e-9f4e-0a5f3b7c2d11', { status: 'OPEN' })
    expect(unknown.status).toBe(404)
  })
})
