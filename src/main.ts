import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { announcement } from './announcement.ts'
import { type Config, parseConfig } from './config.ts'
import type { Database } from './db/client.ts'
import { migrate } from './db/migrate.ts'
import { migrateServer, openEmbedded, openServer, requireLimits } from './db/open.ts'
import type { Deps } from './deps.ts'
import { defaultTeacher, ensureTeacher } from './features/academy/store.ts'
import { createLiveHub } from './features/live/hub.ts'
import { createAccessTokens } from './features/meeting/access-tokens.ts'
import { adoptCalendarGrant } from './features/meeting/adopt.ts'
import { createSharedTurns } from './features/meeting/call-turns.ts'
import { keepRefreshToken } from './features/meeting/connection.ts'
import { resealGrants } from './features/meeting/reseal.ts'
import { createUsageCounter } from './features/meeting/usage.ts'
import { shareFiles } from './features/public-file/share.ts'
import type { PublicFile } from './features/public-file/store.ts'
import { createApp } from './http/app.ts'
import { createDoors } from './http/doors.ts'
import { createHeartbeat, WORKER_ALIVE } from './jobs/heartbeat.ts'
import { createJobs, type JobRunner } from './jobs/queue.ts'
import { JOBS } from './jobs/registry.ts'
import { queueTimedJobs } from './jobs/schedule.ts'
import { type Clock, SECOND_MS, systemClock } from './kernel/clock.ts'
import { describeFailure } from './kernel/failure.ts'
import { systemIds } from './kernel/ids.ts'
import { createLog, type Log } from './kernel/log.ts'
import { createSecretBox } from './kernel/secret-box.ts'
import { createCalendar } from './providers/google/calendar.ts'
import { createSignIn } from './providers/google/sign-in.ts'
import { createExerciseModel } from './providers/llm/index.ts'
import { createMail } from './providers/mail/index.ts'
import { createMercadoPago } from './providers/mercado-pago/index.ts'
import { linkSandbox, type SandboxLink } from './sandbox-link.ts'
import { STOP_MS_MAX, stopAll } from './stop.ts'
import { loadAssets } from './web/assets.ts'
import { createPages } from './web/index.ts'
import { openWebServer, type WebServer } from './web-server.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
/** Where pages are served, too. */
const WORK_BEGINS_AFTER_MS = 250
const TIMED_JOBS_LOOKED_AT_EVERY_MS = 1_000
/** For each grant and all processes together (behaviour 7: under 5); whoever would wait longer than five seconds is turned away. */
const GOOGLE_CALLS_PER_SECOND = 4
const GOOGLE_CALLS_WAITING_MAX = 20
const ROTATE_KEYS = 'rotate-keys'
/** Variables that name a real provider; when none is set outside production, the sandbox stands in. */
const PROVIDER_VARIABLES = ['AUTH_GOOGLE_ID', 'MERCADO_PAGO_ACCESS_TOKEN']

/** Composition root: the only place where real things are made. Configuration → dependencies → server and worker → graceful stop. */
async function main(): Promise<void> {
  const startedAt = performance.now()
  const files = { pricing: await readConfigFile('pricing.json'), academy: await readConfigFile('academy.json') }
  const wantsSandbox =
    process.env.SANDBOX === '1' ||
    Boolean(process.env.SANDBOX_URL) ||
    (process.env.SANDBOX === undefined && PROVIDER_VARIABLES.every((name) => !process.env[name]))
  const env = { ...process.env, ...(wantsSandbox && process.env.NODE_ENV !== 'production' ? { SANDBOX: '1' } : {}) }
  const basic = parsed(env, files)
  await mkdir(basic.dataDir, { recursive: true })

  const sandbox = basic.sandbox ? await openSandbox(basic) : null
  const config = sandbox ? parsed({ ...env, ...sandbox.settings }, files) : basic
  const clock: Clock = sandbox?.clock ?? systemClock
  if (process.argv[2] === ROTATE_KEYS) {
    await rotateKeys(config, clock)
    await sandbox?.close()
    return
  }
  const log = createLog(config.logLevel)

  const db = await openDatabase(config, clock)
  const jobs = createJobs(db, clock, log, JOBS, config.databaseUrl ? 'postgres' : 'pglite', {
    tellWorkers: config.role === 'web',
  })
  const deps = createDeps(config, db, clock, log, jobs)
  await jobs.prepare()
  await ensureTeacher(deps)
  if (sandbox) await connectSandboxCalendar(deps, sandbox)

  const server = config.role === 'worker' ? null : await serve(deps, sandbox)
  const stopWork = config.role === 'web' ? null : await work(deps, jobs, sandbox)

  say(announcement(config, sandbox, Math.round(performance.now() - startedAt), server?.port ?? null))
  const drainMs = config.drainSeconds * SECOND_MS
  stopOnSignal(log, STOP_MS_MAX + drainMs, () => stopAll({ stopWork, server, jobs, live: deps.live, sandbox, db }, drainMs))
}

/** `npm run rotate-keys`: seals what is stored with the first of TOKEN_ENCRYPTION_KEY, and ends. */
async function rotateKeys(config: Config, clock: Clock): Promise<void> {
  const db = await openDatabase(config, clock)
  const { resealed, unreadable } = await resealGrants({ db, secrets: createSecretBox(config.tokenEncryptionKeys) })
  await db.close()
  say(`Permisos cifrados con la primera clave: ${resealed}. Sin poder abrir: ${unreadable}.`)
  if (unreadable > 0) process.exitCode = 1
}

/** Answers requests: pages, API, assets. */
async function serve(deps: Deps, sandbox: SandboxLink | null): Promise<WebServer> {
  const { photo } = deps.config.academy.teacher
  // The embedded database is one process's: nobody else has a page that asks it.
  const share = deps.config.databaseUrl ? (files: ReadonlyMap<string, PublicFile>) => shareFiles(deps, files) : null
  const assets = await loadAssets(fileURLToPath(new URL('public', import.meta.url)), photo && join(ROOT, 'config', photo), share)
  const site = {
    asset: assets.asset,
    worker: assets.worker,
    sandbox: sandbox ? { hubHref: sandbox.urls.hub, mailboxHref: `${sandbox.urls.hub}/mailbox` } : null,
    teacherPhoto: assets.photo,
  }
  const doors = createDoors()
  const app = createApp(deps, createPages(site), assets.serve, doors)
  return openWebServer(app.fetch, { port: deps.config.port, host: deps.config.host, doors })
}

/** Works off jobs, and queues the timed ones. Returns what ends the queueing; `jobs.finish` ends the work. */
async function work(deps: Deps, jobs: JobRunner, sandbox: SandboxLink | null): Promise<() => Promise<void>> {
  // Whoever answers requests is asked at /healthz.
  const beat = deps.config.role === 'worker' ? createHeartbeat(join(deps.config.dataDir, WORKER_ALIVE)) : async () => {}
  let looking = Promise.resolve()
  let oneWaits = false
  const look = () => {
    if (oneWaits) return
    oneWaits = true
    looking = looking
      .then(() => {
        oneWaits = false
        return queueTimedJobs(deps)
      })
      .then(beat)
      .catch((error: unknown) => deps.log.error(describeFailure(error), 'timed jobs failed'))
  }
  const timer = setInterval(look, TIMED_JOBS_LOOKED_AT_EVERY_MS)
  const stopFollowing = sandbox?.clock.onMove(() => {
    jobs.wake()
    look()
  })
  // None of it is waited for, and whoever waited for the start is answered before it: the first look at everything takes the database for a while.
  // Whether money goes to the right seller is told by the log.
  const beginning = setTimeout(
    () => {
      jobs.start(deps)
      look()
      void deps.payments.verifyCollector()
    },
    deps.config.role === 'worker' ? 0 : WORK_BEGINS_AFTER_MS,
  )
  return async () => {
    clearTimeout(beginning)
    clearInterval(timer)
    stopFollowing?.()
    await looking
  }
}

/** What stands in a file of `config/`; null when it is missing or no JSON, which `parseConfig` then says with the other errors. */
async function readConfigFile(name: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(join(ROOT, 'config', name), 'utf8'))
  } catch {
    return null
  }
}

/** The configuration, or every error at once and the end. */
function parsed(env: Record<string, string | undefined>, files: { pricing: unknown; academy: unknown }): Config {
  const result = parseConfig(env, files.pricing, files.academy)
  if (result.ok) return result.config
  process.stderr.write(`La configuración tiene errores:\n${result.errors.map((error) => `  - ${error}`).join('\n')}\n`)
  process.exit(1)
}

async function openDatabase(config: Config, clock: Clock): Promise<Database> {
  if (!config.databaseUrl) {
    const isNew = !existsSync(join(config.dataDir, 'postgres'))
    say(isNew ? 'Creando la base de datos (unos segundos, solo la primera vez)…' : 'Abriendo la base de datos…')
  }
  const url = config.databaseUrl
  const folder = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? 'db/migrations' : 'migrations', import.meta.url))
  const { databaseReplicaUrl: replicaUrl, databaseDirectUrl: directUrl } = config
  const db = url ? openServer(url, { replicaUrl, directUrl }) : await openEmbedded(config.dataDir)
  if (directUrl) await requireLimits(db)
  const applied = url ? await migrateServer(directUrl ?? url, folder, clock.now()) : await migrate(db, folder, clock.now())
  if (applied.length > 0) say(`Base de datos al día: ${applied.join(', ')}`)
  return db
}

function createDeps(config: Config, db: Database, clock: Clock, log: Log, jobs: JobRunner): Deps {
  const secrets = createSecretBox(config.tokenEncryptionKeys)
  const deps: Deps = {
    config,
    db,
    clock,
    log,
    jobs,
    ids: systemIds,
    secrets,
    payments: createMercadoPago({ ...config.mercadoPago, baseUrl: config.baseUrl, clock, log }),
    calendar: createCalendar({
      ...config.google,
      clock,
      log,
      tokens: createAccessTokens({ db, clock, ids: systemIds, secrets }),
      onCall: createUsageCounter({ db, clock, log }),
      ...(config.databaseUrl ? { turns: createSharedTurns({ db }, GOOGLE_CALLS_PER_SECOND, GOOGLE_CALLS_WAITING_MAX) } : {}),
      onRefreshToken: (grantId, token) => keepRefreshToken(deps, grantId, token),
    }),
    signIn: createSignIn({ ...config.google, clock, log, insecure: config.sandbox }),
    mail: config.mail ? createMail({ ...config.mail, log }) : null,
    exercises: config.llm.service ? createExerciseModel({ ...config.llm.service, log }) : null,
    live: createLiveHub(db.listen, log),
  }
  return deps
}

/** Google, Mercado Pago and the mailbox on this machine: in a process of their own, or in ours on the next ports. Never in production. */
async function openSandbox(config: Config): Promise<SandboxLink> {
  if (config.sandboxUrl) return linkSandbox(config.sandboxUrl)
  const { startSandbox } = await import('../sandbox/index.ts')
  const after = (offset: number) => (config.port === 0 ? 0 : config.port + offset)
  const opening = startSandbox({
    ports: {
      hub: after(1),
      google: after(2),
      mercadoPago: after(3),
      smtp: after(4),
      ...(config.llm.wanted && !config.llm.service ? { llm: 0 } : {}),
    },
    dataFile: join(config.dataDir, 'sandbox.json'),
    redirectUris: [config.google.redirectUri],
    appUrl: config.baseUrl,
    allowLoopbackWebhooks: true,
  })
  return opening.catch((error: Error) => {
    if ((error.cause as NodeJS.ErrnoException | undefined)?.code !== 'EADDRINUSE') throw error
    throw new Error(
      `El entorno de prueba usa los puertos ${after(1)} a ${after(4)}, y alguno ya está en uso. Elegí otro PORT, o usá el mismo entorno con SANDBOX_URL.`,
    )
  })
}

/** In the sandbox the teacher's calendar is connected from the first start on. */
async function connectSandboxCalendar(deps: Deps, sandbox: SandboxLink): Promise<void> {
  const teacher = await defaultTeacher(deps.db.handle)
  if (!teacher) return
  await adoptCalendarGrant(deps, teacher.id, async (scopes) => {
    const response = await fetch(`${sandbox.urls.hub}/__control/google/grants`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: teacher.email, scopes: ['openid', 'email', 'profile', ...scopes] }),
    })
    if (!response.ok) throw new Error(`The sandbox granted no calendar access: ${response.status}`)
    const grant = (await response.json()) as { refresh_token: string; sub: string; email: string }
    return { refreshToken: grant.refresh_token, subject: grant.sub, email: grant.email }
  })
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** Stops taking requests, finishes those and the jobs at work, closes the database. A second signal, or `limitMs`, ends it at once. */
function stopOnSignal(log: Log, limitMs: number, stop: () => Promise<void>): void {
  let stopping = false
  const onSignal = (signal: string) => {
    if (stopping) process.exit(1)
    stopping = true
    log.info({ signal }, 'stopping')
    setTimeout(() => process.exit(1), limitMs).unref()
    stop().then(
      () => process.exit(0),
      (error: Error) => {
        log.error({ error: error.message }, 'stopping failed')
        process.exit(1)
      },
    )
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
}

main().catch((error: Error) => {
  // A failed query's own message repeats its values.
  process.stderr.write(`No se pudo iniciar: ${describeFailure(error).error.replace(/^\w*Error: /, '')}\n`)
  if (process.env.LOG_LEVEL === 'debug') process.stderr.write(`${error.stack ?? ''}\n`)
  process.exit(1)
})
