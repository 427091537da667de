import type { NamedTeacher } from '../../features/academy/queries.ts'
import { rejectionGroup } from '../../features/payment/rejection.ts'
import * as rejectionEn from '../../features/payment/rejection-text.en.ts'
import * as rejectionEs from '../../features/payment/rejection-text.es.ts'
import { wallTime } from '../../kernel/zoned-time.ts'
import type { ClassType } from '../text.es.ts'
import { Confirm } from './confirm.tsx'
import { Countdown } from './countdown.tsx'
import { capitalize } from './dates.ts'
import { useDates, useSharedText, useText } from './language.ts'
import { Notice } from './notice.tsx'
import * as en from './text.en.ts'
import * as es from './text.es.ts'

/** A booking that is no class yet: its slot is held, or its money is on its way. */
export type OpenBookingView = {
  classId: string
  start: Date
  end: Date
  type: ClassType
  people: number
  text: string
  standing: 'unpaid' | 'in-process' | 'in-review' | 'preparing'
  slot: 'held' | 'lapsed' | 'given-up'
  /** Mercado Pago's reason for the last attempt to pay it, which it rejected; null when there was none. */
  rejection: string | null
  /** Who gives the class; null or absent while there is one teacher only. */
  teacher?: NamedTeacher | null
  /** Until when the slot is kept; null once it is over or paid. */
  keptUntil: Date | null
  /** The same while nothing was paid: it can be paid until then. */
  expiresAt: Date | null
  /** Back to checking and paying it. */
  resumeHref: string
}

/** Whether money is in: then "there is nothing" would not be true. */
export function isWaiting(bookings: readonly OpenBookingView[]): boolean {
  return bookings.some((booking) => booking.standing !== 'unpaid')
}

type Props<Shown> = Shown & {
  now: Date
  /** The page is fetched anew when a hold ends; only where nothing is typed that would be lost. */
  refresh?: boolean
}

/** More than this would push the page itself off a phone: then one stays, and the others are a tap away. */
const SHOWN_MAX = 2

/**
 * Beside a class that can be entered now: what runs out in minutes comes first, in two lines, so that the way into the class stays in sight on a
 * phone; what can wait comes after it. All about a hold, and giving it up, is where it is paid.
 */
export function aroundOpenClass(bookings: readonly OpenBookingView[]): { before: OpenBookingView[]; after: OpenBookingView[] } {
  const [before, after] = [
    bookings.filter(({ standing }) => standing === 'unpaid'),
    bookings.filter(({ standing }) => standing !== 'unpaid'),
  ]
  return { before: before.toSorted((a, b) => (a.expiresAt?.getTime() ?? Infinity) - (b.expiresAt?.getTime() ?? Infinity)), after }
}

/** The same on every page, so that a booking is found again from anywhere (behaviour 4.21). Draws nothing when there are none. */
export function OpenBookings(props: Props<{ bookings: readonly OpenBookingView[]; brief?: boolean }>) {
  const { bookings, now, refresh = false, brief = false } = props
  const { more } = useText({ es, en }).PARTS.hold
  if (bookings.length === 0) return null
  const shown = brief || bookings.length > SHOWN_MAX ? 1 : SHOWN_MAX
  const rest = bookings.slice(shown)
  return (
    <div class="open-bookings">
      {bookings.slice(0, shown).map((booking) => (
        <OpenBooking booking={booking} now={now} refresh={refresh} brief={brief} />
      ))}
      {rest.length === 0 ? null : (
        <details class="more-bookings">
          <summary>{more(rest.length)}</summary>
          {rest.map((booking) => (
            <OpenBooking booking={booking} now={now} refresh={refresh} brief={brief} />
          ))}
        </details>
      )}
    </div>
  )
}

function OpenBooking({ booking, now, refresh = false, brief }: Props<{ booking: OpenBookingView; brief: boolean }>) {
  const { MY_CLASSES, OPEN_BOOKING } = useSharedText()
  const words = useText({ es, en }).PARTS.hold
  const when = useWhen(booking)
  switch (booking.standing) {
    case 'unpaid':
      return <Unpaid booking={booking} now={now} refresh={refresh} brief={brief} />
    case 'in-process':
      return (
        <Notice kind="info">
          <strong>{OPEN_BOOKING.inProcess}</strong>
          <p>
            {when}. {words.inProcess} {slotWords(booking, words.slot)}
          </p>
        </Notice>
      )
    case 'in-review':
      return (
        <Notice kind="info">
          <strong>{OPEN_BOOKING.inReview}</strong>
          <p>
            {when}. {words.inReview}
          </p>
        </Notice>
      )
    case 'preparing':
      return (
        <Notice kind="info">
          <strong>{MY_CLASSES.preparing}</strong>
          <p>
            {when}. <a href={`/inicio/clases/${encodeURIComponent(booking.classId)}/pase`}>{words.pass}</a>
          </p>
        </Notice>
      )
  }
}

function Unpaid({ booking, now, refresh = false, brief }: Props<{ booking: OpenBookingView; brief: boolean }>) {
  const { OPEN_BOOKING } = useSharedText()
  const words = useText({ es, en }).PARTS.hold
  const when = useWhen(booking)
  return (
    <section
      class={brief ? 'panel hold-panel hold-brief' : 'panel hold-panel'}
      aria-label={words.label}
      {...(booking.expiresAt === null ? {} : { 'data-live': '', 'data-until': booking.expiresAt.toISOString() })}
    >
      <div class="hold-words">
        <h2>{OPEN_BOOKING.unpaid}</h2>
        <p>
          {brief ? null : `${when}. `}
          {booking.expiresAt === null ? null : (
            <span class={brief ? '' : 'whitespace-nowrap'}>
              {words.left}{' '}
              <span class="marked">
                <Countdown until={booking.expiresAt} now={now} digits over="00:00" refresh={refresh} />
              </span>{' '}
              {words.minutes}
            </span>
          )}
        </p>
        {brief ? null : <Rejection detail={booking.rejection} />}
      </div>
      <div class="hold-actions">
        <a class="btn btn-primary" href={booking.resumeHref}>
          {OPEN_BOOKING.resume}
        </a>
        {brief ? null : <ReleaseHold classId={booking.classId} />}
      </div>
    </section>
  )
}

/** Why the last attempt to pay was rejected, and that it cost nothing. Draws nothing when none was. */
export function Rejection({ detail }: { detail: string | null }) {
  const { REJECTION } = useText({ es: rejectionEs, en: rejectionEn })
  const words = useText({ es, en }).PARTS.hold
  if (detail === null) return null
  return (
    <p>
      <strong>{words.rejected}</strong> {REJECTION[rejectionGroup(detail)]} {words.notCharged}
    </p>
  )
}

/** Gives up an own hold, after asking. */
export function ReleaseHold({ classId, back }: { classId: string; back?: string }) {
  const { OPEN_BOOKING } = useSharedText()
  const words = useText({ es, en }).PARTS.hold
  return (
    <Confirm
      label={
        <span>
          {OPEN_BOOKING.release}
          <span class="wide-only"> {OPEN_BOOKING.releaseWhat}</span>
        </span>
      }
      action={`/inicio/clases/${encodeURIComponent(classId)}/cancelar`}
      question={words.question}
      yes={words.yes}
      {...(back === undefined ? {} : { back })}
      fields={<input type="hidden" name="hold" value="1" />}
    >
      <p>{words.consequence}</p>
    </Confirm>
  )
}

function useWhen({ start, end, teacher }: Pick<OpenBookingView, 'start' | 'end' | 'teacher'>): string {
  const { longDate, timeRange } = useDates()
  const { withTeacher } = useText({ es, en }).PARTS
  return `${capitalize(longDate(start))}, ${timeRange(start, end)}${teacher ? `, ${withTeacher(teacher.name)}` : ''}`
}

function slotWords(
  { slot, keptUntil }: Pick<OpenBookingView, 'slot' | 'keptUntil'>,
  words: { held: (until: string) => string; lapsed: string; 'given-up': string },
): string {
  if (slot !== 'held') return words[slot]
  return keptUntil === null ? '' : words.held(wallTime(keptUntil))
}
