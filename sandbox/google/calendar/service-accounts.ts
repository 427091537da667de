import { accountBySub } from '../accounts.ts'
import type { GoogleWorld } from '../world.ts'
import { faultError, invalid } from './errors.ts'
import type { EventBody } from './event-input.ts'
import type { WriteOptions } from './events.ts'
import type { Caller } from './model.ts'

/** A service account that acts for nobody writes events, but makes no Meet and invites nobody (section 3.7 of the provider contract). */
export function refuseAsServiceAccount(
  world: GoogleWorld,
  caller: Caller & { kind: 'account' },
  body: EventBody,
  options: WriteOptions,
): void {
  if (!accountBySub(world, caller.sub)?.service) return
  if (Array.isArray(body.attendees) && body.attendees.length > 0) throw faultError(403, 'forbiddenForServiceAccounts', undefined)
  if (options.conferenceDataVersion === 1 && body.conferenceData) throw invalid('Invalid conference type value.')
}
