import { readFileSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { startChild } from '../../drill/child.ts'
import { programOf } from '../../support/program.ts'
import { fillVolume } from '../../support/volume.ts'
import { cookieOf, signIn } from '../cast.ts'
import { prepareEmbedded } from '../embedded.ts'
import type { Figure } from '../figures.ts'
import { installedBytes } from '../installed.ts'
import { ask, type Shot, shot, volley } from '../load.ts'
import { type Server, type Stage, WEBHOOK_SECRET, withClient } from '../stage.ts'
import { bell } from './webhooks.ts'

const STARTS = 'Starts'
const MEMORY = 'Memory of one process'
const WEIGHT = 'Weight'
const STUDENT = 1
const CLASSES = 1_000
const SETTLE_MS = 3_000
const SETTLE_QUICK_MS = 500
const LOAD_SECONDS_MIN = 2
const CONNECTIONS = 16
const MB = 1_000_000
/** What the product's program is started with: PGlite alone has no more room for garbage than it has. */
const LIMITS = programOf('start').slice(0, -1)

const PAGES = [
  ['Mis Clases', '/inicio/mis-clases-virtuales'],
  ['Reservas', '/inicio/reservas'],
  ['Inicio', '/inicio'],
] as const

/** How long the product takes to start, how much memory it takes then and under load, and how much it weighs. */
export async function starts(stage: Stage): Promise<Figure[]> {
  const times = await startTimes(stage)
  const { url } = await stage.database('small')
  return [...times, ...(await memory(stage, url)), ...(await weight(stage, url))]
}

async function startTimes(stage: Stage): Promise<Figure[]> {
  const rounds = stage.options.quick ? 1 : stage.options.rounds
  const cold: number[] = []
  const second: number[] = []
  for (let round = 1; round <= rounds; round++) {
    stage.tell(`starts: round ${round} of ${rounds}`)
    const dataDir = await stage.folder()
    for (const times of [cold, second]) {
      const began = performance.now()
      const server = await stage.product({ DATA_DIR: dataDir }, null)
      times.push(performance.now() - began)
      await server.end()
    }
  }
  return [
    { group: STARTS, name: 'first start, with an empty folder', unit: 'ms', values: cold, note: 'embedded database, tables made' },
    { group: STARTS, name: 'second start', unit: 'ms', values: second, target: { atMost: 1_000 } },
  ]
}

async function memory(stage: Stage, url: string): Promise<Figure[]> {
  const now = new Date()
  const dataDir = await stage.folder()
  await prepareEmbedded(dataDir, async (connection) => {
    const { studentId } = await fillVolume(connection, { classes: CLASSES, now })
    await signIn(connection, [{ n: STUDENT, userId: studentId }], now)
  })
  stage.tell('memory: PGlite alone')
  const alone = await startChild([...LIMITS, 'test/bench/pglite-alone.ts'], { DATA_DIR: dataDir }, /Ready/)
  const aloneBytes = residentBytes(alone.pid)
  await alone.end('SIGTERM')
  stage.tell('memory: embedded')
  const inside = await stage.product({ DATA_DIR: dataDir })
  const embedded = await memoryOf(stage, inside, pagesAt(inside))
  await withClient(url, async (client) => {
    const { studentId } = await fillVolume(client, { classes: CLASSES, now })
    await signIn(client, [{ n: STUDENT, userId: studentId }], now)
  })
  const onServer: [string, { idle: number; peak: number }][] = []
  for (const role of ['web', 'worker', 'all']) {
    stage.tell(`memory: PostgreSQL, ${role}`)
    const server = await stage.product({ DATABASE_URL: url, PROCESS_ROLE: role })
    // Who only works is given something to do by somebody who answers.
    const door = role === 'worker' ? await stage.product({ DATABASE_URL: url, PROCESS_ROLE: 'web' }) : server
    const load = role === 'web' ? pagesAt(door) : role === 'worker' ? [bellAt(door)] : [...pagesAt(door), bellAt(door)]
    onServer.push([role, await memoryOf(stage, server, load, door)])
    if (door !== server) await door.end()
  }
  return [
    { group: MEMORY, name: 'PGlite alone, same data', unit: 'MB', values: [aloneBytes / MB] },
    { group: MEMORY, name: 'embedded, idle', unit: 'MB', values: [embedded.idle / MB] },
    { group: MEMORY, name: 'embedded, most under load', unit: 'MB', values: [embedded.peak / MB] },
    {
      group: MEMORY,
      name: 'embedded, above PGlite alone',
      unit: 'MB',
      values: [(embedded.peak - aloneBytes) / MB],
      target: { atMost: 250 },
    },
    ...onServer.flatMap(([role, { idle, peak }]): Figure[] => [
      { group: MEMORY, name: `PostgreSQL, ${role}: idle`, unit: 'MB', values: [idle / MB] },
      { group: MEMORY, name: `PostgreSQL, ${role}: most under ${LOAD_OF[role]}`, unit: 'MB', values: [peak / MB], target: { atMost: 160 } },
    ]),
  ]
}

const LOAD_OF: Record<string, string> = { web: 'pages', worker: 'jobs', all: 'pages and jobs' }

const pagesAt = (server: Server): (() => Shot)[] =>
  PAGES.map(([, path]) => {
    const request = shot(server.port, path, { cookie: cookieOf(STUDENT) })
    return () => request
  })

/** Each is a job: it asks the provider, who is away, and plans its next attempt. */
const bellAt = (server: Server) => () => bell(server.port, WEBHOOK_SECRET)

/** Idle, a moment after the start; and the most it ever had, after `load` was asked for in turns, as fast as `door` answers. */
async function memoryOf(
  stage: Stage,
  server: Server,
  load: readonly (() => Shot)[],
  door = server,
): Promise<{ idle: number; peak: number }> {
  const { quick, seconds } = stage.options
  await new Promise((resolve) => setTimeout(resolve, quick ? SETTLE_QUICK_MS : SETTLE_MS))
  const idle = residentBytes(server.pid)
  let n = 0
  const next = () => load[n++ % load.length]?.() ?? null
  await volley(door.port, { connections: CONNECTIONS, seconds: Math.max(LOAD_SECONDS_MIN, seconds * 2), next })
  const peak = residentBytes(server.pid, 'VmHWM')
  await server.end()
  return { idle, peak }
}

function residentBytes(pid: number, which: 'VmRSS' | 'VmHWM' = 'VmRSS'): number {
  const kilobytes = new RegExp(`^${which}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kilobytes) * 1_024
}

async function weight(stage: Stage, url: string): Promise<Figure[]> {
  stage.tell('weight')
  const server = await stage.product({ DATABASE_URL: url, PROCESS_ROLE: 'web' })
  const { production, all } = await installedBytes()
  const parts = (await readdir('dist')).filter((name) => name.endsWith('.js'))
  const sizes = await Promise.all(parts.map(async (name) => (await stat(`dist/${name}`)).size))
  const builtBytes = sizes.reduce((sum, size) => sum + size, 0)
  const figures: Figure[] = []
  for (const [name, path] of PAGES) {
    const { page, script, rest } = await pageBytes(server, path)
    const bytes = `${kilobytes(page)} HTML, ${kilobytes(script)} script, ${kilobytes(rest)} style, font and icons`
    figures.push({ group: WEIGHT, name: `${name}, first visit`, unit: 'kB', values: [(page + script + rest) / 1_000], note: bytes })
  }
  await server.end()
  return [
    ...figures,
    { group: WEIGHT, name: 'server program', unit: 'kB', values: [builtBytes / 1_000] },
    { group: WEIGHT, name: 'installed packages, without those for development', unit: 'MB', values: [production / MB] },
    { group: WEIGHT, name: 'installed packages, all', unit: 'MB', values: [all / MB] },
  ]
}

/** What a page and the files that its head names weigh on the wire. */
async function pageBytes({ port }: Server, path: string): Promise<{ page: number; script: number; rest: number }> {
  const cookie = cookieOf(STUDENT)
  const headers = { 'accept-encoding': 'gzip' }
  const page = await ask(port, shot(port, path, { cookie, headers }))
  const sizes = { page: page.body.length, script: 0, rest: 0 }
  const files = new Set(
    gunzipSync(page.body)
      .toString()
      .match(/\/assets\/[\w./-]+/g),
  )
  for (const file of files) {
    const { body } = await ask(port, shot(port, file, { headers }))
    sizes[file.endsWith('.js') ? 'script' : 'rest'] += body.length
  }
  return sizes
}

function kilobytes(bytes: number): string {
  return (bytes / 1_000).toFixed(1)
}
