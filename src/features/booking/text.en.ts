import type { BookingRefusal, BookingRefusalDetail } from './rules.ts'

/** What pages in English show; the API answers in the words of `text.es.ts` only. */
export function bookingPageText(reason: BookingRefusal, detail: BookingRefusalDetail = {}): string {
  switch (reason) {
    case 'missing-data':
    case 'missing-dates':
    case 'missing-preference':
      return 'Some details of the booking are missing. Choose a time and try again.'
    case 'bad-date':
      return 'That date cannot be read. Choose a time and try again.'
    case 'bad-type':
      return 'That kind of class does not exist'
    case 'bad-count':
      return 'The number of students does not fit this kind of class'
    case 'bad-text':
      return 'The objective has to be a text'
    case 'long-text':
      return 'The objective can have 100 characters at most'
    case 'unknown-teacher':
      return 'That teacher gives no classes at the moment. Choose another one.'
    case 'reversed':
      return 'The class has to end after it begins'
    case 'wrong-length':
      return `The class has to take ${detail.slotMinutes ?? 60} minutes`
    case 'past':
      return 'That time is over'
    case 'short-notice':
      return `A class has to be booked at least ${noticeInWords(detail.minNoticeMinutes ?? 120)} before`
    case 'beyond-horizon':
      return `A class can be booked up to ${detail.horizonDays ?? 60} days ahead`
    case 'closed':
      return 'That time is outside the opening hours'
    case 'misaligned':
      return 'That is not one of the times on offer'
    case 'price-mismatch':
      return 'The price has changed. Look at it again before you pay.'
    case 'unknown-preference':
      return 'The payment was not found'
    case 'preference-used':
      return 'The payment was used for another booking'
    case 'order-mismatch':
      return 'The details of the booking do not match the payment'
    case 'preference-expired':
      return 'The time to pay is over'
    case 'too-many-holds':
      return 'You have too many bookings that wait for their payment'
    case 'slot-taken':
      return 'That time is no longer free'
    case 'own-class':
      return 'You have a class at that time already. Choose another time.'
    case 'calendar-unreadable':
      return 'We cannot confirm the timetable at the moment. Try again in a few minutes.'
    case 'provider-failed':
    case 'provider-incomplete':
    case 'order-not-stored':
      return 'We could not start the payment. Try again in a few minutes.'
    case 'not-stored':
      return 'Something went wrong. Try again in a few minutes.'
    case 'no-account':
      return 'You are not signed in. Sign in again.'
    case 'idempotency-mismatch':
      return 'This page was already used for another booking. Open it again and try once more.'
  }
}

function noticeInWords(minutes: number): string {
  if (minutes % 60 !== 0) return `${minutes} minutes`
  return minutes === 60 ? '1 hour' : `${minutes / 60} hours`
}
