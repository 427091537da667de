import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { slot } from '../support/booking.ts'
import { type Client, openWorld, type World } from '../support/world.ts'

describe('headers of every answer (Z10)', () => {
  let world: World
  let student: Client
  let admin: Client
  beforeAll(async () => {
    world = await openWorld({ env: { RATE_LIMIT_SCALE: '1' } })
    student = await world.student()
    admin = await world.admin()
  })
  afterAll(() => world.close())

  const answers = async (): Promise<[string, Response][]> => [
    ['a page', await world.anonymous.get('/')],
    ['a page of a person', await student.get('/inicio')],
    ['a page that is not there', await world.anonymous.get('/nada')],
    ['a redirect', await world.anonymous.get('/inicio')],
    ['an answer', await world.anonymous.get('/api/availability')],
    ['an answer to a person', await student.get('/api/my-classes')],
    ['a refusal', await student.post('/api/booking', {})],
    ['401', await world.anonymous.get('/api/my-classes')],
    ['403', await student.get('/api/admin/classes')],
    ['404', await world.anonymous.get('/api/nada')],
    ['405', await world.anonymous.get('/api/booking')],
    ['413', await student.post('/api/booking', 'x'.repeat(70_000))],
    ['health', await world.anonymous.get('/healthz')],
    ['the description', await world.anonymous.get('/api/openapi.json')],
  ]

  it('nothing runs, loads or frames that is not ours', async () => {
    for (const [name, answer] of await answers()) {
      const policy = answer.headers.get('content-security-policy') ?? ''
      expect([name, policy]).toEqual([name, expect.stringContaining("default-src 'none'")])
      expect(policy).toContain("script-src 'self'")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).toContain("base-uri 'none'")
      expect(policy).not.toMatch(/unsafe-|\*/)
      expect([name, answer.headers.get('x-content-type-options')]).toEqual([name, 'nosniff'])
      expect([name, answer.headers.get('x-frame-options')]).toEqual([name, 'DENY'])
      expect([name, answer.headers.get('referrer-policy')]).toEqual([name, expect.stringMatching(/^(same-origin|no-referrer)$/)])
      expect(answer.headers.get('x-powered-by')).toBeNull()
    }
  })

  it('strict transport is not asked for where the address is plain http', async () => {
    for (const [, answer] of await answers()) expect(answer.headers.get('strict-transport-security')).toBeNull()
  })

  it('no answer that brings a login anew is kept on its way, whatever was asked for', async () => {
    const paths = world.app.routes.filter(({ method, path }) => method === 'GET' && !path.includes('*')).map(({ path }) => path)
    const bringing: string[] = []
    for (const path of new Set(paths)) {
      // As if these people had last been renewed half a day and an hour ago.
      await world.rows("UPDATE session SET renewed_at = renewed_at - interval '13 hours'")
      const answer = await admin.get(path.replace(/:[^/]+/g, () => randomUUID()))
      await answer.body?.cancel()
      if (!answer.headers.getSetCookie().some((cookie) => cookie.startsWith('hiy-session='))) continue
      bringing.push(path)
      expect([path, answer.headers.get('cache-control')]).toEqual([path, expect.stringContaining('no-store')])
    }
    expect(bringing).toEqual(expect.arrayContaining(['/', '/api/calendar', '/api/live', '/manifest.webmanifest', '/sw.js', '/inicio']))
  })

  it('answers that are the same for everybody are kept on their way for whoever is not signed in', async () => {
    for (const path of ['/api/calendar', '/manifest.webmanifest'])
      expect((await world.anonymous.get(path)).headers.get('cache-control')).toMatch(/^public, max-age=\d+$/)
  })

  it('answers to a person are stored nowhere, refusals among them', async () => {
    const personal: [string, Response][] = [
      ['my classes', await student.get('/api/my-classes')],
      ['payments', await student.get('/api/payments')],
      ['a refused booking', await student.post('/api/booking', {})],
      ['a refused preference', await student.post('/api/mercado-pago/create-preference', {})],
      ['a refused code', await student.post('/api/access-code', '"ABCD1234"')],
      ['a refused entry', await student.get(`/api/classes/${randomUUID()}/join`)],
      ['an admin list', await admin.get('/api/admin/classes')],
      ['the session', await student.get('/api/auth/session')],
      ['the dashboard', await student.get('/inicio')],
      ['a checkout', await student.post('/api/checkout', slot('2026-11-27', '10:00'))],
    ]
    for (const [name, answer] of personal) expect([name, answer.headers.get('cache-control')]).toEqual([name, 'no-store'])
  })
})

describe('where the address is https', () => {
  let world: World
  beforeAll(async () => {
    const address = 'https://clases.example.com'
    world = await openWorld({ calendar: false, env: { BASE_URL: address, GOOGLE_REDIRECT_URI: `${address}/api/auth/callback/google` } })
  })
  afterAll(() => world.close())

  it('every answer asks for strict transport', async () => {
    for (const path of ['/', '/api/availability', '/api/nada', '/api/my-classes', '/healthz']) {
      expect((await world.anonymous.get(path)).headers.get('strict-transport-security')).toMatch(/^max-age=\d{8,}/)
    }
  })
})
