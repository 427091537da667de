import { type RunningSandbox, startSandbox } from '../../sandbox/index.ts'
import type { LoggedRequest } from '../../sandbox/kernel/request-log.ts'
import { type Config, parseConfig } from '../../src/config.ts'
import { configFile } from '../support/config-files.ts'

/** The whole sandbox on free ports, with the configuration that an application beside it would have. */
export interface Rig {
  sandbox: RunningSandbox
  clock: RunningSandbox['clock']
  config: Config
  /** Calls the control API: `path` below `/__control/`. Throws when it refuses. */
  control<T = unknown>(path: string, body?: unknown, method?: string): Promise<T>
  /** What the sandbox was asked so far, oldest first. */
  requests(filter: { part: 'google' | 'mercado-pago'; method?: string; path?: string }): Promise<LoggedRequest[]>
  /** Everything forgotten, the clock back at the present. */
  reset(): Promise<void>
  close(): Promise<void>
}

const BASE_URL = 'http://localhost:3000'

export async function startRig(): Promise<Rig> {
  const sandbox = await startSandbox({
    ports: { hub: 0, google: 0, mercadoPago: 0, smtp: 0 },
    redirectUris: [`${BASE_URL}/api/auth/callback/google`],
    appUrl: BASE_URL,
    deliver: async () => new Response(null, { status: 200 }),
  })
  const control: Rig['control'] = async <T>(path: string, body?: unknown, method = 'POST') => {
    const response = await fetch(`${sandbox.urls.hub}/__control/${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return (text === '' ? null : JSON.parse(text)) as T
  }
  return {
    sandbox,
    clock: sandbox.clock,
    config: await configFor(sandbox),
    control,
    async requests(filter) {
      const { requests } = await control<{ requests: LoggedRequest[] }>(`log?${new URLSearchParams(filter)}`, undefined, 'GET')
      return requests
    },
    async reset() {
      await control('reset', { clock: true })
    },
    close: () => sandbox.close(),
  }
}

async function configFor(sandbox: RunningSandbox): Promise<Config> {
  const env = { ...sandbox.settings, BASE_URL, SANDBOX: '1' }
  const parsed = parseConfig(env, await configFile('pricing'), await configFile('academy'))
  if (!parsed.ok) throw new Error(parsed.errors.join('\n'))
  return parsed.config
}
