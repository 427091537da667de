import type { MiddlewareHandler } from 'hono'
import { z } from 'zod'

/** Answers whose headers arrive at once and whose body stops half way: the official client's time-out does not see them. */
export const StallInput = z.strictObject({
  /** Start of the path, for example "/v1/payments". */
  pathPrefix: z.string().min(1).max(300),
  method: z.string().toUpperCase().max(10).default('GET'),
  /** Real milliseconds until the rest of the body follows. */
  milliseconds: z.number().int().min(1).max(120_000).default(30_000),
  count: z.number().int().min(1).max(1_000).default(1),
})
export type StallInput = z.infer<typeof StallInput>

export interface Stalls {
  middleware: MiddlewareHandler
  add(input: StallInput): void
  list(): StallInput[]
  clear(): void
}

const STALLS_MAX = 100

export function createStalls(): Stalls {
  let waiting: StallInput[] = []
  return {
    middleware: async (c, next) => {
      const stall = waiting.find(({ pathPrefix, method }) => c.req.path.startsWith(pathPrefix) && c.req.method === method)
      if (!stall) return next()
      stall.count -= 1
      waiting = waiting.filter(({ count }) => count > 0)
      await next()
      const body = new Uint8Array(await c.res.clone().arrayBuffer())
      c.res = new Response(halfThenRest(body, stall.milliseconds), c.res)
    },
    add(input) {
      waiting = [...waiting, { ...input }].slice(-STALLS_MAX)
    },
    list: () => waiting,
    clear() {
      waiting = []
    },
  }
}

function halfThenRest(body: Uint8Array, milliseconds: number): ReadableStream<Uint8Array> {
  const half = Math.ceil(body.length / 2)
  let timer: NodeJS.Timeout | undefined
  return new ReadableStream({
    start(controller) {
      controller.enqueue(body.subarray(0, half))
      timer = setTimeout(() => {
        controller.enqueue(body.subarray(half))
        controller.close()
      }, milliseconds)
    },
    cancel: () => clearTimeout(timer),
  })
}
