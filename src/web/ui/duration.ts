/** Lengths of time in words and digits. Pure: the server renders with it and the browser keeps it running. */
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** "2 días, 3 hs y 5 mins": whole minutes, rounded up so that the last one reads "1 min". */
export function durationWords(milliseconds: number): string {
  const { days, hours, minutes } = partsOf(milliseconds)
  const words = [
    days > 0 ? `${days} ${days === 1 ? 'día' : 'días'}` : '',
    hours > 0 ? `${hours} ${hours === 1 ? 'h' : 'hs'}` : '',
    minutes > 0 ? `${minutes} ${minutes === 1 ? 'min' : 'mins'}` : '',
  ].filter((word) => word !== '')
  const last = words.pop() ?? '0 mins'
  return words.length === 0 ? last : `${words.join(', ')} y ${last}`
}

/** "19:05": minutes and seconds left, never negative. */
export function clockDigits(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1_000))
  return `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`
}

function partsOf(milliseconds: number): { days: number; hours: number; minutes: number } {
  const total = Math.ceil(Math.max(0, milliseconds) / MINUTE_MS) * MINUTE_MS
  return {
    days: Math.floor(total / DAY_MS),
    hours: Math.floor((total % DAY_MS) / HOUR_MS),
    minutes: Math.floor((total % HOUR_MS) / MINUTE_MS),
  }
}
