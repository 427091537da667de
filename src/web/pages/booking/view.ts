import type { NamedTeacher } from '../../../features/academy/queries.ts'
import { type WallDate, wallDate } from '../../../kernel/zoned-time.ts'
import type { ClassType } from '../../text.es.ts'
import type { OpenBookingView } from '../../ui/open-bookings.tsx'
import type { Price } from '../../ui/prices.tsx'

/** `unavailable`: past, inside the notice or beyond the horizon. `current`: where the class to move stands. */
export type Slot =
  | { start: Date; end: Date; state: 'free' | 'taken' | 'unavailable' | 'current' }
  /** The visitor's own: a class, a hold that waits for its payment, a payment that waits for Mercado Pago. `href`: where it is seen to. */
  | { start: Date; end: Date; state: 'mine' | 'unpaid' | 'processing'; href: string }

/** One day of the week shown; a closed day has no slots. */
export type Day = { date: WallDate; slots: readonly Slot[] }

/** What the visitor chose so far; it travels in the query string, so links and reloads keep it. */
export type Draft = {
  start: Date | null
  type: ClassType
  people: number | null
  text: string
  /** The id of the teacher that was chosen; without one, whoever is free. */
  teacher?: string | null
}

export const EMPTY_DRAFT: Draft = { start: null, type: 'individual', people: null, text: '' }

/** A week to choose a slot from. */
export type WeekView = {
  /** The seven days shown, the first one today or whole weeks later. */
  days: readonly Day[]
  today: WallDate
  /** The last day that anything can be booked for. */
  lastDay: WallDate
  /** The day that phones show. */
  chosenDay: WallDate
  /** First day of the neighbouring weeks; null when there is nothing to see there. */
  previousWeek: WallDate | null
  nextWeek: WallDate | null
  /** The nearest free slot from now on, in any week. */
  nextFree: { start: Date } | null
  slotMinutes: number
  /** The calendar could not be read for too long: nothing can be promised. */
  calendarUnreadable: boolean
  /** Set when the slot asked for is gone: up to three nearest free ones. */
  alternatives: readonly Slot[] | null
}

/** View of `/inicio/reservas?semana=&dia=&start=&type=&n=&text=&profe=`. */
export type BookingView = WeekView & {
  draft: Draft
  /** The visitor went on with a group class without saying how many people will come. */
  asksPeople?: boolean
  /** Objectives that the visitor may want, from what they missed; Spanish. */
  ideas?: readonly string[]
  /** Whom to choose from; nobody while there is one teacher. */
  teachers?: readonly NamedTeacher[]
  /** The visitor's own bookings that are no class yet. */
  open: readonly OpenBookingView[]
  prices: readonly Price[]
  holdMinutes: number
  refundUntilHours: number
}

/** `/inicio/reservas?…` on the day of `start` (or on `day`), with everything chosen so far. */
export function bookingHref(draft: Draft, day?: WallDate): string {
  const shown = day ?? (draft.start ? wallDate(draft.start) : null)
  return withDraft('/inicio/reservas', draft, shown ? { dia: shown } : {})
}

/** `/inicio/reservas?…` at the details, with everything chosen so far, asking how many people will come. */
export function askPeopleHref(draft: Draft): string {
  const shown = draft.start ? { dia: wallDate(draft.start) } : {}
  return `${withDraft('/inicio/reservas', draft, { ...shown, falta: 'n' })}#detalles`
}

/** The month of a day on `/inicio/calendario`, with that day opened. */
export function monthHref(day: WallDate): string {
  return `/inicio/calendario?${new URLSearchParams({ mes: day.slice(0, 7), dia: day })}`
}

/** `/inicio/pre-compra?…`, the page that checks the booking before it is paid. */
export function checkHref(draft: Draft): string {
  return withDraft('/inicio/pre-compra', draft, {})
}

/** What was chosen, as the fields of a query. */
export function draftFields(draft: Draft): [name: string, value: string][] {
  return [
    ...(draft.start ? [['start', draft.start.toISOString()] satisfies [string, string]] : []),
    ...(draft.type === 'grupal' ? [['type', draft.type] satisfies [string, string]] : []),
    ...(draft.type === 'grupal' && draft.people !== null ? [['n', String(draft.people)] satisfies [string, string]] : []),
    ...(draft.text === '' ? [] : [['text', draft.text] satisfies [string, string]]),
    ...(draft.teacher ? [['profe', draft.teacher] satisfies [string, string]] : []),
  ]
}

function withDraft(path: string, draft: Draft, extra: Record<string, string>): string {
  const query = new URLSearchParams([...Object.entries(extra), ...draftFields(draft)]).toString()
  return query === '' ? path : `${path}?${query}`
}
