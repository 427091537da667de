import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'
import { badControlRequest, controlError, readControlBody } from '../../kernel/body.ts'
import type { Faults } from '../../kernel/faults.ts'
import { StallInput, type Stalls } from '../api/stall.ts'
import type { Notifier } from '../notifier/notifier.ts'
import { presentPreference } from '../preference/present.ts'
import { Settings } from '../settings.ts'
import { toSnapshot, type World } from '../world.ts'
import { notificationControl } from './notifications.ts'
import { paymentControl } from './payments.ts'

const Changes = z.record(z.string(), z.unknown())

export interface Machinery {
  notifier: Notifier
  faults: Faults
  stalls: Stalls
  reset(): void
}

/** Everything that the provider's own API cannot do: see README.md for each call. */
export function controlRoutes(world: World, { notifier, faults, stalls, reset }: Machinery): Hono {
  const control = new Hono()
  control.onError((error, c) => {
    if (error instanceof HTTPException) return error.getResponse()
    return c.json({ error: error.message }, 500)
  })

  control.get('/state', (c) => c.json({ ...toSnapshot(world.state), faults: faults.list() }))
  control.post('/reset', (c) => {
    reset()
    return c.body(null, 204)
  })

  control.get('/settings', (c) => c.json(world.state.settings))
  control.patch('/settings', async (c) => {
    const parsed = Settings.safeParse({ ...world.state.settings, ...(await readControlBody(c, Changes)) })
    if (!parsed.success) throw badControlRequest(z.prettifyError(parsed.error))
    world.state.settings = parsed.data
    world.context.changed()
    return c.json(world.state.settings)
  })

  control.get('/preferences', (c) =>
    c.json({ preferences: [...world.state.preferences.values()].map((preference) => presentPreference(world, preference)) }),
  )
  control.get('/preferences/:id', (c) => {
    const preference = world.state.preferences.get(c.req.param('id'))
    if (!preference) throw controlError(404, 'No preference with that id.')
    return c.json({ preference: presentPreference(world, preference) })
  })

  control.route('/', paymentControl(world))
  control.route('/notifications', notificationControl(world, notifier))
  control.route('/faults', faults.control)
  control.post('/stalled-bodies', async (c) => {
    stalls.add(await readControlBody(c, StallInput))
    return c.json({ stalledBodies: stalls.list() }, 201)
  })
  control.delete('/stalled-bodies', (c) => {
    stalls.clear()
    return c.body(null, 204)
  })
  return control
}
