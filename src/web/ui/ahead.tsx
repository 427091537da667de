import { createHash } from 'node:crypto'
import type { ClassCard } from './class-card.ts'
import { useLocale } from './language.ts'

const AHEAD_MAX = 3

/**
 * The passes of the next classes, for the browser to keep before anybody opens them (decision 012): "address#mark", where the mark changes with
 * what the pass says, so that a pass is fetched once and not with every look. And those of all classes to come: what else is kept is over,
 * cancelled, or not theirs any more, and goes.
 */
export function PassesAhead({ cards }: { cards: readonly ClassCard[] }) {
  const locale = useLocale()
  const lasting = cards.filter(({ status }) => status === 'scheduled')
  const passOf = (card: ClassCard) => `/inicio/clases/${encodeURIComponent(card.id)}/pase`
  return (
    <div
      hidden
      data-ahead={lasting
        .slice(0, AHEAD_MAX)
        .map((card) => `${passOf(card)}#${markOf(card, locale)}`)
        .join(' ')}
      data-lasting={lasting.map(passOf).join(' ')}
    />
  )
}

function markOf({ startsAt, endsAt, people, peopleMax, accessCode, hostName, guests, objective }: ClassCard, locale: string): string {
  const said = [locale, startsAt, endsAt, people, peopleMax, accessCode, hostName, guests.map(({ name }) => name), objective]
  return createHash('sha256').update(JSON.stringify(said)).digest('hex').slice(0, 12)
}
