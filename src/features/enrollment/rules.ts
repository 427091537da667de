import type { ClassType } from '../../config.ts'
import type { ClassStatus } from '../../db/tables.ts'
import { joinWindow } from '../virtual-class/rules.ts'

export type JoinRefusal =
  | 'bad-code'
  | 'too-many-tries'
  | 'unknown-code'
  /** Ended by its person a moment ago. */
  | 'no-account'
  | 'own-class'
  | 'expired'
  | 'code-changed'
  | 'over'
  | 'early'
  | 'started'
  | 'full'

/** Status of each refusal (behaviour 4.7). */
export const JOIN_STATUS = {
  'bad-code': 400,
  'too-many-tries': 429,
  'unknown-code': 404,
  'no-account': 401,
  'own-class': 403,
  expired: 410,
  'code-changed': 410,
  over: 410,
  early: 403,
  started: 403,
  full: 409,
} as const satisfies Record<JoinRefusal, number>

export interface JoinableClass {
  status: ClassStatus
  startsAt: Date
  endsAt: Date
  bookedById: string
  classType: ClassType
  maxParticipants: number
}

/** Everything the decision depends on (behaviour invariant 15). */
export interface JoinFacts {
  virtualClass: JoinableClass
  /** The code works no more. */
  codeRetired: boolean
  /** Another code took its place, and the class stays where it is (decision 012). */
  codeRotated: boolean
  guestId: string
  participants: number
  alreadyJoined: boolean
  leadMinutes: number
  cutoff: 'end' | 'start'
  now: Date
}

export type JoinDecision = { ok: true; step: 'take-seat' | 're-enter' } | { ok: false; reason: JoinRefusal }

/** Rows 5 to 11 of the ordered table of behaviour 4.7; the first that fits answers. */
export function decideJoin(facts: JoinFacts): JoinDecision {
  const { virtualClass, now } = facts
  if (virtualClass.bookedById === facts.guestId) return { ok: false, reason: 'own-class' }
  if (virtualClass.status === 'cancelled' || (facts.codeRetired && !facts.codeRotated)) return { ok: false, reason: 'expired' }
  // Changed to keep others out: whoever is in comes in again with the one they know (behaviour D16).
  if (facts.codeRotated && !facts.alreadyJoined) return { ok: false, reason: 'code-changed' }
  const window = joinWindow(virtualClass, facts.leadMinutes, now)
  if (virtualClass.status === 'completed' || window === 'over') return { ok: false, reason: 'over' }
  if (virtualClass.status !== 'scheduled' || window === 'early') return { ok: false, reason: 'early' }
  if (facts.cutoff === 'start' && now >= virtualClass.startsAt && !facts.alreadyJoined) return { ok: false, reason: 'started' }
  if (facts.alreadyJoined) return { ok: true, step: 're-enter' }
  if (virtualClass.classType === 'individual' || facts.participants >= virtualClass.maxParticipants) return { ok: false, reason: 'full' }
  return { ok: true, step: 'take-seat' }
}

export type EnterRefusal = 'unknown-class' | 'cancelled' | 'over' | 'not-confirmed' | 'early'

export const ENTER_STATUS = { 'unknown-class': 404, cancelled: 410, over: 410, 'not-confirmed': 409, early: 403 } as const satisfies Record<
  EnterRefusal,
  number
>

/** Checks of `GET /api/classes/{id}/join` in their order; the admin is bound to the state only (behaviour 4.10). */
export function decideEnter(
  virtualClass: { status: ClassStatus; startsAt: Date; endsAt: Date },
  who: { belongs: boolean; isAdmin: boolean },
  leadMinutes: number,
  now: Date,
): { ok: true } | { ok: false; reason: EnterRefusal } {
  if (!who.belongs && !who.isAdmin) return { ok: false, reason: 'unknown-class' }
  if (virtualClass.status === 'cancelled') return { ok: false, reason: 'cancelled' }
  const window = joinWindow(virtualClass, leadMinutes, now)
  if (virtualClass.status === 'completed' || (!who.isAdmin && window === 'over')) return { ok: false, reason: 'over' }
  if (virtualClass.status === 'pending') return { ok: false, reason: 'not-confirmed' }
  if (!who.isAdmin && window === 'early') return { ok: false, reason: 'early' }
  return { ok: true }
}
