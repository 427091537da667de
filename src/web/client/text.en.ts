import { BOOKING, CHECKOUT, OFFLINE } from '../text.en.ts'

/** The words of `text.es.ts`, in English. */
export const SAY = {
  offline: OFFLINE,
  redirect: CHECKOUT.redirect,
  slotTaken: BOOKING.slotTaken,
  taken: BOOKING.taken,
  free: BOOKING.free,
  choose: 'Choose a time',
  missingSlot: 'Choose a time to go on.',
  missingPeople: 'Choose how many you will be.',
  yourTime: (time: string) => `Your time: ${time}`,
  nearest: 'These are the nearest:',
  moveTo: (moment: string) => `Move to ${moment}`,
  move: 'Move to this time',
}
