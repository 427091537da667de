import * as oidc from 'openid-client'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  authorizationUrl,
  createBrowser,
  REDIRECT_URI,
  type Rig,
  STUDENT,
  scope,
  signIn,
  startRig,
  TEACHER,
  TEACHER_SCOPES,
  token,
} from './google-sandbox-rig.ts'

const VERIFIER = 'v'.repeat(43)
const CALENDAR = { scope: TEACHER_SCOPES.join(' '), access_type: 'offline', prompt: 'consent' }

let rig: Rig

beforeAll(async () => {
  rig = await startRig()
})
afterAll(() => rig.close())
beforeEach(() => rig.reset())

const codeFor = async (email: string, parameters: Record<string, string | null> = {}) =>
  (await signIn(rig, email, parameters)).searchParams.get('code')!
const exchange = (code: string, more: Record<string, string> = {}) =>
  token(rig, { grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI, ...more })
const refreshWith = (refreshToken: string) => token(rig, { grant_type: 'refresh_token', refresh_token: refreshToken })
const DEAD = { status: 400, body: { error: 'invalid_grant', error_description: 'Token has been expired or revoked.' } }

describe('scopes', () => {
  it('contain only what was ticked', async () => {
    const url = await signIn(rig, TEACHER, CALENDAR, [scope('calendar.freebusy')])
    const { body } = await exchange(url.searchParams.get('code')!)
    expect(body.scope.split(' ').sort()).toEqual([scope('calendar.freebusy'), scope('userinfo.email'), 'openid'])
    expect(body.refresh_token).toBeTruthy()
  })

  it('grow with include_granted_scopes and only then', async () => {
    await signIn(rig, TEACHER, CALENDAR)
    const narrow = await exchange(await codeFor(TEACHER, { scope: 'openid email' }))
    expect(narrow.body.scope).not.toContain('calendar')
    const wide = await exchange(await codeFor(TEACHER, { scope: 'openid email', include_granted_scopes: 'true' }))
    expect(wide.body.scope).toContain(scope('calendar.events.owned'))
  })
})

describe('the code exchange', () => {
  const withPkce = async () => {
    const code_challenge = await oidc.calculatePKCECodeChallenge(VERIFIER)
    return codeFor(STUDENT, { code_challenge, code_challenge_method: 'S256' })
  }

  it('refuses a wrong and a missing PKCE verifier', async () => {
    const code = await withPkce()
    expect(await exchange(code, { code_verifier: 'w'.repeat(43) })).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect(await exchange(code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect(await exchange(code, { code_verifier: VERIFIER })).toMatchObject({ status: 200 })
  })

  it('refuses another redirect URI than the one of the authorization', async () => {
    const code = await codeFor(STUDENT)
    expect(await exchange(code, { redirect_uri: 'http://127.0.0.1:3000/other' })).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    })
  })

  it('takes a code once, and only for ten minutes', async () => {
    const code = await codeFor(STUDENT)
    expect((await exchange(code)).status).toBe(200)
    expect(await exchange(code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    const late = await codeFor(STUDENT)
    await rig.advance(600_000)
    expect(await exchange(late)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  })

  it('knows the client by body and by Basic, and nobody else', async () => {
    const basic = (id: string, secret: string) => ({ authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` })
    const form = async () => ({ grant_type: 'authorization_code', code: await codeFor(STUDENT), redirect_uri: REDIRECT_URI })
    expect((await token(rig, await form(), basic(rig.clientId, rig.clientSecret))).status).toBe(200)
    expect(await token(rig, await form(), basic(rig.clientId, 'wrong'))).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    expect(await token(rig, { ...(await form()), client_id: 'nobody' })).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
  })

  it('refuses what it does not know', async () => {
    expect(await token(rig, { grant_type: 'password' })).toMatchObject({ status: 400, body: { error: 'unsupported_grant_type' } })
    expect(await token(rig, {})).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    expect(await exchange('made-up')).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  })
})

describe('the refresh token', () => {
  it('comes only with offline access', async () => {
    expect((await exchange(await codeFor(STUDENT))).body).not.toHaveProperty('refresh_token')
    expect((await exchange(await codeFor(STUDENT, { prompt: 'consent' }))).body).not.toHaveProperty('refresh_token')
  })

  it('comes at the first offline consent, and later only when consent is forced', async () => {
    const offline = { access_type: 'offline' }
    expect((await exchange(await codeFor(STUDENT, offline))).body.refresh_token).toBeTruthy()
    expect((await exchange(await codeFor(STUDENT, offline))).body).not.toHaveProperty('refresh_token')
    expect((await exchange(await codeFor(STUDENT, { ...offline, prompt: 'consent' }))).body.refresh_token).toBeTruthy()
  })

  it('gives new access tokens and no new refresh token, through both official clients', async () => {
    const { refresh_token } = await rig.grant(TEACHER, TEACHER_SCOPES)
    const renewed = await oidc.refreshTokenGrant(await rig.openid(), refresh_token)
    expect(renewed.refresh_token).toBeUndefined()
    expect(renewed.scope).toContain(scope('calendar.freebusy'))
    const client = rig.oauthClient()
    client.setCredentials({ refresh_token })
    const { token: accessToken } = await client.getAccessToken()
    const info = await client.getTokenInfo(accessToken!)
    expect(info).toMatchObject({ aud: rig.clientId, email: TEACHER, access_type: 'offline' })
    expect(info.scopes).toContain(scope('calendar.events.owned'))
  })

  it('dies after six months without use, and lives on while it is used', async () => {
    const [idle, used] = [await rig.grant(TEACHER, TEACHER_SCOPES), await rig.grant(TEACHER, TEACHER_SCOPES)]
    await rig.advance(100 * 86_400_000)
    expect((await refreshWith(used.refresh_token)).status).toBe(200)
    await rig.advance(90 * 86_400_000)
    expect((await refreshWith(used.refresh_token)).status).toBe(200)
    expect(await refreshWith(idle.refresh_token)).toEqual(DEAD)
  })

  it('dies after seven days while the consent screen is in testing, unless it is about identity only', async () => {
    await rig.control('PATCH', '/__control/google/settings', { publishingStatus: 'testing' })
    const calendar = (await exchange(await codeFor(TEACHER, CALENDAR))).body
    const identity = (await exchange(await codeFor(STUDENT, { access_type: 'offline' }))).body
    expect(calendar.refresh_token_expires_in).toBe(7 * 86_400 - 1)
    expect(identity).not.toHaveProperty('refresh_token_expires_in')
    await rig.advance(7 * 86_400_000 - 1_000)
    expect((await refreshWith(calendar.refresh_token)).status).toBe(200)
    await rig.advance(2_000)
    expect(await refreshWith(calendar.refresh_token)).toEqual(DEAD)
    expect((await refreshWith(identity.refresh_token)).status).toBe(200)
  })

  it('is the oldest of at most one hundred per account', async () => {
    const tokens: string[] = []
    for (let n = 0; n < 101; n += 1) tokens.push((await rig.grant(TEACHER, ['openid'])).refresh_token)
    expect(await refreshWith(tokens[0]!)).toEqual(DEAD)
    expect((await refreshWith(tokens[1]!)).status).toBe(200)
    expect((await refreshWith(tokens[100]!)).status).toBe(200)
  })

  it.each([
    ['disabled', { error: 'invalid_grant', error_description: 'Account has been deleted' }],
    ['rapt', { error: 'invalid_grant', error_subtype: 'invalid_rapt' }],
    ['policy', { error: 'invalid_grant', error_subtype: 'admin_policy_enforced' }],
  ])('answers invalid_grant when the account is in trouble: %s', async (token_problem, body) => {
    const { refresh_token } = await rig.grant(TEACHER, TEACHER_SCOPES)
    await rig.control('PATCH', `/__control/google/accounts/${TEACHER}`, { token_problem })
    expect(await refreshWith(refresh_token)).toMatchObject({ status: 400, body })
    await rig.control('PATCH', `/__control/google/accounts/${TEACHER}`, { token_problem: null })
    expect((await refreshWith(refresh_token)).status).toBe(200)
  })

  it('surfaces as invalid_grant in both official clients', async () => {
    await expect(oidc.refreshTokenGrant(await rig.openid(), 'made-up')).rejects.toMatchObject({ error: 'invalid_grant', status: 400 })
    const client = rig.oauthClient()
    client.setCredentials({ refresh_token: 'made-up' })
    await expect(client.getAccessToken()).rejects.toThrow('invalid_grant')
  })
})

describe('access tokens', () => {
  const status = async (accessToken: string) =>
    (await fetch(`${rig.google}/v1/userinfo`, { headers: { authorization: `Bearer ${accessToken}` } })).status

  it('expire after 3599 seconds of the virtual clock', async () => {
    const { access_token } = await rig.grant(TEACHER, ['openid', 'email'])
    await rig.advance(3_590_000)
    expect(await status(access_token)).toBe(200)
    await rig.advance(9_000)
    expect(await status(access_token)).toBe(401)
  })

  it('can be made to expire by hand, while the refresh token goes on', async () => {
    const { access_token, refresh_token } = await rig.grant(TEACHER, ['openid'])
    await rig.control('POST', `/__control/google/grants/${TEACHER}/expire-access-tokens`)
    expect(await status(access_token)).toBe(401)
    expect((await refreshWith(refresh_token)).status).toBe(200)
  })
})

describe('revocation', () => {
  const asksForConsent = async () => {
    const browser = createBrowser()
    const page = await browser.choose(await browser.visit(authorizationUrl(rig, { scope: 'openid email' })), TEACHER)
    return page.url.pathname === '/signin/consent'
  }

  it('of an access token takes everything of the account, and of nobody else', async () => {
    const [teacher, other, student] = [
      await rig.grant(TEACHER, TEACHER_SCOPES),
      await rig.grant(TEACHER, ['openid']),
      await rig.grant(STUDENT, ['openid']),
    ]
    expect(await asksForConsent()).toBe(false)
    expect((await rig.oauthClient().revokeToken(teacher.access_token)).status).toBe(200)
    expect(await refreshWith(teacher.refresh_token)).toEqual(DEAD)
    expect(await refreshWith(other.refresh_token)).toEqual(DEAD)
    expect((await refreshWith(student.refresh_token)).status).toBe(200)
    expect(await asksForConsent()).toBe(true)
  })

  it('works with openid-client and with the token in the body', async () => {
    const { refresh_token, access_token } = await rig.grant(TEACHER, TEACHER_SCOPES)
    await oidc.tokenRevocation(await rig.openid(), refresh_token)
    expect(await refreshWith(refresh_token)).toEqual(DEAD)
    const again = await fetch(`${rig.google}/revoke`, { method: 'POST', body: new URLSearchParams({ token: access_token }) })
    expect(again.status).toBe(400)
    expect(await again.json()).toMatchObject({ error: 'invalid_token' })
  })

  it('can be done by hand, as in the account settings at Google', async () => {
    const { refresh_token } = await rig.grant(TEACHER, TEACHER_SCOPES)
    expect((await rig.control('GET', '/__control/google/grants')).body.grants).toMatchObject([
      { email: TEACHER, offline: true, refresh_tokens: 1 },
    ])
    expect((await rig.control('DELETE', `/__control/google/grants/${TEACHER}`)).status).toBe(204)
    expect(await refreshWith(refresh_token)).toEqual(DEAD)
  })
})
