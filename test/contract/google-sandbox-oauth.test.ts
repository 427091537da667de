import { decodeJwt } from 'jose'
import * as oidc from 'openid-client'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { authorizationUrl, createBrowser, REDIRECT_URI, type Rig, STUDENT, scope, signIn, startRig, token } from './google-sandbox-rig.ts'

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

describe('sign-in with the official client', () => {
  it('goes round with PKCE, state and nonce, and its id token verifies', async () => {
    const config = await rig.openid()
    const pkceCodeVerifier = oidc.randomPKCECodeVerifier()
    const [state, nonce] = [oidc.randomState(), oidc.randomNonce()]
    const url = oidc.buildAuthorizationUrl(config, {
      redirect_uri: REDIRECT_URI,
      scope: 'openid email profile',
      code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
      state,
      nonce,
    })
    const browser = createBrowser()
    const consent = await browser.choose(await browser.visit(url), STUDENT)
    const back = await browser.consent(consent, 'allow')
    const tokens = await oidc.authorizationCodeGrant(config, back.url, { pkceCodeVerifier, expectedState: state, expectedNonce: nonce })
    const claims = tokens.claims()!
    expect(claims).toMatchObject({
      iss: rig.google,
      aud: rig.clientId,
      email: STUDENT,
      email_verified: true,
      name: 'Sofía Pereyra',
      given_name: 'Sofía',
      family_name: 'Pereyra',
      nonce,
    })
    expect(tokens.expires_in).toBe(3599)
    expect(tokens.refresh_token).toBeUndefined()
    expect(tokens.scope?.split(' ').sort()).toEqual([scope('userinfo.email'), scope('userinfo.profile'), 'openid'])
    expect(await oidc.fetchUserInfo(config, tokens.access_token, claims.sub)).toMatchObject({ sub: claims.sub, email: STUDENT })
  })

  it('works with the clock moved, when the client follows it', async () => {
    await rig.advance(-400 * 86_400_000)
    const complete = async (config: oidc.Configuration) =>
      oidc.authorizationCodeGrant(config, await signIn(rig, STUDENT), { expectedState: 'st-1' })
    await expect(complete(await rig.openid())).rejects.toThrow('JWT timestamp claim')
    const seconds = () => Math.floor(rig.sandbox.clock.now().getTime() / 1_000)
    const before = seconds()
    const tokens = await complete(await rig.openid({ [oidc.clockSkew]: rig.sandbox.clock.offsetMs / 1_000 }))
    expect(tokens.claims()?.iat).toBeGreaterThanOrEqual(before)
    expect(tokens.claims()?.iat).toBeLessThanOrEqual(seconds())
  })

  it('is verified by the Google library too, before and after a change of keys', async () => {
    const { body } = await exchange(await codeFor(STUDENT))
    const verify = (idToken: string) => rig.oauthClient().verifyIdToken({ idToken, audience: rig.clientId })
    expect((await verify(body.id_token)).getPayload()?.email).toBe(STUDENT)
    const kids = async () =>
      ((await (await fetch(`${rig.google}/oauth2/v3/certs`)).json()) as { keys: { kid: string }[] }).keys.map((key) => key.kid)
    const [kid] = await kids()
    await rig.control('POST', '/__control/google/keys/rotate', {})
    expect((await kids())[1]).toBe(kid)
    expect((await verify(body.id_token)).getPayload()?.email).toBe(STUDENT)
    await rig.control('POST', '/__control/google/keys/rotate', { dropOld: true })
    await expect(verify(body.id_token)).rejects.toThrow('No pem found')
  })
})

describe('the authorization page', () => {
  const wrong: [name: string, parameters: Record<string, string | null>, status: number, code: string][] = [
    ['an unknown client', { client_id: 'nobody' }, 401, 'invalid_client'],
    ['a redirect URI with a slash more', { redirect_uri: `${REDIRECT_URI}/` }, 400, 'redirect_uri_mismatch'],
    ['no redirect URI', { redirect_uri: null }, 400, 'redirect_uri_mismatch'],
    ['another response type', { response_type: 'token' }, 400, 'unsupported_response_type'],
    ['no scope', { scope: null }, 400, 'invalid_request'],
    ['an unknown scope', { scope: 'openid everything' }, 400, 'invalid_scope'],
    ['an unknown prompt', { prompt: 'please' }, 400, 'invalid_request'],
    ['prompt none together with another', { prompt: 'none consent' }, 400, 'invalid_request'],
    ['a challenge that is too short', { code_challenge: 'short', code_challenge_method: 'S256' }, 400, 'invalid_request'],
  ]
  it.each(wrong)('shows an error and redirects nowhere for %s', async (_name, parameters, status, code) => {
    const answer = await createBrowser().visit(authorizationUrl(rig, parameters))
    expect(answer.status).toBe(status)
    expect(answer.text).toContain(code)
    expect(answer.url.pathname).toBe('/o/oauth2/v2/auth')
  })

  it('lists the accounts and makes one for an address that is typed', async () => {
    const browser = createBrowser()
    const chooser = await browser.visit(authorizationUrl(rig))
    for (const account of rig.sandbox.accounts) expect(chooser.text).toContain(account.email)
    const consent = await browser.choose(chooser, 'Nueva.Persona@correo.test', { name: 'Nueva Persona', unverified: '1' })
    const back = await browser.consent(consent, 'allow')
    const { body } = await exchange(back.url.searchParams.get('code')!)
    expect(decodeJwt(body.id_token)).toMatchObject({ email: 'nueva.persona@correo.test', email_verified: false, name: 'Nueva Persona' })
  })

  it('says access_denied when the person cancels, with the state', async () => {
    const browser = createBrowser()
    const consent = await browser.choose(await browser.visit(authorizationUrl(rig)), STUDENT)
    const { url } = await browser.consent(consent, 'deny')
    expect(Object.fromEntries(url.searchParams)).toEqual({ error: 'access_denied', state: 'st-1' })
    const late = await browser.consent(consent, 'allow')
    expect(late.status).toBe(400)
  })

  it('asks for consent once, again when forced, and again for something new', async () => {
    await signIn(rig, STUDENT)
    const direct = async (parameters: Record<string, string>) => {
      const browser = createBrowser()
      const page = await browser.choose(await browser.visit(authorizationUrl(rig, parameters)), STUDENT)
      return page.url.href.startsWith(REDIRECT_URI)
    }
    expect(await direct({})).toBe(true)
    expect(await direct({ prompt: 'consent' })).toBe(false)
    expect(await direct({ scope: `openid email ${scope('calendar.freebusy')}` })).toBe(false)
    expect(await direct({ access_type: 'offline' })).toBe(false)
  })

  it('honours login_hint, prompt=select_account and prompt=none', async () => {
    const visit = (parameters: Record<string, string>) => createBrowser().visit(authorizationUrl(rig, parameters))
    expect((await visit({ login_hint: STUDENT })).url.pathname).toBe('/signin/consent')
    expect((await visit({ login_hint: STUDENT, prompt: 'select_account' })).text).toContain('Elegí una cuenta')
    expect((await visit({ prompt: 'none' })).url.searchParams.get('error')).toBe('login_required')
    expect((await visit({ prompt: 'none', login_hint: STUDENT })).url.searchParams.get('error')).toBe('consent_required')
    await signIn(rig, STUDENT)
    expect((await visit({ prompt: 'none', login_hint: STUDENT })).url.searchParams.get('code')).toBeTruthy()
  })

  it('remembers the account of the last sign-in in a cookie, for prompt=none', async () => {
    const browser = createBrowser()
    const consent = await browser.choose(await browser.visit(authorizationUrl(rig)), STUDENT)
    await browser.consent(consent, 'allow')
    const { url } = await browser.visit(authorizationUrl(rig, { prompt: 'none' }))
    expect(decodeJwt((await exchange(url.searchParams.get('code')!)).body.id_token)).toMatchObject({ email: STUDENT })
  })

  it('can approve by itself for tests without pages', async () => {
    await rig.control('PATCH', '/__control/google/settings', { autoApprove: STUDENT })
    const { url } = await createBrowser().visit(authorizationUrl(rig))
    expect(decodeJwt((await exchange(url.searchParams.get('code')!)).body.id_token)).toMatchObject({ email: STUDENT })
  })

  it('keeps a foreign page from answering for the person', async () => {
    const answer = await fetch(`${rig.google}/signin/consent`, {
      method: 'POST',
      headers: { origin: 'http://evil.example' },
      body: 'request=x',
    })
    expect(answer.status).toBe(403)
  })
})
