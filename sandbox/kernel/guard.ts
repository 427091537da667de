import type { MiddlewareHandler } from 'hono'

const LOOPBACK_HOSTS = new Set(['127.0.0.1', 'localhost', '[::1]'])
const READING = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Refuses a request whose Host is not this computer: a page elsewhere that rebinds its name to 127.0.0.1 gets nothing. */
export function refuseForeignHost(request: Request): Response | undefined {
  if (isLoopback(`http://${request.headers.get('host') ?? ''}`)) return undefined
  return Response.json({ error: 'The sandbox answers only on loopback addresses.' }, { status: 403 })
}

/** Refuses a change that a page of another origin asks for. Programs such as curl send no Origin and pass. */
export const refuseForeignOrigin: MiddlewareHandler = async (c, next) => {
  const origin = c.req.header('origin')
  const sameOrigin = origin === undefined || origin === `http://${c.req.header('host')}`
  const crossSite = ['cross-site', 'same-site'].includes(c.req.header('sec-fetch-site') ?? '')
  if (READING.has(c.req.method) || (sameOrigin && !crossSite)) return next()
  return c.json({ error: 'The sandbox refuses changes asked for by another origin.' }, 403)
}

/** True when the URL's host is this computer. */
export function isLoopback(url: string): boolean {
  return URL.canParse(url) && LOOPBACK_HOSTS.has(new URL(url).hostname)
}
