import type { Deps } from '../../deps.ts'
import { nameAmongSeveral } from '../academy/names.ts'
import { hasReceipt } from '../billing/rules.ts'
import type { Viewer } from '../identity/store.ts'
import type { TimelineEntry } from './events.ts'
import type { TimelineFacts } from './facts.ts'
import { type TimelineViewer, timelineOf } from './rules.ts'
import { type ClassWithOrder, factsOf, findClassFor } from './store.ts'

export interface ClassRecord extends ClassWithOrder {
  viewerRole: TimelineViewer['role']
  /** Who joined with the code; a guest is told only who invited. */
  guestNames: readonly string[]
  people: number
  /** It was a class once, and not only a booking. */
  wasConfirmed: boolean
  /** Null while the academy has one teacher only. */
  teacherName: string | null
  /** Money came in for it that has a receipt. */
  hasReceipt: boolean
  /** Everybody of the class, for the admin. */
  roster: readonly { userId: string; name: string; attendance: TimelineFacts['people'][number]['attendance'] }[]
  entries: readonly TimelineEntry[]
}

/**
 * A class and everything that happened to it, as far as this person may know: its host, a guest, or, `asAdmin`, the admin. Null for everybody
 * else, as if the class did not exist.
 */
export async function classRecord(
  deps: Deps,
  viewer: Viewer,
  classId: string,
  { asAdmin }: { asAdmin: boolean },
): Promise<ClassRecord | null> {
  const isAdmin = asAdmin && viewer.role === 'ADMIN'
  const found = await findClassFor(deps.db.handle, { id: viewer.id, isAdmin }, classId)
  if (!found) return null
  const facts = await factsOf(deps.db.handle, found)
  const viewerRole = isAdmin ? 'admin' : found.bookedClass.bookedById === viewer.id ? 'host' : 'guest'
  return {
    ...found,
    viewerRole,
    teacherName: await nameAmongSeveral(deps.db.handle, found.bookedClass.teacherId),
    guestNames: viewerRole === 'guest' ? [] : facts.people.filter(({ isHost }) => !isHost).map(({ name }) => name),
    people: Math.max(facts.people.length, 1),
    wasConfirmed: facts.people.length > 0,
    hasReceipt: hasReceipt(facts.payments),
    roster: isAdmin ? facts.people.map(({ userId, name, attendance }) => ({ userId, name, attendance })) : [],
    entries: timelineOf(facts, { userId: viewer.id, role: viewerRole }),
  }
}
