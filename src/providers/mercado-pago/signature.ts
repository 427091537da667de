import { createHmac, timingSafeEqual } from 'node:crypto'
import type { NotificationSignature, SignatureVerdict } from '../../features/payment/provider.ts'

export interface SignedNotification extends NotificationSignature {
  /** Every secret that may have signed; empty ones never validate. */
  secrets: readonly string[]
  now: Date
}

const TOLERANCE_MS = 10 * 60 * 1_000
/** A time stamp above this is in milliseconds: as seconds it would lie after the year 33000. */
const SECONDS_MAX = 1e12
const HEADER_CHARACTERS_MAX = 1_000

/**
 * Checks the signature of a notification in the Webhooks format (behaviour 4.3, mercado-pago.md 3.3). Signed text:
 * `id:<data.id>;request-id:<x-request-id>;ts:<ts>;`, absent parts left out with their label; HMAC-SHA256, lower-case hex.
 * Official sources disagree on the letter case of the id and on the unit of `ts`: both forms are accepted.
 */
export function verifySignature({ xSignature, xRequestId, dataId, secrets, now }: SignedNotification): SignatureVerdict {
  const signature = parseSignature(xSignature)
  if (!signature) return 'invalid'
  const texts = signedTexts({ dataId, xRequestId, ts: signature.ts })
  const candidates = secrets.filter((secret) => secret !== '').flatMap((secret) => texts.map((text) => hmac(secret, text)))
  if (!matchesAny(candidates, Buffer.from(signature.v1, 'hex'))) return 'invalid'
  return Math.abs(now.getTime() - instantOf(signature.ts)) <= TOLERANCE_MS ? 'valid' : 'outside-window'
}

/** `ts=<digits>,v1=<64 lower-case hex>`, in any order, keys in any case; other keys are skipped. */
function parseSignature(header: string | null): { ts: string; v1: string } | null {
  if (!header || header.length > HEADER_CHARACTERS_MAX) return null
  const values = new Map<string, string>()
  for (const part of header.split(',')) {
    const at = part.indexOf('=')
    if (at > 0) values.set(part.slice(0, at).trim().toLowerCase(), part.slice(at + 1).trim())
  }
  const ts = values.get('ts')
  const v1 = values.get('v1')
  return ts && v1 && /^\d{1,15}$/.test(ts) && /^[0-9a-f]{64}$/.test(v1) ? { ts, v1 } : null
}

function signedTexts(parts: { dataId: string | null; xRequestId: string | null; ts: string }): string[] {
  const tail = `${parts.xRequestId ? `request-id:${parts.xRequestId};` : ''}ts:${parts.ts};`
  if (!parts.dataId) return [tail]
  const ids = new Set([parts.dataId, parts.dataId.toLowerCase()])
  return [...ids].map((id) => `id:${id};${tail}`)
}

function hmac(secret: string, text: string): Buffer {
  return createHmac('sha256', secret).update(text).digest()
}

/** Looks at every candidate, so that the time taken does not tell which one fits. */
function matchesAny(candidates: Buffer[], given: Buffer): boolean {
  return candidates.map((candidate) => timingSafeEqual(candidate, given)).includes(true)
}

function instantOf(ts: string): number {
  const value = Number(ts)
  return value > SECONDS_MAX ? value : value * 1_000
}
