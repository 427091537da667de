import type { NamedTeacher } from '../../../features/academy/queries.ts'
import type { Centavos } from '../../../kernel/money.ts'
import type { ClassType } from '../../text.es.ts'
import type { OpenBookingView } from '../../ui/open-bookings.tsx'
import type { Draft } from '../booking/view.ts'

/** What is about to be paid. `people` is 1 for an individual class. */
export type Selection = {
  start: Date
  end: Date
  type: ClassType
  people: number
  text: string
  total: Centavos
  /** Who gives the class: the one that was chosen, or null for whoever is free. Absent while there is nobody to choose from. */
  teacher?: NamedTeacher | null
}

/** View of `/inicio/pre-compra`. `selection` is null when the query string names no valid slot. */
export type CheckView = {
  selection: Selection | null
  /** Idempotency key of the payment form: a fresh unguessable value per rendering. */
  key: string
  /** The visitor's own unpaid hold for exactly this selection; `teacher`: who gives it, where there are several. */
  hold: { classId: string; expiresAt: Date; rejection: string | null; teacher?: string | null } | null
  /** The visitor's own unpaid hold of this slot with other details: paying puts this selection in its place. */
  replaces: OpenBookingView | null
  /** The visitor's other unpaid holds; without a selection, everything of theirs that is no class yet. */
  others: readonly OpenBookingView[]
  /** No more can be kept: one of the others has to be released for this selection. */
  isFull: boolean
  /** The visitor's own booking of this slot whose money is on its way. */
  waiting: OpenBookingView | null
  /** The visitor's own hold of this slot ran out without being paid, and there is no newer one. */
  ended: boolean
  /** Why the payment could not be started, or cannot be. */
  error: string | null
  /** What that means for the slot, when the payment was tried: whether it is kept for the visitor all the same. */
  aftermath: 'kept' | 'not-kept' | 'too-many' | null
  /** Holds that the failed payment was to replace and that are gone now. */
  lost: readonly Pick<OpenBookingView, 'start'>[]
  /** Set when the slot is taken: up to three nearest free ones. */
  alternatives: readonly { start: Date; end: Date }[] | null
  /** Why nothing can be paid here; null when it can. */
  blocked: 'taken' | 'mine' | 'waiting' | 'refused' | null
  holdMinutes: number
  refundUntilHours: number
  /** Whether a cancellation could still give everything back. */
  isRefundable: boolean
  /** Null while classes cannot be moved. */
  rescheduleUntilHours: number | null
}

/** The selection as the booking page has it. */
export function draftOf(selection: Omit<Selection, 'start'> & { start: Date | null }): Draft {
  return {
    start: selection.start,
    type: selection.type,
    people: selection.type === 'grupal' ? selection.people : null,
    text: selection.text,
    teacher: selection.teacher?.id ?? null,
  }
}
