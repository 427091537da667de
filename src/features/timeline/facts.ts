import type { CancelReason, ClassStatus } from '../../db/tables.ts'
import type { Centavos } from '../../kernel/money.ts'
import type { NoticeKind } from '../notice/kinds.ts'
import type { Hour } from './events.ts'

/** What the rows say of one class and its order: all that its timeline is made of. */
export interface TimelineFacts {
  bookedClass: Hour & {
    hostId: string
    status: ClassStatus
    maxParticipants: number
    createdAt: Date
    paidAt: Date | null
    eventCreatedAt: Date | null
    linkReadyAt: Date | null
    completedAt: Date | null
    /** Cancelled, and what was paid goes back. */
    refundOwed: boolean
  }
  order: { amount: Centavos; createdAt: Date; preferenceAt: Date | null; expiresAt: Date; refundedAt: Date | null } | null
  payments: readonly PaymentFact[]
  refunds: readonly RefundFact[]
  /** Each time that more of the order was seen to be back than before: by our hand or by another. */
  returnsSeen: readonly Date[]
  disputes: readonly {
    paymentId: string
    amount: Centavos
    state: 'open' | 'lost' | 'won'
    openedAt: Date
    decidedAt: Date | null
  }[]
  /** By ordinal. */
  cancellations: readonly { reason: CancelReason; byId: string | null; cancelledAt: Date; revivedAt: Date | null }[]
  /** Every code ever issued, the oldest first; never the code itself. */
  codes: readonly { issuedAt: Date; retireReason: string | null }[]
  /** By seat: the host first. */
  people: readonly {
    userId: string
    name: string
    isHost: boolean
    joinedAt: Date
    firstEnteredAt: Date | null
    enteredAt: Date | null
    attendance: { attended: boolean; minutes: number | null; source: 'manual' | 'meet'; at: Date } | null
  }[]
  /** Guests who are no longer in, the oldest departure first; `actorId` is their own id when they left by themselves. */
  departures: readonly { at: Date; userId: string; name: string; joinedAt: Date | null; actorId: string | null }[]
  /** What people did to this class, the oldest first. */
  audit: readonly { at: Date; action: string; actorId: string | null; detail: Record<string, unknown> }[]
  /** Mails that were sent, the oldest first. */
  mails: readonly { userId: string; name: string; kind: NoticeKind; sentAt: Date }[]
}

export interface PaymentFact {
  id: string
  status: string
  statusDetail: string
  amount: Centavos | null
  refunded: Centavos
  approvedAt: Date | null
  updatedAt: Date
  role: 'primary' | 'surplus' | 'orphan' | null
}

export interface RefundFact {
  paymentId: string
  amount: Centavos
  reason: string
  state: 'requested' | 'sent' | 'approved' | 'failed'
  refundId: string | null
  createdAt: Date
  updatedAt: Date
  /** Each time that it was asked for, and for how much: the amount of the refund itself is that of the last request. */
  requests: readonly { at: Date; amount: Centavos }[]
  /** Each time that nothing came of it. */
  failures: readonly { at: Date; amount: Centavos }[]
}
