import { Hono } from 'hono'
import { preferenceError } from '../errors.ts'
import { createPreference, updatePreference } from '../preference/commands.ts'
import { presentPreference, presentPreferenceRow } from '../preference/present.ts'
import { textOf } from '../wire.ts'
import type { World } from '../world.ts'
import { pageOf, refuse, write } from './request.ts'

export function preferenceRoutes(world: World): Hono {
  const routes = new Hono({ strict: false })

  routes.post('/', (c) =>
    write(world, c, { keyRequired: false, replays: world.state.settings.idempotentPreferences }, (body) => {
      const outcome = createPreference(world, body)
      return outcome.ok ? { status: 201, body: presentPreference(world, outcome.preference) } : outcome.error
    }),
  )

  routes.get('/search', (c) => {
    const wanted = c.req.query('external_reference')
    const found = [...world.state.preferences.values()].filter(
      (preference) => wanted === undefined || textOf(preference.body['external_reference']) === wanted,
    )
    const { rows, total, offset } = pageOf(c, found.reverse())
    return c.json({ elements: rows.map((row) => presentPreferenceRow(world, row)), next_offset: offset + rows.length, total })
  })

  routes.get('/:id', (c) => {
    const preference = world.state.preferences.get(c.req.param('id'))
    if (!preference) return refuse(c, preferenceError('invalid_id', 'preference_id not found'))
    return c.json(presentPreference(world, preference))
  })

  routes.put('/:id', (c) =>
    write(world, c, { keyRequired: false, replays: true }, (body) => {
      const outcome = updatePreference(world, c.req.param('id'), body)
      return outcome.ok ? { status: 200, body: presentPreference(world, outcome.preference) } : outcome.error
    }),
  )
  return routes
}
