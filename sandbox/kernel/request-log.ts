import type { MiddlewareHandler } from 'hono'
import { type FaultKind, faultOf } from './faults.ts'

export interface LoggedRequest {
  seq: number
  at: string
  part: string
  method: string
  /** Path with its query. */
  path: string
  /** Status of the answer; 0 when a fault cut the connection. */
  status: number
  /** Request body as text, cut at 4,000 characters. */
  body: string
  /** The fault switch that hit this request. */
  fault?: FaultKind
}

/** Keeps the last requests that each part received, so that tests and people can see what the application really asked for. */
export interface RequestLog {
  record(part: string): MiddlewareHandler
  entries(filter?: { part?: string; method?: string; path?: string }): LoggedRequest[]
  /** How many requests were answered so far. */
  count(): number
  clear(): void
}

const KEPT = 2_000
const BODY_CHARACTERS_KEPT = 4_000
const CUT_CONNECTION: readonly FaultKind[] = ['drop', 'commit-then-drop', 'hang', 'truncated']

export function createRequestLog(now: () => Date): RequestLog {
  let entries: LoggedRequest[] = []
  let seq = 0
  return {
    record: (part) => async (c, next) => {
      const body = c.req.raw.body ? await c.req.raw.clone().text() : ''
      const url = new URL(c.req.url)
      const at = now().toISOString()
      await next()
      seq += 1
      const fault = faultOf(c.req.raw)
      entries.push({
        seq,
        at,
        part,
        method: c.req.method,
        path: url.pathname + url.search,
        status: fault && CUT_CONNECTION.includes(fault) ? 0 : c.res.status,
        body: body.slice(0, BODY_CHARACTERS_KEPT),
        ...(fault && { fault }),
      })
      if (entries.length > KEPT) entries = entries.slice(-KEPT)
    },
    entries: (filter = {}) =>
      entries.filter(
        (entry) =>
          (!filter.part || entry.part === filter.part) &&
          (!filter.method || entry.method === filter.method) &&
          (!filter.path || entry.path.includes(filter.path)),
      ),
    count: () => seq,
    clear() {
      entries = []
    },
  }
}
