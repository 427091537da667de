import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { DAY_MS, HOUR_MS } from '../../src/kernel/clock.ts'
import { fingerprint } from '../../src/kernel/secret-box.ts'
import { json } from '../support/booking.ts'
import { later } from '../support/scene.ts'
import { MONDAY_9H, openWorld, type World } from '../support/world.ts'

describe('behind https and a proxy, with the limits of production', () => {
  const SITE = 'https://clases.example.test'
  let world: World
  beforeAll(async () => {
    world = await openWorld({ env: { BASE_URL: SITE, RATE_LIMIT_SCALE: '1', TRUSTED_PROXIES: '1' } })
  })
  afterAll(() => world.close())
  beforeEach(() => world.clock.set(MONDAY_9H))

  function request(method: string, path: string, headers: Record<string, string> = {}): Promise<Response> {
    return Promise.resolve(
      world.app.request(`${SITE}${path}`, { method, headers: { ...(method === 'GET' ? {} : { origin: SITE }), ...headers } }),
    )
  }

  async function session(): Promise<string> {
    const [userId, token] = [crypto.randomUUID(), crypto.randomUUID()]
    await world.rows(`INSERT INTO app_user (id, email, name, created_at, updated_at) VALUES ($1, $2, 'Ana', $3, $3)`, [
      userId,
      `${userId}@correo.test`,
      MONDAY_9H,
    ])
    await world.rows(
      'INSERT INTO session (token_hash, public_id, user_id, created_at, renewed_at, expires_at) VALUES ($1, $2, $2, $3, $3, $4)',
      [fingerprint(world.deps.config.authSecret, token), userId, MONDAY_9H, later(MONDAY_9H, 30 * DAY_MS)],
    )
    return token
  }

  it('cookies belong to this host only and travel over https only', async () => {
    const begun = await request('POST', '/api/auth/login', { 'x-forwarded-for': '10.9.9.9' })
    expect(begun.status).toBe(303)
    expect(begun.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^__Host-hiy-sign-in=[\w-]{40,}; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/),
    ])
    const token = await session()
    world.clock.advance(12 * HOUR_MS)
    const renewed = await request('GET', '/api/auth/session', { cookie: `__Host-hiy-session=${token}` })
    expect(renewed.headers.getSetCookie()).toEqual([
      `__Host-hiy-session=${token}; Max-Age=${(30 * DAY_MS) / 1000}; Path=/; HttpOnly; Secure; SameSite=Lax`,
    ])
    const out = await request('POST', '/api/auth/logout', { cookie: `__Host-hiy-session=${token}` })
    expect(out.headers.getSetCookie()).toEqual(['__Host-hiy-session=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax'])
    expect(await json(request('GET', '/api/auth/session', { cookie: `__Host-hiy-session=${token}` }))).toMatchObject({ user: null })
  })

  it('a cookie without the prefix, which any subdomain could set, is nobody', async () => {
    expect(await json(request('GET', '/api/auth/session', { cookie: `hiy-session=${await session()}` }))).toMatchObject({ user: null })
  })

  it('strict transport security, and the cookie name in the API description', async () => {
    const answer = await request('GET', '/api/openapi.json')
    expect(answer.headers.get('strict-transport-security')).toMatch(/^max-age=\d{8,}/)
    expect(await answer.text()).toContain('__Host-hiy-session')
  })

  it('the limit per address counts what the trusted proxy saw, not what a client claims', async () => {
    world.clock.advance(HOUR_MS)
    const from = (address: string) => request('POST', '/api/auth/login', { 'x-forwarded-for': address })
    for (let times = 0; times < 60; times++) expect((await from(`10.${times}.0.1, 203.0.113.5`)).status).toBe(303)
    const refused = await from('198.51.100.1, 203.0.113.5')
    expect({ status: refused.status, body: await json(refused) }).toEqual({
      status: 429,
      body: { error: 'Demasiadas solicitudes. Probá de nuevo en unos minutos.' },
    })
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await from('203.0.113.5, 203.0.113.6')).status).toBe(303)
    world.clock.advance(10 * 60_000)
    expect((await from('203.0.113.5')).status).toBe(303)
    expect(JSON.stringify(await world.rows('SELECT bucket FROM rate_limit'))).not.toContain('203.0.113')
  })

  it('the limit per person: 120 cancellations in ten minutes, counted for each one alone', async () => {
    const [one, other] = [await session(), await session()]
    const cancel = (token: string) =>
      request('POST', `/api/classes/${crypto.randomUUID()}/cancel`, { cookie: `__Host-hiy-session=${token}` })
    for (let times = 0; times < 120; times++) expect((await cancel(one)).status).toBe(404)
    expect((await cancel(one)).status).toBe(429)
    expect((await cancel(other)).status).toBe(404)
  })
})
