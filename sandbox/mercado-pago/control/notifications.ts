import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { controlError, readControlBody } from '../../kernel/body.ts'
import { nextNotificationId } from '../ids.ts'
import type { Notifier } from '../notifier/notifier.ts'
import { keep, type Notification, type World } from '../world.ts'
import { ForgeBody, forge } from './forge.ts'

const DelayBody = z.strictObject({
  milliseconds: z
    .number()
    .int()
    .min(0)
    .max(30 * 86_400_000),
})
const CopiesBody = z.strictObject({ copies: z.number().int().min(1).max(20).default(1) })
const OrderBody = z.union([
  z.strictObject({ order: z.literal('reverse') }),
  z.strictObject({ order: z.array(z.number().int()).max(1_000) }),
])

/** The queue of notifications, by hand. */
export function notificationControl(world: World, notifier: Notifier): Hono {
  const control = new Hono()

  control.get('/', (c) => {
    const { state, topic, resource, format } = c.req.query()
    const found = [...world.state.notifications.values()].filter(
      (notification) =>
        (!state || notification.state === state) &&
        (!topic || notification.topic === topic) &&
        (!format || notification.format === format) &&
        (!resource || notification.resourceId === resource),
    )
    return c.json({ paused: world.state.settings.notificationsPaused, underWay: notifier.underWay(), notifications: found })
  })

  control.post('/pause', (c) => pause(c, true))
  control.post('/resume', (c) => pause(c, false))
  function pause(c: Context, paused: boolean): Response {
    world.state.settings.notificationsPaused = paused
    world.context.changed()
    return c.json({ paused })
  }

  /** Sends everything that waits, due or not, in the order of the queue. */
  control.post('/flush', async (c) => {
    const waiting = pending(world)
    const sent: { id: number; status: number | null; error: string | null }[] = []
    for (const notification of waiting) {
      const answer = await notifier.deliverNow(notification)
      if (answer) sent.push({ id: notification.id, status: answer.status, error: answer.error })
    }
    return c.json({ sent })
  })

  /** Swaps the due times of what waits: the last becomes the first, or the given ids in the given order. */
  control.post('/reorder', async (c) => {
    const { order } = await readControlBody(c, OrderBody)
    const waiting = pending(world)
    const wanted = order === 'reverse' ? waiting.toReversed() : order.map((id) => waiting.find((notification) => notification.id === id))
    if (wanted.some((notification) => notification === undefined))
      throw controlError(404, 'Only ids of waiting notifications can be reordered.')
    const moving = wanted.filter((notification) => notification !== undefined)
    const first = Math.min(...moving.map((notification) => new Date(notification.dueAt).getTime()))
    moving.forEach((notification, position) => {
      notification.dueAt = new Date(first + position).toISOString()
    })
    world.context.changed()
    return c.json({ notifications: pending(world) })
  })

  control.post('/forge', async (c) => c.json(await forge(world, notifier, await readControlBody(c, ForgeBody))))

  control.post('/:id/replay', async (c) => {
    const notification = notificationAt(world, c)
    const answer = await notifier.deliverNow(notification)
    if (!answer) throw controlError(409, 'That notification is under way.')
    return c.json({ answer, notification })
  })
  control.post('/:id/drop', (c) => {
    const notification = notificationAt(world, c)
    notification.state = 'dropped'
    world.context.changed()
    return c.json({ notification })
  })
  control.post('/:id/delay', async (c) => {
    const notification = notificationAt(world, c)
    const { milliseconds } = await readControlBody(c, DelayBody)
    notification.dueAt = new Date(world.now().getTime() + milliseconds).toISOString()
    if (notification.state !== 'pending') throw controlError(409, `That notification is ${notification.state}.`)
    world.context.changed()
    return c.json({ notification })
  })
  control.post('/:id/duplicate', async (c) => {
    const original = notificationAt(world, c)
    const { copies } = await readControlBody(c, CopiesBody)
    const made = Array.from({ length: copies }, () => duplicate(world, original))
    world.context.changed()
    return c.json({ notifications: made }, 201)
  })
  return control
}

function duplicate(world: World, original: Notification): Notification {
  const id = nextNotificationId(world.state.numbering)
  return keep(world.state.notifications, id, {
    ...original,
    id,
    state: 'pending',
    dueAt: world.stamp(),
    firstTriedAt: null,
    rung: 0,
    tries: [],
  })
}

function pending(world: World): Notification[] {
  return [...world.state.notifications.values()]
    .filter((notification) => notification.state === 'pending')
    .sort((a, b) => a.dueAt.localeCompare(b.dueAt) || a.id - b.id)
}

function notificationAt(world: World, c: Context): Notification {
  const notification = world.state.notifications.get(Number(c.req.param('id')))
  if (!notification) throw controlError(404, 'No notification with that id.')
  return notification
}
