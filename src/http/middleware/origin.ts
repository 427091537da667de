import type { AppContext } from '../context.ts'

/**
 * Whether a state-changing request comes from a page of another site. Browsers say so in `Sec-Fetch-Site` or `Origin`; a client that
 * sends neither is no browser and carries no ambient cookie. Cookies are SameSite=Lax besides (behaviour 4.0).
 */
export function isForeignOrigin(c: AppContext): boolean {
  const own = new URL(c.get('deps').config.baseUrl).origin
  const origin = c.req.header('origin')
  const site = c.req.header('sec-fetch-site')
  if (origin !== undefined && origin !== 'null') return origin !== own
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  return origin === 'null'
}
