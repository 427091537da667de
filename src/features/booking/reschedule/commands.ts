import { type Handle, violates } from '../../../db/client.ts'
import type { VirtualClassRow } from '../../../db/tables.ts'
import type { Deps } from '../../../deps.ts'
import type { Outcome } from '../../../kernel/outcome.ts'
import { refuse, succeed } from '../../../kernel/outcome.ts'
import { loadSchedule } from '../../academy/hours.ts'
import { findTeacher, type Teacher } from '../../academy/store.ts'
import type { Viewer } from '../../identity/store.ts'
import { queueMove } from '../../meeting/move.ts'
import { announceMove } from '../../notice/move.ts'
import { audit } from '../../operation/attention.ts'
import { moveClass } from '../../virtual-class/moves.ts'
import { findClass, lockClass, NO_OVERLAP, OWN_HOUR } from '../../virtual-class/store.ts'
import { clearSlot } from '../slot.ts'
import { actorOf } from './queries.ts'
import {
  decideReschedule,
  type Move,
  type MoveActor,
  type MovePolicy,
  type RescheduleRefusal,
  reschedulesLeft,
  type WantedSlot,
} from './rules.ts'
import type { RescheduleRefusalDetail } from './text.es.ts'

export interface Rescheduled {
  startsAt: Date
  endsAt: Date
  /** The new code. */
  accessCode: string
  /** How often the host may still move this class. */
  reschedulesLeft: number
}

export type RescheduleOutcome = Outcome<Rescheduled, RescheduleRefusal, RescheduleRefusalDetail>

/**
 * Moves a scheduled class to another slot, as its host or as the admin (behaviour 4.10, D10, D13b, D14, D14a). Decided twice: once before
 * the calendar is asked, so that a hopeless request asks nobody, and once with the class locked. Who gets the slot, and that its host has no
 * other class in that hour, is settled by the exclusion constraints. The calendar event follows in a durable job, whatever becomes of this process.
 */
export async function rescheduleClass(deps: Deps, viewer: Viewer, classId: string, wanted: WantedSlot): Promise<RescheduleOutcome> {
  const known = await findClass(deps.db.handle, classId)
  const allowed = known ? await actorOf(deps, viewer, known) : refuse('unknown-class')
  if (!known || !allowed.ok) return refuse(allowed.ok ? 'unknown-class' : allowed.reason)
  const actor = allowed.value
  const teacher = await teacherOf(deps.db.handle, known)
  const early = await decide(deps, deps.db.handle, { virtualClass: known, teacher, actor }, wanted)
  if (!early.ok) return early
  const cleared = await clearSlot(deps, known, teacher, early.value)
  if (!cleared.ok) return refuse(cleared.reason)
  try {
    return await carryOut(deps, viewer, classId, actor, wanted)
  } catch (error) {
    if (violates(error, NO_OVERLAP)) return refuse('slot-taken')
    if (violates(error, OWN_HOUR)) return refuse('own-class', { actor })
    throw error
  }
}

async function teacherOf(handle: Handle, { id, teacherId }: VirtualClassRow): Promise<Teacher> {
  const teacher = await findTeacher(handle, teacherId)
  if (!teacher) throw new Error(`Class ${id} has no teacher`)
  return teacher
}

async function decide(
  deps: Deps,
  handle: Handle,
  { virtualClass, teacher, actor }: { virtualClass: VirtualClassRow; teacher: Teacher; actor: MoveActor },
  wanted: WantedSlot,
): Promise<Outcome<Move, RescheduleRefusal, RescheduleRefusalDetail>> {
  const policy: MovePolicy = deps.config
  // Only the wanted time matters; without one, any.
  const { startsAt, endsAt } = wanted.ok ? wanted.value : virtualClass
  const schedule = await loadSchedule(handle, teacher, startsAt, endsAt)
  const decision = decideReschedule({ virtualClass, actor, policy, schedule, wanted, now: deps.clock.now() })
  if (decision.ok) return decision
  const { slotMinutes, minNoticeMinutes, horizonDays } = schedule
  return refuse(decision.reason, { slotMinutes, minNoticeMinutes, horizonDays, maxReschedules: policy.maxReschedules })
}

async function carryOut(deps: Deps, viewer: Viewer, classId: string, actor: MoveActor, wanted: WantedSlot): Promise<RescheduleOutcome> {
  return deps.db.transaction(async (tx): Promise<RescheduleOutcome> => {
    const current = await lockClass(tx, classId)
    if (!current) return refuse('unknown-class')
    const decision = await decide(deps, tx, { virtualClass: current, teacher: await teacherOf(tx, current), actor }, wanted)
    if (!decision.ok) return decision
    const move = decision.value
    const accessCode = await moveClass(deps, tx, current, move, deps.clock.now())
    await queueMove(deps, classId)
    await announceMove(deps, tx, { ...current, moveCount: current.moveCount + 1 }, actor)
    await audit(deps, tx, {
      actorId: viewer.id,
      action: 'class.reschedule',
      subject: 'class',
      subjectId: classId,
      detail: { by: actor, from: current.startsAt.toISOString(), to: move.startsAt.toISOString() },
    })
    const { startsAt, endsAt, rescheduleCount } = move
    return succeed({ startsAt, endsAt, accessCode, reschedulesLeft: reschedulesLeft({ ...current, rescheduleCount }, deps.config) })
  })
}
