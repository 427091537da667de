/** Every message that a person can get. */
export const NOTICE_KINDS = [
  /** Paid, and the link takes longer than usual. */
  'class-preparing',
  'class-confirmed',
  'class-rescheduled',
  'class-cancelled',
  /** The link of a scheduled class was replaced. */
  'link-ready',
  'reminder-24h',
  'reminder-60min',
  /** To a guest whose seat the host gave free. */
  'seat-released',
  'payment-pending',
  'payment-rejected',
  /** A hold ended for somebody who had tried to pay. */
  'hold-expired',
  'refund-on-its-way',
  'refund-made',
  'activity-ready',
  'activity-reminder',
  /** To the teacher: exercises of a class wait to be looked at before they are shown. */
  'drafts-ready',
  /** To the teacher: a text of a student waits to be marked. */
  'texts-waiting',
  'ticket-answered',
  /** To the teacher: the grant is gone. */
  'calendar-disconnected',
  /** To the teacher: a class of the next day has no link that works. */
  'link-missing',
  /** To the teacher: the daily trial of the calendar failed. */
  'calendar-trial-failed',
] as const

export type NoticeKind = (typeof NOTICE_KINDS)[number]
