import { getConnInfo } from '@hono/node-server/conninfo'
import { fingerprint } from '../../kernel/secret-box.ts'
import type { AppContext } from '../context.ts'

/** The caller's network address: the connection's, or what the last trusted proxy saw. */
export function addressOf(c: AppContext): string {
  const { trustedProxies } = c.get('deps').config
  if (trustedProxies > 0) {
    const hops = (c.req.header('x-forwarded-for') ?? '').split(',').map((hop) => hop.trim())
    const seen = hops[hops.length - trustedProxies]
    if (seen) return seen
  }
  try {
    return getConnInfo(c).remote.address ?? 'unknown'
  } catch {
    return 'in-process'
  }
}

/** What is stored of an address: a keyed fingerprint, never the address itself. */
export function addressKey(c: AppContext): string {
  return fingerprint(c.get('deps').config.authSecret, `address:${c.get('address')}`).slice(0, 32)
}
