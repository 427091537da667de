import type { AttentionReason } from '../../../features/operation/attention.ts'
import type { Centavos } from '../../../kernel/money.ts'
import type { CancelReason, ClassStatus, ClassType } from '../../text.es.ts'

/** A class as the teacher sees it. */
export type AdminClass = {
  id: string
  startsAt: Date
  endsAt: Date
  type: ClassType
  people: number
  peopleMax: number
  hostName: string
  /** Who gives it; null while the academy has one teacher only. */
  teacherName?: string | null
  /** In the order in which they joined. */
  guestNames: readonly string[]
  /** What the host wants to work on; null when nothing was written. */
  objective: string | null
  status: ClassStatus
  cancelReason: CancelReason | null
  accessCode: string | null
  /** Leads to the room and notes that the teacher went, not bound to the window; null while there is none. */
  meetHref: string | null
  /** The page of the event in Google Calendar, when known. */
  calendarHref: string | null
  calendar: 'none' | 'queued' | 'synced' | 'failed'
  /** `draft`: made, and to be looked at; `pending`: not made yet. */
  activity: 'none' | 'pending' | 'draft' | 'sent'
  /** Not cancelled and not started yet. */
  canCancel: boolean
  /** The page that moves it to another slot; null when it cannot be moved. */
  rescheduleHref: string | null
  paid: Centavos | null
  /** What went back of that already. */
  returned: Centavos
}

/** What can be done about it: each is a POST of its own. */
export type AttentionAction =
  | { kind: 'retry'; classId: string }
  /** `paymentId`: of an order, or a payment's number at Mercado Pago. `cancels`: the class goes with it. */
  | { kind: 'refund'; paymentId: string; amount: Centavos; cancels: boolean }
  | { kind: 'retry-case'; caseId: string }
  /** The event stands elsewhere, at `to`: the class may be taken there when `canAccept`; the event can always be put back. */
  | { kind: 'settle-move'; editId: string; to: Date; canAccept: boolean }
  /** The event is gone: it is made again. */
  | { kind: 'restore'; classId: string }
  /** The page of the class, where it can be mended. */
  | { kind: 'open-class'; classId: string }
  /** How the calendar fares that the case is about; null: that of the only teacher. */
  | { kind: 'open-google'; teacherId: string | null }
  /** Where the invitation is by which another teacher connects again. */
  | { kind: 'open-invitation'; teacherId: string }
  | { kind: 'resolve'; caseId: string }

/** A payment or class that a person has to look at. */
export type AttentionItem = {
  id: string
  reason: AttentionReason
  since: Date
  /** Instead of the title of its reason: it is about somebody else's calendar. */
  title?: string | undefined
  /** Who and what: "Ana Ruiz, clase del 26/11/2026 18:00". */
  subject: string
  /** Instead of the hint of its reason, when more is known. */
  advice: string | null
  /** What a person can read of this very case; empty when there is nothing. */
  note: string
  /** Technical detail, for example the provider's last error, kept folded; empty when there is none. */
  detail: string
  actions: readonly AttentionAction[]
}

/** One page of what needs attention, the newest first. Pages count from 1. */
export type AttentionList = { items: readonly AttentionItem[]; total: number; page: number; pagesTotal: number }

export type GoogleState = 'connected' | 'disconnected' | 'error'

export type { ConnectionHealth } from '../../../features/meeting/connection.ts'

export type GoogleSummary = { state: GoogleState; account: string | null; lastCheck: Date | null }
