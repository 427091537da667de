import { calendar, type calendar_v3, auth as googleAuth } from '@googleapis/calendar'
import * as oidc from 'openid-client'
import { type RunningSandbox, type SandboxOptions, startSandbox } from '../../sandbox/index.ts'

export const REDIRECT_URI = 'http://127.0.0.1:3000/api/auth/callback/google'
export const TEACHER = 'profe@hablainglesya.test'
export const STUDENT = 'sofia.pereyra@correo.test'
const AUTH = 'https://www.googleapis.com/auth/'
export const TEACHER_SCOPES = [
  'openid',
  'email',
  `${AUTH}calendar.events.owned`,
  `${AUTH}calendar.freebusy`,
  `${AUTH}calendar.calendars.readonly`,
]
export const scope = (name: string) => AUTH + name

// biome-ignore lint/suspicious/noExplicitAny: answers of an untyped JSON API, examined field by field
export type AnyJson = any
type Calendar = calendar_v3.Calendar

/** The whole sandbox on free ports; the official clients talk to it over HTTP. */
export interface Rig {
  sandbox: RunningSandbox
  google: string
  hub: string
  clientId: string
  clientSecret: string
  /** A call of the control API. */
  control(method: string, path: string, body?: unknown): Promise<{ status: number; body: AnyJson }>
  /** Moves the virtual clock through the control API, so that due work has run when it returns. */
  advance(milliseconds: number): Promise<void>
  grant(email: string, scopes: string[]): Promise<{ access_token: string; refresh_token: string; scope: string; sub: string }>
  /** The official OAuth client with the endpoints of the sandbox. */
  oauthClient(): InstanceType<typeof googleAuth.OAuth2>
  /** The official Calendar client with an access token for the scopes. */
  calendarFor(email: string, scopes?: string[]): Promise<Calendar>
  calendarWith(accessToken: string): Calendar
  openid(metadata?: Partial<oidc.ClientMetadata>): Promise<oidc.Configuration>
  reset(): Promise<void>
  close(): Promise<void>
}

export async function startRig(options: Partial<SandboxOptions> = {}): Promise<Rig> {
  const sandbox = await startSandbox({
    ports: { hub: 0, google: 0, mercadoPago: 0, smtp: 0 },
    redirectUris: [REDIRECT_URI],
    appUrl: 'http://127.0.0.1:3000',
    ...options,
  })
  const { hub, google } = sandbox.urls
  const clientId = sandbox.settings.AUTH_GOOGLE_ID!
  const clientSecret = sandbox.settings.AUTH_GOOGLE_SECRET!

  async function control(method: string, path: string, body?: unknown) {
    const response = await fetch(hub + path, { method, ...(body !== undefined && { body: JSON.stringify(body) }) })
    const text = await response.text()
    return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : text }
  }

  function oauthClient() {
    return new googleAuth.OAuth2({
      clientId,
      clientSecret,
      redirectUri: REDIRECT_URI,
      issuers: [google],
      endpoints: {
        oauth2AuthBaseUrl: `${google}/o/oauth2/v2/auth`,
        oauth2TokenUrl: `${google}/token`,
        oauth2RevokeUrl: `${google}/revoke`,
        tokenInfoUrl: `${google}/tokeninfo`,
        oauth2FederatedSignonJwkCertsUrl: `${google}/oauth2/v3/certs`,
        oauth2FederatedSignonPemCertsUrl: `${google}/oauth2/v1/certs`,
      },
    })
  }

  function calendarWith(accessToken: string): Calendar {
    const auth = oauthClient()
    auth.setCredentials({ access_token: accessToken })
    return calendar({ version: 'v3', auth, rootUrl: sandbox.settings.GOOGLE_API_URL!, retry: false })
  }

  async function grant(email: string, scopes: string[]) {
    const { status, body } = await control('POST', '/__control/google/grants', { email, scopes })
    if (status !== 201) throw new Error(`grant: ${status} ${JSON.stringify(body)}`)
    return body
  }

  return {
    sandbox,
    google,
    hub,
    clientId,
    clientSecret,
    control,
    async advance(advanceMs) {
      const { status } = await control('POST', '/__control/clock', { advanceMs })
      if (status !== 200) throw new Error(`clock: ${status}`)
    },
    grant,
    oauthClient,
    calendarWith,
    calendarFor: async (email, scopes = TEACHER_SCOPES) => calendarWith((await grant(email, scopes)).access_token),
    openid: (metadata = {}) =>
      oidc.discovery(new URL(google), clientId, { client_secret: clientSecret, ...metadata }, undefined, {
        execute: [oidc.allowInsecureRequests],
      }),
    async reset() {
      await control('POST', '/__control/reset', { clock: true })
    },
    close: () => sandbox.close(),
  }
}

/** Status and first error of a refused call of the Calendar API. Fails when the call succeeds. */
export async function refusal(call: Promise<unknown>): Promise<{ status: number; reason: string; message: string; error: AnyJson }> {
  const error = await call.then(
    (answer) => {
      throw new Error(`Expected a refusal, got ${JSON.stringify((answer as { data?: unknown })?.data)}`)
    },
    (thrown: { response?: { status: number; data: AnyJson } }) => thrown,
  )
  if (!error.response) throw error
  const envelope = error.response.data.error
  return { status: error.response.status, reason: envelope.errors[0].reason, message: envelope.message, error: envelope }
}

export interface Visit {
  status: number
  /** Where the browser ended: the application's redirect URI, or the last page. */
  url: URL
  text: string
}

/** A browser with a cookie jar that can follow Google's forms. It stops before leaving for the application. */
export function createBrowser() {
  let cookie = ''

  async function visit(url: string | URL, form?: Record<string, string | string[]>): Promise<Visit> {
    const body = form && new URLSearchParams(Object.entries(form).flatMap(([name, value]) => [value].flat().map((one) => [name, one])))
    const response = await fetch(url, { method: body ? 'POST' : 'GET', redirect: 'manual', headers: { cookie }, ...(body && { body }) })
    cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie
    const text = await response.text()
    const location = response.headers.get('location')
    if (!location) return { status: response.status, url: new URL(url), text }
    const next = new URL(location, url)
    return next.href.startsWith(REDIRECT_URI) ? { status: response.status, url: next, text } : visit(next)
  }

  const requestId = (text: string) => /name="request" value="([^"]+)"/.exec(text)?.[1] ?? ''

  return {
    visit,
    /** Chooses the account on the chooser page. */
    choose: (page: Visit, email: string, more: Record<string, string> = {}) =>
      visit(new URL('/signin/account', page.url), { request: requestId(page.text), email, ...more }),
    /** Answers the consent page; without `scopes`, every tick stays as it is shown. */
    consent(page: Visit, decision: 'allow' | 'deny', scopes?: string[]) {
      const shown = [...page.text.matchAll(/name="scope" value="([^"]+)"/g)].map((match) => match[1]!)
      return visit(new URL('/signin/consent', page.url), { request: requestId(page.text), decision, scope: scopes ?? shown })
    },
  }
}

export function authorizationUrl(rig: Rig, parameters: Record<string, string | null> = {}): URL {
  const url = new URL(`${rig.google}/o/oauth2/v2/auth`)
  const all = {
    client_id: rig.clientId,
    redirect_uri: REDIRECT_URI,
    response_type: 'code',
    scope: 'openid email profile',
    state: 'st-1',
    ...parameters,
  }
  for (const [name, value] of Object.entries(all)) if (value !== null) url.searchParams.set(name, value)
  return url
}

/** Goes through chooser and consent and returns the redirect to the application. */
export async function signIn(rig: Rig, email: string, parameters: Record<string, string | null> = {}, scopes?: string[]): Promise<URL> {
  const browser = createBrowser()
  const chooser = await browser.visit(authorizationUrl(rig, parameters))
  const next = await browser.choose(chooser, email)
  return next.url.href.startsWith(REDIRECT_URI) ? next.url : (await browser.consent(next, 'allow', scopes)).url
}

/** A raw call of the token endpoint. */
export async function token(
  rig: Rig,
  form: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: AnyJson }> {
  const client: Record<string, string> = headers.authorization ? {} : { client_id: rig.clientId, client_secret: rig.clientSecret }
  const response = await fetch(`${rig.google}/token`, { method: 'POST', headers, body: new URLSearchParams({ ...client, ...form }) })
  return { status: response.status, body: await response.json() }
}

/** Tomorrow at an hour of Argentina, as an instant. */
export function tomorrowAt(rig: Rig, hour: number): string {
  const today = Temporal.Instant.from(rig.sandbox.clock.now().toISOString())
    .toZonedDateTimeISO('America/Argentina/Buenos_Aires')
    .toPlainDate()
  return today.add({ days: 1 }).toZonedDateTime({ timeZone: 'America/Argentina/Buenos_Aires', plainTime: { hour } }).toInstant().toString()
}

export const CLASS_ID = '0123456789abcdef0123456789abcdefg0'
export const ZONE = 'America/Argentina/Buenos_Aires'

/** The body of a class tomorrow from 10 to 11 in Argentina. */
export function classEvent(rig: Rig, changes: calendar_v3.Schema$Event = {}): calendar_v3.Schema$Event {
  return {
    id: CLASS_ID,
    summary: 'Clase de Inglés',
    start: { dateTime: tomorrowAt(rig, 10), timeZone: ZONE },
    end: { dateTime: tomorrowAt(rig, 11), timeZone: ZONE },
    ...changes,
  }
}

export const withMeet = (requestId: string, type = 'hangoutsMeet') => ({
  conferenceData: { createRequest: { requestId, conferenceSolutionKey: { type } } },
})
