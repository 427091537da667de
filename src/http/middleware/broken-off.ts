import type { AppContext } from '../context.ts'

/** A body whose sender went away in the middle: nothing that anybody here could mend, and nobody reads the answer. */
export function bodyBrokenOff(c: AppContext): Response {
  c.get('deps').log.debug({ path: c.req.path, method: c.req.method }, 'body broken off')
  return c.body(null, 400)
}
