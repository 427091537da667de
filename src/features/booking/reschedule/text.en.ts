import { bookingPageText } from '../text.en.ts'
import type { RescheduleRefusal } from './rules.ts'
import type { RescheduleRefusalDetail } from './text.es.ts'

/** What pages in English show; the API answers in the words of `text.es.ts` only. */
export function rescheduleText(reason: RescheduleRefusal, detail: RescheduleRefusalDetail = {}): string {
  switch (reason) {
    case 'unknown-class':
      return 'The class was not found'
    case 'guest':
      return 'Only the host can move the class'
    case 'not-scheduled':
      return 'Only a booked class can be moved'
    case 'too-late':
      return 'The class cannot be moved any more'
    case 'used-up':
      return detail.maxReschedules === 0
        ? rescheduleText('too-late')
        : `The class was moved ${timesInWords(detail.maxReschedules ?? 2)} already`
    case 'own-class':
      return detail.actor === 'admin' ? 'The host has another class at that time' : 'You have another class at that time'
    case 'same-slot':
      return 'Choose another time than the present one'
    default:
      return bookingPageText(reason, detail)
  }
}

function timesInWords(times: number): string {
  if (times === 1) return 'once'
  return times === 2 ? 'twice' : `${times} times`
}
