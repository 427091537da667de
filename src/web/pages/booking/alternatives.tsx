import { wallTime } from '../../../kernel/zoned-time.ts'
import { useDates, useSharedText, useText } from '../../ui/language.ts'
import * as en from './text.en.ts'
import * as es from './text.es.ts'
import type { Slot } from './view.ts'

/** "El horario ya no está disponible" and the nearest free slots, each a link that keeps everything else chosen. */
export function Alternatives({
  slots,
  hrefOf,
}: {
  slots: readonly Pick<Slot, 'start' | 'end'>[]
  hrefOf: (slot: Pick<Slot, 'start' | 'end'>) => string
}) {
  const { BOOKING } = useSharedText()
  const t = useText({ es, en }).ALTERNATIVES
  const { longDate } = useDates()
  return (
    <>
      <p>
        <strong>{BOOKING.slotTaken}</strong>
        {slots.length > 0 ? t.nearest : t.none}
      </p>
      {slots.length > 0 ? (
        <ul class="alternatives">
          {slots.slice(0, 3).map((slot) => (
            <li>
              <a class="btn btn-quiet" href={hrefOf(slot)}>
                {longDate(slot.start)}, {wallTime(slot.start)}
              </a>
            </li>
          ))}
        </ul>
      ) : null}
    </>
  )
}
