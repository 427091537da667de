import type { RejectionGroup } from '../payment/rejection.ts'

/** What a message says, in the reader's language; how it looks is `layout.ts`'s business. */
export interface Letter {
  subject: string
  /** Paragraphs. Mail programs show the first one beside the subject. */
  body: string[]
  /** Something to copy, set apart. */
  code?: { label: string; value: string; hint: string }
  action: { label: string; path: string }
}

/** What the words of a letter are made of, formatted in the reader's language already. Everything that a person once typed is on one line. */
export interface Particulars {
  /** "jueves 26 de noviembre, 18:00 a 19:00 hs", of the class as it stands now; empty without one. */
  when: string
  /** The same of the hour that a moved class had before. */
  before: string
  /** Whether the class is today or tomorrow. */
  day: 'today' | 'tomorrow' | 'later'
  /** "18:00". */
  startTime: string
  isHost: boolean
  hostName: string
  isGroup: boolean
  seats: number
  objective: string
  /** "$15.000": the price of the class, or what goes back. */
  amount: string
  paymentId: string
  /** Only for the host of a group. */
  code: string
  /** "18:20": the end of the hold. */
  heldUntil: string
  /** Money is on its way though the hold is over. */
  moneyOnItsWay: boolean
  rejection: RejectionGroup
  refundReason: string
  /** Of a cancellation: what becomes of the money; null when that is not the reader's business. */
  refund: 'full' | 'rest' | 'none' | null
  /** Why a class is cancelled without anybody having cancelled it: what paid it went back, or the buyer disputed it. */
  moneyGone: 'returned' | 'disputed' | null
  byTeacher: boolean
  /** The reader gives the class. */
  toTeacher: boolean
  /** Of a link: nobody could enter by the one before. */
  wasBroken: boolean
  /** The event in the teacher's Google Calendar; empty when it is not known. */
  eventPage: string
  orderId: string
  classId: string
  ticketNumber: string
  ticketId: string
  /** The reader's activity of that class; empty while it is not there for them. */
  activityId: string
  leadMinutes: number
}

export type Wording = (facts: Particulars) => Letter

export const PATHS = {
  classes: '/inicio/mis-clases-virtuales',
  booking: '/inicio/reservas',
  settings: '/inicio/configuracion',
  activity: (activityId: string) => (activityId === '' ? '/inicio/mis-actividades' : `/actividad/${activityId}`),
  calendar: '/admin/google',
  /** For an admin who gives classes; a teacher who is none has `classOfTeacher` instead. */
  classForTeacher: (classId: string) => `/admin/clases/${encodeURIComponent(classId)}`,
  classOfTeacher: (classId: string) => `/profe/clases/${encodeURIComponent(classId)}`,
  /** The exercises of a class, the same way. */
  workForTeacher: (classId: string) => `/admin/actividad/${encodeURIComponent(classId)}`,
  workOfTeacher: (classId: string) => `/profe/actividad/${encodeURIComponent(classId)}`,
  ticket: (ticketId: string) => `/inicio/tickets?ticketId=${encodeURIComponent(ticketId)}`,
  /** Says at every moment where a payment stands, and how to try again while that is possible. */
  payment: (orderId: string) => `/checkout/callback/pending?external_reference=${orderId}`,
} as const
