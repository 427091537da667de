import { formatLongDate, wallTime } from '../../../kernel/zoned-time.ts'
import { BOOKING } from '../../text.es.ts'
import type { Slot } from './view.ts'

/** "El horario ya no está disponible" and the nearest free slots, each a link that keeps everything else chosen. */
export function Alternatives({
  slots,
  hrefOf,
}: {
  slots: readonly Pick<Slot, 'start' | 'end'>[]
  hrefOf: (slot: Pick<Slot, 'start' | 'end'>) => string
}) {
  return (
    <>
      <p>
        <strong>{BOOKING.slotTaken}</strong>
        {slots.length > 0 ? '. Estos son los más cercanos:' : '. Elegí otro en la grilla.'}
      </p>
      {slots.length > 0 ? (
        <ul class="alternatives">
          {slots.slice(0, 3).map((slot) => (
            <li>
              <a class="btn btn-quiet" href={hrefOf(slot)}>
                {formatLongDate(slot.start)}, {wallTime(slot.start)}
              </a>
            </li>
          ))}
        </ul>
      ) : null}
    </>
  )
}
