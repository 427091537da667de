import type { Hono } from 'hono'
import type { z } from 'zod'
import { isStaff } from '../features/identity/rules.ts'
import type { Viewer } from '../features/identity/store.ts'
import { countUse } from '../features/operation/rate-limit.ts'
import { MINUTE_MS } from '../kernel/clock.ts'
import { askTogether } from '../kernel/together.ts'
import type { AppContext, AppEnv, ErrorStatus } from './context.ts'
import { addressKey } from './middleware/address.ts'
import { isForeignOrigin } from './middleware/origin.ts'
import { API_TEXT } from './text.es.ts'

export const BODY_BYTES_MAX = 64 * 1024

interface Described {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** OpenAPI form: "/api/classes/{id}/join". */
  path: string
  summary: string
  /** Requests per person (per address where nobody signs in) in ten minutes, scaled by RATE_LIMIT_SCALE. */
  limitPer10Minutes?: number
  /** A GET that does something, or goes on: HEAD, which would do it for nobody, is not supported. */
  noHead?: boolean
  /** A form of our own pages: refused when a page of another site sends it, also with nobody signed in. */
  ownPagesOnly?: boolean
  body?: z.ZodType
  /** Fields of an HTML form, where the body is not JSON. */
  form?: z.ZodObject
  query?: z.ZodObject
  /** Success and refusals, for people and for `/api/openapi.json`. */
  responses: Record<number, { description: string; schema?: z.ZodType }>
  /** For an address that people open in a browser: its refusals as a page. */
  page?: (c: AppContext, status: ErrorStatus, text: string) => Response | Promise<Response>
}

type Handler<Who> = (c: AppContext, viewer: Who) => Promise<Response> | Response

export type Endpoint =
  | (Described & { auth: 'none'; handle: Handler<Viewer | null> })
  | (Described & { auth: 'login' | 'teacher' | 'admin'; handle: Handler<Viewer> })

export function fail(c: AppContext, status: ErrorStatus, error: string, more: Record<string, unknown> = {}): Response {
  return c.json({ error, ...more }, status)
}

/**
 * An answer that is the same for everybody who asks under the same key: read and written down once for all who ask at the same moment, and never
 * older than their question. Nothing of whoever asks may be in it.
 */
export async function jsonForAll(c: AppContext, key: string, read: () => Promise<unknown>): Promise<Response> {
  const text = await askTogether(c.get('deps'), `json ${key}`, async () => JSON.stringify(await read()))
  return c.body(text, 200, { 'Content-Type': 'application/json' })
}

/** An answer that is the same for everybody may be kept on the way; not where somebody is signed in, whose login it may bring with it. */
export function letKeep(c: AppContext, seconds: number): void {
  c.header('Cache-Control', c.get('viewer') ? 'no-store' : `public, max-age=${seconds}`)
}

const WINDOW_MS = 10 * MINUTE_MS

/** Mounts an endpoint behind the checks that come before its own, in the order of behaviour 4.0: login, origin, role, rate. */
export function mount(app: Hono<AppEnv>, endpoint: Endpoint): void {
  app.on(endpoint.method, endpoint.path.replace(/\{(\w+)\}/g, ':$1'), async (c) => {
    const viewer = c.get('viewer')
    if (viewer) c.header('Cache-Control', 'no-store')
    if (endpoint.noHead && c.req.method === 'HEAD') {
      c.header('Allow', endpoint.method)
      return fail(c, 405, API_TEXT.methodNotAllowed)
    }
    if (endpoint.auth !== 'none' && !viewer)
      return endpoint.page && wantsPage(c) ? endpoint.page(c, 401, API_TEXT.signInPage) : fail(c, 401, API_TEXT.unauthorized)
    if (mustBeOwnPage(endpoint) && isForeignOrigin(c)) return fail(c, 403, API_TEXT.foreignOrigin)
    if (endpoint.auth === 'admin' && viewer?.role !== 'ADMIN') return fail(c, 403, API_TEXT.forbidden)
    if (endpoint.auth === 'teacher' && viewer && !isStaff(viewer)) return fail(c, 403, API_TEXT.forbidden)
    if (endpoint.limitPer10Minutes !== undefined) {
      const limited = await limitRate(c, endpoint.path, endpoint.limitPer10Minutes)
      if (limited) return limited
    }
    return endpoint.handle(c, viewer as Viewer)
  })
}

/** Whatever changes something for the signed-in person; not the notifications of providers, which come from elsewhere by nature. */
export function mustBeOwnPage(endpoint: Endpoint): boolean {
  return endpoint.ownPagesOnly ?? (endpoint.method !== 'GET' && endpoint.auth !== 'none')
}

export function wantsPage(c: AppContext): boolean {
  return (c.req.header('accept') ?? '').includes('text/html')
}

/** Counts one request; an answer means that it is one too many. */
export async function limitRate(c: AppContext, name: string, per10Minutes: number): Promise<Response | null> {
  const deps = c.get('deps')
  const { rateLimitScale } = deps.config
  if (rateLimitScale === 0) return null
  const who = c.get('viewer') ? `user:${c.get('viewer')?.id}` : `address:${addressKey(c)}`
  const use = await countUse(deps, { bucket: `${name}:${who}`, max: Math.ceil(per10Minutes * rateLimitScale), windowMs: WINDOW_MS })
  if (use.ok) return null
  c.header('Retry-After', String(use.detail?.retryAfterSeconds ?? 60))
  return fail(c, 429, API_TEXT.tooMany)
}

const decoder = new TextDecoder()

/** The body as a text. Asked for one, the context would make an answer of the bytes first, and then read that. */
export async function readText(c: AppContext): Promise<string> {
  return decoder.decode(await c.req.arrayBuffer())
}

export type JsonBody = { ok: true; value: unknown } | { ok: false }

/** The body as JSON, as PostgreSQL can store it: NUL characters are refused, half a character becomes the replacement character. */
export async function readJson(c: AppContext): Promise<JsonBody> {
  const text = await readText(c)
  if (/\\u0000|\0/.test(text)) return { ok: false }
  try {
    return { ok: true, value: JSON.parse(text, wellFormed) }
  } catch {
    return { ok: false }
  }
}

/** A name cannot be replaced while it is read, and no endpoint has one like that: it is refused. */
function wellFormed(key: string, value: unknown): unknown {
  if (!key.isWellFormed()) throw new SyntaxError('Half a character in a name')
  return typeof value === 'string' ? value.toWellFormed() : value
}
