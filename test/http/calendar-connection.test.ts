import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createSecretBox } from '../../src/kernel/secret-box.ts'
import { json } from '../support/booking.ts'
import { atGoogle, beginSignIn, type Choice, comeBack, cookiesSet } from '../support/google-pages.ts'
import { askedOfGoogle, expectCleanLog, newcomer } from '../support/scene.ts'
import { BASE_URL, type Client, MONDAY_9H, openWorld, type World } from '../support/world.ts'

const TEACHER = 'profe@hablainglesya.test'
const EVENTS = 'https://www.googleapis.com/auth/calendar.events'
const FREE_BUSY = 'https://www.googleapis.com/auth/calendar.freebusy'
const MEET = 'https://www.googleapis.com/auth/meetings.space.readonly'

interface Connection extends Record<string, unknown> {
  id: string
  email: string
  scopes: string[]
  sealed_refresh_token: string
  status: string
}

async function connection(world: World): Promise<Connection | undefined> {
  const [row] = await world.rows<Connection>('SELECT * FROM google_connection')
  return row
}

function storedToken(world: World, row: Connection | undefined): string {
  return row ? world.deps.secrets.open(row.sealed_refresh_token, row.id) : ''
}

/** Refresh tokens of the teacher that Google would accept, oldest first. */
async function tokensAtGoogle(world: World): Promise<string[]> {
  const { google } = (await world.control('/state')) as {
    google: { accounts: { sub: string; email: string }[]; oauth: { refreshTokens: { token: string; sub: string }[] } }
  }
  const sub = google.accounts.find(({ email }) => email === TEACHER)?.sub
  return google.oauth.refreshTokens.filter((token) => token.sub === sub).map(({ token }) => token)
}

async function auditOf(world: World): Promise<string[]> {
  const rows = await world.rows<{ action: string }>(`SELECT action FROM audit_log WHERE action LIKE 'calendar.%' ORDER BY at, action`)
  return rows.map(({ action }) => action)
}

interface Asked {
  address: URL
  cookie: string
}

async function askToConnect(client: Client): Promise<Asked> {
  const begun = await client.submit('/api/admin/google/connect', {})
  expect(begun.status).toBe(303)
  return { address: new URL(begun.headers.get('location') ?? ''), cookie: cookiesSet(begun) }
}

/** The admin consents at Google and comes back with the same browser. Returns where the product leads. */
async function connect(
  world: World,
  admin: Client,
  choice: Partial<Choice> = {},
  change: (address: URL) => void = () => {},
): Promise<string> {
  const asked = await askToConnect(admin)
  change(asked.address)
  const callback = await atGoogle(asked.address.href, { email: TEACHER, ...choice })
  const done = await comeBack(world, callback, `${admin.cookie}; ${asked.cookie}`)
  return done.headers.get('location') ?? ''
}

describe('connecting the calendar (behaviour 4.11, 4.16)', () => {
  let world: World
  let admin: Client
  beforeAll(async () => {
    world = await openWorld({ calendar: false })
    admin = await world.admin()
  })
  afterAll(() => world.close())
  afterEach(async () => {
    await world.control('/google/faults', undefined, 'DELETE')
    world.clock.set(MONDAY_9H)
  })

  it('only the admin may, from a page of ours', async () => {
    const student = await newcomer(world)
    for (const path of ['/api/admin/google/connect', '/api/admin/google/disconnect']) {
      const anonymous = await world.anonymous.submit(path, {})
      expect({ status: anonymous.status, body: await json(anonymous) }).toEqual({ status: 401, body: { error: 'Unauthorized' } })
      expect((await student.submit(path, {})).status).toBe(403)
      expect((await admin.submit(path, {}, { origin: 'https://otro.example' })).status).toBe(403)
      expect((await admin.get(path)).status).toBe(405)
    }
    expect(await world.rows(`SELECT 1 FROM sign_in_attempt WHERE purpose = 'calendar'`)).toEqual([])
  })

  it('asks for events, free/busy and, as an extra, who was in the Meet rooms, offline, with forced consent, for the account of the admin', async () => {
    const { address } = await askToConnect(admin)
    const asked = Object.fromEntries(address.searchParams)
    expect(asked.scope?.split(' ').sort()).toEqual([EVENTS, FREE_BUSY, MEET, 'email', 'openid', 'profile'].sort())
    expect(asked).toMatchObject({ access_type: 'offline', prompt: 'consent', login_hint: TEACHER, code_challenge_method: 'S256' })
    expect(asked.redirect_uri).toBe(`${BASE_URL}/api/auth/callback/google`)
    expect(asked.state).toBeTruthy()
    expect(asked.nonce).toBeTruthy()
  })

  it.each([
    ['the person says no', { deny: true }, undefined, 'denied'],
    ['the events scope is unticked', { untick: [EVENTS] }, undefined, 'scope-missing'],
    ['the free/busy scope is unticked', { untick: [FREE_BUSY] }, undefined, 'scope-missing'],
    ['Google sends no refresh token', {}, (address: URL) => address.searchParams.delete('access_type'), 'no-refresh-token'],
    [
      'another Google account consents',
      { email: 'sofia.pereyra@correo.test' },
      (address: URL) => address.searchParams.delete('login_hint'),
      'not-teacher',
    ],
  ] as const)('%s: nothing is connected, and the page says why', async (_, choice, change, reason) => {
    await world.control(`/google/grants/${TEACHER}`, undefined, 'DELETE')
    expect(await connect(world, admin, choice, change)).toBe(`/admin/google?error=${reason}`)
    expect(await connection(world)).toBeUndefined()
    expect(await (await admin.get(`/admin/google?error=${reason}`)).text()).toContain('class="notice')
  })

  it('the consent counts only for the admin session that asked for it', async () => {
    const student = await newcomer(world)
    const intruders: (() => Promise<string>)[] = [
      async () => '',
      async () => student.cookie,
      async () => cookiesSet(await signInAgain(world, 'martin.acosta@correo.test')),
    ]
    for (const intruder of intruders) {
      const asked = await askToConnect(admin)
      const callback = await atGoogle(asked.address.href, { email: TEACHER })
      const answer = await comeBack(world, callback, [await intruder(), asked.cookie].filter(Boolean).join('; '))
      expect(answer.headers.get('location')).toBe('/admin/google?error=invalid')
      expect(await connection(world)).toBeUndefined()
    }
    // The admin at another browser, without the cookie of the attempt.
    const asked = await askToConnect(admin)
    const callback = await atGoogle(asked.address.href, { email: TEACHER })
    const answer = await comeBack(world, callback, admin.cookie)
    expect(answer.headers.get('location')).toContain('error=invalid')
    expect(await connection(world)).toBeUndefined()
  })

  it('who is no admin any more connects nothing', async () => {
    const asked = await askToConnect(admin)
    const callback = await atGoogle(asked.address.href, { email: TEACHER })
    await world.rows(`UPDATE app_user SET role = 'USER' WHERE email = $1`, [TEACHER])
    const answer = await comeBack(world, callback, `${admin.cookie}; ${asked.cookie}`)
    await world.rows(`UPDATE app_user SET role = 'ADMIN' WHERE email = $1`, [TEACHER])
    expect(answer.headers.get('location')).toBe('/admin/google?error=invalid')
    expect(await connection(world)).toBeUndefined()
  })

  it('an expired attempt, and Google out of order', async () => {
    const asked = await askToConnect(admin)
    const callback = await atGoogle(asked.address.href, { email: TEACHER })
    world.clock.advance(10 * 60_000)
    const late = await comeBack(world, callback, `${admin.cookie}; ${asked.cookie}`)
    expect(late.headers.get('location')).toBe('/admin/google?error=expired')
    await world.control('/google/faults', { route: 'oauth.token', kind: 'error', status: 503, count: 5 })
    expect(await connect(world, admin)).toBe('/admin/google?error=unavailable')
    expect(await connection(world)).toBeUndefined()
  })

  it('connected: the refresh token is stored sealed, and is on no page, in no answer and in no log', async () => {
    expect(await connect(world, admin)).toBe('/admin/google?ok=connected')
    const row = await connection(world)
    expect(row).toMatchObject({ email: TEACHER, status: 'connected' })
    expect(row?.scopes).toEqual(expect.arrayContaining([EVENTS, FREE_BUSY]))
    const token = storedToken(world, row)
    expect(await tokensAtGoogle(world)).toContain(token)
    expect(JSON.stringify(row)).not.toContain(token)
    expect(() => createSecretBox(['another-key-another-key-another-key']).open(row?.sealed_refresh_token ?? '', row?.id ?? '')).toThrow()
    expect(() => world.deps.secrets.open(row?.sealed_refresh_token ?? '', crypto.randomUUID())).toThrow()

    const said = [
      await (await admin.get('/admin/google?ok=connected')).text(),
      await (await admin.get('/admin')).text(),
      await (await admin.get('/api/admin/google')).text(),
      await (await admin.get('/api/auth/session')).text(),
    ]
    for (const text of said) for (const secret of [token, row?.sealed_refresh_token ?? '']) expect(text).not.toContain(secret)
    expect(await json(admin.get('/api/admin/google'))).toMatchObject({ status: 'connected', account: TEACHER, lastError: null })
    expect(await auditOf(world)).toEqual(['calendar.connect'])
    await expectCleanLog(world, [token])
  })

  it('signing in as student or as teacher stores no token and leaves the connection alone', async () => {
    const before = await connection(world)
    await signInAgain(world, 'sofia.pereyra@correo.test')
    await signInAgain(world, TEACHER)
    expect(await connection(world)).toEqual(before)
    expect(await world.rows('SELECT * FROM google_connection')).toHaveLength(1)
  })

  it('a narrower or missing grant never replaces one that works', async () => {
    const before = await connection(world)
    expect(await connect(world, admin, { untick: [EVENTS] })).toContain('scope-missing')
    expect(await connect(world, admin, { deny: true })).toContain('denied')
    expect(await connection(world)).toEqual(before)
    expect(await json(admin.get('/api/admin/calendar-events'))).toEqual({ response: [] })
  })

  it('an access token that ends early is renewed, and nobody notices', async () => {
    expect((await admin.get('/api/admin/calendar-events')).status).toBe(200)
    await world.control(`/google/grants/${TEACHER}/expire-access-tokens`, undefined, 'POST')
    world.clock.advance(61_000)
    expect((await admin.get('/api/admin/calendar-events')).status).toBe(200)
    expect(await connection(world)).toMatchObject({ status: 'connected', last_error: null })
  })

  it('connecting again stores the new grant in place of the old one', async () => {
    const before = await connection(world)
    expect(await connect(world, admin)).toBe('/admin/google?ok=connected')
    const now = await connection(world)
    expect(now?.id).not.toBe(before?.id)
    expect(storedToken(world, now)).not.toBe(storedToken(world, before))
    expect(await world.rows('SELECT * FROM google_connection')).toHaveLength(1)
  })

  it('the daily check finds a grant that was withdrawn: banner in the panel with its cure, and one mail', async () => {
    await world.settle()
    await world.control(`/google/grants/${TEACHER}`, undefined, 'DELETE')
    await world.control('/mail', undefined, 'DELETE')
    world.clock.set('2026-11-24T12:00:01Z')
    await world.settle()
    expect(await json(admin.get('/api/admin/google'))).toMatchObject({
      status: 'disconnected',
      lastError: expect.stringContaining('invalid_grant'),
    })
    const panel = await (await admin.get('/admin/google')).text()
    expect(panel).toContain('Invalid grant')
    expect(panel).toContain('action="/api/admin/google/connect"')
    for (const name of [
      'Refresh token not found',
      'Calendar API not enabled',
      'Meet link not generated',
      'Events showing in wrong time zone',
    ])
      expect(panel).toContain(name)
    world.clock.set('2026-11-25T12:00:02Z')
    await world.settle()
    expect(((await world.control(`/mail?to=${TEACHER}`)) as { mails: unknown[] }).mails).toHaveLength(1)
  })

  it('disconnecting forgets the token and revokes it at Google', async () => {
    expect(await connect(world, admin)).toBe('/admin/google?ok=connected')
    const token = storedToken(world, await connection(world))
    const out = await admin.submit('/api/admin/google/disconnect', {})
    expect(out.headers.get('location')).toBe('/admin/google?ok=disconnected')
    expect(await connection(world)).toBeUndefined()
    expect(await tokensAtGoogle(world)).toEqual([])
    const revocations = await askedOfGoogle(world, 'POST', '/revoke')
    expect(revocations.at(-1)?.status).toBe(200)
    expect((await auditOf(world)).filter((action) => action === 'calendar.disconnect')).toHaveLength(1)
    expect(await json(admin.get('/api/admin/google'))).toEqual({
      status: 'disconnected',
      account: null,
      scopes: [],
      lastOkAt: null,
      lastError: null,
      lastErrorAt: null,
    })
    await expectCleanLog(world, [token])
  })

  it('disconnecting forgets the token also while Google is out of order', async () => {
    expect(await connect(world, admin)).toBe('/admin/google?ok=connected')
    await world.control('/google/faults', { route: 'oauth.revoke', kind: 'error', status: 503, count: 5 })
    expect((await admin.submit('/api/admin/google/disconnect', {})).status).toBe(303)
    expect(await connection(world)).toBeUndefined()
    expect((await admin.submit('/api/admin/google/disconnect', {})).status).toBe(303)
  })

  it('a stored token that no key opens any more counts as lost: disconnected, and the teacher is told', async () => {
    expect(await connect(world, admin)).toBe('/admin/google?ok=connected')
    await world.control('/mail', undefined, 'DELETE')
    const row = await connection(world)
    const other = createSecretBox(['a-key-that-was-taken-away-a-key-that']).seal('x', row?.id ?? '')
    await world.rows('UPDATE google_connection SET sealed_refresh_token = $1', [other])
    world.clock.advance(61_000)
    const events = await admin.get('/api/admin/calendar-events')
    expect({ status: events.status, body: await json(events) }).toEqual({ status: 500, body: { error: 'Failed to fetch calendar events' } })
    await world.settle()
    expect(await connection(world)).toMatchObject({ status: 'disconnected' })
    expect(((await world.control(`/mail?to=${TEACHER}`)) as { mails: unknown[] }).mails).toHaveLength(1)
  })
})

describe('a refresh token that Google replaces (behaviour 4.11)', () => {
  let world: World
  let relay: Relay
  beforeAll(async () => {
    relay = await startRelay()
    world = await openWorld({ env: { GOOGLE_ISSUER_URL: relay.url } })
    relay.forwardTo(world.sandbox.urls.google)
  })
  afterAll(async () => {
    await world.close()
    await relay.close()
  })

  it('is stored in place of the old one, sealed, and used from then on', async () => {
    const before = await connection(world)
    const grant = await world.control('/google/grants', { email: TEACHER, scopes: ['openid', 'email', 'profile', EVENTS, FREE_BUSY] })
    const replacement = String(grant.refresh_token)
    relay.replaceWith(replacement)
    expect((await world.anonymous.get('/api/calendar')).status).toBe(200)
    await expect.poll(async () => storedToken(world, await connection(world))).toBe(replacement)
    const now = await connection(world)
    expect(now?.id).toBe(before?.id)
    expect(now?.sealed_refresh_token).not.toBe(before?.sealed_refresh_token)

    relay.replaceWith(null)
    // The access token of that answer is good for an hour.
    world.clock.advance(61 * 60_000)
    expect((await world.anonymous.get('/api/calendar')).status).toBe(200)
    expect(relay.presented.at(-1)).toBe(replacement)
    await expectCleanLog(world, [replacement])
  })
})

interface Relay {
  url: string
  /** Refresh tokens that were presented, oldest first. */
  presented: string[]
  forwardTo(google: string): void
  replaceWith(refreshToken: string | null): void
  close(): Promise<void>
}

/** Stands before the sandbox's token endpoint and, as Google may, sends a new refresh token with a refreshed access token. */
async function startRelay(): Promise<Relay> {
  let google = ''
  let replacement: string | null = null
  const presented: string[] = []
  const server = createServer((request, response) => void relay(request, response))

  async function relay(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks).toString()
    const form = new URLSearchParams(body)
    if (form.get('grant_type') === 'refresh_token') presented.push(form.get('refresh_token') ?? '')
    const answer = await fetch(new URL(request.url ?? '/', google), {
      method: request.method ?? 'GET',
      headers: { 'content-type': request.headers['content-type'] ?? 'text/plain' },
      ...(body ? { body } : {}),
    })
    const told = (await answer.json()) as Record<string, unknown>
    const changed = replacement && form.get('grant_type') === 'refresh_token' ? { ...told, refresh_token: replacement } : told
    const text = JSON.stringify(changed).replaceAll(new URL(google).origin, url)
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text)
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    presented,
    forwardTo(target) {
      google = target
    },
    replaceWith(refreshToken) {
      replacement = refreshToken
    },
    close() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

async function signInAgain(world: World, email: string): Promise<Response> {
  const attempt = await beginSignIn(world)
  return comeBack(world, await atGoogle(attempt.address.href, { email }), attempt.cookie)
}
