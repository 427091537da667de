import { capitalize, type Dates, datesIn } from '../../kernel/dates.ts'
import type { Locale, Words } from '../../kernel/locale.ts'
import { formatMoney } from '../../kernel/money.ts'
import { addDays, wallDate, wallTime } from '../../kernel/zoned-time.ts'
import { rejectionGroup } from '../payment/rejection.ts'
import * as classEn from './class-text.en.ts'
import * as classEs from './class-text.es.ts'
import type { NoticeKind } from './kinds.ts'
import { htmlMail, type MailParts, type MailTicket, textMail } from './layout.ts'
import { PATHS, type Particulars, type Wording } from './letter.ts'
import * as otherEn from './other-text.en.ts'
import * as otherEs from './other-text.es.ts'
import * as paymentEn from './payment-text.en.ts'
import * as paymentEs from './payment-text.es.ts'
import { isStillTrue, type NoticeFacts } from './rules.ts'
import { FRAME as FRAME_EN } from './text.en.ts'
import { FRAME as FRAME_ES } from './text.es.ts'

/** What a message says beside what it is judged by. */
export interface NoticeDetails {
  hostName: string | null
  /** The number of the payment that paid the class, as Mercado Pago counts. */
  paymentId: string | null
  /** Null for everybody but the host. */
  code: string | null
  /** Who gives the class; null or absent while the academy has one teacher only. */
  teacherName?: string | null
  /** What the reader gets to do after that class; null or absent while there is nothing to open. */
  activityId?: string | null
}

export interface MailContext {
  /** `isAdmin`: the pages of the academy are open to them. */
  reader: { name: string; locale: Locale; isAdmin: boolean }
  facts: NoticeFacts & NoticeDetails
  baseUrl: string
  joinLeadMinutes: number
  /** Where mails of this kind can be ended without signing in; null for a kind that is always sent. */
  unsubscribeUrl: string | null
  /** Where a teacher who is no admin connects their calendar, instead of the admin's page. */
  connectUrl?: string | null
}

export interface ComposedMail {
  subject: string
  text: string
  html: string
}

/** The mail of a notice, or null when what it would say is no longer true. A mail never holds the Meet link (behaviour 7). */
export function composeMail(kind: NoticeKind, context: MailContext): ComposedMail | null {
  if (!isStillTrue(kind, context.facts)) return null
  const { reader, facts, baseUrl, unsubscribeUrl } = context
  const { frame, wordings } = LANGUAGES[reader.locale]
  const letter = wordings[kind](particularsOf(context))
  const parts: MailParts = {
    lang: frame.lang,
    subject: letter.subject,
    headline: letter.subject.split(': ')[0] ?? letter.subject,
    greeting: frame.greeting(firstName(reader.name)),
    body: letter.body,
    ticket: facts.about && ticketOf(kind, facts.about, facts.teacherName ?? null, reader.locale),
    code: letter.code ?? null,
    action: { label: letter.action.label, url: actionUrl(letter.action.path, context) },
    why:
      TO_TEACHER.includes(kind) || facts.data.to === 'teacher'
        ? frame.becauseTeacher
        : unsubscribeUrl
          ? frame.becauseChosen
          : frame.because,
    links: unsubscribeUrl
      ? [
          { label: frame.choose, url: baseUrl + PATHS.settings },
          { label: frame.unsubscribe, url: unsubscribeUrl },
        ]
      : [],
    siteUrl: baseUrl,
  }
  return { subject: parts.subject, text: textMail(parts), html: htmlMail(parts) }
}

const TO_TEACHER: readonly NoticeKind[] = [
  'calendar-disconnected',
  'link-missing',
  'calendar-trial-failed',
  'drafts-ready',
  'texts-waiting',
]

function actionUrl(path: string, { baseUrl, connectUrl, facts, reader }: MailContext): string {
  if (path.startsWith('https://')) return path
  const classId = facts.about?.id ?? ''
  if (!reader.isAdmin && path === PATHS.classForTeacher(classId)) return baseUrl + PATHS.classOfTeacher(classId)
  if (!reader.isAdmin && path === PATHS.workForTeacher(classId)) return baseUrl + PATHS.workOfTeacher(classId)
  return path === PATHS.calendar && connectUrl ? connectUrl : baseUrl + path
}

type Wordings = Readonly<Record<NoticeKind, Wording>>

function wordingsOf(classes: typeof classEs, payments: typeof paymentEs, others: typeof otherEs): Wordings {
  return {
    'class-preparing': classes.preparing,
    'class-confirmed': classes.confirmed,
    'class-rescheduled': classes.rescheduled,
    'class-cancelled': classes.cancelled,
    'link-ready': classes.linkReady,
    'reminder-24h': classes.reminderDay,
    'reminder-60min': classes.reminderHour,
    'seat-released': classes.seatReleased,
    'payment-pending': payments.pending,
    'payment-rejected': payments.rejected,
    'hold-expired': payments.holdExpired,
    'refund-on-its-way': payments.refundOnItsWay,
    'refund-made': payments.refundMade,
    'activity-ready': others.activityReady,
    'activity-reminder': others.activityReminder,
    'drafts-ready': others.draftsReady,
    'texts-waiting': others.textsWaiting,
    'ticket-answered': others.ticketAnswered,
    'calendar-disconnected': others.calendarDisconnected,
    'link-missing': others.linkMissing,
    'calendar-trial-failed': others.calendarTrialFailed,
  }
}

const LANGUAGES: Record<Locale, { frame: Words<typeof FRAME_ES>; wordings: Wordings }> = {
  es: { frame: FRAME_ES, wordings: wordingsOf(classEs, paymentEs, otherEs) },
  en: { frame: FRAME_EN, wordings: wordingsOf(classEn, paymentEn, otherEn) },
}

function particularsOf({ reader, facts, joinLeadMinutes }: MailContext): Particulars {
  const { about, data, now } = facts
  const dates = datesIn(reader.locale)
  const centavos = typeof data.amountCentavos === 'number' ? data.amountCentavos : (about?.priceCentavos ?? 0)
  const before = { startsAt: new Date(String(data.from)), endsAt: new Date(String(data.until)) }
  return {
    when: about ? whenOf(about, dates) : '',
    before: Number.isNaN(before.startsAt.getTime()) ? '' : whenOf(before, dates),
    day: about ? dayOf(about.startsAt, now) : 'later',
    startTime: about ? wallTime(about.startsAt) : '',
    isHost: facts.seat === 'host',
    hostName: oneLine(facts.hostName ?? ''),
    isGroup: about?.classType === 'grupal',
    seats: about?.maxParticipants ?? 1,
    objective: oneLine(about?.learningFocus ?? ''),
    amount: formatMoney(centavos),
    paymentId: facts.paymentId ?? '',
    code: about?.classType === 'grupal' ? (facts.code ?? '') : '',
    heldUntil: about?.holdExpiresAt ? wallTime(about.holdExpiresAt) : '',
    moneyOnItsWay: facts.money === 'in-process',
    rejection: rejectionGroup(facts.rejection ?? ''),
    refundReason: String(data.reason ?? ''),
    refund: REFUNDS.find((known) => known === data.refund) ?? null,
    moneyGone: moneyGoneOf(facts),
    byTeacher: data.by === 'admin',
    toTeacher: data.to === 'teacher',
    wasBroken: data.wasBroken !== false,
    eventPage: about?.calendarPageUrl ?? '',
    orderId: facts.order?.id ?? '',
    classId: about?.id ?? '',
    ticketNumber: String(data.ticketNumber ?? ''),
    ticketId: String(data.ticketId ?? ''),
    activityId: facts.activityId ?? '',
    leadMinutes: joinLeadMinutes,
  }
}

function moneyGoneOf({ about, order, data }: MailContext['facts']): Particulars['moneyGone'] {
  if (about?.cancelReason !== 'payment_refunded' || data.refund !== undefined) return null
  return order?.status === 'refunded' ? 'returned' : 'disputed'
}

const REFUNDS = ['full', 'rest', 'none'] as const

function whenOf(c: { startsAt: Date; endsAt: Date }, dates: Dates): string {
  return `${dates.longDate(c.startsAt)}, ${dates.timeRange(c.startsAt, c.endsAt)}`
}

function dayOf(startsAt: Date, now: Date): Particulars['day'] {
  const today = wallDate(now)
  if (wallDate(startsAt) === today) return 'today'
  return wallDate(startsAt) === addDays(today, 1) ? 'tomorrow' : 'later'
}

/** Why the class does not take place, or not for this reader; null when it does. */
function overOf(kind: NoticeKind, about: NonNullable<NoticeFacts['about']>): 'released' | 'expired' | 'cancelled' | null {
  if (kind === 'seat-released') return 'released'
  if (about.status !== 'cancelled') return null
  return about.cancelReason === 'hold_expired' || about.cancelReason === 'payment_rejected' ? 'expired' : 'cancelled'
}

function ticketOf(kind: NoticeKind, about: NonNullable<NoticeFacts['about']>, teacherName: string | null, locale: Locale): MailTicket {
  const { frame } = LANGUAGES[locale]
  const dates = datesIn(locale)
  const over = overOf(kind, about)
  const what = about.classType === 'grupal' ? frame.group(about.maxParticipants) : frame.individual
  return {
    day: dates.dayNumber(about.startsAt),
    month: dates.month(about.startsAt).slice(0, 3),
    date: capitalize(dates.longDate(about.startsAt)),
    hours: dates.timeRange(about.startsAt, about.endsAt),
    what: teacherName === null ? what : `${what}, ${frame.withTeacher(oneLine(teacherName))}`,
    zone: frame.zone,
    over: over && frame.over[over],
  }
}

const TEXT_CHARACTERS_MAX = 120

/** What a person once typed, on one line and without characters that turn the writing round. */
function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]+/gu, ' ')
    .trim()
    .slice(0, TEXT_CHARACTERS_MAX)
}

function firstName(name: string): string {
  return oneLine(name).split(' ')[0] ?? ''
}
