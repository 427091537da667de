/** Pure parts of the slot grid. */
export type SlotState = { start: string; state: string }

/** The free slots nearest to `start` in time, earlier ones first among equals; at most `limit`. Instants are ISO texts. */
export function nearestFree(slots: readonly SlotState[], start: string, limit = 3): string[] {
  const target = Date.parse(start)
  return slots
    .filter((slot) => slot.state === 'free' && slot.start !== start)
    .map((slot) => ({ start: slot.start, distance: Math.abs(Date.parse(slot.start) - target) }))
    .sort((a, b) => a.distance - b.distance || a.start.localeCompare(b.start))
    .slice(0, limit)
    .map((slot) => slot.start)
}

/** What still has to be chosen before the class can be booked; null when nothing is missing. */
export function missingChoice(choice: { start: string | null; type: string; people: string | null }): 'slot' | 'people' | null {
  if (choice.start === null) return 'slot'
  return choice.type === 'grupal' && choice.people === null ? 'people' : null
}

/**
 * This page's address with the choice in place of what it carried, so that going back, reloading and coming back later lose nothing. Only
 * what differs from the beginning is carried.
 */
export function addressOf(href: string, choice: Iterable<[string, unknown]>): string {
  const url = new URL(href)
  for (const name of CHOSEN) url.searchParams.delete(name)
  const fields = new Map(choice)
  for (const name of CHOSEN) {
    const value = fields.get(name)
    const isNeeded = name === 'n' ? fields.get('type') === 'grupal' : name !== 'type' || value === 'grupal'
    if (typeof value === 'string' && value !== '' && isNeeded) url.searchParams.set(name, value)
  }
  return url.href
}

const CHOSEN = ['start', 'type', 'n', 'text']
