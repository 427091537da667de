import type { EditDeed } from '../../../features/hand-edit/deeds.ts'
import type { NoticeKind } from '../../../features/notice/kinds.ts'
import { rejectionGroup } from '../../../features/payment/rejection.ts'
import { REJECTION } from '../../../features/payment/rejection-text.en.ts'
import type { Actor, Someone } from '../../../features/timeline/events.ts'
import { formatMoney } from '../../../kernel/money.ts'
import { CANCEL_REASON } from '../../text.en.ts'
import type { EventWords } from './view.ts'

export const PAGE = {
  unknown: 'The class was not found',
  title: (day: string) => `Class of ${day}`,
  back: 'History',
  backToClasses: 'My classes',
  backToPanel: 'Admin panel',
  facts: {
    time: 'Time',
    type: 'Type',
    role: 'Role',
    host: 'Host',
    guests: 'Guests',
    objective: 'Objective',
    price: 'Price',
    people: (people: number, peopleMax: number) => `${people} of ${peopleMax}`,
  },
  story: 'What happened to this class',
  storyHint: 'Dates and times of Argentina.',
  receipt: 'See receipt',
  csv: 'Download as CSV',
  csvExcel: 'Download for Excel',
  help: 'Ask for help with this class',
  print: 'Print',
  preparing: 'Paid, preparing the link',
  linkLost: 'The link is being repaired: the button to enter will lead to the new room',
  columns: ['Date', 'Time', 'What happened', 'Details'],
  file: 'class',
}

const BY: Record<Actor, string> = {
  viewer: ' by you',
  host: ' by the host',
  teacher: ' by the teacher',
  calendar: ' from the teacher’s calendar',
  rule: '',
}

const operation = (paymentId: string) => `Mercado Pago operation ${paymentId}.`
const does = (who: Someone, what: string) => `${who.isViewer ? 'You' : who.name} ${what}`

const MAILS: Record<NoticeKind, string> = {
  'class-preparing': 'Preparing the link of your class',
  'class-confirmed': 'Class confirmed',
  'class-rescheduled': 'Class rescheduled',
  'class-cancelled': 'Class cancelled',
  'link-ready': 'New link',
  'reminder-24h': 'Reminder of the day before',
  'reminder-60min': 'Reminder an hour before',
  'seat-released': 'Seat released',
  'payment-pending': 'Payment in process',
  'payment-rejected': 'Payment rejected',
  'hold-expired': 'Booking expired',
  'refund-on-its-way': 'Refund on its way',
  'refund-made': 'Payment returned',
  'activity-ready': 'Activity ready',
  'activity-reminder': 'Reminder of the activity',
  'drafts-ready': 'Drafts to look at',
  'texts-waiting': 'A text to mark',
  'ticket-answered': 'Answer to your question',
  'calendar-disconnected': 'Calendar disconnected',
  'link-missing': 'A class has no link',
  'calendar-trial-failed': 'The calendar failed its daily trial',
}

const REFUND_WHY = {
  late: 'The payment arrived when the time was no longer free.',
  surplus: 'The same class had been paid for twice.',
  other: 'It goes back to the payment method that was used.',
}

const CALENDAR_EDIT: Record<EditDeed, { title: string; detail: string | null }> = {
  deleted: { title: 'The event was deleted from the calendar', detail: 'The class still stands.' },
  moved: { title: 'The event was moved in the calendar', detail: null },
  repaired: { title: 'The event had been changed by hand', detail: 'It has its title, text and guests again.' },
  conflict: { title: 'Another appointment lies over the class', detail: null },
  'put-back': { title: 'The event goes back to the time of the class', detail: null },
  restored: { title: 'The event is made again', detail: 'With a new link.' },
  brought: { title: 'The event goes over to the connected calendar', detail: 'With a new link.' },
  double: { title: 'A second event was removed', detail: null },
}

export const EVENTS: EventWords = {
  held: ({ until }, { time }) =>
    until
      ? { title: 'Time held without payment', detail: `Kept until ${time(until)}.` }
      : { title: 'Time booked', detail: 'It had been paid for already.' },
  'checkout-started': ({ amount }) => ({ title: 'Payment started at Mercado Pago', detail: `${formatMoney(amount)} ARS.` }),
  'payment-rejected': ({ paymentId, detail }) => ({
    title: 'Payment rejected',
    detail: `${REJECTION[rejectionGroup(detail)]} ${operation(paymentId)}`,
  }),
  'payment-in-process': ({ paymentId }) => ({
    title: 'Payment in process',
    detail: `Mercado Pago has not confirmed it yet. ${operation(paymentId)}`,
  }),
  paid: ({ paymentId, amount, use }) => ({
    title: { class: 'Payment approved', surplus: 'Paid twice', unmatched: 'A payment arrived that does not match' }[use],
    detail: `${formatMoney(amount)} ARS. ${operation(paymentId)}${use === 'unmatched' ? ' A person is looking at it.' : ''}`,
  }),
  disputed: ({ paymentId, amount }) => ({
    title: 'Payment disputed by the buyer',
    detail: `${formatMoney(amount)} ARS. ${operation(paymentId)} Mercado Pago decides.`,
  }),
  'dispute-decided': ({ paymentId, amount, outcome }) => ({
    title: outcome === 'won' ? 'Dispute decided: the payment stands' : 'Dispute decided: the money went back to the buyer',
    detail: `${formatMoney(amount)} ARS. ${operation(paymentId)}`,
  }),
  revived: () => ({ title: 'Time taken again', detail: 'The payment was late, but the time was still free.' }),
  'event-created': () => ({ title: 'Event made in the calendar', detail: null }),
  'link-ready': () => ({ title: 'Class confirmed', detail: 'The link of the class is ready.' }),
  'code-issued': () => ({ title: 'Code of the class issued', detail: null }),
  'code-rotated': ({ why }) => ({
    title: 'New code',
    detail:
      why === 'rescheduled'
        ? 'The old one expired when the class was rescheduled.'
        : 'The old one no longer works; those who had joined stay in the class.',
  }),
  joined: ({ who, people, peopleMax }) => ({ title: does(who, 'joined with the code'), detail: `${people} of ${peopleMax} people.` }),
  'group-full': ({ peopleMax, again }) => ({
    title: again ? 'Group complete again' : 'Group complete',
    detail: `All ${peopleMax} people are in.`,
  }),
  left: ({ who }) => ({ title: does(who, 'gave up the seat'), detail: null }),
  'seat-released': ({ who, by }) => ({
    title: `${who.isViewer ? 'Your seat' : `The seat of ${who.name}`} was released${BY[by]}`,
    detail: null,
  }),
  entered: ({ who, again }) => ({ title: does(who, again ? 'entered for the last time' : 'entered the class'), detail: null }),
  attendance: ({ who, attended, minutes, source }) => ({
    title: does(who, attended ? 'attended the class' : 'did not attend the class'),
    detail: [minutes === null ? '' : `${minutes} minutes.`, source === 'meet' ? 'According to Google Meet.' : 'According to the teacher.']
      .filter(Boolean)
      .join(' '),
  }),
  'teacher-entered': () => ({ title: 'The teacher entered the class', detail: null }),
  'room-changed': ({ to }) => ({
    title: 'The room of the class changed',
    detail: to === 'room' ? 'The teacher gave another room. You enter with the same button.' : 'The class is in Google Meet again.',
  }),
  moved: ({ from, to, by }, { hour }) => ({ title: `Class rescheduled${BY[by]}`, detail: `From ${hour(from)} to ${hour(to)}.` }),
  cancelled: ({ reason, by, wasPaid, explanation }) => ({
    title: reason === 'host_cancelled' ? `${wasPaid ? 'Class cancelled' : 'Time released'}${BY[by]}` : CANCEL_REASON[reason],
    detail: explanation === null ? null : `“${explanation}”`,
  }),
  'no-refund': () => ({ title: 'No refund', detail: 'It was cancelled when none was due any more.' }),
  'refund-requested': ({ paymentId, amount, why }) => ({
    title: 'Refund asked for at Mercado Pago',
    detail: `${formatMoney(amount)} ARS. ${operation(paymentId)} ${REFUND_WHY[why]}`,
  }),
  'refund-failed': ({ paymentId, amount }) => ({
    title: 'Mercado Pago did not accept the refund',
    detail: `${formatMoney(amount)} ARS. ${operation(paymentId)} A person is looking at it.`,
  }),
  refunded: ({ paymentId, amount, refundId }) => ({
    title: 'Payment returned',
    detail: `${formatMoney(amount)} ARS. ${operation(paymentId)}${refundId === null ? '' : ` Refund ${refundId}.`}`,
  }),
  completed: () => ({ title: 'Class completed', detail: null }),
  mailed: ({ mail, to }) => ({
    title: to.isViewer ? 'We sent you an e-mail' : `E-mail sent to ${to.name}`,
    detail: `“${MAILS[mail]}”.`,
  }),
  'calendar-edited': ({ what, to }, { hour }) => ({
    title: CALENDAR_EDIT[what].title,
    detail: CALENDAR_EDIT[what].detail ?? (to ? `${what === 'conflict' ? 'It starts on' : 'To'} ${hour(to)}.` : null),
  }),
  'calendar-retried': ({ worked }) => ({
    title: 'Calendar tried again by hand',
    detail: worked ? 'It is up to date.' : 'It did not work.',
  }),
}
