import { createHash } from 'node:crypto'

/**
 * The sandbox's numbering. Numbers follow from the instant of creation or reset and from a counter, never from chance:
 * a run on the same virtual clock gives the same ids, and a later reset does not repeat those of an earlier one.
 */
export interface Numbering {
  /** Seconds since 1970 on the virtual clock when the numbering began. */
  seed: number
  counters: Record<string, number>
}

export const createNumbering = (now: Date): Numbering => ({ seed: Math.floor(now.getTime() / 1000), counters: {} })

const SLOT_ORIGIN = 1_700_000_000
const SLOTS = 600_000_000

function next(numbering: Numbering, kind: string): number {
  const n = (numbering.counters[kind] ?? 0) + 1
  numbering.counters[kind] = n
  return n
}

const slot = ({ seed }: Numbering): number => (((seed - SLOT_ORIGIN) % SLOTS) + SLOTS) % SLOTS

/** 12 digits. */
export const nextPaymentId = (numbering: Numbering): number => 121_000_000_000 + slot(numbering) * 100 + next(numbering, 'payment')
/** 11 digits. */
export const nextOrderId = (numbering: Numbering): number => 21_000_000_000 + slot(numbering) * 100 + next(numbering, 'order')
/** 10 digits. */
export const nextRefundId = (numbering: Numbering): number => 1_000_000_000 + slot(numbering) * 10 + next(numbering, 'refund')
/** 12 digits; the id in a notification's body, new for each try. */
export const nextMessageId = (numbering: Numbering): number => 110_000_000_000 + slot(numbering) * 10 + next(numbering, 'message')
/** Small number by which the control API names a queued notification. */
export const nextNotificationId = (numbering: Numbering): number => next(numbering, 'notification')

/** 18 digits as text; odd, hence above 2^53 and never exactly a double (spacing 32 at this size). */
export function nextChargebackId(numbering: Numbering): string {
  const tail = BigInt(slot(numbering)) * 1_000n + BigInt(next(numbering, 'chargeback')) * 2n + 1n
  return String(234_000_000_000_000_000n + tail)
}

/** A version 4 shaped uuid. */
export function nextUuid(numbering: Numbering, kind: string): string {
  const hex = createHash('sha256')
    .update(`${numbering.seed}:${kind}:${next(numbering, `uuid:${kind}`)}`)
    .digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
