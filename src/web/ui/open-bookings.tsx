import { formatLongDate, formatTimeRange } from '../../kernel/zoned-time.ts'
import { type ClassType, MY_CLASSES, OPEN_BOOKING } from '../text.es.ts'
import { Confirm } from './confirm.tsx'
import { Countdown } from './countdown.tsx'
import { capitalize } from './dates.ts'
import { Notice } from './notice.tsx'

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
  /** End of the hold; null once it is over or paid. */
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

/** The same on every page, so that a booking is found again from anywhere (behaviour 4.21). Draws nothing when there are none. */
export function OpenBookings({ bookings, now, refresh = false }: Props<{ bookings: readonly OpenBookingView[] }>) {
  if (bookings.length === 0) return null
  return (
    <div class="open-bookings">
      {bookings.map((booking) => (
        <OpenBooking booking={booking} now={now} refresh={refresh} />
      ))}
    </div>
  )
}

function OpenBooking({ booking, now, refresh = false }: Props<{ booking: OpenBookingView }>) {
  switch (booking.standing) {
    case 'unpaid':
      return <Unpaid booking={booking} now={now} refresh={refresh} />
    case 'in-process':
      return (
        <Notice kind="info">
          <strong>{OPEN_BOOKING.inProcess}</strong>
          <p>
            {whenOf(booking)}. Mercado Pago todavía no lo confirmó: no hace falta pagar de nuevo. {slotWords(booking.slot)}
          </p>
        </Notice>
      )
    case 'in-review':
      return (
        <Notice kind="info">
          <strong>{OPEN_BOOKING.inReview}</strong>
          <p>{whenOf(booking)}. El importe no coincide con el precio y lo mira una persona. No hace falta pagar de nuevo.</p>
        </Notice>
      )
    case 'preparing':
      return (
        <Notice kind="info">
          <strong>{MY_CLASSES.preparing}</strong>
          <p>{whenOf(booking)}.</p>
        </Notice>
      )
  }
}

function slotWords(slot: OpenBookingView['slot']): string {
  switch (slot) {
    case 'held':
      return 'El horario sigue guardado.'
    case 'lapsed':
      return 'Si se aprueba y el horario sigue libre, la clase es tuya; si no, te devolvemos el total.'
    case 'given-up':
      return 'Liberaste el horario: si se aprueba, te devolvemos el total.'
  }
}

function Unpaid({ booking, now, refresh = false }: Props<{ booking: OpenBookingView }>) {
  return (
    <section
      class="panel hold-panel"
      aria-label="Reserva sin pagar"
      {...(booking.expiresAt === null ? {} : { 'data-live': '', 'data-until': booking.expiresAt.toISOString() })}
    >
      <div class="hold-words">
        <h2>{OPEN_BOOKING.unpaid}</h2>
        <p>
          {whenOf(booking)}.{' '}
          {booking.expiresAt === null ? null : (
            <span class="whitespace-nowrap">
              Quedan{' '}
              <span class="marked">
                <Countdown until={booking.expiresAt} now={now} digits over="00:00" refresh={refresh} />
              </span>{' '}
              minutos.
            </span>
          )}
        </p>
      </div>
      <div class="hold-actions">
        <a class="btn btn-primary" href={booking.resumeHref}>
          {OPEN_BOOKING.resume}
        </a>
        <ReleaseHold classId={booking.classId} />
      </div>
    </section>
  )
}

/** Gives up an own hold, after asking. */
export function ReleaseHold({ classId, back }: { classId: string; back?: string }) {
  return (
    <Confirm
      label={
        <span>
          {OPEN_BOOKING.release}
          <span class="wide-only"> {OPEN_BOOKING.releaseWhat}</span>
        </span>
      }
      action={`/inicio/clases/${encodeURIComponent(classId)}/cancelar`}
      question="¿Liberar este horario?"
      yes="Sí, liberar"
      {...(back === undefined ? {} : { back })}
      fields={<input type="hidden" name="hold" value="1" />}
    >
      <p>Otra persona lo va a poder reservar. No se te cobró nada.</p>
    </Confirm>
  )
}

function whenOf({ start, end }: { start: Date; end: Date }): string {
  return `${capitalize(formatLongDate(start))}, ${formatTimeRange(start, end)}`
}
