import { type Child, startChild } from './child.ts'

/** The providers, in a process of their own that is never killed: their books are what the application's are compared with. */
export interface Sandbox {
  hub: string
  urls: { google: string; mercadoPago: string }
  /** Environment variables the sandbox gives to applications. */
  settings: Record<string, string>
  /** `path` below `/__control`. Throws what the sandbox answers when it refuses. */
  control(path: string, body?: unknown, method?: string): Promise<Record<string, unknown>>
  /** What its clock says. */
  now(): Promise<Date>
  advance(minutes: number): Promise<void>
  close(): Promise<void>
}

const CONTROL_LIMIT_MS = 60_000
/** As the sandbox itself has it, unless told otherwise. */
const SECOND_SECRET = 'second-sandbox-secret'

export async function startSandbox(appUrl: string): Promise<Sandbox> {
  const child: Child = await startChild(
    ['sandbox/main.ts'],
    { APP_URL: appUrl, SANDBOX_PORT: '0', SANDBOX_SECOND_SECRET: SECOND_SECRET },
    /SANDBOX_URL=\S+\n/,
  )
  const hub = /SANDBOX_URL=(\S+)/.exec(child.output())?.[1] ?? ''
  async function control(path: string, body?: unknown, method = body === undefined ? 'GET' : 'POST'): Promise<Record<string, unknown>> {
    const answer = await fetch(`${hub}/__control${path}`, {
      method,
      signal: AbortSignal.timeout(CONTROL_LIMIT_MS),
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} /__control${path} → ${answer.status} ${text.slice(0, 300)}`)
    return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)
  }
  const { urls, settings } = (await control('/info')) as unknown as Pick<Sandbox, 'urls' | 'settings'>
  return {
    hub,
    urls,
    settings,
    control,
    now: async () => new Date(String((await control('/clock')).now)),
    advance: async (minutes) => void (await control('/clock', { advanceMinutes: minutes })),
    close: () => child.end('SIGTERM'),
  }
}
