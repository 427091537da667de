import type { ClassType } from '../../config.ts'
import type { Pricing } from '../../config-files.ts'
import type { CancelReason, ClassStatus } from '../../db/tables.ts'
import { HOUR_MS, MINUTE_MS, plus } from '../../kernel/clock.ts'
import type { Centavos } from '../../kernel/money.ts'
import { isWithin } from '../../kernel/window.ts'

export const FOCUS_CHARACTERS_MAX = 100
/** A class paid late takes its slot again only if it starts at least this far ahead (behaviour D7b). */
export const REVIVE_NOTICE_MS = 60 * MINUTE_MS

/** How many people a class is for, or null when the number does not fit the type (behaviour 4.1). */
export function headCount(type: ClassType, raw: unknown): 1 | 2 | 3 | 4 | 5 | null {
  const number = typeof raw === 'string' && /^\d{1,3}$/.test(raw.trim()) ? Number(raw) : raw
  if (type === 'individual') return number === undefined || number === null || number === 0 || number === 1 ? 1 : null
  return number === 2 || number === 3 || number === 4 || number === 5 ? number : null
}

/** The server's price: the only one that counts (behaviour D6). */
export function priceOf(pricing: Pricing, type: ClassType, count: number): Centavos {
  if (type === 'individual') return pricing.individual
  const price = pricing.grupal[count as 2 | 3 | 4 | 5]
  if (price === undefined) throw new Error(`No price for a group of ${count}`)
  return price
}

/** A client's price is an assertion: absent, or exactly the server's as a number or digits (behaviour D6a). */
export function agreesWithPrice(raw: unknown, price: Centavos): boolean {
  if (raw === undefined || raw === null) return true
  const pesos = typeof raw === 'string' && /^\d{1,9}$/.test(raw) ? Number(raw) : raw
  return typeof pesos === 'number' && Number.isInteger(pesos) && pesos * 100 === price
}

/** The window in which a class can be entered: [start − lead, end) (behaviour D1). */
export function joinTimes(c: { startsAt: Date; endsAt: Date }, leadMinutes: number): { from: Date; until: Date } {
  return { from: plus(c.startsAt, -leadMinutes * MINUTE_MS), until: c.endsAt }
}

/** Where `now` stands to that window. */
export function joinWindow(c: { startsAt: Date; endsAt: Date }, leadMinutes: number, now: Date): 'early' | 'open' | 'over' {
  const { from, until } = joinTimes(c, leadMinutes)
  if (isWithin(now.getTime(), from.getTime(), until.getTime())) return 'open'
  return now < from ? 'early' : 'over'
}

/** Whether those who belong to a class can enter it now (behaviour 4.10). */
export function isJoinable(c: { status: ClassStatus; startsAt: Date; endsAt: Date }, leadMinutes: number, now: Date): boolean {
  return c.status === 'scheduled' && joinWindow(c, leadMinutes, now) === 'open'
}

/** Whether a class can be cancelled at all: by whom and with what refund is `decideCancel`'s business. */
export function isCancellable(c: { status: ClassStatus; startsAt: Date }, now: Date): boolean {
  return (c.status === 'pending' || c.status === 'scheduled') && now < c.startsAt
}

export type CancelActor = 'host' | 'admin'

export type CancelDecision =
  | { ok: true; refund: 'full' | 'none'; reason: CancelReason }
  | { ok: false; reason: 'already-cancelled' | 'started-or-over' }

/** Checks 4 to 11 of `POST /api/classes/{id}/cancel` (behaviour 4.10, D13). */
export function decideCancel(
  c: { status: ClassStatus; startsAt: Date; paidAt: Date | null; refundLapsed: boolean },
  actor: CancelActor,
  fullRefundHours: number,
  now: Date,
): CancelDecision {
  if (c.status === 'cancelled') return { ok: false, reason: 'already-cancelled' }
  if (!isCancellable(c, now)) return { ok: false, reason: 'started-or-over' }
  const reason = actor === 'admin' ? 'admin_cancelled' : 'host_cancelled'
  if (c.status === 'pending') return { ok: true, refund: c.paidAt ? 'full' : 'none', reason }
  return { ok: true, refund: refundIfCancelled(c, actor, fullRefundHours, now), reason }
}

/** Full until 24 hours before the start, that instant included; always full when the academy cancels (behaviour D13). */
export function refundIfCancelled(
  c: { startsAt: Date; refundLapsed: boolean },
  actor: CancelActor,
  fullRefundHours: number,
  now: Date,
): 'full' | 'none' {
  if (actor === 'admin') return 'full'
  return !c.refundLapsed && now <= plus(c.startsAt, -fullRefundHours * HOUR_MS) ? 'full' : 'none'
}

/** "Clase de Inglés" and the specification's sentence, byte for byte (behaviour D4). */
export function eventText(c: { classType: ClassType; maxParticipants: number; learningFocus: string | null }): {
  summary: string
  description: string
} {
  const sentence = `La clase sera ${c.classType} con x${c.maxParticipants} participantes`
  return { summary: 'Clase de Inglés', description: c.learningFocus ? `${sentence}\nObjetivo: ${c.learningFocus}` : sentence }
}

/**
 * What the event of a class says: the sentence, and the teacher's own room where it takes place in one, because whoever gives the class may
 * have no other page to read it on.
 */
export function eventWords(c: Parameters<typeof eventText>[0] & { roomUrl: string | null }): {
  summary: string
  description: string
  location?: string
} {
  const { summary, description } = eventText(c)
  return c.roomUrl === null ? { summary, description } : { summary, description: `${description}\nSala: ${c.roomUrl}`, location: c.roomUrl }
}

/**
 * Calendar event id: the class's UUID without dashes and its generation; `g` is no hex digit, so the parts cannot run together.
 * Google allows lowercase a–v and digits (google.md 2.3).
 */
export function calendarEventId(classId: string, generation: number): string {
  return `${classId.replaceAll('-', '')}g${generation}`
}
