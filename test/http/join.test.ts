import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { HOUR_MS, SECOND_MS } from '../../src/kernel/clock.ts'
import { checkout, json } from '../support/booking.ts'
import { classFor, expectCleanLog, freshSlots, later, meetUrlOf, newcomer } from '../support/scene.ts'
import { type Client, MONDAY_9H, openWorld, type World } from '../support/world.ts'

const UNKNOWN = { status: 404, error: 'No se encontró la clase' }
const CANCELLED = { status: 410, error: 'La clase está cancelada' }
const OVER = { status: 410, error: 'La clase ya ha finalizado.' }
const UNCONFIRMED = { status: 409, error: 'La clase todavía no está confirmada' }
const EARLY = { status: 403, error: 'Todavía no podés unirte: la clase se habilita 60 minutos antes de que comience.' }

const slotOf = freshSlots()

function enter(client: Client, classId: string, headers: Record<string, string> = {}): Promise<Response> {
  return client.get(`/api/classes/${classId}/join`, headers)
}

/** The whole answer is the text, and no header leads anywhere. */
async function expectRefusal(answer: Response, { status, error }: { status: number; error: string }): Promise<void> {
  expect({ status: answer.status, body: await json(answer) }).toEqual({ status, body: { error } })
  expect(answer.headers.get('location')).toBeNull()
}

async function entries(world: World, classId: string): Promise<(string | null)[]> {
  const rows = await world.rows<{ entered_at: Date | null }>('SELECT entered_at FROM participation WHERE class_id = $1 ORDER BY seat', [
    classId,
  ])
  return rows.map((row) => (row.entered_at ? new Date(row.entered_at).toISOString() : null))
}

describe('GET /api/classes/{id}/join (behaviour 4.10)', () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld()
  })
  afterAll(() => world.close())
  beforeEach(() => world.clock.set(MONDAY_9H))

  it('leads to the Meet link, tells nobody where from, and records the entry', async () => {
    const { host, code, classId, start } = await classFor(world, 2, slotOf())
    const guest = await newcomer(world)
    world.clock.set(start)
    await guest.post('/api/access-code', { accessCode: code })
    const link = await meetUrlOf(world, classId)
    for (const client of [host, guest]) {
      const answer = await enter(client, classId)
      expect(answer.status).toBe(302)
      expect(answer.headers.get('location')).toBe(link)
      expect(answer.headers.get('cache-control')).toBe('no-store')
      expect(answer.headers.get('referrer-policy')).toBe('no-referrer')
    }
    expect(await entries(world, classId)).toEqual([start, start])
  })

  it('401 without login, as JSON or as a page', async () => {
    const { classId, start } = await classFor(world, 2, slotOf())
    world.clock.set(start)
    await expectRefusal(await enter(world.anonymous, classId), { status: 401, error: 'Unauthorized' })
    const page = await enter(world.anonymous, classId, { accept: 'text/html' })
    expect(page.status).toBe(401)
    expect(await page.text()).toContain('No estás autorizado. Inicia sesión.')
  })

  it('404 for an unknown class and for people who do not belong to it, at any time', async () => {
    const { classId, start, end } = await classFor(world, 2, slotOf())
    const stranger = await newcomer(world)
    for (const now of [MONDAY_9H, start, end]) {
      world.clock.set(now)
      await expectRefusal(await enter(stranger, classId), UNKNOWN)
    }
    for (const id of [crypto.randomUUID(), 'x', '1', encodeURIComponent("' OR 1=1")])
      await expectRefusal(await enter(stranger, id), UNKNOWN)
  })

  it.each([
    ['start − 60 min − 1 s', 'start', -HOUR_MS - SECOND_MS, EARLY],
    ['start − 60 min', 'start', -HOUR_MS, null],
    ['start', 'start', 0, null],
    ['end − 1 s', 'end', -SECOND_MS, null],
    ['end', 'end', 0, OVER],
    ['end + 1 s', 'end', SECOND_MS, OVER],
  ] as const)('boundary: at %s', async (_, edge, offset, refusal) => {
    const scene = await classFor(world, 2, slotOf())
    world.clock.set(later(scene[edge], offset))
    const answer = await enter(scene.host, scene.classId)
    if (refusal) await expectRefusal(answer, refusal)
    else expect(answer.status).toBe(302)
    expect(await entries(world, scene.classId)).toEqual([refusal ? null : later(scene[edge], offset)])
  })

  it('410 for a cancelled class, before its time is looked at', async () => {
    const { host, classId, start, end } = await classFor(world, 2, slotOf())
    await host.post(`/api/classes/${classId}/cancel`)
    for (const now of [MONDAY_9H, start, end]) {
      world.clock.set(now)
      await expectRefusal(await enter(host, classId), CANCELLED)
    }
  })

  it('410 for a completed class', async () => {
    const { host, classId, end } = await classFor(world, 2, slotOf())
    world.clock.set(end)
    await world.settle()
    await expectRefusal(await enter(host, classId), OVER)
  })

  it('409 while it is not confirmed', async () => {
    const host = await newcomer(world)
    const { classId } = await checkout(host, slotOf())
    await expectRefusal(await enter(host, classId), UNCONFIRMED)
    await expectRefusal(await enter(await world.admin(), classId), UNCONFIRMED)
  })

  it('the admin enters any scheduled class at any time; only the state counts', async () => {
    const admin = await world.admin()
    const { host, classId, start, end } = await classFor(world, 2, slotOf())
    for (const now of [MONDAY_9H, start, later(end, HOUR_MS)]) {
      world.clock.set(now)
      expect((await enter(admin, classId)).status).toBe(302)
    }
    expect(await entries(world, classId)).toEqual([null])
    await world.settle()
    await expectRefusal(await enter(admin, classId), OVER)

    world.clock.set(MONDAY_9H)
    const other = await classFor(world, 2, slotOf())
    await other.host.post(`/api/classes/${other.classId}/cancel`)
    await expectRefusal(await enter(admin, other.classId), CANCELLED)
    await expectRefusal(await enter(admin, crypto.randomUUID()), UNKNOWN)
    expect((await enter(host, classId)).status).toBe(410)
  })

  it('browsers get the same refusals as a page, without the link', async () => {
    const { host, classId, start } = await classFor(world, 2, slotOf())
    const page = await enter(host, classId, { accept: 'text/html,application/xhtml+xml' })
    expect(page.status).toBe(403)
    expect(page.headers.get('content-type')).toContain('text/html')
    const html = await page.text()
    expect(html).toContain(EARLY.error)
    expect(html).not.toContain(await meetUrlOf(world, classId))
    world.clock.set(start)
    expect((await enter(host, classId, { accept: 'text/html' })).status).toBe(302)
  })

  it('nothing of it is logged', () => expectCleanLog(world))
})
