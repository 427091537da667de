import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { migrate } from '../../src/db/migrate.ts'
import { openServer } from '../../src/db/open.ts'
import { type Child, startChild } from '../drill/child.ts'
import { temporaryFolder } from '../drill/folder.ts'
import { type Sandbox, startSandbox } from '../drill/sandbox.ts'
import { freePort } from '../support/ports.ts'
import { type PostgresServer, startPostgres } from '../support/postgres.ts'
import { programOf } from '../support/program.ts'
import { type Cores, pin } from './cores.ts'
import type { Options } from './options.ts'

export const MIGRATIONS = fileURLToPath(new URL('../../src/db/migrations', import.meta.url))
const READY = /Listo en \d+ ms/
/** Nobody listens there: a server that should not ask a provider finds out at once that it does. */
const NOBODY = 'http://127.0.0.1:9'
export const WEBHOOK_SECRET = 'bench-webhook-secret'
export const TEACHER_EMAIL = 'profe.0@volumen.test'

/** A server process that is measured, on a core of its own. */
export interface Server {
  port: number
  pid: number
  child: Child
  end(): Promise<void>
}

/** What the parts of the bench share. Whatever is opened here is closed at the end, the last one first. */
export interface Stage {
  options: Options
  cores: Cores | null
  tell(text: string): void
  folder(): Promise<string>
  /** A new, migrated database on the PostgreSQL server of this run. */
  database(name: string): Promise<{ url: string }>
  /** The built product, without providers unless there is a sandbox. */
  product(env: Record<string, string>, sandbox?: Sandbox | null): Promise<Server>
  /** The providers, in a process of their own. */
  sandbox(): Promise<Sandbox>
  /** The bare server, which answers these paths with these bytes. */
  bare(answers: Record<string, { text: string; isPage: boolean }>): Promise<Server>
  /** Called at the end of the part. */
  atEnd(close: () => Promise<unknown>): void
  close(): Promise<void>
}

export function openStage(options: Options, cores: Cores | null, tell: (text: string) => void): Stage {
  const closing: (() => Promise<unknown>)[] = []
  let postgres: Promise<PostgresServer> | null = null

  async function start(args: readonly string[], env: Record<string, string>, ready: RegExp, port: number): Promise<Server> {
    const child = await startChild(args, { ...env, PORT: String(port) }, ready)
    if (cores) pin(child.pid, cores.server)
    const end = () => child.end('SIGTERM')
    closing.push(end)
    return { port, pid: child.pid, child, end }
  }

  const stage: Stage = {
    options,
    cores,
    tell,
    atEnd: (close) => void closing.push(close),
    async folder() {
      const folder = await temporaryFolder()
      closing.push(folder.remove)
      return folder.path
    },
    async database(name) {
      if (!postgres) {
        postgres = startPostgres()
        const { stop } = await postgres
        closing.unshift(async () => {
          postgres = null
          await stop()
        })
      }
      const url = new URL((await postgres).url)
      await withClient(url.href, (client) => client.query(`CREATE DATABASE ${name}`))
      url.pathname = `/${name}`
      const db = openServer(url.href, { connectionsMax: 2 })
      await migrate(db, MIGRATIONS, new Date())
      await db.close()
      return { url: url.href }
    },
    async product(env, sandbox = null) {
      const port = await freePort()
      const common = { BASE_URL: `http://127.0.0.1:${port}`, LOG_LEVEL: 'error', RATE_LIMIT_SCALE: '1000', TRUSTED_PROXIES: '1' }
      return start(
        programOf('start', env),
        { ...common, ...(sandbox ? { SANDBOX_URL: sandbox.hub } : WITHOUT_PROVIDERS), ...env },
        READY,
        port,
      )
    },
    async sandbox() {
      const sandbox = await startSandbox(`http://127.0.0.1:${await freePort()}`)
      closing.push(sandbox.close)
      return sandbox
    },
    async bare(answers) {
      const file = join(await stage.folder(), 'answers.json')
      await writeFile(file, JSON.stringify(answers))
      return start(['test/bench/bare.ts'], { ANSWERS_FILE: file }, /Ready/, await freePort())
    },
    async close() {
      for (const close of closing.splice(0).toReversed()) await close().catch((error: Error) => tell(`closing: ${error.message}`))
    },
  }
  return stage
}

const WITHOUT_PROVIDERS = {
  SANDBOX: '0',
  CALENDAR_PUSH: '0',
  ADMIN_EMAIL: TEACHER_EMAIL,
  GOOGLE_ISSUER_URL: NOBODY,
  GOOGLE_API_URL: NOBODY,
  MERCADO_PAGO_API_URL: NOBODY,
  MERCADO_PAGO_WEBHOOK_SECRET: WEBHOOK_SECRET,
  MERCADO_PAGO_COLLECTOR_ID: '1',
}

/** One connection that keeps its settings, closed afterwards. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
