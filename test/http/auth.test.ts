import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createApp } from '../../src/http/app.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/kernel/clock.ts'
import { fingerprint } from '../../src/kernel/secret-box.ts'
import { createPages } from '../../src/web/index.ts'
import { json } from '../support/booking.ts'
import { atGoogle, beginSignIn, comeBack, cookiesSet } from '../support/google-pages.ts'
import { expectCleanLog } from '../support/scene.ts'
import { BASE_URL, MONDAY_9H, openWorld, type World } from '../support/world.ts'

let people = 0
function newAddress(): string {
  people += 1
  return `visita.${people}@correo.test`
}

describe('signing in and out (behaviour 4.11)', () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld()
  })
  afterAll(() => world.close())
  beforeEach(() => world.clock.set(MONDAY_9H))

  /** The whole way with a new browser. Returns the last answer. */
  async function signIn(email: string, callbackUrl = '/inicio', cookie = ''): Promise<Response> {
    const attempt = await beginSignIn(world, callbackUrl, cookie)
    return comeBack(world, await atGoogle(attempt.address.href, { email }), [cookie, attempt.cookie].filter(Boolean).join('; '))
  }

  async function userOf(email: string): Promise<{ id: string; role: string; name: string } | undefined> {
    const [row] = await world.rows<{ id: string; role: string; name: string }>('SELECT id, role, name FROM app_user WHERE email = $1', [
      email,
    ])
    return row
  }

  function whoIs(cookie: string): Promise<Record<string, unknown>> {
    return json(world.anonymous.get('/api/auth/session', { cookie }))
  }

  async function sessions(): Promise<number> {
    return (await world.rows('SELECT token_hash FROM session')).length
  }

  /** Refused, and as if nothing had happened: no login, no account. */
  async function expectRefused(answer: Response, reason: string, email: string, sessionsBefore: number): Promise<void> {
    const location = new URL(answer.headers.get('location') ?? '', BASE_URL)
    expect({ path: location.pathname, error: location.searchParams.get('error') }).toEqual({ path: '/ingresar', error: reason })
    expect(answer.headers.getSetCookie().filter((line) => line.startsWith('hiy-session='))).toEqual([])
    expect(await sessions()).toBe(sessionsBefore)
    expect(await userOf(email)).toBeUndefined()
  }

  it('asks a student for nothing but name and e-mail, with state, nonce and PKCE, for the registered callback', async () => {
    const { address } = await beginSignIn(world)
    const asked = Object.fromEntries(address.searchParams)
    expect(asked.scope?.split(' ').sort()).toEqual(['email', 'openid', 'profile'])
    expect(asked).toMatchObject({
      response_type: 'code',
      redirect_uri: `${BASE_URL}/api/auth/callback/google`,
      code_challenge_method: 'S256',
    })
    expect(asked.access_type).toBeUndefined()
    for (const secret of [asked.state, asked.nonce, asked.code_challenge]) expect(secret?.length).toBeGreaterThanOrEqual(20)
    const again = await beginSignIn(world)
    for (const name of ['state', 'nonce', 'code_challenge']) expect(again.address.searchParams.get(name)).not.toBe(asked[name])
  })

  it('nothing that would let another browser finish is stored in clear', async () => {
    const { address, cookie } = await beginSignIn(world)
    const stored = JSON.stringify(await world.rows('SELECT * FROM sign_in_attempt'))
    expect(stored).not.toContain(address.searchParams.get('state'))
    expect(stored).not.toContain(cookie.split('=')[1])
  })

  it('a new person gets an account and a login of 30 days', async () => {
    const email = newAddress()
    await world.control('/google/accounts', { email, name: 'Ana <b>Ruiz</b>' })
    const done = await signIn(email)
    expect(done.headers.get('location')).toBe('/inicio')
    const [line] = done.headers.getSetCookie().filter((one) => one.startsWith('hiy-session='))
    expect(line?.split('; ').slice(1).sort()).toEqual(['HttpOnly', `Max-Age=${(30 * DAY_MS) / 1000}`, 'Path=/', 'SameSite=Lax'])
    expect(await whoIs(cookiesSet(done))).toEqual({
      user: { name: 'Ana <b>Ruiz</b>', email, image: null, isAdmin: false },
      expiresAt: '2026-12-23T12:00:00.000Z',
    })
    expect(await userOf(email)).toMatchObject({ role: 'USER' })
    const identities = await world.rows('SELECT provider FROM user_identity WHERE user_id = $1', [(await userOf(email))?.id])
    expect(identities).toEqual([{ provider: 'google' }])
  })

  it('nobody signed in: an empty session, never cached', async () => {
    const answer = await world.anonymous.get('/api/auth/session')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(await json(answer)).toEqual({ user: null, expiresAt: null })
  })

  it('a person who comes back is the same person, under the name Google gives now', async () => {
    const email = newAddress()
    await signIn(email)
    const before = await userOf(email)
    await world.control(`/google/accounts/${email}`, { name: 'Nombre Nuevo' }, 'PATCH')
    const again = await signIn(email)
    expect(await userOf(email)).toEqual({ ...before, name: 'Nombre Nuevo' })
    expect(await whoIs(cookiesSet(again))).toMatchObject({ user: { name: 'Nombre Nuevo' } })
  })

  it('the login is stored as a keyed hash only (Z2)', async () => {
    const cookie = cookiesSet(await signIn(newAddress()))
    const token = cookie.split('=')[1] ?? ''
    const rows = await world.rows<{ token_hash: string }>('SELECT * FROM session')
    expect(JSON.stringify(rows)).not.toContain(token)
    expect(rows.map((row) => row.token_hash)).toContain(fingerprint(world.deps.config.authSecret, token))
  })

  it('takes the admin to the panel, or to the page asked for', async () => {
    const email = world.deps.config.adminEmail
    for (const [wanted, location] of [
      ['/inicio', '/admin'],
      ['', '/admin'],
      ['/inicio/reservas', '/inicio/reservas'],
    ] as const)
      expect((await signIn(email, wanted)).headers.get('location')).toBe(location)
    const admin = await world.admin()
    expect((await admin.get('/ingresar')).headers.get('location')).toBe('/admin')
    const home = await (await admin.get('/inicio')).text()
    for (const bar of ['topnav', 'bottombar bottombar-five'])
      expect(home.split(`<nav class="${bar}"`)[1]?.split('</nav>')[0]).toContain('href="/admin"')
    expect(await (await (await world.student()).get('/inicio')).text()).not.toContain('href="/admin"')
  })

  it.each(['/inicio/historial', '/inicio/historial?filter=all&page=2', '/admin/google', '/', '/inicio#abajo'])(
    'leads to the page asked for: %s',
    async (page) => {
      expect((await signIn(newAddress(), page)).headers.get('location')).toBe(page)
    },
  )

  it.each([
    'https://otro.example/inicio',
    '//otro.example',
    '///otro.example',
    '/\\otro.example',
    '\\\\otro.example',
    '/\t/otro.example',
    '/%09/otro.example/../..//otro.example',
    'javascript:alert(1)',
    'inicio',
    '/..//otro.example',
    '/api/auth/logout',
    '/inicio/../api/auth/logout',
    '',
  ])('a foreign or dangerous target leads home: %j', async (target) => {
    expect((await signIn(newAddress(), target)).headers.get('location')).toBe('/inicio')
  })

  it('state: unknown, tampered with or missing', async () => {
    const before = await sessions()
    for (const spoil of [
      (url: URL) => url.searchParams.set('state', 'inventado'),
      (url: URL) => url.searchParams.set('state', `${url.searchParams.get('state')}x`),
      (url: URL) => url.searchParams.delete('state'),
    ]) {
      const email = newAddress()
      const attempt = await beginSignIn(world)
      const callback = await atGoogle(attempt.address.href, { email })
      spoil(callback)
      await expectRefused(await comeBack(world, callback, attempt.cookie), 'invalid', email, before)
    }
  })

  it.each(['nonce', 'verifier'])('%s: an answer that was made for another question', async (column) => {
    const email = newAddress()
    const before = await sessions()
    const attempt = await beginSignIn(world)
    const callback = await atGoogle(attempt.address.href, { email })
    await world.rows(`UPDATE sign_in_attempt SET ${column} = $1`, ['x'.repeat(64)])
    await expectRefused(await comeBack(world, callback, attempt.cookie), 'invalid', email, before)
  })

  it('code: made up, and a code of somebody else put into an own attempt', async () => {
    const before = await sessions()
    const mine = newAddress()
    const attempt = await beginSignIn(world)
    const callback = await atGoogle(attempt.address.href, { email: mine })
    callback.searchParams.set('code', '4/0inventado')
    await expectRefused(await comeBack(world, callback, attempt.cookie), 'invalid', mine, before)

    const victim = newAddress()
    const theirs = await atGoogle((await beginSignIn(world)).address.href, { email: victim })
    const own = await beginSignIn(world)
    theirs.searchParams.set('state', own.address.searchParams.get('state') ?? '')
    await expectRefused(await comeBack(world, theirs, own.cookie), 'invalid', victim, before)
  })

  it('another browser cannot finish what one began', async () => {
    const email = newAddress()
    const before = await sessions()
    for (const cookie of [async () => '', async () => (await beginSignIn(world)).cookie]) {
      const attempt = await beginSignIn(world)
      const callback = await atGoogle(attempt.address.href, { email })
      await expectRefused(await comeBack(world, callback, await cookie()), 'invalid', email, before)
      await expectRefused(await comeBack(world, callback, attempt.cookie), 'invalid', email, before)
    }
  })

  it('a callback works once', async () => {
    const email = newAddress()
    const attempt = await beginSignIn(world)
    const callback = await atGoogle(attempt.address.href, { email })
    expect((await comeBack(world, callback, attempt.cookie)).headers.get('location')).toBe('/inicio')
    const before = await sessions()
    const replayed = await comeBack(world, callback, attempt.cookie)
    expect(replayed.headers.get('location')).toContain('error=invalid')
    expect(await sessions()).toBe(before)
  })

  it('an attempt lasts ten minutes', async () => {
    const before = await sessions()
    const late = newAddress()
    const attempt = await beginSignIn(world)
    world.clock.advance(10 * MINUTE_MS)
    const callback = await atGoogle(attempt.address.href, { email: late })
    await expectRefused(await comeBack(world, callback, attempt.cookie), 'expired', late, before)
    const inTime = await beginSignIn(world)
    world.clock.advance(10 * MINUTE_MS - SECOND_MS)
    const back = await atGoogle(inTime.address.href, { email: late })
    expect((await comeBack(world, back, inTime.cookie)).headers.get('location')).toBe('/inicio')
  })

  it('consent denied: back to the page with a message, and no half-made account', async () => {
    const email = newAddress()
    const before = await sessions()
    for (const page of ['/inicio/historial', '/admin/google']) {
      const attempt = await beginSignIn(world, page)
      const answer = await comeBack(world, await atGoogle(attempt.address.href, { email, deny: true }), attempt.cookie)
      await expectRefused(answer, 'denied', email, before)
      const location = new URL(answer.headers.get('location') ?? '', BASE_URL)
      expect(location.searchParams.get('callbackUrl')).toBe(page)
      const html = await (await world.anonymous.get(location.pathname + location.search)).text()
      expect(html).toContain('No diste permiso en Google, así que no iniciamos sesión.')
    }
  })

  it('an e-mail that Google has not verified is not accepted (Z7)', async () => {
    const email = newAddress()
    const before = await sessions()
    await world.control('/google/accounts', { email, name: 'Sin Verificar', email_verified: false })
    await expectRefused(await signIn(email), 'unverified-email', email, before)
  })

  it('the same e-mail under another subject is somebody else (Z7)', async () => {
    const email = newAddress()
    await signIn(email)
    const before = await sessions()
    const account = await userOf(email)
    await world.rows(`UPDATE user_identity SET subject = 'otro' WHERE user_id = $1`, [account?.id])
    const refused = await signIn(email)
    expect(refused.headers.get('location')).toContain('error=email-taken')
    expect(await sessions()).toBe(before)
    expect(await userOf(email)).toEqual(account)
  })

  it('Google does not answer: back to the page with a message', async () => {
    const email = newAddress()
    const before = await sessions()
    const attempt = await beginSignIn(world)
    const callback = await atGoogle(attempt.address.href, { email })
    await world.control('/google/faults', { route: 'oauth.token', kind: 'error', status: 503, count: 5 })
    const answer = await comeBack(world, callback, attempt.cookie)
    await world.control('/google/faults', undefined, 'DELETE')
    await expectRefused(answer, 'unavailable', email, before)
  })

  it('two first sign-ins of one person at the same moment make one account', async () => {
    const email = newAddress()
    const attempts = [await beginSignIn(world), await beginSignIn(world)]
    const callbacks: URL[] = []
    for (const { address } of attempts) callbacks.push(await atGoogle(address.href, { email }))
    const answers = await Promise.all(callbacks.map((callback, index) => comeBack(world, callback, attempts[index]?.cookie ?? '')))
    expect(answers.map((answer) => answer.headers.get('location'))).toEqual(['/inicio', '/inicio'])
    expect(await world.rows('SELECT id FROM app_user WHERE email = $1', [email])).toHaveLength(1)
  })

  it('signing in while somebody is signed in ends that login on the server', async () => {
    const first = cookiesSet(await signIn(newAddress()))
    const email = newAddress()
    const second = cookiesSet(await signIn(email, '/inicio', first))
    expect(await whoIs(first)).toMatchObject({ user: null })
    expect(await whoIs(second)).toMatchObject({ user: { email } })
  })

  it('sign-out ends the login on the server, and no other one', async () => {
    const email = newAddress()
    const [here, elsewhere] = [cookiesSet(await signIn(email)), cookiesSet(await signIn(email))]
    const out = await world.anonymous.submit('/api/auth/logout', {}, { cookie: here })
    expect(out.status).toBe(303)
    expect(out.headers.getSetCookie().some((line) => line.startsWith('hiy-session=;') && line.includes('Max-Age=0'))).toBe(true)
    expect((await world.anonymous.get('/api/my-classes', { cookie: here })).status).toBe(401)
    expect((await world.anonymous.get('/api/my-classes', { cookie: elsewhere })).status).toBe(200)
    expect((await world.anonymous.submit('/api/auth/logout', {}, { cookie: here })).status).toBe(303)
  })

  it('a page of another site can neither sign people in nor out', async () => {
    const cookie = cookiesSet(await signIn(newAddress()))
    for (const path of ['/api/auth/login', '/api/auth/logout']) {
      for (const headers of [{ origin: 'https://otro.example' }, { origin: 'null' }, { origin: 'null', 'sec-fetch-site': 'cross-site' }]) {
        const answer = await world.anonymous.submit(path, {}, { cookie, ...headers })
        expect({ status: answer.status, body: await json(answer) }).toEqual({ status: 403, body: { error: 'Origen no permitido' } })
      }
      expect((await world.anonymous.get(path)).status).toBe(405)
    }
    expect((await world.anonymous.get('/api/my-classes', { cookie })).status).toBe(200)
  })

  it('a login is renewed at most every 12 hours, for 30 days each time', async () => {
    const cookie = cookiesSet(await signIn(newAddress()))
    const visit = () => world.anonymous.get('/api/my-classes', { cookie })
    world.clock.advance(12 * HOUR_MS - SECOND_MS)
    expect((await visit()).headers.getSetCookie()).toEqual([])
    world.clock.advance(SECOND_MS)
    const renewed = await visit()
    expect(renewed.headers.getSetCookie()).toEqual([`${cookie}; Max-Age=${(30 * DAY_MS) / 1000}; Path=/; HttpOnly; SameSite=Lax`])
    expect((await visit()).headers.getSetCookie()).toEqual([])
    expect((await whoIs(cookie)).expiresAt).toBe('2026-12-24T00:00:00.000Z')
    world.clock.set('2026-12-23T23:59:59Z')
    expect((await visit()).status).toBe(200)
  })

  it('a login that is not used ends after 30 days', async () => {
    const [one, other] = [cookiesSet(await signIn(newAddress())), cookiesSet(await signIn(newAddress()))]
    world.clock.advance(30 * DAY_MS - SECOND_MS)
    expect((await world.anonymous.get('/api/my-classes', { cookie: one })).status).toBe(200)
    world.clock.advance(SECOND_MS)
    expect((await world.anonymous.get('/api/my-classes', { cookie: other })).status).toBe(401)
  })

  it('a made-up or broken cookie is nobody', async () => {
    for (const value of ['x', 'x'.repeat(5_000), '%00', "' OR 1=1", ''])
      expect(await whoIs(`hiy-session=${value}`)).toMatchObject({ user: null })
  })

  it('ADMIN_EMAIL becomes admin and teacher at the first sign-in; nobody else does (D12)', async () => {
    const { adminEmail } = world.deps.config
    const cookie = cookiesSet(await signIn(adminEmail))
    expect(await whoIs(cookie)).toMatchObject({ user: { email: adminEmail, isAdmin: true } })
    const admin = await userOf(adminEmail)
    expect(admin?.role).toBe('ADMIN')
    expect(await world.rows('SELECT user_id FROM teacher')).toEqual([{ user_id: admin?.id }])
    const roles = await world.rows<{ role: string }>('SELECT DISTINCT role FROM app_user WHERE email <> $1', [adminEmail])
    expect(roles).toEqual([{ role: 'USER' }])
  })

  it('changing ADMIN_EMAIL demotes nobody; an empty one makes nobody admin (Z1)', async () => {
    const { adminEmail } = world.deps.config
    await signIn(adminEmail)
    for (const changed of ['otra@correo.test', '']) {
      const deps = { ...world.deps, config: { ...world.deps.config, adminEmail: changed } }
      const app = createApp(deps, createPages({ asset: (name) => `/assets/${name}`, sandbox: null }))
      const enter = async (email: string) => {
        const attempt = await beginSignIn(world)
        const callback = await atGoogle(attempt.address.href, { email })
        return app.request(callback.href, { headers: { cookie: attempt.cookie } })
      }
      expect((await enter(adminEmail)).headers.get('location')).toBe('/admin')
      expect((await userOf(adminEmail))?.role).toBe('ADMIN')
      const other = newAddress()
      expect((await enter(other)).headers.get('location')).toBe('/inicio')
      expect((await userOf(other))?.role).toBe('USER')
    }
  })

  it('nothing of it is logged: no e-mail, state, code, cookie or token', () => expectCleanLog(world, ['hiy-session', 'state=', 'code=']))
})
