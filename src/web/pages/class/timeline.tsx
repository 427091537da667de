import type { EventKind, TimelineEntry } from '../../../features/timeline/events.ts'
import { capitalize } from '../../../kernel/dates.ts'
import { wallDate, wallTime } from '../../../kernel/zoned-time.ts'
import { Icon, type IconName } from '../../ui/icons.tsx'
import { useDates, useLocale } from '../../ui/language.ts'
import type { Tone } from '../../ui/status.tsx'
import { saidOf } from './words.ts'

const LOOK: Record<EventKind, { icon: IconName; tone: Tone }> = {
  held: { icon: 'clock', tone: 'wait' },
  'checkout-started': { icon: 'external', tone: 'quiet' },
  'payment-rejected': { icon: 'cross-circle', tone: 'bad' },
  'payment-in-process': { icon: 'clock', tone: 'wait' },
  paid: { icon: 'check-circle', tone: 'good' },
  disputed: { icon: 'alert', tone: 'bad' },
  'dispute-decided': { icon: 'shield', tone: 'quiet' },
  revived: { icon: 'refresh', tone: 'good' },
  'event-created': { icon: 'calendar-plus', tone: 'quiet' },
  'link-ready': { icon: 'camera', tone: 'good' },
  'code-issued': { icon: 'lock', tone: 'quiet' },
  'code-rotated': { icon: 'lock', tone: 'quiet' },
  joined: { icon: 'person', tone: 'good' },
  'group-full': { icon: 'people', tone: 'good' },
  left: { icon: 'door', tone: 'quiet' },
  'seat-released': { icon: 'person', tone: 'wait' },
  entered: { icon: 'door', tone: 'quiet' },
  'teacher-entered': { icon: 'door', tone: 'good' },
  'room-changed': { icon: 'camera', tone: 'wait' },
  attendance: { icon: 'check-circle', tone: 'quiet' },
  moved: { icon: 'refresh', tone: 'wait' },
  cancelled: { icon: 'cross-circle', tone: 'bad' },
  'no-refund': { icon: 'info', tone: 'quiet' },
  'refund-requested': { icon: 'clock', tone: 'wait' },
  'refund-failed': { icon: 'alert', tone: 'bad' },
  refunded: { icon: 'check-circle', tone: 'good' },
  completed: { icon: 'flag', tone: 'good' },
  mailed: { icon: 'mail', tone: 'quiet' },
  'calendar-edited': { icon: 'calendar-plus', tone: 'wait' },
  'calendar-retried': { icon: 'refresh', tone: 'quiet' },
}

/** What happened, day by day, the oldest first. */
export function Timeline({ entries }: { entries: readonly TimelineEntry[] }) {
  const dates = useDates()
  return (
    <div class="timeline">
      {daysOf(entries).map((day) => (
        <section class="timeline-day">
          <h3>
            {capitalize(dates.weekday(day.at))} {dates.date(day.at)}
          </h3>
          <ol>
            {day.entries.map((entry) => (
              <Entry entry={entry} />
            ))}
          </ol>
        </section>
      ))}
    </div>
  )
}

function Entry({ entry: { at, event } }: { entry: TimelineEntry }) {
  const { title, detail } = saidOf(event, useLocale())
  const { icon, tone } = LOOK[event.kind]
  return (
    <li class="timeline-entry">
      <time class="timeline-time" datetime={at.toISOString()}>
        {wallTime(at)}
      </time>
      <span class={`timeline-mark status-${tone}`}>
        <Icon name={icon} />
      </span>
      <span class="timeline-words">
        <span class="timeline-title">{title}</span>
        {detail === null ? null : <span class="soft">{detail}</span>}
      </span>
    </li>
  )
}

/** Entries by the day on a wall in Argentina. */
function daysOf(entries: readonly TimelineEntry[]): { at: Date; entries: TimelineEntry[] }[] {
  const days: { at: Date; entries: TimelineEntry[] }[] = []
  for (const entry of entries) {
    const last = days.at(-1)
    if (last && wallDate(last.at) === wallDate(entry.at)) last.entries.push(entry)
    else days.push({ at: entry.at, entries: [entry] })
  }
  return days
}
