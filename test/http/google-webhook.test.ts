import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/kernel/clock.ts'
import { json } from '../support/booking.ts'
import { askedOfGoogle, classFor, expectCleanLog, freshSlots } from '../support/scene.ts'
import { openWorld, type World } from '../support/world.ts'

const slotOf = freshSlots()

describe('POST /api/google-webhook without any channel (behaviour 4.18)', () => {
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

interface ChannelAtGoogle {
  id: string
  resourceId: string
  token: string
  expiresAt: number
  stopped: boolean
  address: string
}

describe('with a channel (behaviour 4.18, google.md 2.6)', () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld({ env: { CALENDAR_PUSH: '1' } })
    await world.settle()
  })
  afterAll(() => world.close())
  afterEach(() => world.control('/google/faults', undefined, 'DELETE'))

  const channelsAtGoogle = async () => (await world.control('/google/channels')).channels as unknown as ChannelAtGoogle[]
  const open = async () => (await channelsAtGoogle()).filter(({ stopped }) => !stopped)
  const newest = async () => (await open()).at(-1) as ChannelAtGoogle
  const rows = () => world.rows<{ id: string; last: string }>('SELECT id, last_message AS last FROM calendar_channel ORDER BY opened_at')
  const waiting = async () => (await world.rows(`SELECT 1 FROM pgboss.job WHERE name = 'mirror.sync' AND state < 'active'`)).length
  const later = async (milliseconds: number) => {
    world.clock.advance(milliseconds)
    await world.settle()
  }

  /** A notification as Google would send it, but for what is changed. */
  const ring = async (change: Record<string, string | null> = {}) => {
    const channel = await newest()
    const said: Record<string, string | null> = {
      'x-goog-channel-id': channel.id,
      'x-goog-channel-token': channel.token,
      'x-goog-resource-id': channel.resourceId,
      'x-goog-resource-state': 'exists',
      'x-goog-message-number': '1000',
      ...change,
    }
    const headers = Object.fromEntries(Object.entries(said).filter((entry): entry is [string, string] => entry[1] !== null))
    return world.anonymous.post('/api/google-webhook', undefined, headers)
  }

  it('one is opened, with a random id and a token that is stored nowhere', async () => {
    const channel = await newest()
    expect(channel.address).toBe(`${world.deps.config.baseUrl}/api/google-webhook`)
    expect(channel.id).toMatch(/^[0-9a-f-]{36}$/)
    expect(channel.token.length).toBeGreaterThan(30)
    expect(JSON.stringify(await world.rows('SELECT * FROM calendar_channel'))).not.toContain(channel.token)
    await expectCleanLog(world, [channel.token])
  })

  it('a change in the calendar is known without waiting for the next look', async () => {
    const { start, end } = slotOf()
    await world.control('/google/events', { start: { dateTime: start }, end: { dateTime: end } })
    await world.settle()
    const day = start.slice(0, 10)
    const answer = await world.anonymous.get(`/api/availability?from=${day}&to=${day}`)
    const { slots } = (await answer.json()) as { slots: { start: string; state: string }[] }
    expect(slots.find((each) => each.start === start)?.state).toBe('taken')
  })

  it('a notification is answered at once, asks Google nothing, and leaves one job however many there are', async () => {
    await world.control('/log', undefined, 'DELETE')
    for (const number of ['2001', '2002', '2003']) {
      const answer = await ring({ 'x-goog-message-number': number })
      expect({ status: answer.status, body: await answer.text() }).toEqual({ status: 200, body: '' })
    }
    expect(await world.control('/log?part=google')).toEqual({ requests: [] })
    expect(await waiting()).toBe(1)
    await world.settle()
    expect(await askedOfGoogle(world, 'GET', '/events')).toHaveLength(1)
  })

  const strangers: [what: string, change: Record<string, string | null>][] = [
    ['another token', { 'x-goog-channel-token': 'secreto' }],
    ['no token', { 'x-goog-channel-token': null }],
    ['another resource', { 'x-goog-resource-id': 'otro' }],
    ['no number', { 'x-goog-message-number': null }],
    ['a number that is none', { 'x-goog-message-number': '1e9' }],
  ]
  it.each(strangers)('from a stranger (%s): 401, and no work is done', async (_what, change) => {
    await world.settle()
    const before = await rows()
    const answer = await ring({ 'x-goog-message-number': '999999', ...change })
    expect({ status: answer.status, body: await json(answer) }).toEqual({ status: 401, body: { error: 'Unauthorized' } })
    expect(await waiting()).toBe(0)
    expect(await rows()).toEqual(before)
  })

  it.each([
    ['a replay', '3000', '3000'],
    ['an older one that comes late', '3005', '3004'],
  ])('%s rings for nothing', async (_what, first, second) => {
    expect((await ring({ 'x-goog-message-number': first })).status).toBe(200)
    await world.settle()
    expect((await ring({ 'x-goog-message-number': second })).status).toBe(200)
    expect(await waiting()).toBe(0)
  })

  it('the greeting of a channel rings for nothing', async () => {
    expect((await ring({ 'x-goog-message-number': '4000', 'x-goog-resource-state': 'sync' })).status).toBe(200)
    expect(await waiting()).toBe(0)
  })

  it('is replaced between 50 and 80 % of its life, overlaps with its successor, and is stopped then', async () => {
    const first = await newest()
    await later(3.4 * DAY_MS)
    expect((await open()).map(({ id }) => id)).toEqual([first.id])
    await later(2.3 * DAY_MS)
    expect(await open()).toHaveLength(2)
    const second = await newest()
    await later(11 * MINUTE_MS)
    expect((await open()).map(({ id }) => id)).toEqual([second.id])
    // A late word of the old one does no harm and no work.
    const late = await world.anonymous.post('/api/google-webhook', undefined, {
      'x-goog-channel-id': first.id,
      'x-goog-channel-token': first.token,
      'x-goog-resource-id': first.resourceId,
      'x-goog-resource-state': 'exists',
      'x-goog-message-number': '99999',
    })
    expect(late.status).toBe(200)
    expect(await waiting()).toBe(0)
    await later(3 * DAY_MS)
    expect((await rows()).map(({ id }) => id)).not.toContain(first.id)
  })

  it('Google refuses to open one: asked again later, and the calendar is read all the same', async () => {
    await world.control('/google/faults', {
      route: 'events.watch',
      kind: 'error',
      status: 400,
      reason: 'push.webhookUrlNotHttps',
      count: 3,
    })
    await later(6 * DAY_MS)
    const before = await open()
    await later(HOUR_MS)
    await later(HOUR_MS)
    await later(HOUR_MS)
    expect((await open()).length).toBeGreaterThanOrEqual(before.length)
    expect((await world.rows<{ error: string | null }>('SELECT last_error AS error FROM calendar_sync'))[0]?.error).toBeNull()
    expect(await open()).not.toEqual([])
  })
})

describe('Google greets before it answers', () => {
  it('the greeting finds its channel', async () => {
    const world = await openWorld({ env: { CALENDAR_PUSH: '1' } })
    try {
      await world.control('/google/settings', { channelSync: 'before-answer' }, 'PATCH')
      await world.settle()
      const { deliveries } = (await world.control('/google/channels')) as unknown as {
        deliveries: { resourceState: string; status: number }[]
      }
      expect(deliveries).toMatchObject([{ resourceState: 'sync', status: 200 }])
    } finally {
      await world.close()
    }
  })
})
