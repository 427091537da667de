/**
 * The page's clock is the server's: `<main data-now>` carries its time, and the browser only counts on from there. The
 * sandbox moves time, and a phone's own clock may be wrong.
 */
let offset = 0

export function startClock(): void {
  const stamp = document.querySelector('main')?.dataset['now']
  // A page from memory was true when it was saved, by this device's own clock.
  const saved = document.documentElement?.dataset['saved']
  if (stamp !== undefined) setNow(Date.parse(stamp) + (saved === undefined ? 0 : Date.now() - Number(saved)))
}

/** Milliseconds since the epoch; the browser counts on from there. */
export function setNow(served: number): void {
  offset = served - Date.now()
}

/** Milliseconds since the epoch, as the server would say. */
export function now(): number {
  return Date.now() + offset
}
