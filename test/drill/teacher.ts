import { cookiesSet, walkGoogle } from '../support/google-consent.ts'
import { ADMIN_ADDRESS, again } from './people.ts'
import type { HandPlan } from './plan.ts'
import { send, type Town } from './town.ts'
import { pause } from './weather.ts'

const DAY_MS = 86_400_000
const HALF_HOUR_MS = 1_800_000
/** What begins sooner is left alone: nobody could read of the change in time. */
const TO_COME_MS = 2 * HALF_HOUR_MS
/** What the state of an event does not allow any more; somebody else was quicker. */
const OVERTAKEN = /→ (403|404|409|410|412)/
const TRIES_MAX = 20
const TRY_AGAIN_MS = 500
const TITLE_BY_HAND = 'Cambiado a mano'

interface Event {
  id: string
  status: string
  start?: { dateTime?: string }
  end?: { dateTime?: string }
  extendedProperties?: { private?: Record<string, string> }
}

/** The teacher at her own calendar, until `signal`: moves, deletes and renames events of classes, and has appointments of her own. */
export async function useCalendar(town: Town, plan: readonly HandPlan[], signal: AbortSignal): Promise<void> {
  for (let turn = 0; !signal.aborted; turn++) {
    const next = plan[turn % plan.length]
    if (!next) return
    await pause(next.afterMs, signal)
    if (!signal.aborted) await useHand(town, next)
  }
}

async function useHand(town: Town, { deed, rank, days }: HandPlan): Promise<void> {
  const { control } = town.sandbox
  if (deed === 'appointment' || deed === 'between') {
    const slot = town.free[rank % Math.max(1, town.free.length)]
    if (!slot) return
    const event = { summary: 'Dentista', start: { dateTime: slot.start }, end: { dateTime: slot.end } }
    if (deed === 'between') await control('/google/after-freebusy', { event })
    else await control('/google/events', event)
    town.hands.push({ eventId: '', deed, at: town.now() })
    return
  }
  const { events } = (await control('/google/events')) as unknown as { events: Event[] }
  const ours = events.filter(
    ({ status, start, extendedProperties }) =>
      status !== 'cancelled' && extendedProperties?.private?.bookingId && Date.parse(start?.dateTime ?? '') > town.now() + TO_COME_MS,
  )
  const event = ours[rank % Math.max(1, ours.length)]
  if (!event) return
  const by = deed === 'move' ? days * DAY_MS : HALF_HOUR_MS
  const moved = (time: string | undefined) => ({ dateTime: new Date(Date.parse(time ?? '') + by).toISOString() })
  const change = deed === 'retitle' ? { summary: TITLE_BY_HAND } : { start: moved(event.start?.dateTime), end: moved(event.end?.dateTime) }
  const path = `/google/events/${event.id}`
  // Written down before: what is judged later must know of every hand, and one that came too late did nothing.
  const hand = { eventId: event.id, deed, at: town.now() }
  town.hands.push(hand)
  try {
    await (deed === 'delete' ? control(path, undefined, 'DELETE') : control(path, change, 'PATCH'))
    if (deed !== 'delete' && deed !== 'retitle') town.lastEndMs = Math.max(town.lastEndMs, Date.parse(change.end?.dateTime ?? ''))
  } catch (error) {
    if (!OVERTAKEN.test(String(error))) throw error
    town.hands = town.hands.filter((other) => other !== hand)
  }
}

/** Connects the calendar again where it is not connected any more, or `anyway`. Says whether it is connected then. */
export async function reconnect(town: Town, anyway: boolean): Promise<boolean> {
  const admin = { cookie: town.admin, address: ADMIN_ADDRESS }
  if (!anyway && (await isConnected(town))) return true
  const begun = await send(town, admin, 'POST', '/api/admin/google/connect', { form: {} })
  const location = begun.headers.get('location') ?? ''
  if (!location.startsWith(town.sandbox.urls.google)) return false
  const back = await walkGoogle(location, { email: town.sandbox.settings.ADMIN_EMAIL ?? '' }, town.url).catch(() => null)
  if (!back) return false
  const cookie = `${town.admin}; ${cookiesSet({ headers: begun.headers } as Response)}`
  const finished = await send(town, { ...admin, cookie }, 'GET', back.pathname + back.search)
  const isDone = finished.headers.get('location')?.includes('ok=connected') ?? false
  if (isDone) town.counts.reconnected += 1
  return isDone
}

/** The same until it stands; throws when it does not. */
export async function mustBeConnected(town: Town): Promise<void> {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    if (await reconnect(town, false)) return
    await pause(TRY_AGAIN_MS, town.signal)
  }
  throw new Error('The calendar cannot be connected again')
}

async function isConnected(town: Town): Promise<boolean> {
  const admin = { cookie: town.admin, address: ADMIN_ADDRESS }
  const { status, body } = await again(() => send(town, admin, 'GET', '/api/admin/google'))
  return status === 200 && body.status === 'connected'
}
