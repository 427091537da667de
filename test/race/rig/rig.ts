import type { Hono } from 'hono'
import { inject } from 'vitest'
import type { Deps } from '../../../src/deps.ts'
import { createApp } from '../../../src/http/app.ts'
import type { AppEnv } from '../../../src/http/context.ts'
import { createJobs, type JobRunner } from '../../../src/jobs/queue.ts'
import { JOBS } from '../../../src/jobs/registry.ts'
import { queueTimedJobs } from '../../../src/jobs/schedule.ts'
import { HOUR_MS } from '../../../src/kernel/clock.ts'
import { addDays, instantAt, wallDate, weekdayOf } from '../../../src/kernel/zoned-time.ts'
import { createPages } from '../../../src/web/index.ts'
import { patientDoors } from '../../support/doors.ts'
import { BASE_URL, openWorld, type World, type WorldOptions } from '../../support/world.ts'
import { openWatched, type Rewrite, type Watch, type WatchedDatabase } from './driver.ts'
import { type Person, signInPeople } from './people.ts'

/** A protection taken away, in one test's database and processes only. */
export interface Removal {
  /** Statements that drop constraints. */
  drop?: readonly string[]
  /** What becomes of each statement of the application. */
  rewrite?: Rewrite
  /** Jobs are queued over a connection of their own, so outside the transaction they belong to. */
  queueApart?: boolean
  /** Parts of a process that are replaced. */
  replace?: (deps: Deps) => Partial<Deps>
  /** The removals that it is made of, where it is several. */
  parts?: readonly Removal[]
}

/** As much of a running process as matters here: connections, queue and server of its own, over the one database. */
export interface Process {
  deps: Deps
  jobs: JobRunner
  app: Hono<AppEnv>
}

export interface Answer {
  status: number
  body: Record<string, unknown>
}

export interface Slot {
  start: string
  end: string
}

export interface RigOptions {
  processes?: number
  /** Connections of each process. */
  connections?: number
  env?: Record<string, string>
  /** False: the teacher's calendar is not connected, so that nothing slows a booking down. */
  calendar?: boolean
  /** Statements that add what the race watches or needs; not a protection. */
  prepare?: readonly string[]
  /** Parts of a process that this race needs otherwise than usual; not a protection. */
  parts?: (deps: Deps) => Partial<Deps>
  /** Sees every statement of the processes; those that only prepare and look are not among them. */
  watch?: Watch
  /** Rows that are there before anything else. */
  fill?: WorldOptions['fill']
  without?: Removal
}

export interface Rig {
  world: World
  processes: readonly Process[]
  /** New people, signed in. */
  people(count: number): Promise<Person[]>
  /** The next `count` free slots in a row that nobody has asked for yet. */
  slots(count: number): Slot[]
  /** One request as this person, to each process in turn; null: nobody is signed in. */
  send(
    person: Pick<Person, 'cookie'> | null,
    method: 'GET' | 'POST',
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer>
  /** Every process runs a worker, as in production, for as long as `race` lasts, and they look for jobs all the time; then the rest is done. */
  working<T>(race: () => Promise<T>): Promise<T>
  /** Delivers what the providers have to say and lets all processes work until nothing is left to do. */
  settle(): Promise<void>
  /** One more process's connections, to a database on the same server. */
  connect(databaseName: string): WatchedDatabase
  /** How often the database refused a statement with this SQLSTATE, in all processes. */
  refused(code: string): number
  /** How many rewrites of what is taken away have not changed a statement yet: they take nothing away. */
  idleRewrites(): number
  close(): Promise<void>
}

const PROCESSES = 3
/** Connections of each process, as many as in production. */
export const CONNECTIONS = 20
/** The world's own pool only prepares and looks; requests and jobs run in the processes. */
const OWN_CONNECTIONS = 6
const SETTLE_ROUNDS_MAX = 60
const LOOKS_MAX = 1_000_000
const JOBS_MAX = 5_000
/** Two hours ahead is allowed; one more, so that a slot is still on offer when a hold of it has ended. */
const LEAD_MS = 3 * HOUR_MS
const FIRST_HOUR = 9
const LAST_HOUR = 20

/** The real application as several processes over one real PostgreSQL database, with one sandbox and one clock. */
export async function openRig(options: RigOptions = {}): Promise<Rig> {
  const serverUrl = inject('postgresUrl')
  const removal = options.without ?? {}
  const { rewrite, idle } = noted(removal)
  const world = await openWorld({
    postgresUrl: serverUrl,
    connectionsMax: OWN_CONNECTIONS,
    calendar: options.calendar ?? true,
    ...(options.env ? { env: options.env } : {}),
    ...(options.fill ? { fill: options.fill } : {}),
  })
  const opened: Awaited<ReturnType<typeof openProcess>>[] = []
  const close = async () => {
    for (const { process, databases } of opened) {
      await process.jobs.stop()
      for (const database of databases) await database.close()
    }
    await world.close()
  }
  try {
    for (const statement of [...(options.prepare ?? []), ...(removal.drop ?? [])]) await world.rows(statement)
    const [named] = await world.rows<{ name: string }>('SELECT current_database() AS name')
    const url = new URL(serverUrl)
    url.pathname = `/${named?.name}`
    for (let i = 0; i < (options.processes ?? PROCESSES); i++) opened.push(await openProcess(world, url.href, options, rewrite))
  } catch (error) {
    await close()
    throw error
  }
  const processes = opened.map(({ process }) => process)
  // Webhooks arrive at the world's own server: it works with the parts of the first process.
  if (processes[0]) Object.assign(world.deps, processes[0].deps)

  /** All processes empty the queue together; returns how many jobs ran. */
  async function drain(): Promise<number> {
    const ran = await Promise.all(processes.map(({ jobs, deps }) => jobs.drain(deps, JOBS_MAX)))
    return ran.reduce((sum, count) => sum + count, 0)
  }

  const nextSlot = slotBook(world)
  let turn = 0
  const rig: Rig = {
    world,
    processes,
    people: (count) => signInPeople(world, count),
    slots: (count) => Array.from({ length: count }, nextSlot),
    async send(person, method, path, body, headers = {}) {
      const process = processes[turn++ % processes.length]
      if (!process) throw new Error('A rig has at least one process')
      const answer = await process.app.request(`${BASE_URL}${path}`, {
        method,
        redirect: 'manual',
        headers: {
          ...headers,
          ...(person ? { cookie: person.cookie } : {}),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await answer.text()
      return { status: answer.status, body: text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {} }
    },
    async working(race) {
      const workers = await Promise.all(opened.map(({ openWorker }) => openWorker()))
      for (const [i, worker] of workers.entries()) worker.start(processes[i]?.deps as Deps)
      let racing = true
      const driven = (async () => {
        for (let looks = 0; racing && looks < LOOKS_MAX; looks++) {
          for (const worker of workers) worker.wake()
          // As long as a trip to the database takes: often enough, and the machine has time for the race itself.
          await world.rows('SELECT 1')
        }
      })()
      try {
        return await race()
      } finally {
        racing = false
        await driven
        for (const worker of workers) await worker.stop()
        await drain()
      }
    },
    async settle() {
      for (let round = 0; round < SETTLE_ROUNDS_MAX; round++) {
        await world.sandbox.tick()
        await queueTimedJobs(world.deps)
        if ((await drain()) === 0) return
      }
      throw new Error('The rig does not come to rest')
    },
    connect(databaseName) {
      const other = new URL(serverUrl)
      other.pathname = `/${databaseName}`
      return openWatched(other.href, OWN_CONNECTIONS, rewrite)
    },
    idleRewrites: idle,
    refused: (code) => opened.reduce((sum, { refusals }) => sum + (refusals.get(code) ?? 0), 0),
    close,
  }
  return rig
}

/** The rewrites of a removal and its parts as one, and how many of them have not changed a statement yet. */
function noted(removal: Removal): { rewrite: Rewrite; idle: () => number } {
  const rewrites = rewritesOf(removal)
  const idle = new Set(rewrites)
  const rewrite: Rewrite = (text) =>
    rewrites.reduce((given, each) => {
      const changed = each(given)
      if (changed !== given) idle.delete(each)
      return changed
    }, text)
  return { rewrite, idle: () => idle.size }
}

function rewritesOf({ parts, rewrite }: Removal): Rewrite[] {
  if (parts) return parts.flatMap(rewritesOf)
  return rewrite ? [rewrite] : []
}

async function openProcess(world: World, url: string, options: RigOptions, rewrite: Rewrite) {
  const removal = options.without ?? {}
  const connections = options.connections ?? CONNECTIONS
  const { db, refusals } = openWatched(url, connections, rewrite, options.watch)
  const queueDatabase = removal.queueApart ? openWatched(url, connections).db : db
  const openWorker = async () => {
    const worker = createJobs(queueDatabase, world.deps.clock, world.deps.log, JOBS, 'postgres')
    await worker.prepare()
    return worker
  }
  const jobs = await openWorker()
  const own: Deps = { ...world.deps, db, jobs }
  const plain: Deps = { ...own, ...options.parts?.(own) }
  const deps: Deps = { ...plain, ...removal.replace?.(plain) }
  const app = createApp(deps, createPages({ asset: (name) => `/assets/${name}`, sandbox: null }), undefined, patientDoors())
  return { process: { deps, jobs, app }, openWorker, databases: [...new Set([db, queueDatabase])], refusals }
}

/** Hands out the academy's slots in order, each once, never one that is too near to be booked. */
function slotBook(world: World): () => Slot {
  let day = wallDate(world.clock.now())
  let hour = FIRST_HOUR
  return () => {
    for (;;) {
      const start = instantAt(day, `${String(hour).padStart(2, '0')}:00`)
      const bookable = weekdayOf(day) !== 7 && start.getTime() >= world.clock.now().getTime() + LEAD_MS
      hour += 1
      if (hour > LAST_HOUR) {
        hour = FIRST_HOUR
        day = addDays(day, 1)
      }
      if (bookable) return { start: start.toISOString(), end: new Date(start.getTime() + HOUR_MS).toISOString() }
    }
  }
}
