import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { json } from '../support/booking.ts'
import { classFor, freshSlots } from '../support/scene.ts'
import { openWorld, type World } from '../support/world.ts'

const slotOf = freshSlots()

/** No channel is ever opened, so every notification names an unknown one (behaviour 4.18 is optional). */
describe('POST /api/google-webhook (behaviour 4.18)', () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld()
  })
  afterAll(() => world.close())

  const headers = (state: string) => ({
    'x-goog-channel-id': 'canal-1',
    'x-goog-channel-token': 'secreto',
    'x-goog-resource-id': 'recurso-1',
    'x-goog-resource-state': state,
    'x-goog-resource-uri': 'https://otro.example/calendar/v3/calendars/primary/events',
    'x-goog-message-number': '1',
  })

  it.each(['sync', 'exists', 'not_exists', 'otra'])('unknown channel, state %s: 404', async (state) => {
    const answer = await world.anonymous.post('/api/google-webhook', undefined, headers(state))
    expect({ status: answer.status, body: await json(answer) }).toEqual({ status: 404, body: { error: 'No encontrado' } })
  })

  it('without any header, with a body, and from anywhere: 404; other methods: 405', async () => {
    for (const answer of [
      await world.anonymous.post('/api/google-webhook'),
      await world.anonymous.post('/api/google-webhook', { id: 'canal-1' }, { origin: 'https://otro.example' }),
      await (await world.admin()).post('/api/google-webhook', undefined, headers('exists')),
    ]) {
      expect({ status: answer.status, body: await json(answer) }).toEqual({ status: 404, body: { error: 'No encontrado' } })
    }
    const read = await world.anonymous.get('/api/google-webhook')
    expect({ status: read.status, allow: read.headers.get('allow') }).toEqual({ status: 405, allow: 'POST' })
  })

  it('has no effect: nothing is asked of Google, no class changes', async () => {
    const { classId } = await classFor(world, 2, slotOf())
    await world.settle()
    const before = await world.rows('SELECT * FROM virtual_class WHERE id = $1', [classId])
    await world.control('/log', undefined, 'DELETE')
    await world.anonymous.post('/api/google-webhook', undefined, headers('exists'))
    await world.settle()
    expect(await world.control('/log?part=google')).toEqual({ requests: [] })
    expect(await world.rows('SELECT * FROM virtual_class WHERE id = $1', [classId])).toEqual(before)
  })
})
