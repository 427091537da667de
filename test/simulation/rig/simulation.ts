import { openAsBlob } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Hono } from 'hono'
import { createGoogleSandbox, type GoogleSandbox } from '../../../sandbox/google/index.ts'
import type { PartContext, SandboxPart } from '../../../sandbox/kernel/parts.ts'
import { createMercadoPagoSandbox, type MercadoPagoSandbox } from '../../../sandbox/mercado-pago/index.ts'
import { type Config, parseConfig } from '../../../src/config.ts'
import { migrate } from '../../../src/db/migrate.ts'
import { openEmbeddedPool } from '../../../src/db/open.ts'
import type { Deps } from '../../../src/deps.ts'
import { ensureTeacher } from '../../../src/features/academy/store.ts'
import { createLiveHub } from '../../../src/features/live/hub.ts'
import { createAccessTokens } from '../../../src/features/meeting/access-tokens.ts'
import { keepRefreshToken } from '../../../src/features/meeting/connection.ts'
import { createApp } from '../../../src/http/app.ts'
import type { AppEnv } from '../../../src/http/context.ts'
import { createJobs, type JobRunner } from '../../../src/jobs/queue.ts'
import { JOBS } from '../../../src/jobs/registry.ts'
import type { Ids } from '../../../src/kernel/ids.ts'
import { createSecretBox } from '../../../src/kernel/secret-box.ts'
import { createCalendar } from '../../../src/providers/google/calendar.ts'
import { createMercadoPago } from '../../../src/providers/mercado-pago/index.ts'
import { createPages } from '../../../src/web/index.ts'
import type { Books } from '../../support/books.ts'
import { randomFrom, seededIds } from '../../support/random.ts'
import { databaseTemplate } from '../../support/template.ts'
import { createVirtualClock, type VirtualClock } from './clock.ts'
import { apart, type Rewrite, watchedDatabase } from './database.ts'
import { replaceGlobals } from './globals.ts'
import { keeper } from './kept.ts'
import { createNetwork, type Network, ORIGINS } from './network.ts'
import { type CrashPlan, type Life, running, startLife } from './process.ts'
import { createScheduler, type Scheduler } from './scheduler.ts'
import { easySignIn } from './sign-in.ts'

/** A Monday, 09:00 in Argentina. */
export const START = '2026-11-23T12:00:00.000Z'
export const BASE_URL = 'http://localhost:3000'
export const WEBHOOK_SECRET = 'simulated-secret'
export const SECOND_SECRET = 'simulated-second-secret'
export const ADMIN_EMAIL = 'profe@hablainglesya.test'
/** More than a history ever uses; every megabyte is looked at when the database is put back. */
const BUFFER_MEGABYTES = 40
/** Nobody signs in here, so nobody verifies what is signed. */
const KEY_BITS = 1_024
const COLLECTOR_ID = 246_813_579
const ACCESS_TOKEN = 'APP_USR-simulated'
const PROCESSES = ['A', 'B'] as const

/** A protection taken away, for a control. */
export interface Mutant {
  /** Statements that drop constraints, at the beginning of each history. */
  drop?: readonly string[]
  rewrite?: Rewrite
  replace?: (deps: Deps) => Partial<Deps>
}

/** As much of a running process as matters here. Killing it ends its life; starting it again forgets all it had in memory. */
export interface Process {
  readonly name: string
  life: Life
  readonly deps: Deps
  readonly jobs: JobRunner
  readonly app: Hono<AppEnv>
}

export interface Simulation {
  clock: VirtualClock
  scheduler: Scheduler
  network: Network
  /**
   * Takes up the jobs whose run was lost and whose time is over, as every worker does now and then. A start does not: it takes up whatever is at work only
   * where there is one process, and here the other one may be at work.
   */
  expireJobs(): Promise<void>
  config: Config
  processes: readonly Process[]
  sandboxes: { mp: MercadoPagoSandbox; google: GoogleSandbox }
  books: Books
  /** Lines of the trace of the history that runs. */
  trace: string[]
  /** What the application logged as an error. */
  errors: string[]
  /** From now on every history begins with the database as it is now, byte by byte: with its rows, and with what it has planned; and with Google's accounts. */
  keep(): Promise<void>
  /** Puts back what was kept, and takes away what the mutant drops. */
  rewind(): Promise<void>
  /** Statements of the rig itself. */
  execute(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>
  /** Runs `work` as that process. */
  as<T>(process: Process, work: () => Promise<T>): Promise<T>
  restart(process: Process): void
  /** From the next life of each process on. */
  useMutant(mutant: Mutant): void
  useIds(ids: Ids): void
  useCrashes(plan: CrashPlan): void
  /** How notifications of the providers reach a process. */
  useDelivery(deliver: (request: Request) => Promise<Response>): void
  close(): Promise<void>
}

/**
 * The real application twice over one embedded database, with the real sandboxes, official clients, jobs and pages, in one JavaScript
 * process without sockets. `root`: the folder of the repository.
 */
export async function openSimulation(root: string): Promise<Simulation> {
  const loadFrom = await openAsBlob(await databaseTemplate(root))
  let mutant: Mutant = {}
  const clock = createVirtualClock(START)
  const trace: string[] = []
  const errors: string[] = []
  const scheduler = createScheduler(clock, (line) => trace.push(`${clock.milliseconds - Date.parse(START)} ${line}`), nextTurn)
  scheduler.reset(randomFrom(0))

  let ids: Ids = seededIds(randomFrom(0))
  let crashes: CrashPlan = { dies: () => false }
  let deliver: (request: Request) => Promise<Response> = async () => new Response(null, { status: 503 })
  const context = (origin: string): PartContext => ({ clock, log: SILENT_REQUEST_LOG, origin, changed: () => {} })
  const options = { deliver: (request: Request) => deliver(request) }
  const google = createGoogleSandbox(context(ORIGINS.google), {
    clientId: 'simulated.apps.googleusercontent.com',
    clientSecret: 'simulated',
    redirectUris: [`${BASE_URL}/api/auth/callback/google`],
    allowLoopbackWebhooks: true,
    keyBits: KEY_BITS,
    ...options,
  })
  const mp = createMercadoPagoSandbox(context(ORIGINS.mp), {
    accessToken: ACCESS_TOKEN,
    webhookSecret: WEBHOOK_SECRET,
    collectorId: COLLECTOR_ID,
    ...options,
  })
  const network = createNetwork({ mp, google }, scheduler, (line) => trace.push(line))
  const globals = replaceGlobals(clock, scheduler, network.fetch)

  const embedded = await openEmbeddedPool(null, { loadFrom, bufferMegabytes: BUFFER_MEGABYTES })
  const { pool, storage } = embedded
  const database = watchedDatabase(
    pool,
    scheduler,
    clock,
    () => mutant.rewrite ?? ((text) => text),
    () => ids.uuid(),
  )
  const config = await readConfig(root)
  await migrate(database, join(root, 'src/db/migrations'), clock.now())
  const log = recordingLog(errors)

  const openProcess = async (name: string): Promise<Process> => {
    const jobs = createJobs(database, clock, log, JOBS, 'pglite')
    await running.run('upkeep', async () => {
      await jobs.prepare()
      // pg-boss reads the settings of a queue when it first needs them: here, so that no history depends on the one before.
      for (const job of JOBS) await jobs.enqueue(job, {}, { key: 'first' })
    })
    await pool.query('DELETE FROM pgboss.job')
    const processIds: Ids = { uuid: () => ids.uuid(), secret: (bytes) => ids.secret(bytes), number: (below) => ids.number(below) }
    const secrets = createSecretBox(config.tokenEncryptionKeys)
    const deps: Deps = {
      config,
      db: database,
      log,
      jobs,
      clock,
      ids: processIds,
      secrets,
      payments: createMercadoPago({ ...config.mercadoPago, baseUrl: config.baseUrl, clock, log }),
      calendar: freshCalendar(),
      signIn: easySignIn(ADMIN_EMAIL),
      mail: network.mail,
      exercises: null,
      live: createLiveHub(database.listen, log),
    }
    function freshCalendar() {
      // The gate in front of the calendar counts real time, which does not exist here.
      const callsPerSecondMax = 1_000_000
      const onRefreshToken = (grantId: string, token: string) => keepRefreshToken(deps, grantId, token)
      const tokens = createAccessTokens({ db: database, clock, ids: processIds, secrets })
      return createCalendar({ ...config.google, clock, log, callsPerSecondMax, tokens, onRefreshToken })
    }
    const process: Process = {
      name,
      deps,
      jobs,
      life: startLife(name, scheduler, () => crashes),
      app: createApp(deps, createPages({ asset: (asset) => `/assets/${asset}`, sandbox: null })),
    }
    return Object.assign(process, {
      forget() {
        // Parts of their own for each life: what a feature remembers beside them is gone with them.
        const payments = createMercadoPago({ ...config.mercadoPago, baseUrl: config.baseUrl, clock, log })
        const fresh: Deps = { ...deps, calendar: freshCalendar(), payments }
        Object.assign(fresh, mutant.replace?.(fresh))
        Object.assign(process, { deps: fresh, app: createApp(fresh, createPages({ asset: (asset) => `/assets/${asset}`, sandbox: null })) })
      },
    })
  }
  const processes: Process[] = []
  for (const name of PROCESSES) processes.push(await openProcess(name))
  await ensureTeacher((processes[0] as Process).deps)

  const kept = keeper(embedded)
  let accounts: unknown
  const controls: Record<string, SandboxPart> = { 'mercado-pago': mp, google }
  return {
    clock,
    scheduler,
    network,
    expireJobs: () =>
      apart(scheduler, async () => {
        // Every 15 seconds at most, says the queue's row; time may stand earlier than in the history before.
        await pool.query('UPDATE pgboss.queue SET monitor_on = NULL, monitor_claim_on = NULL, maintain_on = NULL')
        await processes[0]?.jobs.supervise()
      }),
    config,
    processes,
    sandboxes: { mp, google },
    trace,
    errors,
    books: {
      rows: async (text, values) => (await apart(scheduler, () => pool.query(text, values))).rows,
      async control(path, body, method = body === undefined ? 'GET' : 'POST') {
        const [, part = '', rest = ''] = /^\/([a-z-]+)(\/.*)$/.exec(path) ?? []
        const init = { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }
        const answer = await running.exit(async () => controls[part]?.control.request(rest, init))
        if (!answer) throw new Error(`No such part: ${path}`)
        const text = await answer.text()
        if (!answer.ok) throw new Error(`${method} ${path} → ${answer.status} ${text.slice(0, 300)}`)
        return text ? (JSON.parse(text) as Record<string, unknown>) : {}
      },
    },
    keep() {
      accounts = google.snapshot()
      return apart(scheduler, kept.keep)
    },
    rewind: () =>
      apart(scheduler, async () => {
        google.restore(structuredClone(accounts))
        kept.rewind()
        for (const statement of mutant.drop ?? []) await pool.query(statement)
      }),
    execute: async (text, values) => {
      const result = await apart(scheduler, () => (pool.query as unknown as Ask)(text, values))
      return Array.isArray(result) ? result.flatMap(({ rows }) => rows) : result.rows
    },
    as: (process, work) => running.run({ life: process.life, holdsConnection: { yes: false } }, work),
    restart(process) {
      process.life.kill()
      process.life = startLife(process.name, scheduler, () => crashes)
      ;(process as Process & { forget(): void }).forget()
    },
    useMutant(next) {
      mutant = next
    },
    useIds(next) {
      ids = next
    },
    useCrashes(plan) {
      crashes = plan
    },
    useDelivery(next) {
      deliver = next
    },
    async close() {
      globals.undo()
      for (const { jobs } of processes) await jobs.stop()
      await pool.end()
      await storage.close()
    },
  }
}

type Ask = (text: string, values?: unknown[]) => Promise<{ rows: Record<string, unknown>[] } | { rows: Record<string, unknown>[] }[]>

const SILENT_REQUEST_LOG: PartContext['log'] = { record: () => (_, next) => next(), count: () => 0, entries: () => [], clear: () => {} }

const realSetImmediate = setImmediate

function nextTurn(): Promise<void> {
  return new Promise((resolve) => realSetImmediate(resolve))
}

async function readConfig(root: string): Promise<Config> {
  const fileOf = async (name: string): Promise<unknown> => JSON.parse(await readFile(join(root, 'config', name), 'utf8'))
  const parsed = parseConfig(
    {
      SANDBOX: '1',
      BASE_URL,
      RATE_LIMIT_SCALE: '1000',
      ADMIN_EMAIL,
      AUTH_GOOGLE_ID: 'simulated.apps.googleusercontent.com',
      AUTH_GOOGLE_SECRET: 'simulated',
      GOOGLE_ISSUER_URL: ORIGINS.google,
      GOOGLE_API_URL: ORIGINS.google,
      MERCADO_PAGO_API_URL: ORIGINS.mp,
      MERCADO_PAGO_ACCESS_TOKEN: ACCESS_TOKEN,
      MERCADO_PAGO_WEBHOOK_SECRET: `${WEBHOOK_SECRET},${SECOND_SECRET}`,
      MERCADO_PAGO_COLLECTOR_ID: String(COLLECTOR_ID),
    },
    await fileOf('pricing.json'),
    await fileOf('academy.json'),
  )
  if (!parsed.ok) throw new Error(parsed.errors.join('\n'))
  return parsed.config
}

/** Keeps what is logged as an error: those are bugs, or crashes of ours. */
function recordingLog(errors: string[]): Deps['log'] {
  const silent = () => {}
  const error = (fields: unknown, message?: string) => void errors.push(`${message ?? ''} ${JSON.stringify(fields)}`)
  const log = { info: silent, warn: silent, debug: silent, error, child: () => log }
  return log as unknown as Deps['log']
}
