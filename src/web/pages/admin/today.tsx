import { formatLongDate, formatTimeRange, wallTime } from '../../../kernel/zoned-time.ts'
import { capitalize } from '../../ui/dates.ts'
import { Icon } from '../../ui/icons.tsx'
import { AdminClassStatus, ClassFacts, headCountWords } from './class-facts.tsx'
import type { AdminClass } from './view.ts'

/** The day in order, with a line where now is. */
export function Today({ classes, now }: { classes: readonly AdminClass[]; now: Date }) {
  const before = classes.filter((each) => each.startsAt <= now)
  const after = classes.filter((each) => each.startsAt > now)
  return (
    <section class="panel today" aria-labelledby="hoy">
      <h2 id="hoy">
        Hoy <span class="soft">{capitalize(formatLongDate(now))}</span>
      </h2>
      <ol>
        {before.map((each) => (
          <Entry entry={each} now={now} />
        ))}
        <li class="now-line">
          <span class="tabular">Ahora, {wallTime(now)}</span>
        </li>
        {after.map((each) => (
          <Entry entry={each} now={now} />
        ))}
      </ol>
      {classes.length === 0 ? <p class="soft">Hoy no hay clases. El día es tuyo.</p> : null}
    </section>
  )
}

function Entry({ entry, now }: { entry: AdminClass; now: Date }) {
  const running = entry.startsAt <= now && now < entry.endsAt
  return (
    <li class={now >= entry.endsAt ? 'today-past' : ''}>
      <span class="tabular today-time">{formatTimeRange(entry.startsAt, entry.endsAt)}</span>
      <span class="today-what">
        <span class={running ? 'marked' : ''}>{headCountWords(entry)}</span>
        <ClassFacts entry={entry} />
        <AdminClassStatus entry={entry} />
      </span>
      {entry.meetHref === null || now >= entry.endsAt ? null : (
        <a class={running ? 'btn btn-primary' : 'btn btn-quiet'} href={entry.meetHref} target="_blank" rel="noopener noreferrer">
          <Icon name="camera" />
          Entrar
        </a>
      )}
    </li>
  )
}
