import type { CancelReason } from '../../db/tables.ts'
import type { Centavos } from '../../kernel/money.ts'
import type { EditDeed } from '../hand-edit/deeds.ts'
import type { NoticeKind } from '../notice/kinds.ts'

/** Who did something to a class. `viewer`: whoever is looking. `rule`: nobody, the product did. */
export type Actor = 'viewer' | 'host' | 'teacher' | 'calendar' | 'rule'

export interface Hour {
  startsAt: Date
  endsAt: Date
}

/** A person of the class; `isViewer`: whoever is looking. */
export interface Someone {
  name: string
  isViewer: boolean
}

/**
 * Everything that can have happened to a class. A new kind is added here, told by a source in `rules.ts` (or by its audit entry, `AUDITED`),
 * and worded in `web/pages/class/text.*.ts`, where the compiler asks for it. No event ever holds a code or a link.
 */
export type TimelineEvent =
  /** `until`: when the hold ends; null for a booking that was paid before it was made. */
  | { kind: 'held'; until: Date | null }
  | { kind: 'checkout-started'; amount: Centavos }
  | { kind: 'payment-rejected'; paymentId: string; detail: string }
  | { kind: 'payment-in-process'; paymentId: string }
  /** `use`: what the money was for. `surplus`: the same booking paid again. `unmatched`: it fits no price and waits for a person. */
  | { kind: 'paid'; paymentId: string; amount: Centavos; use: 'class' | 'surplus' | 'unmatched' }
  | { kind: 'disputed'; paymentId: string; amount: Centavos }
  | { kind: 'dispute-decided'; paymentId: string; amount: Centavos; outcome: 'won' | 'lost' }
  /** A late payment took the slot again. */
  | { kind: 'revived' }
  | { kind: 'event-created' }
  | { kind: 'link-ready' }
  | { kind: 'code-issued' }
  | { kind: 'code-rotated'; why: 'rescheduled' | 'rotated' }
  | { kind: 'joined'; who: Someone; people: number; peopleMax: number }
  /** `again`: a seat had become free meanwhile. */
  | { kind: 'group-full'; peopleMax: number; again: boolean }
  /** A guest gave the seat back, or somebody took them off the class. */
  | { kind: 'left'; who: Someone }
  | { kind: 'seat-released'; who: Someone; by: Actor }
  | { kind: 'entered'; who: Someone; again: boolean }
  /** The teacher went to the room. */
  | { kind: 'teacher-entered' }
  /** The class has another link than before: one of the teacher's own room, or of Google Meet again. */
  | { kind: 'room-changed'; to: 'room' | 'meet' }
  /** What Meet or the teacher says of somebody; `minutes` null: nobody counted. */
  | { kind: 'attendance'; who: Someone; attended: boolean; minutes: number | null; source: 'manual' | 'meet' }
  | { kind: 'moved'; from: Hour; to: Hour; by: Actor }
  | { kind: 'cancelled'; reason: CancelReason; by: Actor; wasPaid: boolean; explanation: string | null }
  /** The class was cancelled, and what was paid for it stays. */
  | { kind: 'no-refund' }
  | { kind: 'refund-requested'; paymentId: string; amount: Centavos; why: 'late' | 'surplus' | 'other' }
  | { kind: 'refund-failed'; paymentId: string; amount: Centavos }
  | { kind: 'refunded'; paymentId: string; amount: Centavos; refundId: string | null }
  | { kind: 'completed' }
  | { kind: 'mailed'; mail: NoticeKind; to: Someone }
  | { kind: 'calendar-retried'; worked: boolean }
  /** A hand changed the event in the calendar, or it was put right again. `to`: where it was put. */
  | { kind: 'calendar-edited'; what: EditDeed; to: Hour | null }

export type EventKind = TimelineEvent['kind']

export interface TimelineEntry {
  at: Date
  event: TimelineEvent
}
