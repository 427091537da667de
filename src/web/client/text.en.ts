import { BOOKING, CHECKOUT } from '../text.en.ts'

/** The words of `text.es.ts`, in English. */
export const SCRIPT = {
  copy: (code: string) => `Copy the code ${code}`,
  copied: 'Copied!',
  yourTime: (time: string) => `Your time: ${time}`,
  signedOut: 'You are not signed in. Sign in again.',
  joinFailed: 'The class could not be opened. Try again.',
  classIs: (date: string, time: string) => `The class is on ${date} at ${time}, Argentine time.`,
  seatLost: (date: string, time: string) =>
    `You are no longer in the class on ${date} at ${time}. Unless you left it yourself, whoever booked it released your seat.`,
  redirect: CHECKOUT.redirect,
  slotTaken: BOOKING.slotTaken,
  taken: BOOKING.taken,
  choose: 'Choose a time',
  missingSlot: 'Choose a time to go on.',
  missingPeople: 'Choose how many you will be.',
  nearest: 'These are the nearest:',
  moveTo: (moment: string) => `Move to ${moment}`,
  move: 'Move to this time',
}
