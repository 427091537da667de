import { createHash } from 'node:crypto'
import type { ClassCard } from './class-card.ts'
import { useLocale } from './language.ts'

const AHEAD_MAX = 3

/**
 * The passes of the next classes, for the browser to keep before anybody opens them (decision 012): "address#mark", where the mark changes with
 * what the pass says, so that a pass is fetched once and not with every look.
 */
export function PassesAhead({ cards }: { cards: readonly ClassCard[] }) {
  const locale = useLocale()
  const ahead = cards.filter(({ status }) => status === 'scheduled').slice(0, AHEAD_MAX)
  if (ahead.length === 0) return null
  return (
    <div hidden data-ahead={ahead.map((card) => `/inicio/clases/${encodeURIComponent(card.id)}/pase#${markOf(card, locale)}`).join(' ')} />
  )
}

function markOf({ startsAt, endsAt, people, peopleMax, accessCode, hostName, guests, objective }: ClassCard, locale: string): string {
  const said = [locale, startsAt, endsAt, people, peopleMax, accessCode, hostName, guests.map(({ name }) => name), objective]
  return createHash('sha256').update(JSON.stringify(said)).digest('hex').slice(0, 12)
}
