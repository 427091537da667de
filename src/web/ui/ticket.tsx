import type { Child } from 'hono/jsx'
import { useDates } from './language.ts'

/** A class as a ticket: the date as a big numeral, what it is, and a stub to act on. */
export function Ticket(props: { startsAt: Date; label: string; muted?: boolean; stub?: Child; children?: Child }) {
  const { weekday, dayNumber, month } = useDates()
  return (
    <article class={props.muted ? 'ticket ticket-muted' : 'ticket'} aria-label={props.label}>
      <div class="ticket-date">
        <span>{weekday(props.startsAt)}</span>
        <b>{dayNumber(props.startsAt)}</b>
        <span>{month(props.startsAt)}</span>
      </div>
      <div class="ticket-body">{props.children}</div>
      {props.stub ? <div class="ticket-stub">{props.stub}</div> : null}
    </article>
  )
}

/** Seats of a group class: one figure for each person who is in, a dashed one for each who is missing. */
export function Seats({ taken, seats }: { taken: number; seats: number }) {
  return (
    <span class="seats" aria-hidden="true">
      {Array.from({ length: seats }, (_, seat) => (
        <span class={seat < taken ? 'seat' : 'seat seat-free'}>
          <svg class="icon" viewBox="0 0 24 24" focusable="false">
            <path d="M12 5a3.6 3.6 0 1 0 0 7.2A3.6 3.6 0 0 0 12 5M5.5 19.5c.6-3.2 3.2-5 6.500-5s5.9 1.8 6.500 5" />
          </svg>
        </span>
      ))}
    </span>
  )
}
