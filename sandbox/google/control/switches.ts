import { Hono } from 'hono'
import { z } from 'zod'
import { readControlBody } from '../../kernel/body.ts'
import { rotateKey, signingKeys } from '../oauth/keys.ts'
import type { GoogleWorld } from '../world.ts'
import { calendarByHand } from './calendars.ts'

const COUNT_MAX = 10_000

const ConferenceInput = z.strictObject({
  mode: z.enum(['success', 'pending', 'failure', 'invalid', 'phone-first']),
  /** How many conference requests it applies to; absent means all. */
  count: z.int().min(1).max(COUNT_MAX).optional(),
  /** Only "pending": reads that still answer "pending". */
  gets: z.int().min(0).max(COUNT_MAX).optional(),
  /** Only "pending": virtual milliseconds instead of reads. */
  ms: z.int().min(0).max(86_400_000).optional(),
  /** Only "pending": how it ends. */
  outcome: z.enum(['success', 'failure']).optional(),
})
const SettingsChange = z
  .strictObject({
    publishingStatus: z.enum(['production', 'testing']),
    autoApprove: z.email().nullable(),
    listPageSizeMax: z.int().min(1).max(2_500).nullable(),
    allowLoopbackWebhooks: z.boolean(),
    channelSync: z.enum(['before-answer', 'after-answer']),
    channelDrop: z.int().min(0).max(COUNT_MAX),
    channelDuplicate: z.int().min(0).max(COUNT_MAX),
    channelLateAfterStop: z.boolean(),
  })
  .partial()
const FreeBusyErrorInput = z.strictObject({
  calendar: z.string().max(254).optional(),
  reason: z.string().min(1).max(100).default('internalError'),
  count: z.int().min(1).max(COUNT_MAX).default(1),
})
const AfterFreeBusyInput = z.strictObject({ calendar: z.string().max(254).optional(), event: z.record(z.string(), z.unknown()) })
const RotateInput = z.strictObject({ dropOld: z.boolean().default(false) })
const WAITING_MAX = 100

/** Switches of the imitation: conferences, free/busy, channels, consent screen, signing keys. */
export function switchControl(world: GoogleWorld): Hono {
  const app = new Hono()

  app.get('/conference', (c) => c.json(world.state.conference))
  app.post('/conference', async (c) => {
    const input = await readControlBody(c, ConferenceInput)
    world.state.conference = {
      mode: input.mode,
      remaining: input.count ?? null,
      pendingGets: input.gets ?? 2,
      pendingMs: input.ms ?? null,
      outcome: input.outcome ?? 'success',
    }
    world.context.changed()
    return c.json(world.state.conference)
  })

  app.get('/settings', (c) => c.json(world.state.settings))
  app.patch('/settings', async (c) => {
    const change = await readControlBody(c, SettingsChange)
    Object.assign(world.state.settings, change)
    world.context.changed()
    return c.json(world.state.settings)
  })

  app.post('/freebusy-errors', async (c) => {
    const input = await readControlBody(c, FreeBusyErrorInput)
    const error = { calendarId: input.calendar ?? calendarByHand(world, undefined).id, reason: input.reason, remaining: input.count }
    world.state.freeBusyErrors = [...world.state.freeBusyErrors, error].slice(-WAITING_MAX)
    world.context.changed()
    return c.json(error, 201)
  })

  app.post('/after-freebusy', async (c) => {
    const input = await readControlBody(c, AfterFreeBusyInput)
    const waiting = { calendarId: calendarByHand(world, input.calendar).id, event: input.event }
    world.state.afterFreeBusy = [...world.state.afterFreeBusy, waiting].slice(-WAITING_MAX)
    world.context.changed()
    return c.json(waiting, 201)
  })

  /** What still waits for a question never appears. */
  app.delete('/after-freebusy', (c) => {
    world.state.afterFreeBusy = []
    world.context.changed()
    return c.body(null, 204)
  })

  app.get('/channels', (c) => c.json({ channels: world.state.channels, deliveries: world.state.deliveries }))

  app.get('/keys', (c) => c.json({ kids: signingKeys(world).map((key) => key.kid) }))
  app.post('/keys/rotate', async (c) => {
    const { dropOld } = await readControlBody(c, RotateInput)
    return c.json({ kid: rotateKey(world, dropOld).kid })
  })

  return app
}
