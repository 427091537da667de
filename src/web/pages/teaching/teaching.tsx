import { formatDate, formatLongDate, formatTimeRange, wallTime } from '../../../kernel/zoned-time.ts'
import type { Chrome } from '../../ui/chrome.ts'
import { capitalize } from '../../ui/dates.ts'
import { Document } from '../../ui/document.tsx'
import { Icon } from '../../ui/icons.tsx'
import { Empty, Notice } from '../../ui/notice.tsx'
import { Status } from '../../ui/status.tsx'
import { wayBackQuery } from '../../ui/way-back.ts'
import { ClassFacts, headCountWords } from '../admin/class-facts.tsx'
import { NOTES_ANCHOR } from '../admin/class-notes.tsx'
import { WaitingWork } from '../admin/waiting-work.tsx'
import { TEACHING } from './text.es.ts'
import type { TaughtClass, TeachingView } from './view.ts'

/** `/profe`: the own classes of a teacher who is no admin. `data-fresh`: seen again later, it says what holds then. */
export function TeachingPage({ chrome, coming, given, waiting, joinLeadMinutes, reconnectWith }: TeachingView & { chrome: Chrome }) {
  return (
    <Document chrome={chrome} title={TEACHING.title}>
      <header class="page-head" data-fresh>
        <h1>{TEACHING.title}</h1>
        <p class="soft measure">{TEACHING.lead(joinLeadMinutes)}</p>
        <WaitingWork area="profe" waiting={waiting} />
      </header>
      {reconnectWith === null ? null : <CalendarLost invitation={reconnectWith} />}
      <section class="panel taught" aria-labelledby="proximas">
        <h2 id="proximas">{TEACHING.coming}</h2>
        {coming.length === 0 ? (
          <Empty title={TEACHING.none}>
            <p class="soft">{TEACHING.noneHint}</p>
          </Empty>
        ) : (
          <ol>
            {coming.map((each) => (
              <Entry entry={each} chrome={chrome} />
            ))}
          </ol>
        )}
      </section>
      {given.length === 0 ? null : (
        <section class="panel taught" aria-labelledby="dadas">
          <h2 id="dadas">{TEACHING.given}</h2>
          <ol>
            {given.map((each) => (
              <Entry entry={each} chrome={chrome} />
            ))}
          </ol>
        </section>
      )}
    </Document>
  )
}

/** Said until it is done: one button. */
function CalendarLost({ invitation }: { invitation: string }) {
  return (
    <Notice kind="error">
      <p>
        <strong>{TEACHING.lost}</strong> {TEACHING.lostHint}
      </p>
      <form method="post" action="/api/teachers/connect" data-once>
        <input type="hidden" name="invitacion" value={invitation} />
        <button type="submit" class="btn btn-primary">
          {TEACHING.reconnect}
        </button>
      </form>
    </Notice>
  )
}

function Entry({ entry, chrome: { now, person } }: { entry: TaughtClass; chrome: Chrome }) {
  const id = encodeURIComponent(entry.id)
  // The admin's page of a class has more, and would lead back to the panel.
  const href = person?.isAdmin ? `/admin/clases/${id}${wayBackQuery({ list: 'profe', page: 1 })}` : `/profe/clases/${id}`
  const when = `${formatDate(entry.startsAt)}, ${wallTime(entry.startsAt)} hs`
  const running = entry.startsAt <= now && now < entry.endsAt
  return (
    <li>
      <p class="taught-when">
        <strong>{capitalize(formatLongDate(entry.startsAt))}</strong>
        <span class="tabular">{formatTimeRange(entry.startsAt, entry.endsAt)}</span>
      </p>
      <div class="taught-what">
        <span class={running ? 'marked' : ''}>{headCountWords(entry)}</span>
        <ClassFacts entry={entry} />
        {entry.preparing ? <Status tone="wait" icon="clock" text={TEACHING.preparing} /> : null}
      </div>
      <p class="actions taught-ways">
        {entry.enterHref === null ? null : (
          <a class="btn btn-primary" href={entry.enterHref} target="_blank" rel="noopener noreferrer">
            <Icon name="camera" />
            {TEACHING.enter}
          </a>
        )}
        <a class="action-link" href={href} aria-label={TEACHING.openLabel(when)}>
          {TEACHING.open}
        </a>
        <a class="action-link" href={`${href}#${NOTES_ANCHOR}`} aria-label={TEACHING.notesLabel(when)}>
          {TEACHING.notes}
        </a>
        {entry.activityHref === null ? null : (
          <a class="action-link" href={entry.activityHref} aria-label={TEACHING.activityLabel(when)}>
            {TEACHING.activity}
          </a>
        )}
      </p>
    </li>
  )
}
