import { and, asc, desc, eq, lt, sql } from 'drizzle-orm'
import type { Handle } from '../../db/client.ts'
import { countRows } from '../../db/count-rows.ts'
import { accessCode, appUser, type CancelReason, type ClassStatus, paymentOrder, virtualClass } from '../../db/tables.ts'
import { teacherNameOf } from '../academy/names.ts'
import { guestNamesOf, peopleOf } from './queries.ts'
import { endingAfter } from './touching.ts'

export interface AdminClass {
  id: string
  startsAt: Date
  endsAt: Date
  classType: 'individual' | 'grupal'
  status: ClassStatus
  cancelReason: CancelReason | null
  hostName: string
  /** Null while the academy has one teacher only. */
  teacherName: string | null
  /** In the order in which they joined. */
  guestNames: string[]
  learningFocus: string | null
  currentParticipants: number
  maxParticipants: number
  accessCode: string | null
  meetUrl: string | null
  calendarPageUrl: string | null
  calendarState: 'none' | 'queued' | 'synced' | 'failed'
  calendarError: string | null
  activityStatus: 'pending' | 'uploaded'
  /** Exercises are made that nobody was shown yet. */
  hasDrafts: boolean
  paid: boolean
  priceCentavos: number
  /** What went back of its payment. */
  refundedCentavos: number
  orderId: string | null
  orderStatus: 'pending' | 'approved' | 'rejected' | 'refunded' | null
  preferenceId: string | null
}

interface Filter {
  status?: ClassStatus
  from?: Date
  to?: Date
  order?: 'asc' | 'desc'
  limit: number
  offset?: number
}

/**
 * The admin's list, start descending (behaviour 4.16), or what `filter` leaves of it. Which classes it is comes first, out of an index: in one
 * statement everything that belongs to a class would be looked up for those of all pages before as well (decision 039).
 */
export async function adminClasses(handle: Handle, filter: Filter): Promise<AdminClass[]> {
  const ids = await listedIds(handle, filter)
  return ids.length === 0 ? [] : classesOf(handle, ids, filter.order)
}

async function listedIds(handle: Handle, { status, from, to, order, limit, offset = 0 }: Filter): Promise<string[]> {
  const rows = await handle
    .select({ id: virtualClass.id })
    .from(virtualClass)
    .where(
      and(
        status ? eq(virtualClass.status, status) : undefined,
        from ? endingAfter(from) : undefined,
        to ? lt(virtualClass.startsAt, to) : undefined,
      ),
    )
    .orderBy(...inOrder(order))
    .limit(limit)
    .offset(offset)
  return rows.map(({ id }) => id)
}

function inOrder(order: Filter['order']) {
  return [order === 'asc' ? asc(virtualClass.startsAt) : desc(virtualClass.startsAt), asc(virtualClass.id)]
}

function classesOf(handle: Handle, ids: readonly string[], order: Filter['order']): Promise<AdminClass[]> {
  return handle
    .select({
      id: virtualClass.id,
      startsAt: virtualClass.startsAt,
      endsAt: virtualClass.endsAt,
      classType: virtualClass.classType,
      status: virtualClass.status,
      cancelReason: virtualClass.cancelReason,
      hostName: appUser.name,
      teacherName: teacherNameOf(),
      guestNames: guestNamesOf(),
      learningFocus: virtualClass.learningFocus,
      currentParticipants: peopleOf(),
      maxParticipants: virtualClass.maxParticipants,
      // Not joined: for a plan that is kept, joining is hashing the whole table.
      accessCode: sql<string | null>`(SELECT code FROM ${accessCode} AS a WHERE a.class_id = ${virtualClass.id} AND a.retired_at IS NULL)`,
      meetUrl: virtualClass.meetUrl,
      calendarPageUrl: virtualClass.calendarPageUrl,
      calendarState: virtualClass.calendarState,
      calendarError: virtualClass.calendarError,
      activityStatus: virtualClass.activityStatus,
      hasDrafts: sql<boolean>`EXISTS (SELECT FROM task AS t WHERE t.class_id = ${virtualClass.id} AND t.state = 'draft')`,
      paid: sql<boolean>`${virtualClass.paidAt} IS NOT NULL`,
      priceCentavos: virtualClass.priceCentavos,
      refundedCentavos: sql<number>`coalesce(${paymentOrder.refundedCentavos}, 0)`.mapWith(Number),
      orderId: paymentOrder.id,
      orderStatus: paymentOrder.status,
      preferenceId: paymentOrder.preferenceId,
    })
    .from(virtualClass)
    .innerJoin(appUser, eq(appUser.id, virtualClass.bookedById))
    .leftJoin(paymentOrder, eq(paymentOrder.classId, virtualClass.id))
    .where(sql`${virtualClass.id} = ANY(${sql.param(ids)}::uuid[])`)
    .orderBy(...inOrder(order))
}

/** How many of them there are, counted from the newest on and no further than `rowsMax`. */
export function countAdminClasses(handle: Handle, filter: { status?: ClassStatus }, rowsMax: number): Promise<number> {
  return countRows(
    handle,
    handle
      .select({ id: virtualClass.id })
      .from(virtualClass)
      .where(filter.status ? eq(virtualClass.status, filter.status) : undefined)
      .orderBy(desc(virtualClass.startsAt))
      .limit(rowsMax),
  )
}
