import { z } from 'zod'
import { controlError } from '../../kernel/body.ts'
import { nextMessageId, nextUuid } from '../ids.ts'
import { appendQuery, timestamp } from '../notifier/message.ts'
import type { Notifier } from '../notifier/notifier.ts'
import type { Answer } from '../notifier/post.ts'
import { signatureHeader } from '../notifier/signature.ts'
import { termsOf } from '../preference/terms.ts'
import { wireDate } from '../wire.ts'
import type { World } from '../world.ts'

/** A message that the provider never sent, or sent by its panel's simulator. Every part can be replaced. */
export const ForgeBody = z.strictObject({
  /** Default: the notification URL of the newest preference that has one, else the panel's. */
  url: z.url().optional(),
  format: z.enum(['webhook', 'ipn']).default('webhook'),
  /** `type` of a Webhook, `topic` of an IPN. */
  type: z.string().max(60).default('payment'),
  /** 123456 is what the panel's simulator sends. */
  id: z.string().max(200).default('123456'),
  signature: z.enum(['none', 'garbage', 'valid', 'second', 'uppercase', 'empty-secret', 'other-id']).default('garbage'),
  /** Moves the signed timestamp; seconds, negative is the past. */
  ageSeconds: z.number().int().min(-31_536_000).max(31_536_000).default(0),
  /** Replaces the body; a text goes out as it is. */
  body: z.unknown().optional(),
  /** Replaces the query that is appended to the URL. */
  query: z.record(z.string(), z.string()).optional(),
  headers: z.record(z.string(), z.string()).optional(),
})
export type ForgeBody = z.infer<typeof ForgeBody>

export interface Forged {
  request: { url: string; headers: Record<string, string>; body: string }
  answer: Answer
}

export async function forge(world: World, notifier: Notifier, wanted: ForgeBody): Promise<Forged> {
  const base = wanted.url ?? lastNotificationUrl(world)
  if (!base) throw controlError(409, 'No preference names a notification_url; give url.')
  const usual = wanted.format === 'webhook' ? webhook(world, wanted) : ipn(world, wanted)
  const query = Object.entries(wanted.query ?? usual.query)
  const requestId = nextUuid(world.state.numbering, 'request')
  const body = wanted.body === undefined ? usual.body : wanted.body
  const signature = signatureOf(world, wanted, requestId)
  const request = {
    url: appendQuery(base, query),
    headers: {
      'content-type': 'application/json',
      'user-agent': usual.userAgent,
      'x-request-id': requestId,
      ...(signature && { 'x-signature': signature }),
      ...wanted.headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  }
  return { request, answer: await notifier.send(request) }
}

function webhook(world: World, { id, type }: ForgeBody) {
  return {
    query: { 'data.id': id, type } as Record<string, string>,
    userAgent: `MercadoPago WebHook v1.0 ${type}`,
    body: {
      action: `${type}.updated`,
      api_version: 'v1',
      data: { id },
      date_created: wireDate(world.now()),
      id: nextMessageId(world.state.numbering),
      live_mode: true,
      type,
      user_id: world.account.collectorId,
    } as unknown,
  }
}

function ipn(world: World, { id, type }: ForgeBody) {
  const resource = type === 'merchant_order' ? `${world.origin}/merchant_orders/${id}` : id
  return {
    query: { id, topic: type } as Record<string, string>,
    userAgent: `MercadoPago Feed v2.0 ${type}`,
    body: { resource, topic: type } as unknown,
  }
}

function signatureOf(world: World, { signature, id, ageSeconds }: ForgeBody, requestId: string): string | null {
  if (signature === 'none') return null
  const inSeconds = world.state.settings.notificationTimestamp === 'seconds'
  const ts = String(Number(timestamp(world)) + ageSeconds * (inSeconds ? 1 : 1_000))
  const secret = { second: world.state.settings.secondSecret, garbage: 'a-secret-that-no-seller-has', 'empty-secret': '' }
  const key = signature in secret ? secret[signature as keyof typeof secret] : world.account.webhookSecret
  const header = signatureHeader(key, { dataId: signature === 'other-id' ? `${id}0` : id, requestId, ts })
  return signature === 'uppercase' ? header.replace(/v1=(.*)$/, (_, hex: string) => `v1=${hex.toUpperCase()}`) : header
}

function lastNotificationUrl(world: World): string | null {
  const urls = [...world.state.preferences.values()].map((preference) => termsOf(preference).notificationUrl)
  return urls.findLast((url) => url !== null) ?? world.state.settings.panelNotificationUrl
}
