import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { z } from 'zod'
import { controlError, readControlBody } from './body.ts'

/**
 * Fault switches: what goes wrong, on which route, and how many times.
 *
 * - `error`: the request is not carried out; answers `status` with the provider's error shape.
 * - `commit-then-500`: carried out, the answer is replaced by a 500.
 * - `commit-then-drop`: carried out, the connection is cut instead of an answer.
 * - `drop`: not carried out, the connection is cut.
 * - `slow`: waits `delayMs` of real time, then behaves normally.
 * - `hang`: never answers; the connection is cut after `delayMs` (two minutes unless told).
 * - `html`: not carried out; something between the two answers with a page and `status` (502 unless told).
 * - `malformed`: carried out, the answer's JSON is cut in the middle.
 * - `truncated`: carried out, the announced length is right but the connection is cut half way through the body.
 * - `not-found-first`: the next `count` requests (GET unless told) answer 404, as a replica that lags behind would.
 */
export const FaultKind = z.enum([
  'error',
  'html',
  'commit-then-500',
  'commit-then-drop',
  'drop',
  'slow',
  'hang',
  'malformed',
  'truncated',
  'not-found-first',
])
export type FaultKind = z.infer<typeof FaultKind>

const COUNT_MAX = 10_000
const FAULTS_MAX = 100
const DELAY_MS_MAX = 120_000
const DELAY_MS_DEFAULT = 2_000

export const FaultInput = z.strictObject({
  /** A path ("*" stands for one segment, "**" for any number) or one of the part's route names, for example "events.insert". */
  route: z.string().min(1).max(300),
  method: z.string().toUpperCase().max(10).optional(),
  /** Only needed when several parts share one set of faults. */
  part: z.string().max(50).optional(),
  kind: FaultKind.default('error'),
  /** Hits only requests whose body contains this text, for example "grant_type=refresh_token". */
  bodyIncludes: z.string().max(200).optional(),
  /** How many requests it hits before it is used up. */
  count: z.int().min(1).max(COUNT_MAX).default(1),
  status: z.int().min(400).max(599).optional(),
  reason: z.string().max(100).optional(),
  message: z.string().max(500).optional(),
  retryAfterSeconds: z.int().min(0).max(86_400).optional(),
  delayMs: z.int().min(0).max(DELAY_MS_MAX).optional(),
  /** Chance that a matching request is hit; drawn from `seed`, so that a run can be repeated. */
  probability: z.number().min(0).max(1).default(1),
  seed: z.int().default(1),
})
export type FaultInput = z.infer<typeof FaultInput>

export interface Fault extends FaultInput {
  id: number
  remaining: number
  hits: number
}

export interface FaultOptions {
  /** Short names for routes, usable as `route` of a fault. */
  routes?: Record<string, { method: string; path: string }>
  /** Names of what is no HTTP request. */
  others?: readonly string[]
  /** The provider's own error shape; default `{ error, message, status }`. Status is 404 for `not-found-first`, 500 for `commit-then-500`. */
  errorResponse?: (error: FaultError) => Response
}

export interface FaultError {
  status: number
  reason: string | undefined
  message: string | undefined
  path: string
}

export interface Faults {
  /** Put it first on the part's provider routes, after the request log. */
  middleware(part: string): MiddlewareHandler
  /** The switch that hits something which is no HTTP request, used up by it. */
  takeFor(route: string): Fault | undefined
  /** POST / (add), GET / (list), DELETE / (all), DELETE /:id. */
  control: Hono
  add(input: z.input<typeof FaultInput>): Fault
  list(): Fault[]
  clear(): void
}

export function createFaults(options: FaultOptions = {}): Faults {
  let faults: (Fault & { draw: () => number })[] = []
  let lastId = 0

  function add(input: z.input<typeof FaultInput>): Fault {
    const parsed = FaultInput.parse(input)
    refuseUnknownName(parsed.route, [...Object.keys(options.routes ?? {}), ...(options.others ?? [])])
    if (faults.length >= FAULTS_MAX) throw controlError(409, `At most ${FAULTS_MAX} faults can wait; delete some.`)
    lastId += 1
    const fault = { ...parsed, id: lastId, remaining: parsed.count, hits: 0, draw: randomFrom(parsed.seed) }
    faults.push(fault)
    return visible(fault)
  }

  async function take(part: string, c: Context): Promise<Fault | undefined> {
    const candidates = faults.filter(
      (candidate) => (!candidate.part || candidate.part === part) && matches(candidate, c.req.method, c.req.path, options.routes ?? {}),
    )
    const body = candidates.some((candidate) => candidate.bodyIncludes) ? await c.req.raw.clone().text() : ''
    // The body is read with an await: a candidate may have been used up meanwhile by another request.
    const fault = candidates.find(
      (candidate) => candidate.remaining > 0 && body.includes(candidate.bodyIncludes ?? '') && candidate.draw() < candidate.probability,
    )
    return fault && use(fault)
  }

  function use(fault: Fault): Fault {
    fault.remaining -= 1
    fault.hits += 1
    if (fault.remaining === 0) faults = faults.filter((other) => other !== fault)
    return fault
  }

  const control = new Hono()
  control.post('/', async (c) => c.json(add(await readControlBody(c, FaultInput)), 201))
  control.get('/', (c) => c.json({ faults: faults.map(visible) }))
  control.delete('/', (c) => {
    faults = []
    return c.body(null, 204)
  })
  control.delete('/:id', (c) => {
    const id = Number(c.req.param('id'))
    if (!faults.some((fault) => fault.id === id)) throw controlError(404, 'No fault with that id is waiting.')
    faults = faults.filter((fault) => fault.id !== id)
    return c.body(null, 204)
  })

  return {
    middleware: (part) => async (c, next) => {
      const fault = await take(part, c)
      if (!fault) return next()
      applied.set(c.req.raw, fault.kind)
      return inflict(fault, c, next, options.errorResponse ?? plainError)
    },
    takeFor(route) {
      const fault = faults.find((candidate) => candidate.route === route && candidate.draw() < candidate.probability)
      return fault && use(fault)
    },
    control,
    add,
    list: () => faults.map(visible),
    clear() {
      faults = []
    },
  }
}

/** A fault under a name that nothing has would wait for ever, and whoever set it would think that nothing can go wrong. */
function refuseUnknownName(route: string, known: readonly string[]): void {
  if (/[/*]/.test(route) || known.includes(route)) return
  const names = known.length === 0 ? 'no route has a name here' : `the names are ${known.join(', ')}`
  throw controlError(400, `No route is called "${route}": ${names}; a path begins with "/".`)
}

const applied = new WeakMap<Request, FaultKind>()

/** The fault that hit this request, if one did; the request log shows it. */
export function faultOf(request: Request): FaultKind | undefined {
  return applied.get(request)
}

async function inflict(
  fault: Fault,
  c: Context,
  next: () => Promise<void>,
  errorResponse: NonNullable<FaultOptions['errorResponse']>,
): Promise<Response | undefined> {
  const error = (status: number) => {
    const response = errorResponse({ status, reason: fault.reason, message: fault.message, path: c.req.path })
    if (fault.retryAfterSeconds !== undefined) response.headers.set('retry-after', String(fault.retryAfterSeconds))
    return response
  }
  switch (fault.kind) {
    case 'error':
      await pause(fault.delayMs ?? 0, c.req.raw.signal)
      return error(fault.status ?? 500)
    case 'html': {
      const page = '<!doctype html><html><head><title>Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>'
      return new Response(page, { status: fault.status ?? 502, headers: { 'content-type': 'text/html; charset=utf-8' } })
    }
    case 'not-found-first':
      return error(404)
    case 'slow':
      await pause(delayOf(fault), c.req.raw.signal)
      await next()
      return undefined
    case 'hang':
      await pause(delayOf(fault), c.req.raw.signal)
      return cut(c)
    case 'drop':
      return cut(c)
    case 'commit-then-drop':
      await next()
      return cut(c)
    case 'commit-then-500':
      await next()
      return replace(c, error(fault.status ?? 500))
    case 'malformed': {
      await next()
      const text = await c.res.clone().text()
      const half = text.length > 1 ? text.slice(0, Math.ceil(text.length / 2)) : '{"kind":'
      return replace(
        c,
        new Response(half, { status: c.res.status === 204 ? 200 : c.res.status, headers: { 'content-type': 'application/json' } }),
      )
    }
    case 'truncated':
      await next()
      return truncate(c, await c.res.clone().text())
  }
}

/** Real milliseconds that this fault takes before anything else. */
export function delayOf({ kind, delayMs }: Fault): number {
  if (kind === 'hang') return delayMs ?? DELAY_MS_MAX
  return kind === 'slow' ? (delayMs ?? DELAY_MS_DEFAULT) : (delayMs ?? 0)
}

function replace(c: Context, response: Response): undefined {
  // Assigning undefined first stops Hono from merging the headers of the answer that is thrown away.
  c.res = undefined
  c.res = response
  return undefined
}

interface NodeConnection {
  incoming?: { socket: { destroy(): void } }
  outgoing?: {
    writeHead(status: number, headers: Record<string, string | number>): unknown
    write(chunk: string | Uint8Array, done: () => void): unknown
    destroy(): void
  }
}

function cut(c: Context): Response | undefined {
  const { incoming } = c.env as NodeConnection
  if (!incoming) throw new Error('The sandbox cut the connection; without a socket there is nothing to answer.')
  incoming.socket.destroy()
  return sent(c)
}

function truncate(c: Context, text: string): Response | undefined {
  const { incoming, outgoing } = c.env as NodeConnection
  if (!incoming || !outgoing) return cut(c)
  const bytes = new TextEncoder().encode(text)
  outgoing.writeHead(c.res.status, { 'content-type': 'application/json', 'content-length': Math.max(bytes.length, 2) })
  outgoing.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), () => incoming.socket.destroy())
  return sent(c)
}

function sent(c: Context): Response | undefined {
  if (!c.finalized) return RESPONSE_ALREADY_SENT
  return replace(c, RESPONSE_ALREADY_SENT)
}

function plainError({ status, reason, message }: FaultError): Response {
  return Response.json({ error: reason ?? 'sandbox_fault', message: message ?? 'Fault switched on in the sandbox.', status }, { status })
}

function matches(fault: Fault, method: string, path: string, routes: NonNullable<FaultOptions['routes']>): boolean {
  const named = routes[fault.route]
  const wanted = named?.method ?? fault.method ?? (fault.kind === 'not-found-first' ? 'GET' : undefined)
  if (wanted && wanted !== method) return false
  return pathPattern(named?.path ?? fault.route).test(path.replace(/\/+$/, '') || '/')
}

function pathPattern(route: string): RegExp {
  const source = (route.replace(/\/+$/, '') || '/')
    .split('/')
    .map((segment) => (segment === '**' ? '.*' : segment.startsWith(':') ? '[^/]+' : escapePattern(segment).replaceAll('\\*', '[^/]*')))
    .join('/')
  return new RegExp(`^${source}$`)
}

function escapePattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

function visible({ draw: _, ...fault }: Fault & { draw?: () => number }): Fault {
  return fault
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (milliseconds === 0 || signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds)
    function done() {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    signal.addEventListener('abort', done)
  })
}

/** Small repeatable generator (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
