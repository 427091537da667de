import { REJECTION } from '../payment/rejection-text.en.ts'
import { PATHS, type Particulars, type Wording } from './letter.ts'

const ofClass = ({ when }: Particulars) => (when ? [`Class: ${when}.`] : [])

export const pending: Wording = (facts) => ({
  subject: 'Your payment is being processed',
  body: [
    'Mercado Pago has not finished processing your payment. We will write as soon as it is approved; there is no need to pay again.',
    ...ofClass(facts),
    'If it is approved when the time is no longer available, we refund the full amount.',
  ],
  action: { label: 'See how my payment is going', path: PATHS.payment(facts.orderId) },
})

export const rejected: Wording = (facts) => ({
  subject: 'Your payment was not approved: your time is still held',
  body: [
    `${REJECTION[facts.rejection]} You were not charged.`,
    `Your time (${facts.when}) is held until ${facts.heldUntil} (Argentine time).`,
  ],
  action: { label: 'Try the payment again', path: PATHS.payment(facts.orderId) },
})

export const holdExpired: Wording = (facts) => ({
  subject: facts.moneyOnItsWay ? 'Your payment is still in process; the time is no longer kept' : 'Your booking expired without payment',
  body: facts.moneyOnItsWay
    ? [
        `Your payment is still being processed and the time to pay for the class on ${facts.when} is over, so the hour is free again.`,
        'If the payment is approved, the hour is still free and you have no other class then, we confirm the class; if not, we refund the full amount. Do not pay again.',
      ]
    : [
        `The time to pay for the class on ${facts.when} is over, and the hour is free again.`,
        'You were not charged. You can choose another hour, or the same one if nobody took it.',
      ],
  action: facts.moneyOnItsWay
    ? { label: 'See how my payment is going', path: PATHS.payment(facts.orderId) }
    : { label: 'Choose a time', path: PATHS.booking },
})

const ON_ITS_WAY: Readonly<Record<string, string>> = {
  no_valid_hold: 'We received your payment, but the time was no longer available. We refund the full amount.',
  surplus_payment: 'We received a second payment for the same class. We refund it.',
  host_cancelled: 'You cancelled your class in time. We refund the full amount.',
  admin_cancelled: 'The teacher cancelled your class. We refund the full amount.',
  event_failed: 'We could not prepare your class. We refund the full amount.',
}

export const refundOnItsWay: Wording = (facts) => ({
  subject: 'Your refund is on its way',
  body: [
    ON_ITS_WAY[facts.refundReason] ?? 'We refund the payment of your class.',
    ...ofClass(facts),
    `Amount: ${facts.amount} ARS, the same way you paid. We have asked Mercado Pago for it; we will write when it is done.`,
  ],
  action: { label: 'Book another class', path: PATHS.booking },
})

const MADE: Readonly<Record<string, string>> = {
  no_valid_hold: 'We received your payment, but the time was no longer available. We refund the full amount.',
  surplus_payment: 'We received a second payment for the same class and refunded it.',
  host_cancelled: 'We refunded the payment of your class because you cancelled it in time.',
  admin_cancelled: 'We refunded the payment of your class because the teacher cancelled it.',
  event_failed: 'We refunded the payment of your class because we could not prepare it.',
}

export const refundMade: Wording = (facts) => ({
  subject: 'We refunded your payment',
  body: [
    MADE[facts.refundReason] ?? 'We refunded the payment of your class.',
    ...ofClass(facts),
    `Amount: ${facts.amount} ARS, the same way you paid.`,
    'Depending on your bank, it may take a few days to show in your account or card statement.',
  ],
  action: { label: 'Book another class', path: PATHS.booking },
})
