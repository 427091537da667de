/** The shared texts in English: the same names and shapes as `text.es.ts`. */
import type { CancelReason, ClassRole, ClassStatus, ClassType } from './text.es.ts'

export const CLASS_TYPE: Record<ClassType, string> = { individual: 'Individual', grupal: 'Group' }

export const CLASS_STATUS: Record<ClassStatus, string> = {
  scheduled: 'Booked',
  pending: 'Waiting for payment',
  completed: 'Completed',
  cancelled: 'Cancelled',
}

export const CLASS_ROLE: Record<ClassRole, string> = { anfitrion: 'Host', participante: 'Guest' }

export const CANCEL_REASON: Record<CancelReason, string> = {
  hold_expired: 'Booking expired without payment',
  payment_rejected: 'Payment rejected',
  host_cancelled: 'Cancelled by the host',
  admin_cancelled: 'Cancelled by the teacher',
  payment_refunded: 'Payment refunded',
  booking_failed: 'The payment could not be started',
  event_failed: 'The class could not be prepared',
}

export const NAV = {
  home: 'Home',
  book: 'Book',
  classes: 'My classes',
  classesShort: 'Classes',
  progress: 'My progress',
  activities: 'Activities',
  history: 'History',
  calendar: 'Calendar',
  billing: 'Billing',
  more: 'More',
  admin: 'Admin panel',
  adminShort: 'Admin',
  teaching: 'Classes I give',
  teachingShort: 'I teach',
  support: 'Support',
  settings: 'Settings',
  guide: 'Guide',
  terms: 'Terms',
  withdrawal: 'Changing your mind',
  privacy: 'Privacy',
  signOut: 'Sign out',
}

export const MY_CLASSES = {
  title: 'My virtual classes',
  notice: (minutes: number) =>
    `Here you see the virtual classes you have booked. The button to join appears ${minutes} minutes before the class begins.`,
  joinAsGuest: 'Join a class as a guest',
  columns: ['Day', 'Time', 'Type', 'Role', 'Status', 'AI task', 'Code'],
  join: 'Join',
  codePlaceholder: 'CODE',
  codeSubmit: 'Join the class',
  enterClass: 'Enter the class',
  codeHint: 'Share this code only with the people who will take part.',
  preparing: 'Your payment was approved. We are preparing the link of your class.',
  empty: 'There are no classes to show.',
  seeHistory: 'See history',
  cancel: 'Cancel class',
  reschedule: 'Reschedule',
  addToCalendar: 'Add to calendar',
  refund: {
    full: 'You will get a full refund.',
    none: (hours: number) => `Less than ${hours} hours to go: there is no refund.`,
    wouldBeNone: (hours: number) => `Less than ${hours} hours to go: if you cancel there is no refund.`,
  },
  advice: [
    'Come in 5 to 10 minutes early to test your sound and camera.',
    'If you cannot come, tell the host.',
    'Look at the objective before the class.',
  ],
} as const

export const BOOKING = {
  title: 'Book a class',
  hint: 'Choose a free time to begin your booking.',
  details: 'Details of your booking',
  free: 'FREE',
  taken: 'TAKEN',
  mine: 'Your class',
  unpaid: 'Still to pay',
  processing: 'Payment in process',
  current: 'Current time',
  submit: 'Book class',
  zone: 'Argentine time',
  slotTaken: 'That time is no longer free',
  calendarUnreadable: 'We cannot confirm the timetable at the moment. Try again in a few minutes.',
}

export const CHECKOUT = {
  title: 'Check your booking',
  pay: 'Pay with Mercado Pago',
  approved: 'Your payment was successful!',
  failed: 'The payment failed',
  failedHint: 'Try again later.',
  pending: 'Payment pending',
  pendingHint: 'We are processing your transaction.',
  refundedLate: 'We received your payment, but the time was no longer free. You get all of it back.',
  redirect: (seconds: number) => `You will be taken to the application in ${seconds} seconds`,
}

export const OPEN_BOOKING = {
  unpaid: 'You have a class to pay for',
  resume: 'Go on with the payment',
  inProcess: 'Your payment is in process',
  inReview: 'We are looking at your payment',
  release: 'Release',
  releaseWhat: 'this time',
  released: 'The time is free again',
  givenUp: 'Released by you',
  returned: 'Payment returned',
}

export const HISTORY = {
  title: 'History',
  lead: 'The history of the virtual classes you have attended.',
}

export const OFFLINE = 'No connection. Check your internet and try again.'
export const FORBIDDEN = 'You do not have the permissions needed for this page'
