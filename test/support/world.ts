import { openAsBlob } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { sql } from 'drizzle-orm'
import type { Hono } from 'hono'
import pg from 'pg'
import { inject } from 'vitest'
import { type RunningSandbox, startSandbox } from '../../sandbox/index.ts'
import { createSandboxClock, type SandboxClock } from '../../sandbox/kernel/clock.ts'
import { parseConfig } from '../../src/config.ts'
import type { Database } from '../../src/db/client.ts'
import { migrate } from '../../src/db/migrate.ts'
import { openEmbedded, openServer } from '../../src/db/open.ts'
import type { Deps } from '../../src/deps.ts'
import { defaultTeacher, ensureTeacher } from '../../src/features/academy/store.ts'
import { createLiveHub } from '../../src/features/live/hub.ts'
import { createAccessTokens } from '../../src/features/meeting/access-tokens.ts'
import { adoptCalendarGrant } from '../../src/features/meeting/adopt.ts'
import { keepRefreshToken } from '../../src/features/meeting/connection.ts'
import { createUsageCounter } from '../../src/features/meeting/usage.ts'
import { createApp } from '../../src/http/app.ts'
import type { AppEnv } from '../../src/http/context.ts'
import { createJobs, type JobRunner } from '../../src/jobs/queue.ts'
import { JOBS } from '../../src/jobs/registry.ts'
import { queueTimedJobs } from '../../src/jobs/schedule.ts'
import { systemIds } from '../../src/kernel/ids.ts'
import { createSecretBox } from '../../src/kernel/secret-box.ts'
import { createCalendar } from '../../src/providers/google/calendar.ts'
import { createSignIn } from '../../src/providers/google/sign-in.ts'
import { createExerciseModel } from '../../src/providers/llm/index.ts'
import { createMail } from '../../src/providers/mail/index.ts'
import { createMercadoPago } from '../../src/providers/mercado-pago/index.ts'
import { createPages } from '../../src/web/index.ts'
import { configFile } from './config-files.ts'
import { patientDoors } from './doors.ts'
import { randomFrom, seededIds } from './random.ts'

/** A Monday, 09:00 in Argentina: every test begins here unless it says otherwise. */
export const MONDAY_9H = '2026-11-23T12:00:00.000Z'
export const BASE_URL = 'http://localhost:3000'
const ROUNDS_MAX = 40
/** Another one plays the same tests with other ids, codes and pauses. */
const SEED = Number(process.env.TEST_SEED ?? 1)
/** As long as providers may take here, where nothing says that they are slow: the machine may be. */
const PATIENCE_MS = 60_000

export interface LogLine {
  level: string
  fields: Record<string, unknown>
  message: string
}

/** A person at a browser, or a program: keeps its cookie. */
export interface Client {
  readonly cookie: string
  get(path: string, headers?: Record<string, string>): Promise<Response>
  /** Sends JSON; a string is sent as it is. */
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>
  /** Sends a form as a browser of our own pages does. */
  submit(path: string, fields: Record<string, string>, headers?: Record<string, string>): Promise<Response>
}

export interface World {
  deps: Deps
  app: Hono<AppEnv>
  sandbox: RunningSandbox
  jobs: JobRunner
  /** Everything the application logged. */
  logged: LogLine[]
  clock: { now(): Date; set(to: string | Date): void; advance(milliseconds: number): void }
  /** Somebody who is not signed in. */
  anonymous: Client
  /** Signs in through the real flow; an unknown address becomes a new person. */
  signIn(email: string, name?: string): Promise<Client>
  student(index?: 0 | 1 | 2 | 3): Promise<Client>
  admin(): Promise<Client>
  /** Delivers what the providers have to say and runs every job that is due, until nothing is left to do. */
  settle(): Promise<void>
  /** Sends a request to the sandbox's control API, for example `control('/mercado-pago/pay', { preferenceId })`. */
  control(path: string, body?: unknown, method?: string): Promise<Record<string, unknown>>
  rows<T extends Record<string, unknown>>(text: string, values?: unknown[]): Promise<T[]>
  close(): Promise<void>
}

export interface WorldOptions {
  now?: string
  /** A PostgreSQL server to make a database of our own on; without it, the embedded database in memory. */
  postgresUrl?: string
  connectionsMax?: number
  /** Writes rows before anything else is there; on a PostgreSQL server only. */
  fill?: (connection: pg.Client) => Promise<void>
  /** Variables that differ from the defaults of a test. */
  env?: Record<string, string>
  /** False: the teacher's calendar is not connected. */
  calendar?: boolean
  /** True: exercises are written by the sandbox's model. */
  model?: boolean
  /** How long providers are waited for. Silence takes that long. */
  patienceMs?: number
}

/** The real application on real sandboxes, with a clock that only moves by hand and jobs that only run when told. */
export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const sandboxClock = frozenClock(options.now ?? MONDAY_9H)
  let app: Hono<AppEnv> | null = null
  const sandbox = await startSandbox({
    ports: { hub: 0, google: 0, mercadoPago: 0, smtp: 0, ...(options.model ? { llm: 0 } : {}) },
    redirectUris: [`${BASE_URL}/api/auth/callback/google`],
    appUrl: BASE_URL,
    clock: sandboxClock,
    allowLoopbackWebhooks: true,
    deliver: async (request) => (app ? app.fetch(request) : new Response(null, { status: 503 })),
  })
  const logged: LogLine[] = []
  const log = recordingLog(logged)
  const env = {
    SANDBOX: '1',
    BASE_URL,
    RATE_LIMIT_SCALE: '1000',
    // Calendars are read every minute; where Google's notifications are the matter, a test asks for them.
    CALENDAR_PUSH: '0',
    ...sandbox.settings,
    ...(options.model ? { ACTIVITY_GENERATOR: 'ai' } : {}),
    ...options.env,
  }
  const parsed = parseConfig(env, await configFile('pricing'), await configFile('academy'))
  if (!parsed.ok) throw new Error(parsed.errors.join('\n'))
  const { config } = parsed
  const opened = options.postgresUrl
    ? await openOwnDatabase(options.postgresUrl, options.connectionsMax)
    : { db: await openTemplate(), drop: async () => {}, connected: async () => {} }
  const { db } = opened
  await migrate(db, fileURLToPath(new URL('../../src/db/migrations', import.meta.url)), sandboxClock.now())
  if (options.fill) await opened.connected(options.fill)
  const jobs = createJobs(db, sandboxClock, log, JOBS, options.postgresUrl ? 'postgres' : 'pglite')
  const secrets = createSecretBox(config.tokenEncryptionKeys)
  const patienceMs = options.patienceMs ?? PATIENCE_MS
  // With several connections the order of things is chance anyway; else a test draws the same ids, codes and pauses each time.
  const ids = options.postgresUrl ? systemIds : seededIds(randomFrom(SEED))
  const patience = { timeoutMs: patienceMs, deadlineMs: patienceMs }
  const deps: Deps = {
    config,
    db,
    log,
    jobs,
    clock: sandboxClock,
    ids,
    secrets,
    payments: createMercadoPago({ ...config.mercadoPago, ...patience, baseUrl: config.baseUrl, clock: sandboxClock, log }),
    calendar: createCalendar({
      ...config.google,
      ...patience,
      clock: sandboxClock,
      log,
      // Hours pass in a moment here.
      callsPerSecondMax: 1_000,
      tokens: createAccessTokens({ db, clock: sandboxClock, ids, secrets }),
      onCall: createUsageCounter({ db, clock: sandboxClock, log }),
      onRefreshToken: (grantId, token) => keepRefreshToken(deps, grantId, token),
    }),
    signIn: createSignIn({ ...config.google, timeoutMs: patienceMs, clock: sandboxClock, log, insecure: true }),
    mail: config.mail ? createMail({ ...config.mail, ...patience, log }) : null,
    exercises: config.llm.service ? createExerciseModel({ ...config.llm.service, log, deadlineMs: patienceMs }) : null,
    live: createLiveHub(db.listen, log),
  }
  await jobs.prepare()
  await ensureTeacher(deps)
  const server: Hono<AppEnv> = createApp(
    deps,
    createPages({ asset: (name) => `/assets/${name}`, sandbox: { hubHref: sandbox.urls.hub, mailboxHref: `${sandbox.urls.hub}/mailbox` } }),
    undefined,
    patientDoors(),
  )
  app = server

  async function control(path: string, body?: unknown, method = body === undefined ? 'GET' : 'POST'): Promise<Record<string, unknown>> {
    const answer = await fetch(`${sandbox.urls.hub}/__control${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} /__control${path} → ${answer.status} ${text.slice(0, 300)}`)
    return text ? (JSON.parse(text) as Record<string, unknown>) : {}
  }

  // Time stands still until a test moves it, so notifications leave at once.
  await control('/mercado-pago/settings', { notificationDelayMs: 0 }, 'PATCH')
  if (options.calendar !== false) {
    const teacher = await defaultTeacher(db.handle)
    if (!teacher) throw new Error('No teacher was made')
    await adoptCalendarGrant(deps, teacher.id, async (scopes) => {
      const grant = await control('/google/grants', { email: teacher.email, scopes: ['openid', 'email', 'profile', ...scopes] })
      return { refreshToken: String(grant.refresh_token), subject: String(grant.sub), email: String(grant.email) }
    })
  }

  const clients = new Map<string, Client>()
  const world: World = {
    deps,
    app: server,
    sandbox,
    jobs,
    logged,
    clock: {
      now: () => sandboxClock.now(),
      set: (to) => sandboxClock.set(new Date(to)),
      advance: (milliseconds) => sandboxClock.advance(milliseconds),
    },
    anonymous: clientOf(server, ''),
    async signIn(email, name) {
      const known = clients.get(email)
      if (known) return known
      if (!sandbox.accounts.some((account) => account.email === email))
        await control('/google/accounts', { email, name: name ?? email.split('@')[0], email_verified: true })
      await control('/google/settings', { autoApprove: email }, 'PATCH')
      const begun = await clientOf(server, '').submit('/api/auth/login', { callbackUrl: '/inicio' })
      const back = await fetch(begun.headers.get('location') ?? '', { redirect: 'manual' })
      await control('/google/settings', { autoApprove: null }, 'PATCH')
      const callback = new URL(back.headers.get('location') ?? '')
      const finished = await clientOf(server, cookiesOf(begun)).get(callback.pathname + callback.search)
      if (!['/inicio', '/admin'].includes(finished.headers.get('location') ?? ''))
        throw new Error(`Signing in ended at ${finished.headers.get('location')}`)
      const client = clientOf(server, cookiesOf(finished))
      clients.set(email, client)
      return client
    },
    student: (index = 0) => world.signIn(sandbox.accounts.filter((account) => account.role === 'student')[index]?.email ?? ''),
    admin: () => world.signIn(config.adminEmail),
    async settle() {
      for (let round = 0; round < ROUNDS_MAX; round++) {
        await sandbox.tick()
        await queueTimedJobs(deps)
        if ((await jobs.drain(deps)) === 0) return
      }
      throw new Error('The world does not come to rest')
    },
    control,
    rows: async <T extends Record<string, unknown>>(text: string, values?: unknown[]) => (await db.execute(text, values)).rows as T[],
    async close() {
      await deps.live.close()
      await jobs.stop()
      await sandbox.close()
      await db.close()
      await opened.drop()
    },
  }
  return world
}

/** The embedded database in memory, as the set-up of the project left it. */
async function openTemplate(): Promise<Database> {
  return openEmbedded(null, { loadFrom: await openAsBlob(inject('databaseTemplate')) })
}

function frozenClock(start: string): SandboxClock {
  const at = new Date(start).getTime()
  return createSandboxClock(0, () => at)
}

interface OwnDatabase {
  db: Database
  drop(): Promise<void>
  /** Does that over a connection of its own. */
  connected(work: (connection: pg.Client) => Promise<void>): Promise<void>
}

async function openOwnDatabase(serverUrl: string, connectionsMax = 40): Promise<OwnDatabase> {
  const name = `test_${crypto.randomUUID().replaceAll('-', '')}`
  const connected = async (to: string, work: (client: pg.Client) => Promise<unknown>) => {
    const client = new pg.Client({ connectionString: to })
    await client.connect()
    await work(client)
    await client.end()
  }
  const run = (statement: string) => connected(serverUrl, (client) => client.query(statement))
  await run(`CREATE DATABASE ${name}`)
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  const db = openServer(url.href, { connectionsMax })
  await db.handle.execute(sql`SELECT 1`)
  return { db, drop: () => run(`DROP DATABASE ${name} WITH (FORCE)`), connected: (work) => connected(url.href, work) }
}

function clientOf(app: Hono<AppEnv>, cookie: string): Client {
  const send = async (method: string, path: string, init: { body?: BodyInit; headers?: Record<string, string> }) =>
    app.request(`${BASE_URL}${path}`, {
      method,
      redirect: 'manual',
      headers: { ...(cookie ? { cookie } : {}), ...init.headers },
      ...(init.body === undefined ? {} : { body: init.body }),
    })
  const json = (body: unknown) => (typeof body === 'string' ? body : JSON.stringify(body))
  const client: Client = {
    cookie,
    get: (path, headers = {}) => send('GET', path, { headers }),
    post: (path, body, headers = {}) => client.send('POST', path, body, headers),
    send: (method, path, body, headers = {}) =>
      send(method, path, {
        headers: { 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: json(body) }),
      }),
    submit: (path, fields, headers = {}) =>
      send('POST', path, { body: new URLSearchParams(fields), headers: { origin: BASE_URL, ...headers } }),
  }
  return client
}

function cookiesOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .map((line) => line.split(';')[0] ?? '')
    .filter((pair) => !pair.endsWith('='))
    .join('; ')
}

/** Keeps what is logged, after the same redaction as in production would be too late: tests look for secrets in it. */
function recordingLog(lines: LogLine[]): Deps['log'] {
  const write = (level: string) => (fields: unknown, message?: string) => {
    lines.push({ level, fields: typeof fields === 'object' && fields !== null ? { ...fields } : {}, message: message ?? String(fields) })
  }
  const log = { info: write('info'), warn: write('warn'), error: write('error'), debug: write('debug'), child: () => log }
  return log as unknown as Deps['log']
}
