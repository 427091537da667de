import { Readable } from 'node:stream'
import type { HttpBindings } from '@hono/node-server'
import type { MiddlewareHandler } from 'hono'
import { openRoom, type RoomLimits, type Space } from '../body-room.ts'
import type { AppContext, AppEnv } from '../context.ts'
import { bodyBrokenOff } from './broken-off.ts'

type Refusal = 'too-large' | 'no-room' | 'broken-off'

interface Answers {
  tooLarge(c: AppContext): Response
  busy(c: AppContext): Response | Promise<Response>
}

/**
 * Receives a body whole before anybody works on its request, so that a slow sender holds no place, and refuses one of more than `bodyBytesMax`: at once where
 * it says how long it is. Until it is asked for it waits as the bytes that came, which lie outside V8's heap: as a text it would lie within, twice as
 * large where one character of it is wide, and a crowd of those ends the process. What bodies take until they are answered has a bound, too.
 */
export function receiveBodies(
  { bodyBytesMax, ...limits }: RoomLimits & { bodyBytesMax: number },
  { tooLarge, busy }: Answers,
): MiddlewareHandler<AppEnv> {
  const room = openRoom(limits)
  return async (c, next) => {
    const declared = declaredBytes(c)
    if (declared === 0) return next()
    if (declared !== null && declared > bodyBytesMax) return tooLarge(c)
    const space = room.spaceFor(c.get('address'))
    try {
      const received = await receive(sourceOf(c), openVessel(space, bodyBytesMax, declared), space, room.slowAfterMs)
      space.arrived()
      if (received === 'too-large') return tooLarge(c)
      if (received === 'no-room') return await busy(c)
      if (received === 'broken-off') return bodyBrokenOff(c)
      // What the context answers with whenever it is asked for the body; its type leaves out that it waits for it.
      Object.assign(c.req.bodyCache, { arrayBuffer: Promise.resolve(received) })
      await next()
    } finally {
      space.leave()
    }
  }
}

/** Null: it does not say, or comes in pieces whatever it says. */
function declaredBytes(c: AppContext): number | null {
  const declared = c.req.header('content-length')
  const bytes = Number(declared)
  return c.req.header('transfer-encoding') === undefined && Number.isInteger(bytes) ? bytes : null
}

/** Where the body comes from: the connection itself, because a web stream around it costs as much as a statement. Requests of tests have none. */
function sourceOf(c: AppContext): Readable | null {
  const { incoming } = (c.env ?? {}) as Partial<HttpBindings>
  if (incoming) return incoming as Readable
  const { body } = c.req.raw
  return body && Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0])
}

interface Vessel {
  /** Takes one more piece in, or says why not. */
  add(piece: Uint8Array): Refusal | null
  content(): ArrayBuffer
}

/** One piece of memory that grows with what comes: a thousand pieces of one byte would take a hundred times what they say. */
function openVessel(space: Space, bytesMax: number, declared: number | null): Vessel {
  let kept = new Uint8Array(0)
  let size = 0
  return {
    add(piece) {
      const needed = size + piece.length
      if (needed > bytesMax) return 'too-large'
      if (needed > kept.length) {
        const capacity = Math.max(needed, Math.min(2 * needed, declared ?? bytesMax, bytesMax))
        if (!space.growTo(capacity)) return 'no-room'
        const grown = new Uint8Array(capacity)
        grown.set(kept)
        kept = grown
      }
      kept.set(piece, size)
      size = needed
      return null
    },
    content: () => (size === kept.length ? kept.buffer : kept.buffer.slice(0, size)),
  }
}

/** The whole body, or why it is not there. */
function receive(source: Readable | null, vessel: Vessel, space: Space, slowAfterMs: number): Promise<ArrayBuffer | Refusal> {
  if (source === null) return Promise.resolve(vessel.content())
  if (source.destroyed) return Promise.resolve('broken-off')
  return new Promise((resolve) => {
    let settled = false
    const settle = (received: ArrayBuffer | Refusal) => {
      settled = true
      clearTimeout(patience)
      source.off('data', onData).off('end', onEnd).off('close', onBroken)
      resolve(received)
    }
    const onData = (piece: Uint8Array) => {
      const refusal = vessel.add(piece)
      if (refusal) settle(refusal)
    }
    const onEnd = () => settle(vessel.content())
    const onBroken = () => settle('broken-off')
    const onLate = () => {
      if (!settled && !space.isSlow()) settle('no-room')
    }
    // Not before what lies on the connection was read: it may be this process that was slow.
    const patience = setTimeout(() => setImmediate(onLate), slowAfterMs)
    // Stays: whoever breaks off after a refusal is no error of ours either.
    source.on('error', onBroken)
    source.on('data', onData).on('end', onEnd).on('close', onBroken)
  })
}
