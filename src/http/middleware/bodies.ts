import type { MiddlewareHandler } from 'hono'
import type { AppContext, AppEnv } from '../context.ts'

/**
 * Bounds what bodies may take of the memory together, from their first byte until they are answered: each is kept whole before anybody knows
 * whether its sender may send it. One that does not say how large it is counts as `bodyBytesMax`.
 */
export function boundTogether(
  { bodyBytesMax, bytesMax }: { bodyBytesMax: number; bytesMax: number },
  busy: (c: AppContext) => Response | Promise<Response>,
): MiddlewareHandler<AppEnv> {
  let arriving = 0
  return async (c, next) => {
    const declared = Number(c.req.header('content-length') ?? bodyBytesMax)
    const bytes = Math.min(Number.isNaN(declared) ? bodyBytesMax : declared, bodyBytesMax)
    if (arriving + bytes > bytesMax) return busy(c)
    arriving += bytes
    try {
      await next()
    } finally {
      arriving -= bytes
    }
  }
}
