import type { MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { AppContext, AppEnv } from '../context.ts'
import { bodyBrokenOff } from './broken-off.ts'
import { isRead } from './doors.ts'

/**
 * Refuses bodies of more than `bytesMax`: before they are received where they say how long they are, and while they are received otherwise. Most say
 * it, and then nothing is asked of the body itself: that would make a stream of it, which costs as much as a statement.
 */
export function limitBody(bytesMax: number, tooLarge: (c: AppContext) => Response): MiddlewareHandler<AppEnv> {
  const whileReceived = bodyLimit({ maxSize: bytesMax, onError: (c) => tooLarge(c as AppContext) })
  return async (c, next) => {
    // Whoever only reads sends no body that anybody would look at.
    if (isRead(c)) return next()
    const declared = c.req.header('content-length')
    if (declared !== undefined && c.req.header('transfer-encoding') === undefined) return Number(declared) > bytesMax ? tooLarge(c) : next()
    let isReceived = false
    try {
      return await whileReceived(c, () => {
        isReceived = true
        return next()
      })
    } catch (error) {
      if (isReceived) throw error
      return bodyBrokenOff(c)
    }
  }
}
