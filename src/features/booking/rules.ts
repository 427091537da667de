import type { Outcome } from '../../kernel/outcome.ts'
import type { SlotRefusal } from '../academy/rules.ts'

/** Everything a booking or checkout can be refused for; each has one status here and one text in `text.es.ts`. */
export type BookingRefusal =
  /** Ended by its person a moment ago. */
  | 'no-account'
  | 'missing-data'
  | 'missing-dates'
  | 'missing-preference'
  | 'bad-date'
  | 'bad-type'
  | 'bad-count'
  | 'bad-text'
  | 'long-text'
  | 'unknown-teacher'
  | SlotRefusal
  | 'price-mismatch'
  | 'unknown-preference'
  | 'preference-used'
  | 'order-mismatch'
  | 'preference-expired'
  | 'too-many-holds'
  | 'slot-taken'
  /** This person has a class of their own in that hour, with whomever. */
  | 'own-class'
  | 'calendar-unreadable'
  | 'not-stored'
  | 'provider-failed'
  | 'provider-incomplete'
  | 'order-not-stored'
  | 'idempotency-mismatch'

export const BOOKING_STATUS = {
  'no-account': 401,
  'missing-data': 400,
  'missing-dates': 400,
  'missing-preference': 400,
  'bad-date': 400,
  'bad-type': 400,
  'bad-count': 400,
  'bad-text': 400,
  'long-text': 400,
  'unknown-teacher': 404,
  reversed: 400,
  'wrong-length': 400,
  past: 400,
  'short-notice': 400,
  'beyond-horizon': 400,
  closed: 400,
  misaligned: 400,
  'price-mismatch': 400,
  'unknown-preference': 404,
  'preference-used': 409,
  'order-mismatch': 400,
  'preference-expired': 409,
  'too-many-holds': 409,
  'slot-taken': 409,
  'own-class': 409,
  'calendar-unreadable': 503,
  'not-stored': 500,
  'provider-failed': 500,
  'provider-incomplete': 500,
  'order-not-stored': 500,
  'idempotency-mismatch': 409,
} as const satisfies Record<BookingRefusal, number>

/** What some refusals carry along. */
export interface BookingRefusalDetail {
  /** Whole pesos; with `price-mismatch`. */
  expectedPrice?: number
  /** Up to three nearest free slots; with `slot-taken` and `own-class`. */
  alternatives?: { start: string; end: string }[]
  /** Settings that the text quotes. */
  slotMinutes?: number
  minNoticeMinutes?: number
  horizonDays?: number
}

export type BookingOutcome<T> = Outcome<T, BookingRefusal, BookingRefusalDetail>
