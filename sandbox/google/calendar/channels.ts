import { randomBytes } from 'node:crypto'
import { isLoopback } from '../../kernel/guard.ts'
import type { GoogleWorld } from '../world.ts'
import { GoogleApiError, invalid, notFound, required } from './errors.ts'
import type { Calendar, Caller, Channel, Delivery } from './model.ts'

const LIFETIME_MS_DEFAULT = 7 * 86_400_000
const LIFETIME_MS_MAX = 30 * 86_400_000
const CHANNELS_MAX = 200
const DELIVERIES_MAX = 1_000
const TRIES_MAX = 8
const TIMEOUT_MS = 5_000
const SUCCESS = [102, 200, 201, 202, 204]
const RETRIED = [500, 502, 503, 504]

/** events.watch. Google takes only https; a switch allows loopback http. Other hosts than loopback are stored but never called. */
export async function openChannel(
  world: GoogleWorld,
  calendar: Calendar,
  caller: Caller & { kind: 'account' },
  body: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const { id, type, address, token = null } = body
  if (typeof id !== 'string' || id === '') throw required('Required: id')
  if (id.length > 64 || !/^[A-Za-z0-9\-_+/=]+$/.test(id)) throw invalid('Invalid channel id.')
  if (type !== 'web_hook') throw invalid('Unknown channel type.')
  if (typeof address !== 'string' || !isAllowedAddress(world, address)) {
    throw new GoogleApiError(400, 'push.webhookUrlNotHttps', `WebHook callback must be HTTPS: ${address}`)
  }
  if (token !== null && (typeof token !== 'string' || token.length > 256)) throw invalid('Invalid channel token.')
  if (world.state.channels.some((channel) => channel.id === id)) {
    throw new GoogleApiError(400, 'channelIdNotUnique', `Channel id ${id} not unique`)
  }
  const channel: Channel = {
    id,
    resourceId: randomBytes(20).toString('base64url'),
    calendarId: calendar.id,
    address,
    token,
    expiresAt: expiryOf(world, body),
    ownerSub: caller.sub,
    messageNumber: 0,
    stopped: false,
  }
  world.state.channels = [...world.state.channels.slice(1 - CHANNELS_MAX), channel]
  enqueue(world, channel, 'sync')
  if (world.state.settings.channelSync === 'before-answer') await deliverDue(world)
  return {
    kind: 'api#channel',
    id,
    resourceId: channel.resourceId,
    resourceUri: resourceUri(world, channel),
    ...(token !== null && { token }),
    expiration: String(channel.expiresAt),
  }
}

/** channels.stop: only the account that opened the channel may. */
export function stopChannel(world: GoogleWorld, caller: Caller & { kind: 'account' }, body: Record<string, unknown>): void {
  const channel = world.state.channels.find(
    (candidate) =>
      candidate.id === body.id && candidate.resourceId === body.resourceId && candidate.ownerSub === caller.sub && !candidate.stopped,
  )
  if (!channel) throw notFound()
  channel.stopped = true
  if (world.state.settings.channelLateAfterStop) enqueue(world, channel, 'exists')
  world.context.changed()
}

/** Every open channel of the calendar hears of a change; the switches lose or double some notifications. */
export function announceChange(world: GoogleWorld, calendar: Calendar): void {
  const now = world.context.clock.now().getTime()
  const { settings } = world.state
  for (const channel of world.state.channels) {
    if (channel.calendarId !== calendar.id || channel.stopped || channel.expiresAt <= now) continue
    const delivery = enqueue(world, channel, 'exists')
    if (settings.channelDrop > 0) {
      settings.channelDrop -= 1
      delivery.state = 'dropped'
    } else if (settings.channelDuplicate > 0) {
      settings.channelDuplicate -= 1
      enqueue(world, channel, 'exists', delivery.messageNumber)
    }
  }
}

/** Sends what is due at the clock's present. 5xx and lost connections are tried again, ever later; other refusals are final. */
export async function deliverDue(world: GoogleWorld): Promise<void> {
  const now = world.context.clock.now().getTime()
  for (const delivery of world.state.deliveries.filter((one) => one.state === 'waiting' && one.dueAt <= now)) {
    const channel = world.state.channels.find((one) => one.id === delivery.channelId)
    if (!channel || !isLoopback(channel.address)) {
      delivery.state = 'failed'
      continue
    }
    delivery.tries += 1
    // Taken off the queue while it travels: a run at the same time must not send it again.
    delivery.state = 'delivered'
    delivery.status = await send(world, channel, delivery)
    if (SUCCESS.includes(delivery.status)) continue
    const again = (delivery.status === 0 || RETRIED.includes(delivery.status)) && delivery.tries < TRIES_MAX
    delivery.state = again ? 'waiting' : 'failed'
    delivery.dueAt = now + 1_000 * 2 ** delivery.tries
  }
}

export function dropExpiredChannels(world: GoogleWorld): void {
  const now = world.context.clock.now().getTime()
  const open = world.state.channels.filter((channel) => channel.expiresAt > now)
  if (open.length === world.state.channels.length) return
  world.state.channels = open
  world.context.changed()
}

function enqueue(world: GoogleWorld, channel: Channel, resourceState: Delivery['resourceState'], messageNumber?: number): Delivery {
  if (messageNumber === undefined) channel.messageNumber += 1
  const delivery: Delivery = {
    channelId: channel.id,
    messageNumber: messageNumber ?? channel.messageNumber,
    resourceState,
    dueAt: world.context.clock.now().getTime(),
    tries: 0,
    state: 'waiting',
    status: null,
  }
  world.state.deliveries = [...world.state.deliveries.slice(1 - DELIVERIES_MAX), delivery]
  world.context.changed()
  return delivery
}

async function send(world: GoogleWorld, channel: Channel, delivery: Delivery): Promise<number> {
  const headers: Record<string, string> = {
    'user-agent': 'APIs-Google; (+https://developers.google.com/webmasters/APIs-Google.html)',
    'x-goog-channel-id': channel.id,
    'x-goog-channel-expiration': new Date(channel.expiresAt).toUTCString(),
    'x-goog-resource-state': delivery.resourceState,
    'x-goog-message-number': String(delivery.messageNumber),
    'x-goog-resource-id': channel.resourceId,
    'x-goog-resource-uri': resourceUri(world, channel),
    ...(channel.token !== null && { 'x-goog-channel-token': channel.token }),
  }
  try {
    const request = new Request(channel.address, { method: 'POST', headers, signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'manual' })
    const response = await (world.options.deliver ?? fetch)(request)
    await response.body?.cancel()
    return response.status
  } catch {
    return 0
  }
}

function isAllowedAddress(world: GoogleWorld, address: string): boolean {
  if (!URL.canParse(address)) return false
  return new URL(address).protocol === 'https:' || (world.state.settings.allowLoopbackWebhooks && isLoopback(address))
}

function expiryOf(world: GoogleWorld, body: Record<string, unknown>): number {
  const now = world.context.clock.now().getTime()
  const ttlSeconds = Number((body.params as { ttl?: unknown } | undefined)?.ttl)
  const wanted = Number(body.expiration) || (ttlSeconds > 0 ? now + ttlSeconds * 1_000 : now + LIFETIME_MS_DEFAULT)
  if (wanted <= now) throw invalid('Invalid channel expiration.')
  return Math.min(wanted, now + LIFETIME_MS_MAX)
}

function resourceUri(world: GoogleWorld, channel: Channel): string {
  return `${world.context.origin}/calendar/v3/calendars/${encodeURIComponent(channel.calendarId)}/events?alt=json`
}
