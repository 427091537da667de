import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { HOUR_MS } from '../../src/kernel/clock.ts'
import { checkout } from '../support/booking.ts'
import { follow, type LiveStream } from '../support/live.ts'
import { classFor, freshSlots, later, newcomer } from '../support/scene.ts'
import { type Client, MONDAY_9H, openWorld, type World } from '../support/world.ts'

const slotOf = freshSlots()

/** A window whose first words have been read. */
async function open(client: Client): Promise<LiveStream> {
  const stream = await follow(client)
  await stream.until('hello')
  return stream
}

/** The next facts about that class. */
async function factsOf(stream: LiveStream, classId: string): Promise<Record<string, unknown>> {
  for (;;) {
    const told = (await stream.until('class')).at(-1)
    if (told?.data.id === classId) return told.data
  }
}

describe('GET /api/live (S0:368)', () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld()
    // The first window of a process begins the listening, and is told to look once more.
    const first = await open(await newcomer(world))
    await first.until('missed')
    await first.close()
  })
  afterAll(() => world.close())
  beforeEach(() => world.clock.set(MONDAY_9H))

  it('HEAD takes no window: nobody would ever read from it', async () => {
    const client = await newcomer(world)
    for (let i = 0; i < 7; i++) {
      const answer = await client.send('HEAD', '/api/live')
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET'])
    }
    const answer = await client.get('/api/live')
    expect(answer.status).toBe(200)
    await answer.body?.cancel()
  })

  it('is for people who signed in, and no proxy keeps it back', async () => {
    expect((await world.anonymous.get('/api/live')).status).toBe(401)
    const stream = await open(await newcomer(world))
    const header = (name: string) => stream.response.headers.get(name)
    expect(stream.response.status).toBe(200)
    expect(header('content-type')).toContain('text/event-stream')
    expect(header('cache-control')).toBe('no-store, no-transform')
    expect(header('x-accel-buffering')).toBe('no')
    await stream.close()
  })

  it('tells host and guests how many are in, and neither code nor link nor a name', async () => {
    const { host, classId, code, start } = await classFor(world, 3, slotOf())
    const guest = await newcomer(world, 'Invitada Secreta')
    world.clock.set(later(start, -HOUR_MS))
    const stream = await open(host)
    await guest.post('/api/access-code', { accessCode: code })
    const facts = await factsOf(stream, classId)
    expect(facts).toEqual({
      id: classId,
      status: 'scheduled',
      link: 'ready',
      people: 2,
      peopleMax: 3,
      startTime: start,
      holdEnded: false,
    })
    await stream.close()
  })

  it('tells of the money, the link and the end of a hold', async () => {
    const client = await newcomer(world)
    const stream = await open(client)
    const paid = await checkout(client, slotOf())
    expect(await factsOf(stream, paid.classId)).toMatchObject({ status: 'pending', link: 'none' })
    await world.control('/mercado-pago/pay', { preferenceId: paid.preferenceId })
    await world.settle()
    const told = await stream.until('payment')
    expect(told.length).toBeGreaterThan(0)
    let facts = await factsOf(stream, paid.classId)
    while (facts.link !== 'ready') facts = await factsOf(stream, paid.classId)
    expect(facts.status).toBe('scheduled')

    const held = await checkout(client, slotOf())
    await client.post(`/api/classes/${held.classId}/cancel`)
    facts = await factsOf(stream, held.classId)
    while (facts.status !== 'cancelled') facts = await factsOf(stream, held.classId)
    expect(facts.holdEnded).toBe(true)
    await stream.close()
  })

  it('tells nothing before the commit, and nothing that is rolled back', async () => {
    const { host, classId, code, start } = await classFor(world, 3, slotOf())
    const other = await classFor(world, 2, slotOf())
    const stream = await open(host)
    await world.deps.db
      .transaction(async (tx) => {
        await tx.execute(`UPDATE virtual_class SET status = 'completed' WHERE id = '${classId}'`)
        throw new Error('rolled back')
      })
      .catch(() => {})
    world.clock.set(start)
    await (await newcomer(world)).post('/api/access-code', { accessCode: code })
    // The first word is about the guest: the class was never told to be over, nor is anything of somebody else's class.
    expect((await stream.next())?.data).toMatchObject({ id: classId, status: 'scheduled', people: 2 })
    await (await newcomer(world)).post('/api/access-code', { accessCode: other.code })
    await host.post(`/api/classes/${classId}/code`)
    expect((await stream.next())?.data).toMatchObject({ id: classId })
    await stream.close()
  })

  it('tells of an exercise that is shown, to the person whose it is and to nobody else of the class', async () => {
    const { host, classId, code, start } = await classFor(world, 2, slotOf())
    world.clock.set(start)
    const guest = await newcomer(world)
    await guest.post('/api/access-code', { accessCode: code })
    await world.rows(
      `INSERT INTO task (id, class_id, user_id, title, level, content, generator, publish_at, created_at, updated_at)
       SELECT gen_random_uuid(), class_id, user_id, 'T', 'A1', 'C', 'manual', now(), now(), now() FROM participation
       WHERE class_id = $1 AND rol = 'participante'`,
      [classId],
    )
    const [hosts, guests] = [await open(host), await open(guest)]
    await world.rows("UPDATE task SET state = 'published', published_at = now() WHERE class_id = $1", [classId])
    expect((await guests.next())?.data).toMatchObject({ id: classId, people: 2 })
    await world.rows("UPDATE virtual_class SET status = 'completed' WHERE id = $1", [classId])
    expect((await hosts.next())?.data).toMatchObject({ id: classId, status: 'completed' })
    await Promise.all([hosts.close(), guests.close()])
  })

  it('ends with the login it belongs to', async () => {
    const client = await newcomer(world)
    const stream = await open(client)
    await client.submit('/api/auth/logout', {})
    expect((await stream.until('signed-out')).at(-1)?.event).toBe('signed-out')
    expect(await stream.next()).toBeNull()
  })

  it('gives one person six windows at a time, and a closed one makes room', async () => {
    const client = await newcomer(world)
    const streams = await Promise.all(Array.from({ length: 6 }, () => open(client)))
    const seventh = await client.get('/api/live')
    expect(seventh.status).toBe(429)
    expect(seventh.headers.get('retry-after')).toBe('60')
    await streams[0]?.close()
    await expect.poll(async () => (await client.get('/api/live')).status).toBe(200)
    for (const stream of streams) await stream.close()
  })
})

describe('when the process is stopped', () => {
  it('every stream ends at once, and new ones are refused', async () => {
    const world = await openWorld({ calendar: false })
    const client = await newcomer(world)
    const stream = await open(client)
    await stream.until('missed')
    await world.deps.live.close()
    expect(await stream.next()).toBeNull()
    expect((await client.get('/api/live')).status).toBe(429)
    await world.close()
  })
})
