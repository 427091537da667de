import { localTime } from '../ui/local-time.ts'
import { pageText } from './language.ts'

/** Asked for once: on a slow phone the answer takes as long as a frame. */
let ofBrowser: string | undefined

/** The zone that the person chose for every device of theirs, or else this browser's. */
export function readerZone(): string {
  ofBrowser ??= Intl.DateTimeFormat().resolvedOptions().timeZone
  return document.querySelector<HTMLElement>('[data-zone]')?.dataset['zone'] ?? ofBrowser
}

/** Fills `[data-instant]` with the reader's own time, where it is another than Argentina's. */
export function mountLocalTimes(root: ParentNode): void {
  const zone = readerZone()
  for (const part of root.querySelectorAll<HTMLElement>('[data-instant]')) {
    const time = localTime(new Date(part.dataset['instant'] ?? ''), zone)
    if (time === null) continue
    part.textContent = pageText().yourTime(time)
    part.hidden = false
  }
}
