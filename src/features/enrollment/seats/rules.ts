import type { ClassStatus } from '../../../db/tables.ts'

export type SeatActor = 'host' | 'admin' | 'guest' | 'stranger'

interface SeatClass {
  status: ClassStatus
  startsAt: Date
  endsAt: Date
}

type Rol = 'anfitrion' | 'participante'

/** Who may do something to a class at all, and whether the class is one that things are done to. */
type Common = 'unknown-class' | 'guest' | 'cancelled' | 'not-confirmed' | 'over'

export type ReleaseRefusal = Common | 'unknown-person' | 'host-seat' | 'too-many'
export type RotateRefusal = Common | 'too-many'
export type LeaveRefusal = 'unknown-class' | 'host-leaves' | 'cancelled' | 'not-confirmed' | 'started'

export type SeatRefusal = ReleaseRefusal | RotateRefusal | LeaveRefusal

export const SEAT_STATUS = {
  'unknown-class': 404,
  'unknown-person': 404,
  guest: 403,
  cancelled: 409,
  'not-confirmed': 409,
  over: 409,
  started: 409,
  'host-seat': 409,
  'host-leaves': 409,
  'too-many': 429,
} as const satisfies Record<SeatRefusal, number>

/** Why a seat cannot be released, or null. `rol`: of the person who sits there; null when nobody does. */
export function decideRelease(c: SeatClass, actor: SeatActor, rol: Rol | null, now: Date): Exclude<ReleaseRefusal, 'too-many'> | null {
  const reason = refuseCommon(c, actor, now)
  if (reason) return reason
  if (rol === null) return 'unknown-person'
  return rol === 'anfitrion' ? 'host-seat' : null
}

/** Why a class cannot get another code, or null. */
export function decideRotate(c: SeatClass, actor: SeatActor, now: Date): Common | null {
  return refuseCommon(c, actor, now)
}

/** Why somebody cannot leave, or null: a guest can, until the class starts. */
export function decideLeave(c: SeatClass, rol: Rol | null, now: Date): LeaveRefusal | null {
  if (rol === null) return 'unknown-class'
  if (rol === 'anfitrion') return 'host-leaves'
  if (c.status === 'cancelled') return 'cancelled'
  if (c.status === 'pending') return 'not-confirmed'
  return c.status === 'completed' || now >= c.startsAt ? 'started' : null
}

function refuseCommon(c: SeatClass, actor: SeatActor, now: Date): Common | null {
  if (actor === 'stranger') return 'unknown-class'
  if (actor === 'guest') return 'guest'
  if (c.status === 'cancelled') return 'cancelled'
  if (c.status === 'pending') return 'not-confirmed'
  return c.status === 'completed' || now >= c.endsAt ? 'over' : null
}
