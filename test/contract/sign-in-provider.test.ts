import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  ATTENDANCE_SCOPE,
  CALENDAR_SCOPES,
  type SignInChecks,
  type SignInProvider,
  type SignInPurpose,
} from '../../src/features/identity/provider.ts'
import { DAY_MS, MINUTE_MS } from '../../src/kernel/clock.ts'
import { systemIds } from '../../src/kernel/ids.ts'
import { createCalendar } from '../../src/providers/google/calendar.ts'
import { createSignIn } from '../../src/providers/google/sign-in.ts'
import { type Rig, startRig } from './sandbox-rig.ts'
import { recordingLog } from './unruly-server.ts'

const TEACHER = 'profe@hablainglesya.test'
const STUDENT = 'sofia.pereyra@correo.test'

let rig: Rig
let signIn: SignInProvider
let lines: string[]

function newChecks(): SignInChecks {
  return { state: systemIds.secret(), nonce: systemIds.secret(), verifier: systemIds.secret(48) }
}

async function authorizationUrl(purpose: SignInPurpose, checks: SignInChecks, loginHint?: string): Promise<URL> {
  const url = await signIn.authorizationUrl(purpose, checks, loginHint)
  if (!url.ok) throw new Error(url.reason)
  return new URL(url.value)
}

interface Person {
  email: string
  name?: string
  unverified?: boolean
  decision?: 'allow' | 'deny'
  /** Scopes that stay ticked; all of them unless told. */
  ticked?: readonly string[]
}

/** Goes through Google's pages as a person would, and stops where the browser is sent back to us. */
async function visit(start: URL, person: Person): Promise<URL> {
  let response = await fetch(start, { redirect: 'manual' })
  for (let step = 0; step < 6; step++) {
    const location = response.headers.get('location')
    if (location) {
      const url = new URL(location, start)
      if (url.origin !== start.origin) return url
      response = await fetch(url, { redirect: 'manual' })
      continue
    }
    const page = await response.text()
    const action = /<form method="post" action="([^"]+)"/.exec(page)?.[1]
    const request = /name="request" value="([^"]+)"/.exec(page)?.[1]
    if (!action || !request) throw new Error(`No form on the page (${response.status}): ${page.slice(0, 500)}`)
    const form = new URLSearchParams({ request })
    if (action.endsWith('/account')) {
      form.set('email', person.email)
      if (person.name) form.set('name', person.name)
      if (person.unverified) form.set('unverified', '1')
    } else {
      form.set('decision', person.decision ?? 'allow')
      for (const [, scope = ''] of page.matchAll(/name="scope" value="([^"]+)"/g)) {
        if (!person.ticked || person.ticked.includes(scope)) form.append('scope', scope)
      }
    }
    response = await fetch(new URL(action, start), { method: 'POST', body: form, redirect: 'manual' })
  }
  throw new Error('Google’s pages did not lead back')
}

/** The whole way: our address, Google's pages, back with a code, exchanged. */
async function signInAs(person: Person, purpose: SignInPurpose = 'login') {
  const checks = newChecks()
  return signIn.exchange(await visit(await authorizationUrl(purpose, checks), person), checks)
}

const fault = (route: string, more: object = {}) => rig.control('google/faults', { route, ...more })

beforeAll(async () => {
  rig = await startRig()
})
beforeEach(async () => {
  await rig.reset()
  const recording = recordingLog()
  lines = recording.lines
  signIn = createSignIn({ ...rig.config.google, clock: rig.clock, log: recording.log, insecure: true, timeoutMs: 60_000 })
})
afterEach(() => {
  // Neither codes, tokens, secrets nor addresses.
  expect(lines.join('\n')).not.toMatch(/4\/0|ya29\.|1\/\/0|eyJ|GOCSPX|@/)
})
afterAll(() => rig.close())

describe('the address that the browser is sent to', () => {
  it('asks a student for the basics only, and lets them choose the account', async () => {
    const checks = newChecks()
    const { searchParams } = await authorizationUrl('login', checks)
    expect(Object.fromEntries(searchParams)).toEqual({
      client_id: rig.config.google.clientId,
      redirect_uri: rig.config.google.redirectUri,
      response_type: 'code',
      scope: 'openid email profile',
      state: checks.state,
      nonce: checks.nonce,
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
      prompt: 'select_account',
    })
    expect(searchParams.get('code_challenge')).not.toBe(checks.verifier)
  })

  it('asks the teacher for the calendar, offline and with forced consent', async () => {
    const { searchParams } = await authorizationUrl('calendar', newChecks(), TEACHER)
    expect(searchParams.get('scope')?.split(' ')).toEqual(['openid', 'email', 'profile', ...CALENDAR_SCOPES, ATTENDANCE_SCOPE])
    expect(searchParams.get('access_type')).toBe('offline')
    expect(searchParams.get('prompt')).toBe('consent')
    expect(searchParams.get('login_hint')).toBe(TEACHER)
    expect(searchParams.has('include_granted_scopes')).toBe(false)
  })

  it('is not there while Google is not, and is there again afterwards', async () => {
    await fault('oauth.discovery', { status: 503 })
    expect(await signIn.authorizationUrl('login', newChecks())).toEqual({ ok: false, reason: 'unavailable' })
    expect(await signIn.authorizationUrl('login', newChecks())).toMatchObject({ ok: true })
  })
})

describe('signing in', () => {
  it('tells who it is, and brings no refresh token', async () => {
    const account = rig.sandbox.accounts.find(({ email }) => email === STUDENT)
    expect(await signInAs({ email: STUDENT })).toEqual({
      ok: true,
      value: {
        subject: account?.sub,
        email: STUDENT,
        emailVerified: true,
        name: 'Sofía Pereyra',
        image: null,
        grant: { refreshToken: null, scopes: expect.arrayContaining(['openid']) },
      },
    })
  })

  it('keeps the same subject at every visit', async () => {
    const first = await signInAs({ email: STUDENT })
    const second = await signInAs({ email: STUDENT })
    expect(first.ok && first.value.subject).toBe(second.ok && second.value.subject)
    expect((await signInAs({ email: TEACHER })).ok).toBe(true)
  })

  it('tells when the address is not verified', async () => {
    expect(await signInAs({ email: 'nueva@correo.test', unverified: true })).toMatchObject({ ok: true, value: { emailVerified: false } })
  })

  it.each([400 * DAY_MS, -400 * DAY_MS])('works when the sandbox’s clock is %i ms away from the machine’s', async (distance) => {
    rig.clock.advance(distance)
    expect(await signInAs({ email: STUDENT })).toMatchObject({ ok: true, value: { email: STUDENT } })
  })

  it('works right after Google replaced its keys', async () => {
    await signInAs({ email: STUDENT })
    await rig.control('google/keys/rotate', { dropOld: true })
    expect(await signInAs({ email: STUDENT })).toMatchObject({ ok: true })
  })

  it('refused by the person is denied', async () => {
    expect(await signInAs({ email: STUDENT, decision: 'deny' })).toEqual({ ok: false, reason: 'denied' })
  })
})

describe('the calendar grant', () => {
  it('brings a refresh token that the calendar works with', async () => {
    const identity = await signInAs({ email: TEACHER }, 'calendar')
    expect(identity).toMatchObject({ ok: true, value: { email: TEACHER, grant: { scopes: expect.arrayContaining([...CALENDAR_SCOPES]) } } })
    const refreshToken = identity.ok ? (identity.value.grant.refreshToken ?? '') : ''
    const calendar = createCalendar({ ...rig.config.google, clock: rig.clock, log: recordingLog().log })
    expect(await calendar.checkGrant({ grantId: 'grant-1', refreshToken, calendarId: 'primary' })).toEqual({ ok: true, value: null })
  })

  it('brings one every time, also after an earlier consent', async () => {
    const first = await signInAs({ email: TEACHER }, 'calendar')
    const second = await signInAs({ email: TEACHER }, 'calendar')
    expect(first.ok && first.value.grant.refreshToken).toEqual(expect.any(String))
    expect(second.ok && second.value.grant.refreshToken).toEqual(expect.any(String))
  })

  it('with a box unticked succeeds without that scope, and says so', async () => {
    const [events] = CALENDAR_SCOPES
    const identity = await signInAs({ email: TEACHER, ticked: [] }, 'calendar')
    expect(identity).toMatchObject({ ok: true })
    expect(identity.ok && identity.value.grant.scopes).not.toContain(events)
    const half = await signInAs({ email: TEACHER, ticked: [events] }, 'calendar')
    expect(half.ok && half.value.grant.scopes.filter((scope) => scope.includes('calendar'))).toEqual([events])
  })
})

describe('a visit that does not fit', () => {
  /** A finished visit: the address that Google sent the browser to, and what we had asked it with. */
  async function finished() {
    const checks = newChecks()
    return { checks, back: await visit(await authorizationUrl('login', checks), { email: STUDENT }) }
  }

  it.each(['state', 'nonce', 'verifier'] as const)('with another %s is invalid', async (check) => {
    const { checks, back } = await finished()
    expect(await signIn.exchange(back, { ...checks, [check]: systemIds.secret(48) })).toEqual({ ok: false, reason: 'invalid' })
  })

  it('with another person’s code is invalid', async () => {
    const mine = await finished()
    const theirs = await finished()
    mine.back.searchParams.set('code', theirs.back.searchParams.get('code') ?? '')
    expect(await signIn.exchange(mine.back, mine.checks)).toEqual({ ok: false, reason: 'invalid' })
  })

  it('a second time is invalid', async () => {
    const { checks, back } = await finished()
    expect(await signIn.exchange(back, checks)).toMatchObject({ ok: true })
    expect(await signIn.exchange(back, checks)).toEqual({ ok: false, reason: 'invalid' })
  })

  it('after ten minutes is invalid', async () => {
    const { checks, back } = await finished()
    rig.clock.advance(11 * MINUTE_MS)
    expect(await signIn.exchange(back, checks)).toEqual({ ok: false, reason: 'invalid' })
  })

  it('through another host name is the same visit', async () => {
    const { checks, back } = await finished()
    expect(await signIn.exchange(new URL(`https://proxy.example${back.pathname}${back.search}`), checks)).toMatchObject({ ok: true })
  })
})

describe('trouble at Google while the code is exchanged', () => {
  it.each([
    ['oauth.token', { status: 500 }],
    ['oauth.token', { status: 503 }],
    ['oauth.token', { status: 429 }],
    ['oauth.token', { kind: 'drop' }],
    ['oauth.token', { kind: 'malformed' }],
    ['oauth.token', { kind: 'truncated' }],
    ['oauth.token', { kind: 'hang', delayMs: 5_000 }],
    ['oauth.certs', { status: 500 }],
    ['oauth.certs', { kind: 'drop' }],
    ['oauth.discovery', { kind: 'truncated' }],
  ])('%s %o is unavailable', async (route, trouble) => {
    const checks = newChecks()
    const back = await visit(await authorizationUrl('login', checks), { email: STUDENT })
    // Another instance, which has not read the issuer yet.
    const timeoutMs = 'kind' in trouble && trouble.kind === 'hang' ? 1_000 : 60_000
    const fresh = createSignIn({ ...rig.config.google, clock: rig.clock, log: recordingLog().log, insecure: true, timeoutMs })
    await fault(route, trouble)
    expect(await fresh.exchange(back, checks)).toEqual({ ok: false, reason: 'unavailable' })
  })

  it('a refusal of our client is invalid', async () => {
    const checks = newChecks()
    const back = await visit(await authorizationUrl('login', checks), { email: STUDENT })
    const stranger = createSignIn({
      ...rig.config.google,
      clientSecret: 'wrong',
      clock: rig.clock,
      log: recordingLog().log,
      insecure: true,
    })
    expect(await stranger.exchange(back, checks)).toEqual({ ok: false, reason: 'invalid' })
  })
})
