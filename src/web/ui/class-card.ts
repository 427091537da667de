import type { Locale } from '../../kernel/locale.ts'
import { textIn } from '../../kernel/locale.ts'
import { isWithin } from '../../kernel/window.ts'
import type { CancelReason, ClassRole, ClassStatus, ClassType } from '../text.es.ts'
import * as en from './text.en.ts'
import * as es from './text.es.ts'

/** What a hold became that was no class yet; its words are those of `OPEN_BOOKING`. */
export type CancelNote = 'inProcess' | 'inReview' | 'returned' | 'givenUp'

/** One class as its host or guest sees it. The code is present for the host only. */
export type ClassCard = {
  id: string
  startsAt: Date
  endsAt: Date
  type: ClassType
  role: ClassRole
  status: Exclude<ClassStatus, 'pending'>
  cancelReason: CancelReason | null
  /** Instead of the reason's own words: a hold that was given up, or money that is not settled. */
  cancelNote?: CancelNote | null
  /** People who are in, host included. */
  people: number
  peopleMax: number
  activity: Activity
  /** Whether the person was there; absent: nobody knows. `minutes` null: nobody counted. */
  attendance?: { attended: boolean; minutes: number | null } | null
  /** Host only, and only while `scheduled`. */
  accessCode: string | null
  objective: string | null
  /** Who booked it. */
  hostName: string
  /** Who gives it; null while the academy has one teacher only. */
  teacherName?: string | null
  /** Host only: who joined with the code, in the order in which they did. */
  guests: readonly GuestSeat[]
  /** Guest only: the own seat can still be given back. */
  canLeave: boolean
  /** The window of the join control: [from, until). */
  joinFrom: Date
  joinUntil: Date
  /** Host only; what a cancellation now would give back. Null when it cannot be cancelled (any more). */
  cancel: 'full' | 'none' | null
  /** Host only: the page that moves it to another slot. Null when it cannot be moved (any more). */
  rescheduleHref: string | null
  /** Host only: why a class that lies ahead cannot be moved any more. */
  noReschedule?: { why: 'too-late'; hours: number } | { why: 'used-up'; times: number } | null
}

export type GuestSeat = { participationId: string; name: string; joinedAt: Date; enteredAt: Date | null }

/** `none`: cancelled, there will be none. `href` is null until the activity has a page. */
export type Activity = { state: 'none' | 'pending' | 'available' | 'done'; href: string | null }

export function joinIsOpen(card: Pick<ClassCard, 'status' | 'joinFrom' | 'joinUntil'>, now: Date): boolean {
  return card.status === 'scheduled' && isWithin(now.getTime(), card.joinFrom.getTime(), card.joinUntil.getTime())
}

/** "Individual", "Grupal (2/5)", and who gives it where that does not go without saying. */
export function typeWords(card: Pick<ClassCard, 'type' | 'people' | 'peopleMax' | 'teacherName'>, locale: Locale = 'es'): string {
  const type = card.type === 'grupal' ? textIn(locale, { es, en }).PARTS.group(card.people, card.peopleMax) : 'Individual'
  return withTeacher(type, card.teacherName, locale)
}

/** "Individual, con Ana Ruiz"; without a name, only what it is. */
export function withTeacher(words: string, teacherName: string | null | undefined, locale: Locale = 'es'): string {
  return teacherName ? `${words}, ${textIn(locale, { es, en }).PARTS.withTeacher(teacherName)}` : words
}
