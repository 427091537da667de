import { type ApiError, preferenceError } from '../errors.ts'
import { nextUuid } from '../ids.ts'
import type { Json } from '../wire.ts'
import { keep, type Preference, type World } from '../world.ts'
import { refusePreference } from './validate.ts'

export type PreferenceOutcome = { ok: true; preference: Preference } | { ok: false; error: ApiError }

export function createPreference(world: World, body: Json): PreferenceOutcome {
  const error = refusePreference(body, world.state.settings, world.now())
  if (error) return { ok: false, error }
  const id = `${world.account.collectorId}-${nextUuid(world.state.numbering, 'preference')}`
  const preference: Preference = { id, createdAt: world.stamp(), updatedAt: null, body }
  keep(world.state.preferences, id, preference)
  world.context.changed()
  return { ok: true, preference }
}

/** Replaces the given top-level fields. A date in the past is accepted unless the settings refuse it. */
export function updatePreference(world: World, id: string, changes: Json): PreferenceOutcome {
  const preference = world.state.preferences.get(id)
  if (!preference) return { ok: false, error: preferenceError('invalid_id', 'preference_id not found') }
  const body = { ...preference.body, ...changes }
  const error = refusePreference(body, world.state.settings, world.now())
  if (error) return { ok: false, error }
  preference.body = body
  preference.updatedAt = world.stamp()
  world.context.changed()
  return { ok: true, preference }
}
