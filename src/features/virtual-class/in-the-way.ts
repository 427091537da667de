import { and, asc, eq, inArray, or, type SQL, sql } from 'drizzle-orm'
import { hotRead, type Later } from '../../db/hot-read.ts'
import { type VirtualClassRow, virtualClass } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { askTogether } from '../../kernel/together.ts'
import type { Interval } from '../academy/rules.ts'
import { LIVE } from './store.ts'
import { touching } from './touching.ts'

/** A live class in the way; one that has run out unpaid is only in the way until somebody has asked about it. */
export interface InTheWay {
  classId: string
  teacherId: string
  bookedById: string
  hasLapsed: boolean
}

type Found = Omit<InTheWay, 'hasLapsed'> & Pick<VirtualClassRow, 'status' | 'paidAt' | 'holdExpiresAt'>

/** What was found, as it stands now. */
export function inTheWay({ classId, teacherId, bookedById, status, paidAt, holdExpiresAt }: Found, now: Date): InTheWay {
  const hasLapsed = status === 'pending' && paidAt === null && holdExpiresAt !== null && holdExpiresAt <= now
  return { classId, teacherId, bookedById, hasLapsed }
}

/** Live classes in that time, of these teachers or booked by this person. Only the constraints are sure: this is for whoever would lose anyway. */
export async function classesInTheWay(
  { db, clock }: Pick<Deps, 'db' | 'clock'>,
  teacherIds: readonly string[],
  userId: string,
  slot: Interval,
): Promise<InTheWay[]> {
  const found = await readInTheWay(db.handle, { teacherIds, userId, from: slot.startsAt, to: slot.endsAt })
  return found.map((each) => inTheWay(each, clock.now()))
}

/** Those of the teachers, whoever booked them: the same for everybody who wants that hour, so that a crowd reads it once. */
export async function classesOfTeachers(deps: Deps, teacherIds: readonly string[], { startsAt, endsAt }: Interval): Promise<InTheWay[]> {
  const key = `hour ${startsAt.getTime()} ${endsAt.getTime()} ${teacherIds.join(' ')}`
  const found = await askTogether(deps, key, () => readOfTeachers(deps.db.handle, { teacherIds, from: startsAt, to: endsAt }))
  return found.map((each) => inTheWay(each, deps.clock.now()))
}

const COLUMNS = {
  classId: virtualClass.id,
  teacherId: virtualClass.teacherId,
  bookedById: virtualClass.bookedById,
  status: virtualClass.status,
  paidAt: virtualClass.paidAt,
  holdExpiresAt: virtualClass.holdExpiresAt,
}
/** Of all teachers together, each with every quarter of an hour of the longest class. */
const IN_THE_WAY_MAX = 500

const readInTheWay = hotRead((handle, later: (name: 'teacherIds' | 'userId' | 'from' | 'to') => Later) =>
  handle
    .select(COLUMNS)
    .from(virtualClass)
    .where(
      and(
        or(isOf(later('teacherIds')), eq(virtualClass.bookedById, later('userId'))),
        inArray(virtualClass.status, [...LIVE]),
        touching(later('from'), later('to')),
      ),
    )
    .orderBy(asc(virtualClass.holdExpiresAt), asc(virtualClass.id))
    .limit(IN_THE_WAY_MAX),
)

const readOfTeachers = hotRead((handle, later: (name: 'teacherIds' | 'from' | 'to') => Later) =>
  handle
    .select(COLUMNS)
    .from(virtualClass)
    .where(and(isOf(later('teacherIds')), inArray(virtualClass.status, [...LIVE]), touching(later('from'), later('to'))))
    .orderBy(asc(virtualClass.holdExpiresAt), asc(virtualClass.id))
    .limit(IN_THE_WAY_MAX),
)

function isOf(teacherIds: Later): SQL {
  return sql`${virtualClass.teacherId} = ANY(${teacherIds}::uuid[])`
}
