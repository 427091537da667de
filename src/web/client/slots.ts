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
export function missingChoice(choice: { start: string | null; type: string; people: string | null }): string | null {
  if (choice.start === null) return 'Elegí un horario para seguir.'
  return choice.type === 'grupal' && choice.people === null ? 'Elegí cuántas personas van a ser.' : null
}
