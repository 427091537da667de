import type { MiddlewareHandler } from 'hono'

export interface LoggedRequest {
  seq: number
  at: string
  part: string
  method: string
  /** Path with its query. */
  path: string
  status: number
  /** Request body as text, cut at 4,000 characters. */
  body: string
}

/** Keeps the last requests that each part received, so that tests and people can see what the application really asked for. */
export interface RequestLog {
  record(part: string): MiddlewareHandler
  entries(filter?: { part?: string; method?: string; path?: string }): LoggedRequest[]
  clear(): void
}

const KEPT = 2_000
const BODY_CHARACTERS_KEPT = 4_000

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
      entries.push({ seq, at, part, method: c.req.method, path: url.pathname + url.search, status: c.res.status, body: body.slice(0, BODY_CHARACTERS_KEPT) })
      if (entries.length > KEPT) entries = entries.slice(-KEPT)
    },
    entries: (filter = {}) =>
      entries.filter(
        (entry) =>
          (!filter.part || entry.part === filter.part) &&
          (!filter.method || entry.method === filter.method) &&
          (!filter.path || entry.path.includes(filter.path)),
      ),
    clear() {
      entries = []
    },
  }
}
