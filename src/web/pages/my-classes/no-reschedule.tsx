import type { ClassCard } from '../../ui/class-card.ts'
import { useText } from '../../ui/language.ts'
import * as en from './text.en.ts'
import * as es from './text.es.ts'

/** Why a class that can still be cancelled cannot be moved any more: a link that is only gone explains nothing. */
export function NoReschedule({ card }: { card: ClassCard }) {
  const { MOVE } = useText({ es, en })
  if (!card.noReschedule) return null
  return (
    <p class="soft">
      {card.noReschedule.why === 'too-late' ? MOVE.tooLate(card.noReschedule.hours) : MOVE.usedUp(card.noReschedule.times)}
    </p>
  )
}
