import { formatLongDate, formatTimeRange } from '../../../kernel/zoned-time.ts'
import { CANCEL_REASON } from '../../text.es.ts'
import type { Chrome } from '../../ui/chrome.ts'
import { Document } from '../../ui/document.tsx'
import { Fact } from '../../ui/fact.tsx'
import { Icon } from '../../ui/icons.tsx'
import { namesInWords } from '../../ui/people.ts'
import { ClassStatusLabel, Status } from '../../ui/status.tsx'
import { headCountWords } from '../admin/class-facts.tsx'
import { Notes } from '../admin/class-notes.tsx'
import { TeacherParts } from '../class/teacher-parts.tsx'
import { TEACHING } from './text.es.ts'
import type { TaughtClassView } from './view.ts'

/** `/profe/clases/{id}`: one class for whoever gives it; its room, who was there, and the notes. Nothing about its money. */
export function TaughtClassPage({ chrome, ...view }: TaughtClassView & { chrome: Chrome }) {
  const title = TEACHING.classTitle(formatLongDate(view.startsAt))
  const base = `/profe/clases/${encodeURIComponent(view.id)}`
  return (
    <Document chrome={chrome} title={title}>
      <div class="stack class-record">
        <header class="page-head">
          <a class="back-link" href="/profe">
            <Icon name="left" />
            {TEACHING.back}
          </a>
          <h1>{title}</h1>
          <p class="status-line">
            {view.preparing ? <Status tone="wait" icon="clock" text={TEACHING.preparing} /> : <ClassStatusLabel status={view.status} />}
            {view.cancelReason === null ? null : <span class="soft">{CANCEL_REASON[view.cancelReason]}</span>}
          </p>
        </header>
        <dl class="panel facts">
          <Fact name={TEACHING.time}>{formatTimeRange(view.startsAt, view.endsAt)}</Fact>
          <Fact name={TEACHING.type}>{headCountWords(view)}</Fact>
          <Fact name={TEACHING.host} wide>
            {view.hostName}
          </Fact>
          {view.guestNames.length === 0 ? null : (
            <Fact name={TEACHING.guests} wide>
              {namesInWords(view.guestNames)}
            </Fact>
          )}
          {view.objective === null ? null : (
            <Fact name={TEACHING.objective} wide>
              {view.objective}
            </Fact>
          )}
        </dl>
        <TeacherParts base={base} view={view.teacher} />
        {view.activityHref === null ? null : (
          <section class="panel activity-admin">
            <h2>{TEACHING.activity}</h2>
            <p class="soft measure">{TEACHING.activityHint}</p>
            <p>
              <a class="btn btn-quiet" href={view.activityHref}>
                <Icon name="pen" />
                {TEACHING.activityOpen}
              </a>
            </p>
          </section>
        )}
        <Notes base={base} notes={view.notes} />
      </div>
    </Document>
  )
}
