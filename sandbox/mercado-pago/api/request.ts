import { createHash } from 'node:crypto'
import type { Context, MiddlewareHandler } from 'hono'
import { type ApiError, coded, INVALID_TOKEN, NOT_JSON } from '../errors.ts'
import { isObject, type Json } from '../wire.ts'
import { keep, type World } from '../world.ts'

export const refuse = (c: Context, error: ApiError): Response => c.json(error.body, error.status)

/** Only the seller's token opens the API. */
export function bearer(world: World): MiddlewareHandler {
  const expected = `Bearer ${world.account.accessToken}`
  return async (c, next) => {
    if (c.req.header('authorization') !== expected) return c.json(INVALID_TOKEN.body, INVALID_TOKEN.status)
    return next()
  }
}

/** The body as a JSON object; an empty body counts as `{}`. Null when it is anything else. */
async function readJson(c: Context): Promise<{ text: string; body: Json } | null> {
  const text = await c.req.text()
  if (text.trim() === '') return { text, body: {} }
  try {
    const body: unknown = JSON.parse(text)
    return isObject(body) ? { text, body } : null
  } catch {
    return null
  }
}

export interface Reply {
  status: 200 | 201
  body: Json
}

const BODY_CHARACTERS_MAX = 200_000

/**
 * Carries out a write once per (token, method and path, idempotency key). The same key with the same body repeats the stored
 * answer, with another body it is refused. Refusals are not stored, so that the same key may succeed later.
 */
export async function write(
  world: World,
  c: Context,
  options: { keyRequired: boolean; replays: boolean },
  carryOut: (body: Json) => Reply | ApiError,
): Promise<Response> {
  const read = await readJson(c)
  if (!read || read.text.length > BODY_CHARACTERS_MAX) return refuse(c, NOT_JSON)
  const header = c.req.header('x-idempotency-key')?.trim() ?? ''
  if (header === '' && options.keyRequired) return refuse(c, coded(400, 4292, "Header X-Idempotency-Key can't be null"))

  const path = c.req.path.replace(/\/+$/, '')
  const key = createHash('sha256').update([world.account.accessToken, c.req.method, path, header].join('\n')).digest('hex')
  const bodyHash = createHash('sha256').update(read.text).digest('hex')
  const stored = header !== '' && options.replays ? world.state.replies.get(key) : undefined
  if (stored && stored.bodyHash !== bodyHash) {
    return refuse(c, coded(409, 4293, 'X-Idempotency-Key was already used with a different request'))
  }
  if (stored) return c.json(stored.reply as Json, stored.status as 200)

  const outcome = carryOut(read.body)
  if (isRefusal(outcome)) return refuse(c, outcome)
  if (header !== '' && options.replays) {
    keep(world.state.replies, key, { key, bodyHash, status: outcome.status, reply: structuredClone(outcome.body) })
  }
  world.context.changed()
  return c.json(outcome.body, outcome.status)
}

const isRefusal = (outcome: Reply | ApiError): outcome is ApiError => outcome.status >= 400

/** One page of rows. Limits are clamped, as these searches do not complain. */
export function pageOf<T>(c: Context, rows: T[]): { rows: T[]; limit: number; offset: number; total: number } {
  const limit = clamp(c.req.query('limit'), 30, 100)
  const offset = clamp(c.req.query('offset'), 0, 1_000_000)
  return { rows: rows.slice(offset, offset + limit), limit, offset, total: rows.length }
}

function clamp(text: string | undefined, fallback: number, max: number): number {
  const value = Number(text ?? fallback)
  return Number.isInteger(value) && value >= 0 ? Math.min(value, max) : fallback
}
