import type { MiddlewareHandler } from 'hono'
import type { Config } from '../../config.ts'
import type { AppEnv } from '../context.ts'

/** Where our forms may lead: the answer to a form is a redirect to one of these, and browsers check it against form-action. */
function formTargets(config: Config): string[] {
  const own = [config.google.issuerUrl, config.google.apiUrl, config.mercadoPago.apiUrl].map((url) => new URL(url).origin)
  return [...new Set([...own, 'https://meet.google.com', 'https://www.mercadopago.com.ar', 'https://www.mercadopago.com'])]
}

/** Headers of every answer (behaviour Z10): nothing runs, loads or frames that is not ours. */
export function securityHeaders(config: Config): MiddlewareHandler<AppEnv> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    `form-action 'self' ${formTargets(config).join(' ')}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
  // Before the answer is made: what is added to a finished one makes it anew each time. Whoever answers may say otherwise.
  return (c, next) => {
    c.header('Content-Security-Policy', policy)
    c.header('X-Content-Type-Options', 'nosniff')
    c.header('X-Frame-Options', 'DENY')
    c.header('Referrer-Policy', 'same-origin')
    c.header('Cross-Origin-Opener-Policy', 'same-origin')
    c.header('Permissions-Policy', 'camera=(), microphone=(), geolocation=()')
    if (config.baseUrl.startsWith('https://')) c.header('Strict-Transport-Security', 'max-age=31536000; includeSubDomains')
    return next()
  }
}
