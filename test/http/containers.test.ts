import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { createHeartbeat, WORKER_ALIVE } from '../../src/jobs/heartbeat.ts'
import { SECOND_MS } from '../../src/kernel/clock.ts'
import { STOP_MS_MAX } from '../../src/stop.ts'
import { programOf } from '../support/program.ts'

const ROOT = new URL('../../', import.meta.url)
const read = (path: string) => readFile(new URL(path, ROOT), 'utf8')
const INSTRUCTIONS = ['FROM', 'WORKDIR', 'COPY', 'RUN', 'ENV', 'USER', 'EXPOSE', 'STOPSIGNAL', 'HEALTHCHECK', 'CMD']
/** Beside what stands in docs/operations.md: what compose itself is told. */
const OF_COMPOSE = ['DATABASE_PASSWORD', 'DOMAIN', 'WEB_PROCESSES', 'POSTGRES_USER', 'POSTGRES_DB', 'POSTGRES_PASSWORD']

interface Service {
  build?: string
  image?: string
  environment: Record<string, string>
  depends_on?: string[] | Record<string, unknown>
  volumes?: string[]
  stop_grace_period?: string
  healthcheck?: { test: string[] }
}

describe('the Dockerfile', () => {
  let lines: [instruction: string, rest: string][]
  beforeAll(async () => {
    const text = (await read('Dockerfile')).replaceAll('\\\n', ' ')
    lines = text
      .split('\n')
      .filter((line) => line.trim() !== '' && !line.startsWith('#'))
      .map((line) => [line.split(' ')[0] ?? '', line.slice(line.indexOf(' ') + 1).trim()])
  })
  const all = (name: string) => lines.filter(([instruction]) => instruction === name).map(([, rest]) => rest)

  it('has instructions that exist, two stages on the Node that the product brings, and copies what is there', async () => {
    expect(lines.map(([instruction]) => instruction).filter((instruction) => !INSTRUCTIONS.includes(instruction))).toEqual([])
    const { dependencies } = JSON.parse(await read('package.json')) as { dependencies: Record<string, string> }
    const major = dependencies.node?.split('.')[0]
    expect(all('FROM')).toEqual([`node:${major}-bookworm-slim AS build`, `node:${major}-bookworm-slim`])
    for (const copied of all('COPY')) {
      const sources = copied
        .split(/\s+/)
        .filter((part) => !part.startsWith('--'))
        .slice(0, -1)
      for (const source of sources) {
        const path = source.replace('/product/', '')
        // Made by the build itself.
        if (path !== 'dist' && path !== 'node_modules') expect(existsSync(fileURLToPath(new URL(path, ROOT))), source).toBe(true)
      }
      if (copied.includes('--from=')) expect(copied).toContain('--from=build')
    }
  })

  it('runs what `npm start` runs, without rights, and is asked how it is', async () => {
    const { scripts } = JSON.parse(await read('package.json')) as { scripts: Record<string, string> }
    const command = JSON.parse(all('CMD')[0] ?? '[]') as string[]
    // Of a limit that is given twice the last one counts.
    const limits = new Map(programOf('start', { DATABASE_URL: 'postgresql://…' }).map((word) => [word.split('=')[0], word]))
    expect(command).toEqual(['node', ...limits.values()])
    for (const role of ['web', 'worker']) expect(scripts[`start:${role}`]).toBe(`exec env PROCESS_ROLE=${role} ${command.join(' ')}`)
    const order = lines.map(([instruction]) => instruction)
    expect(all('USER')).toEqual(['node'])
    expect(order.lastIndexOf('USER')).toBeGreaterThan(order.lastIndexOf('RUN'))
    const [health] = all('HEALTHCHECK')
    const asked = JSON.parse(health?.slice(health.indexOf('CMD ') + 4) ?? '[]') as string[]
    expect(asked.slice(0, 2)).toEqual(['node', '-e'])
    expect(() => new Function(asked[2] ?? ')')).not.toThrow()
    expect(asked[2]).toContain('/healthz')
  })

  it('takes a worker for well only while it keeps looking for work', async () => {
    const [health] = all('HEALTHCHECK')
    const [, , script = ''] = JSON.parse(health?.slice(health.indexOf('CMD ') + 4) ?? '[]') as string[]
    const folder = await mkdtemp(join(tmpdir(), 'health-'))
    const isWell = () =>
      new Promise<boolean>((resolve) => {
        const env = { PROCESS_ROLE: 'worker', DATA_DIR: folder }
        execFile(process.execPath, ['-e', script], { env }, (error) => resolve(error === null))
      })
    expect(await isWell(), 'it has not begun').toBe(false)
    await createHeartbeat(join(folder, WORKER_ALIVE))()
    expect(await isWell()).toBe(true)
    const aMinuteAgo = new Date(Date.now() - 60_000)
    await utimes(join(folder, WORKER_ALIVE), aMinuteAgo, aMinuteAgo)
    expect(await isWell(), 'it hangs').toBe(false)
    await rm(folder, { recursive: true })
  })
})

describe('compose.yaml', () => {
  let services: Record<string, Service>
  let volumes: string[]
  /** Names of the web processes: one service each, so that one can be replaced while the others answer. */
  let webs: string[]
  beforeAll(async () => {
    const parsed = parse(await read('compose.yaml'), { merge: true, strict: true }) as {
      services: Record<string, Service>
      volumes: Record<string, null>
    }
    services = parsed.services
    webs = Object.keys(services).filter((service) => service.startsWith('web'))
    volumes = Object.keys(parsed.volumes)
  })

  it('starts a database, web processes, workers and a proxy, each after those it needs, and keeps what it has to keep', () => {
    expect(Object.keys(services).sort()).toEqual(['postgres', 'proxy', ...webs, 'worker'])
    for (const [service, { build, image, depends_on: needs = [], volumes: mounts = [] }] of Object.entries(services)) {
      expect([build, image].filter(Boolean), service).toHaveLength(1)
      for (const needed of Array.isArray(needs) ? needs : Object.keys(needs)) expect(Object.keys(services), service).toContain(needed)
      for (const mount of mounts) {
        const [from = ''] = mount.split(':')
        expect(from.startsWith('./') ? existsSync(fileURLToPath(new URL(from, ROOT))) : volumes.includes(from), mount).toBe(true)
      }
    }
  })

  it('runs one image as web and as worker on the same database, with time to end', () => {
    const { worker } = services
    expect(worker?.environment.PROCESS_ROLE).toBe('worker')
    expect(worker?.environment.DATABASE_URL).toContain('@postgres:5432/')
    expect(webs.length).toBeGreaterThan(1)
    for (const name of webs) {
      const web = services[name]
      expect(web?.environment.PROCESS_ROLE).toBe('web')
      expect(web?.environment.DATABASE_URL).toBe(worker?.environment.DATABASE_URL)
      const drainSeconds = Number(web?.environment.DRAIN_SECONDS)
      expect(Number.parseInt(web?.stop_grace_period ?? '', 10)).toBeGreaterThan(drainSeconds + STOP_MS_MAX / SECOND_MS)
    }
    expect(Number.parseInt(worker?.stop_grace_period ?? '', 10)).toBeGreaterThan(STOP_MS_MAX / SECOND_MS)
  })

  it('knows its variables, and its proxy knows the web processes by name and asks for their health', async () => {
    const page = await read('docs/operations.md')
    const text = await read('compose.yaml')
    const named = [
      ...Object.values(services).flatMap(({ environment = {} }) => Object.keys(environment)),
      ...[...text.matchAll(/\$\{(\w+)/g)].map(([, variable]) => variable ?? ''),
    ]
    expect(named.filter((variable) => !OF_COMPOSE.includes(variable) && !page.includes(`\`${variable}\``))).toEqual([])
    const upstreams = services.proxy?.environment.WEB_PROCESSES?.split(' ') ?? []
    for (const web of webs) expect(upstreams).toContain(`${web}:3000`)
    // An update replaces each of them.
    expect(page).toContain(`for service in ${webs.join(' ')} worker; do`)
    const caddyfile = await read('config/Caddyfile')
    expect(caddyfile.match(/\{/g)?.length).toBe(caddyfile.match(/\}/g)?.length)
    expect(caddyfile).toContain('health_uri /healthz')
    expect(caddyfile).toContain('{$WEB_PROCESSES}')
  })
})
