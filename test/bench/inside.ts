import pg from 'pg'
import { parseConfig } from '../../src/config.ts'
import { createDatabase, type Database } from '../../src/db/client.ts'
import type { Deps } from '../../src/deps.ts'
import { createLiveHub } from '../../src/features/live/hub.ts'
import { createApp } from '../../src/http/app.ts'
import { createJobs } from '../../src/jobs/queue.ts'
import { JOBS } from '../../src/jobs/registry.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { systemIds } from '../../src/kernel/ids.ts'
import { createLog } from '../../src/kernel/log.ts'
import { createSecretBox } from '../../src/kernel/secret-box.ts'
import { configFile } from '../support/config-files.ts'
import { TEACHER_EMAIL } from './stage.ts'

export interface Sent {
  text: string
  values: readonly unknown[]
}

/** The application inside this process, without pages and providers, on a database whose every statement is written down. */
export interface Inside {
  deps: Deps
  fetch(path: string, init: RequestInit): Promise<Response>
  sent: Sent[]
  close(): Promise<void>
}

/** `providers`: what answers instead of Google and Mercado Pago; whatever is left out must not be asked. */
export async function openInside(url: string, providers: Partial<Pick<Deps, 'payments' | 'calendar'>> = {}): Promise<Inside> {
  const pool = new pg.Pool({ connectionString: url, max: 4 })
  const sent: Sent[] = []
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as (...given: unknown[]) => unknown
    client.query = ((given: string | { text: string; values?: unknown[] }, values?: unknown[], ...more: unknown[]) => {
      const statement = typeof given === 'string' ? { text: given } : given
      sent.push({ text: statement.text, values: (Array.isArray(values) ? values : statement.values) ?? [] })
      return query(given, values, ...more)
    }) as typeof client.query
  })
  const db: Database = createDatabase(pool)
  const env = { BASE_URL: 'http://127.0.0.1', RATE_LIMIT_SCALE: '1000', ADMIN_EMAIL: TEACHER_EMAIL, MERCADO_PAGO_COLLECTOR_ID: '1' }
  const parsed = parseConfig(env, await configFile('pricing'), await configFile('academy'))
  if (!parsed.ok) throw new Error(parsed.errors.join('\n'))
  const { config } = parsed
  const log = createLog('error')
  const jobs = createJobs(db, systemClock, log, JOBS, 'postgres')
  const deps: Deps = {
    config,
    db,
    clock: systemClock,
    ids: systemIds,
    log,
    jobs,
    secrets: createSecretBox(config.tokenEncryptionKeys),
    payments: providers.payments ?? nobody('Mercado Pago'),
    calendar: providers.calendar ?? nobody('Google Calendar'),
    signIn: nobody('Google'),
    live: createLiveHub(db.listen, log),
    exercises: null,
    mail: null,
  }
  await jobs.prepare()
  const app = createApp(deps, { mount: () => {}, sandboxHub: null, error: (c) => c.text(''), busy: (c) => c.text('') })
  return {
    deps,
    sent,
    fetch: async (path, init) => app.request(`http://127.0.0.1${path}`, init),
    async close() {
      await deps.live.close()
      await jobs.stop()
      await db.close()
    },
  }
}

function nobody<Provider extends object>(name: string): Provider {
  return new Proxy({} as Provider, {
    get(_, property) {
      throw new Error(`${name} was asked for ${String(property)}`)
    },
  })
}
