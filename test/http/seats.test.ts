import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { cleanUpJob } from '../../src/features/operation/clean-up.ts'
import { DAY_MS, HOUR_MS } from '../../src/kernel/clock.ts'
import { json } from '../support/booking.ts'
import { atGoogle } from '../support/books.ts'
import { classFor, expectCleanLog, freshSlots, later, newcomer, type Scene } from '../support/scene.ts'
import { type Client, MONDAY_9H, openWorld, type World } from '../support/world.ts'

const slotOf = freshSlots()
const CHANGED = 'El código cambió. Pedile el nuevo a quien reservó.'

interface Seat {
  participationId: string
  name: string
  rol: string
  enteredAt: string | null
}

async function answerOf(response: Response | Promise<Response>): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await response
  return { status: answer.status, body: await json(answer) }
}

describe('seats and codes of a class (decision 012)', () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld()
  })
  afterAll(() => world.close())
  beforeEach(() => world.clock.set(MONDAY_9H))

  async function seatsOf({ host, classId }: Scene): Promise<Seat[]> {
    return ((await json(host.get(`/api/classes/${classId}/seats`))).response as Seat[]) ?? []
  }

  /** A class with its doors open and that many guests inside. */
  async function withGuests(people: number, guests: number): Promise<Scene & { guests: Client[] }> {
    const scene = await classFor(world, people, slotOf())
    world.clock.set(later(scene.start, -HOUR_MS))
    const inside: Client[] = []
    for (let i = 0; i < guests; i++) {
      const guest = await newcomer(world)
      await guest.post('/api/access-code', { accessCode: scene.code })
      inside.push(guest)
    }
    return { ...scene, guests: inside }
  }

  const release = (client: Client, classId: string, participationId: string, body?: unknown) =>
    answerOf(client.post(`/api/classes/${classId}/seats/${participationId}/release`, body))
  const join = (client: Client, code: unknown) => answerOf(client.post('/api/access-code', { accessCode: code }))

  it('the link of an invitation survives signing in, fills in the code, and joins nobody by itself', async () => {
    const { code } = await withGuests(2, 0)
    const path = `/inicio/mis-clases-virtuales?invitacion=${code}`
    const signIn = (await world.anonymous.get(path)).headers.get('location') ?? ''
    expect(new URL(signIn, 'http://x').searchParams.get('callbackUrl')).toBe(path)
    const guest = await newcomer(world)
    expect(await (await guest.get(path)).text()).toContain(`name="code" value="${code}"`)
    expect((await json(guest.get('/api/my-classes'))).response).toEqual([])
    expect(await (await guest.get('/inicio/mis-clases-virtuales?invitacion=%3Cb%3E')).text()).toContain('name="code" value=""')
  })

  it('the host sees who is in and since when; a guest and a stranger do not', async () => {
    const scene = await withGuests(3, 1)
    await scene.guests[0]?.get(`/api/classes/${scene.classId}/join`)
    const seats = await seatsOf(scene)
    expect(seats.map(({ rol }) => rol)).toEqual(['anfitrion', 'participante'])
    expect(seats.map(({ enteredAt }) => enteredAt)).toEqual([null, later(scene.start, -HOUR_MS)])
    const path = `/api/classes/${scene.classId}/seats`
    expect((await scene.guests[0]?.get(path))?.status).toBe(403)
    expect((await (await newcomer(world)).get(path)).status).toBe(404)
    expect((await (await world.admin()).get(path)).status).toBe(200)
  })

  it('a released seat is free at once, also in the middle; the guest is told, leaves the event, and may come again', async () => {
    const scene = await withGuests(3, 2)
    const [, first, second] = await seatsOf(scene)
    await world.settle()
    const attendees = async () => (await atGoogle(world)).find(({ classId }) => classId === scene.classId)?.attendees?.length
    expect(await attendees()).toBe(3)
    expect(await release(scene.host, scene.classId, first?.participationId ?? '')).toEqual({
      status: 200,
      body: { success: true, accessCode: null },
    })
    await world.settle()
    expect(await attendees()).toBe(2)
    const told = await world.rows(`SELECT data FROM notice WHERE class_id = $1 AND kind = 'seat-released' AND state = 'sent'`, [
      scene.classId,
    ])
    expect(told).toEqual([{ data: { by: 'host' } }])
    expect((await json(scene.guests[0]?.get('/api/my-classes') ?? Promise.reject())).response).toEqual([])

    const [again] = scene.guests
    world.clock.advance(1_000)
    expect((await join(again as Client, scene.code)).body).toMatchObject({ response: { currentParticipants: 3 } })
    expect((await join(await newcomer(world), scene.code)).status).toBe(409)
    const rows = await world.rows<{ seat: number }>('SELECT seat FROM participation WHERE class_id = $1 ORDER BY seat', [scene.classId])
    expect(rows.map(({ seat }) => seat)).toEqual([1, 2, 3])
    // In the order in which they came, whatever seat was free.
    expect((await seatsOf(scene)).map(({ participationId }) => participationId)[1]).toBe(second?.participationId)
  })

  it('releasing can change the code with it, so that the guest cannot come again', async () => {
    const scene = await withGuests(2, 1)
    const [, guest] = await seatsOf(scene)
    const { body } = await release(scene.host, scene.classId, guest?.participationId ?? '', { rotateCode: true })
    expect(body.accessCode).toMatch(/^[A-Z0-9]{8}$/)
    expect(body.accessCode).not.toBe(scene.code)
    expect(await join(scene.guests[0] as Client, scene.code)).toEqual({ status: 410, body: { response: { message: CHANGED } } })
    expect((await join(scene.guests[0] as Client, body.accessCode)).status).toBe(200)
  })

  it('only the host or the admin releases, only seats of guests, only until the end', async () => {
    const scene = await withGuests(3, 2)
    const [hostSeat, first] = await seatsOf(scene)
    const seat = first?.participationId ?? ''
    expect((await release(scene.guests[1] as Client, scene.classId, seat)).status).toBe(403)
    expect((await release(await newcomer(world), scene.classId, seat)).status).toBe(404)
    expect((await release(scene.host, scene.classId, hostSeat?.participationId ?? '')).status).toBe(409)
    expect(await release(scene.host, scene.classId, 'x')).toEqual({ status: 404, body: { error: 'Esa persona no está en la clase' } })
    world.clock.set(scene.end)
    expect((await release(scene.host, scene.classId, seat)).status).toBe(409)
    world.clock.set(later(scene.end, -1_000))
    expect((await release(await world.admin(), scene.classId, seat)).status).toBe(200)
    expect((await release(scene.host, scene.classId, seat)).status).toBe(404)
  })

  it('a new code replaces the old one for good; whoever is in stays; a request sent twice draws one', async () => {
    const scene = await withGuests(3, 1)
    const rotate = (client: Client, body?: unknown) => answerOf(client.post(`/api/classes/${scene.classId}/code`, body))
    const { body } = await rotate(scene.host, { accessCode: scene.code })
    expect(await rotate(scene.host, { accessCode: scene.code })).toEqual({ status: 200, body })
    expect(await join(await newcomer(world), scene.code)).toEqual({ status: 410, body: { response: { message: CHANGED } } })
    expect((await join(await newcomer(world), body.accessCode)).status).toBe(200)
    expect((await scene.guests[0]?.get(`/api/classes/${scene.classId}/join`))?.status).toBe(302)
    // Behaviour D16: whoever is in gets in again, also with the code that they know.
    const again = await join(scene.guests[0] as Client, scene.code)
    expect(again).toMatchObject({ status: 200, body: { response: { message: 'El usuario ya está registrado en la clase' } } })
    const codes = await world.rows<{ code: string; retire_reason: string | null }>(
      'SELECT code, retire_reason FROM access_code WHERE class_id = $1 ORDER BY retired_at NULLS LAST',
      [scene.classId],
    )
    expect(codes).toEqual([
      { code: scene.code, retire_reason: 'rotated' },
      { code: body.accessCode, retire_reason: null },
    ])
    const actions = await world.rows<{ action: string }>('SELECT action FROM audit_log WHERE subject_id = $1', [scene.classId])
    expect(actions).toEqual([{ action: 'class.rotate-code' }])
    expect((await rotate(scene.guests[0] as Client)).status).toBe(403)
    expect((await rotate(await newcomer(world))).status).toBe(404)
    expect((await rotate(scene.host, 'null')).status).toBe(400)
    world.clock.set(scene.end)
    expect((await rotate(scene.host)).status).toBe(409)
  })

  it('a class has at most twenty new codes a day', async () => {
    const { host, classId } = await classFor(world, 2, slotOf())
    const statuses: number[] = []
    for (let i = 0; i < 21; i++) statuses.push((await host.post(`/api/classes/${classId}/code`)).status)
    expect(statuses).toEqual([...Array.from({ length: 20 }, () => 200), 429])
    // Nor does the nightly clean-up give it more.
    world.clock.advance(4 * HOUR_MS)
    await world.deps.jobs.enqueue(cleanUpJob, {}, { key: 'clean-up' })
    await world.settle()
    expect((await host.post(`/api/classes/${classId}/code`)).status).toBe(429)
    world.clock.advance(DAY_MS)
    expect((await host.post(`/api/classes/${classId}/code`)).status).toBe(200)
  })

  it('a guest leaves until the class starts, and the host never', async () => {
    const scene = await withGuests(2, 1)
    const leave = (client: Client) => answerOf(client.post(`/api/classes/${scene.classId}/leave`))
    const guest = scene.guests[0] as Client
    expect((await leave(scene.host)).status).toBe(409)
    expect((await leave(await newcomer(world))).status).toBe(404)
    world.clock.set(scene.start)
    expect(await leave(guest)).toEqual({ status: 409, body: { error: 'La clase ya comenzó o finalizó' } })
    world.clock.set(later(scene.start, -1_000))
    expect(await leave(guest)).toEqual({ status: 200, body: { success: true } })
    expect((await leave(guest)).status).toBe(404)
    expect((await seatsOf(scene)).map(({ rol }) => rol)).toEqual(['anfitrion'])
    expect((await join(guest, scene.code)).status).toBe(200)
  })

  it('nothing of it is logged', () => expectCleanLog(world))
})
