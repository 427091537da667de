import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { countUse } from '../../src/features/operation/rate-limit.ts'
import { MINUTE_MS } from '../../src/kernel/clock.ts'
import { openWorld, type World } from '../support/world.ts'

const TOO_MANY = { error: 'Demasiadas solicitudes. Probá de nuevo en unos minutos.' }

describe('429: the rate limit (RATE_LIMIT_SCALE=1)', () => {
  const LIMITED = ['/api/mercado-pago/create-preference', '/api/booking', '/api/checkout']
  let world: World
  beforeAll(async () => {
    world = await openWorld({ env: { RATE_LIMIT_SCALE: '1' }, calendar: false })
    for (const name of ['ana', 'bruno', 'carla', 'dora', 'fede']) await world.signIn(`${name}@example.com`)
  })
  afterAll(() => world.close())

  for (const path of LIMITED) {
    it(`${path}: 120 per user in 10 minutes, the 121st is told when to come back`, async () => {
      const ana = await world.signIn('ana@example.com')
      const bruno = await world.signIn('bruno@example.com')
      world.clock.set('2026-11-23T12:03:00Z')
      // What is refused before the limit is not counted: strangers cannot use up somebody's share.
      for (let i = 0; i < 5; i++) {
        expect((await world.anonymous.post(path, {})).status).toBe(401)
        expect((await ana.post(path, {}, { origin: 'https://attacker.example' })).status).toBe(403)
      }
      const statuses = new Set<number>()
      for (let i = 0; i < 120; i++) statuses.add((await ana.post(path, i % 2 === 0 ? {} : '{')).status)
      expect([...statuses]).toEqual([400])

      const limited = await ana.post(path, '{')
      expect([limited.status, await limited.json()]).toEqual([429, TOO_MANY])
      const seconds = Number(limited.headers.get('retry-after'))
      expect(limited.headers.get('retry-after')).toMatch(/^\d+$/)
      expect(seconds).toBeGreaterThan(0)
      expect(seconds).toBeLessThanOrEqual(600)
      expect((await bruno.post(path, {})).status).toBe(400)

      world.clock.advance((seconds - 1) * 1_000)
      expect((await ana.post(path, {})).status).toBe(429)
      world.clock.advance(1_000)
      expect((await ana.post(path, {})).status).toBe(400)
    })
  }

  it('nothing waits for the disk because of a count alone, and what is written beside one does', async () => {
    const { db } = world.deps
    const onDisk = async () => {
      const { rows } = await db.execute('SELECT pg_current_wal_flush_lsn()::text AS lsn')
      return rows[0]?.lsn
    }
    const limit = { bucket: 'of this test', max: 9, windowMs: MINUTE_MS }
    const before = await onDisk()
    await countUse(world.deps, limit)
    expect(await onDisk()).toBe(before)
    await db.transaction((tx) => countUse(world.deps, limit, tx))
    expect(await onDisk()).not.toBe(before)
  })

  it('one endpoint’s limit is not another’s', async () => {
    world.clock.set('2026-11-23T15:00:00Z')
    const carla = await world.signIn('carla@example.com')
    for (let i = 0; i < 120; i++) await carla.post('/api/booking', '{')
    expect((await carla.post('/api/booking', '{')).status).toBe(429)
    expect((await carla.post('/api/checkout', '{')).status).toBe(400)
    expect((await carla.get('/api/my-classes')).status).toBe(200)
  })

  it('the forms of pages count with the API, and what anybody may send counts by address', async () => {
    world.clock.set('2026-11-23T15:30:00Z')
    const gina = await world.signIn('gina@example.com')
    const id = crypto.randomUUID()
    const limits = [
      [`/api/classes/${id}/code`, `/inicio/clases/${id}/codigo`, 60],
      [`/api/classes/${id}/leave`, `/inicio/clases/${id}/salir`, 120],
      [`/api/classes/${id}/seats/${id}/release`, `/inicio/clases/${id}/lugares/${id}/liberar`, 120],
    ] as const
    for (const [api, page, max] of limits) {
      for (let i = 0; i < max - 1; i++) await gina.post(api)
      expect((await gina.submit(page, {})).status, page).toBe(404)
      expect([(await gina.submit(page, {})).status, (await gina.post(api)).status], page).toEqual([429, 429])
    }
    for (let i = 0; i < 120; i++) await world.anonymous.submit('/mails/baja?t=x', {})
    expect((await world.anonymous.submit('/mails/baja?t=x', {})).status).toBe(429)
  })

  it('parallel requests cannot slip past', async () => {
    world.clock.set('2026-11-23T16:00:00Z')
    const dora = await world.signIn('dora@example.com')
    for (let i = 0; i < 110; i++) await dora.post('/api/checkout', '{')
    const answers = await Promise.all(Array.from({ length: 20 }, () => dora.post('/api/checkout', '{')))
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(10)
  })

  it('a window that has passed is forgotten', async () => {
    world.clock.set('2026-11-23T17:00:00Z')
    const fede = await world.signIn('fede@example.com')
    for (let i = 0; i < 121; i++) await fede.post('/api/booking', '{')
    expect((await fede.post('/api/booking', '{')).status).toBe(429)
    world.clock.advance(10 * MINUTE_MS)
    expect((await fede.post('/api/booking', '{')).status).toBe(400)
  })
})

describe.each([
  ['0.05', 4],
  ['0', 0],
])('RATE_LIMIT_SCALE=%s', (scale, refused) => {
  let world: World
  beforeAll(async () => {
    world = await openWorld({ env: { RATE_LIMIT_SCALE: scale }, calendar: false })
  })
  afterAll(() => world.close())

  it(`refuses ${refused} of ten bookings`, async () => {
    const eva = await world.student()
    const statuses = []
    for (let i = 0; i < 10; i++) statuses.push((await eva.post('/api/booking', '{')).status)
    expect(statuses.filter((status) => status === 429)).toHaveLength(refused)
  })
})
