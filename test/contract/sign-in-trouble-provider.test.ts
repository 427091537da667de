import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { SignInProvider } from '../../src/features/identity/provider.ts'
import { ManualClock } from '../../src/kernel/clock.ts'
import { createSignIn } from '../../src/providers/google/sign-in.ts'
import { answer, type Behaviour, recordingLog, reset, silence, stall, startUnrulyServer, type UnrulyServer } from './unruly-server.ts'

// Far from the machine's clock, as the sandbox's clock may be.
const clock = new ManualClock('2031-03-01T12:00:00Z')
const REDIRECT_URI = 'https://clases.example.com/api/auth/callback/google'
const checks = { state: 'state-1', nonce: 'nonce-1', verifier: 'v'.repeat(43) }
const HTML = '<html><body>Bad Gateway</body></html>'
const nowSeconds = () => Math.floor(clock.now().getTime() / 1_000)

const keys = await generateKeyPair('RS256')
const strangersKeys = await generateKeyPair('RS256')
const jwks = { keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' }] }

let server: UnrulyServer
let signIn: SignInProvider
let lines: string[]

interface Parts {
  token?: Behaviour
  discovery?: Behaviour
  certificates?: Behaviour
}

function serve({ token = silence, discovery = discoveryDocument, certificates = answer(200, jwks) }: Parts) {
  server.behave((response, request) => {
    const path = request.url ?? ''
    if (path.startsWith('/.well-known/')) discovery(response, request)
    else if (path === '/certs') certificates(response, request)
    else token(response, request)
  })
}

const discoveryDocument: Behaviour = (response, request) =>
  answer(200, {
    issuer: server.url,
    authorization_endpoint: `${server.url}/auth`,
    token_endpoint: `${server.url}/token`,
    jwks_uri: `${server.url}/certs`,
    response_types_supported: ['code'],
    id_token_signing_alg_values_supported: ['RS256'],
  })(response, request)

async function tokens(claims: JWTPayload = {}, key: CryptoKey = keys.privateKey, kid = 'k1'): Promise<Behaviour> {
  const idToken = await new SignJWT({
    iss: server.url,
    aud: 'client',
    sub: '1001',
    nonce: checks.nonce,
    email: 'Ana@Example.com',
    email_verified: true,
    name: 'Ana Gómez',
    iat: nowSeconds(),
    exp: nowSeconds() + 3_600,
    ...claims,
  })
    .setProtectedHeader({ alg: 'RS256', kid })
    .sign(key)
  return answer(200, { access_token: 'ya29.secret', token_type: 'Bearer', expires_in: 3599, scope: 'openid email', id_token: idToken })
}

function callback(parameters: Record<string, string> = { code: '4/secret-code', state: checks.state }) {
  return new URL(`http://10.0.0.7:8080/api/auth/callback/google?${new URLSearchParams(parameters)}`)
}

const exchange = (url = callback()) => signIn.exchange(url, checks)
const tokenRequests = () => server.requests.filter(({ path }) => path === '/token')

function create(change: { insecure?: boolean; issuerUrl?: string; timeoutMs?: number } = {}) {
  const recording = recordingLog()
  lines = recording.lines
  return createSignIn({
    clientId: 'client',
    clientSecret: 'secret-of-the-client',
    redirectUri: REDIRECT_URI,
    issuerUrl: server.url,
    apiUrl: server.url,
    calendarId: 'primary',
    clock,
    log: recording.log,
    insecure: true,
    timeoutMs: 60_000,
    ...change,
  })
}

/** Silence takes as long as it is waited for; so everything else may take a busy machine. */
function patienceWith(behaviour: Behaviour): { timeoutMs?: number } {
  return behaviour === silence || behaviour === stall ? { timeoutMs: 1_500 } : {}
}

beforeAll(async () => {
  server = await startUnrulyServer()
})
beforeEach(() => {
  server.requests.length = 0
  signIn = create()
})
afterEach(() => {
  expect(lines.join('\n')).not.toMatch(/secret|eyJ/)
})
afterAll(() => server.close())

describe('the issuer', () => {
  it.each([
    ['fails', answer(503, HTML)],
    ['answers HTML', answer(200, HTML)],
    ['never answers', silence],
    ['stalls', stall],
    ['cuts the connection', reset],
    ['says it is another', answer(200, { issuer: 'https://accounts.google.com' })],
  ])('%s: unavailable, and asked again the next time', async (_, discovery) => {
    signIn = create(patienceWith(discovery))
    serve({ discovery })
    expect(await signIn.authorizationUrl('login', checks)).toEqual({ ok: false, reason: 'unavailable' })
    serve({})
    expect(await signIn.authorizationUrl('login', checks)).toMatchObject({ ok: true })
  })

  it('is read once', async () => {
    serve({ token: await tokens() })
    await Promise.all([signIn.authorizationUrl('login', checks), signIn.authorizationUrl('calendar', checks), exchange()])
    expect(server.requests.filter(({ path }) => path.startsWith('/.well-known/'))).toHaveLength(1)
  })

  it('over plain http is refused unless the sandbox allows it', async () => {
    serve({})
    signIn = create({ insecure: false })
    expect(await signIn.authorizationUrl('login', checks)).toEqual({ ok: false, reason: 'unavailable' })
    expect(server.requests).toEqual([])
  })
})

describe('what comes back with the browser', () => {
  it.each([
    ['a no from the person', { error: 'access_denied', state: checks.state }, 'denied'],
    ['a no that belongs to another visit', { error: 'access_denied', state: 'other' }, 'invalid'],
    ['trouble at Google', { error: 'temporarily_unavailable', state: checks.state }, 'unavailable'],
    ['another error', { error: 'invalid_scope', state: checks.state }, 'invalid'],
    ['another state', { code: '4/secret-code', state: 'other' }, 'invalid'],
    ['no state', { code: '4/secret-code' }, 'invalid'],
    ['no code', { state: checks.state }, 'invalid'],
    ['another issuer', { code: '4/secret-code', state: checks.state, iss: 'https://evil.example' }, 'invalid'],
  ])('%s', async (_, parameters, reason) => {
    serve({})
    expect(await exchange(callback(parameters))).toEqual({ ok: false, reason })
    expect(tokenRequests()).toEqual([])
  })
})

describe('the code exchange', () => {
  it('names the registered address, whatever host the browser came through', async () => {
    serve({ token: await tokens() })
    expect(await exchange()).toMatchObject({ ok: true })
    const sent = new URLSearchParams(tokenRequests()[0]?.body)
    expect(Object.fromEntries(sent)).toMatchObject({ redirect_uri: REDIRECT_URI, code: '4/secret-code', code_verifier: checks.verifier })
  })

  it.each([
    ['503 with HTML', answer(503, HTML), 'unavailable'],
    ['500 in JSON', answer(500, { error: 'internal_failure' }), 'unavailable'],
    ['429', answer(429, { error: 'rate_limited' }), 'unavailable'],
    ['HTML that says 200', answer(200, HTML), 'unavailable'],
    ['cut JSON', answer(200, '{"access_token":', { 'content-type': 'application/json' }), 'unavailable'],
    ['no answer', silence, 'unavailable'],
    ['a body that never ends', stall, 'unavailable'],
    ['a cut connection', reset, 'unavailable'],
    ['invalid_grant', answer(400, { error: 'invalid_grant', error_description: 'Bad Request' }), 'invalid'],
    ['invalid_client', answer(401, { error: 'invalid_client' }), 'invalid'],
    ['no id_token', answer(200, { access_token: 'ya29.secret', token_type: 'Bearer' }), 'invalid'],
  ])('%s', async (_, token, reason) => {
    signIn = create(patienceWith(token))
    serve({ token })
    expect(await exchange()).toEqual({ ok: false, reason })
  })

  it('never follows a redirect with the code', async () => {
    const stranger = await startUnrulyServer()
    serve({ token: answer(307, '', { location: `${stranger.url}/token` }) })
    expect(await exchange()).toMatchObject({ ok: false })
    await stranger.close()
    expect(stranger.requests).toEqual([])
  })
})

describe('the id_token', () => {
  it.each([
    ['another nonce', { nonce: 'other' }],
    ['another audience', { aud: 'someone-else' }],
    ['another issuer', { iss: 'https://accounts.google.com' }],
    ['expired by our clock', { iat: 1_900_000_000, exp: 1_900_003_600 }],
    ['no e-mail', { email: undefined }],
    ['an e-mail that is none', { email: 'ana' }],
  ])('with %s is invalid', async (_, claims) => {
    serve({ token: await tokens(claims) })
    expect(await exchange()).toEqual({ ok: false, reason: 'invalid' })
  })

  it('signed by somebody else is invalid', async () => {
    serve({ token: await tokens({}, strangersKeys.privateKey) })
    expect(await exchange()).toEqual({ ok: false, reason: 'invalid' })
  })

  it.each([
    ['fail', answer(500, HTML)],
    ['never answer', silence],
  ])('cannot be checked while the keys %s: unavailable', async (_, certificates) => {
    signIn = create(patienceWith(certificates))
    serve({ token: await tokens(), certificates })
    expect(await exchange()).toEqual({ ok: false, reason: 'unavailable' })
  })

  it('signed with a key that was replaced since the last sign-in is checked with the new one', async () => {
    serve({ token: await tokens() })
    await exchange()
    const renewed = { keys: [{ ...(await exportJWK(strangersKeys.publicKey)), kid: 'k2', alg: 'RS256', use: 'sig' }] }
    serve({ token: await tokens({}, strangersKeys.privateKey, 'k2'), certificates: answer(200, renewed) })
    expect(await exchange()).toMatchObject({ ok: true })
  })

  it('becomes an identity with a lower-case address', async () => {
    serve({ token: await tokens() })
    expect(await exchange()).toEqual({
      ok: true,
      value: {
        subject: '1001',
        email: 'ana@example.com',
        emailVerified: true,
        name: 'Ana Gómez',
        image: null,
        grant: { refreshToken: null, scopes: ['openid', 'email'] },
      },
    })
  })

  it.each([
    [{ email_verified: 'false' }, false],
    [{ email_verified: undefined }, false],
    [{ email_verified: 'true' }, true],
  ])('tells whether the address is verified: %o', async (claims, emailVerified) => {
    serve({ token: await tokens(claims) })
    expect(await exchange()).toMatchObject({ ok: true, value: { emailVerified } })
  })

  it('without a usable name or picture still is an identity', async () => {
    serve({ token: await tokens({ name: ' ', picture: 'javascript:alert(1)' }) })
    expect(await exchange()).toMatchObject({ ok: true, value: { name: 'ana', image: null } })
  })
})
