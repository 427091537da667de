import type { Notification, World } from '../world.ts'
import { buildMessage } from './message.ts'
import { type Answer, type Deliver, post } from './post.ts'

/** Distance of the retries to the first try, in virtual milliseconds. */
const RETRY_LADDER_MS = [500, 15 * 60_000, 30 * 60_000, 6 * 3_600_000, 48 * 3_600_000, 96 * 3_600_000]

export interface Notifier {
  /** Sends what is due. Resolves when these deliveries have ended, at the latest after two seconds of real time. */
  deliverDue(): Promise<void>
  /** Sends one notification now, whatever its state and even while paused; null when it is under way already. */
  deliverNow(notification: Notification): Promise<Answer | null>
  /** Sends a message that belongs to no notification. */
  send(message: { url: string; headers: Record<string, string>; body: string }): Promise<Answer>
  underWay(): number
  /** When the next one is to be sent; null when none waits, or all are held back. */
  nextDueMs(): number | null
  /** Cuts deliveries under way and waits for them. */
  close(): Promise<void>
}

const PER_RUN_MAX = 200
const RUN_WAIT_MS = 2_000
const TRIES_KEPT = 50

export function createNotifier(world: World, deliver?: Deliver): Notifier {
  const closing = new AbortController()
  const underWay = new Map<number, Promise<unknown>>()

  const send: Notifier['send'] = (message) => post(message, world.state.settings.deliveryTimeoutMs, closing.signal, deliver)

  /** At most one delivery of a notification at a time. */
  function deliverOne(notification: Notification, onLadder: boolean): Promise<Answer> | null {
    if (underWay.has(notification.id)) return null
    const delivery = attempt(notification, onLadder).finally(() => underWay.delete(notification.id))
    underWay.set(notification.id, delivery)
    return delivery
  }

  async function attempt(notification: Notification, onLadder: boolean): Promise<Answer> {
    const message = buildMessage(world, notification)
    const at = world.stamp()
    if (onLadder) {
      notification.firstTriedAt ??= at
      notification.rung += 1
    }
    const answer = await send(message)
    if (closing.signal.aborted) {
      if (onLadder) notification.rung -= 1
      return answer
    }
    const requestId = message.headers['x-request-id'] ?? ''
    notification.tries.push({ at, requestId, ...message, status: answer.status, error: answer.error })
    if (notification.tries.length > TRIES_KEPT) notification.tries.shift()
    if (isAccepted(answer)) notification.state = 'delivered'
    else if (onLadder) climb(notification)
    world.context.changed()
    return answer
  }

  return {
    async deliverDue() {
      if (world.state.settings.notificationsPaused || closing.signal.aborted) return
      const waiting = dueNow(world).filter((notification) => !underWay.has(notification.id))
      const lanes = Math.max(world.state.settings.deliveriesInParallel - underWay.size, 0)
      const lane = async () => {
        for (let next = waiting.shift(); next && !closing.signal.aborted; next = waiting.shift()) {
          // An earlier run may have tried it while this one waited.
          if (isDue(next, world.now())) await deliverOne(next, true)
        }
      }
      await orAfter(RUN_WAIT_MS, Promise.all(Array.from({ length: lanes }, lane)))
    },
    deliverNow: (notification) => deliverOne(notification, false) ?? Promise.resolve(null),
    send,
    underWay: () => underWay.size,
    nextDueMs() {
      if (world.state.settings.notificationsPaused) return null
      let next: number | null = null
      for (const { state, dueAt } of world.state.notifications.values())
        if (state === 'pending') next = Math.min(next ?? Number.POSITIVE_INFINITY, Date.parse(dueAt))
      return next
    },
    async close() {
      closing.abort()
      await Promise.allSettled(underWay.values())
    },
  }
}

/** Only 200 and 201 count as received. */
const isAccepted = ({ status }: Answer): boolean => status === 200 || status === 201

function climb(notification: Notification): void {
  const distance = RETRY_LADDER_MS[notification.rung - 1]
  if (distance === undefined || notification.firstTriedAt === null) {
    notification.state = 'exhausted'
    return
  }
  notification.dueAt = new Date(new Date(notification.firstTriedAt).getTime() + distance).toISOString()
}

function dueNow(world: World): Notification[] {
  const now = world.now()
  return [...world.state.notifications.values()]
    .filter((notification) => isDue(notification, now))
    .sort((a, b) => a.dueAt.localeCompare(b.dueAt) || a.id - b.id)
    .slice(0, PER_RUN_MAX)
}

const isDue = ({ state, dueAt }: Notification, now: Date): boolean => state === 'pending' && new Date(dueAt) <= now

async function orAfter(milliseconds: number, work: Promise<unknown>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, milliseconds)
  await Promise.race([work, promise])
  clearTimeout(timer)
}
