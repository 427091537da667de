import { formatMoney } from '../../../kernel/money.ts'
import type { Chrome } from '../../ui/chrome.ts'
import { typeWords } from '../../ui/class-card.ts'
import { Document } from '../../ui/document.tsx'
import { Fact } from '../../ui/fact.tsx'
import { Icon } from '../../ui/icons.tsx'
import { useDates, useLocale, useSharedText, useText } from '../../ui/language.ts'
import { namesInWords } from '../../ui/people.ts'
import { PrintButton } from '../../ui/print-button.tsx'
import { ClassStatusLabel, Status } from '../../ui/status.tsx'
import { type List, wayBackHref, wayBackQuery } from '../../ui/way-back.ts'
import { AdminDocument } from '../admin/admin-document.tsx'
import { TeacherParts } from './teacher-parts.tsx'
import * as en from './text.en.ts'
import * as es from './text.es.ts'
import { Timeline } from './timeline.tsx'
import type { ClassRecordView } from './view.ts'

/** `/inicio/clases/{id}`, and the same with everything in it for the admin at `/admin/clases/{id}`. */
export function ClassRecordPage({ chrome, ...view }: ClassRecordView & { chrome: Chrome }) {
  const { PAGE } = useText({ es, en })
  const dates = useDates()
  const isAdmin = view.viewerRole === 'admin'
  const base = `${isAdmin ? '/admin' : '/inicio'}/clases/${encodeURIComponent(view.id)}`
  const title = PAGE.title(dates.longDate(view.startsAt))
  const body = (
    <div class="stack class-record">
      <header class="page-head">
        <BackLink view={view} />
        <h1>{title}</h1>
        <StatusLine view={view} />
      </header>
      <Facts view={view} />
      {view.teacher === null ? null : <TeacherParts base={base} query={wayBackQuery(view.back)} view={view.teacher} />}
      <section aria-labelledby="story">
        <h2 id="story">{PAGE.story}</h2>
        <p class="soft">{PAGE.storyHint}</p>
        <Timeline entries={view.entries} />
      </section>
      <p class="actions record-actions">
        {view.receiptHref === null ? null : (
          <a class="btn btn-primary" href={view.receiptHref}>
            {PAGE.receipt}
          </a>
        )}
        <PrintButton label={PAGE.print} />
        <a class="action-link" href={`${base}/historia.csv`}>
          {PAGE.csv}
        </a>
        <a class="action-link" href={`${base}/historia.csv?para=excel`}>
          {PAGE.csvExcel}
        </a>
        {isAdmin ? null : (
          <a class="action-link" href={`/inicio/cda?clase=${encodeURIComponent(view.id)}`}>
            {PAGE.help}
          </a>
        )}
      </p>
    </div>
  )
  const Frame = isAdmin ? AdminDocument : Document
  return (
    <Frame chrome={chrome} title={title}>
      {body}
    </Frame>
  )
}

/** To where the reader came from, or to the list in which the class stands. */
function BackLink({ view }: { view: ClassRecordView }) {
  const { PAGE } = useText({ es, en })
  const { NAV } = useSharedText()
  const words = (list: List) => (list === 'profe' ? NAV.teaching : list === 'facturacion' ? NAV.billing : PAGE.backToPanel)
  const [href, text] = view.back
    ? [wayBackHref(view.back), words(view.back.list)]
    : view.viewerRole === 'admin'
      ? ['/admin', PAGE.backToPanel]
      : view.listedIn === 'history'
        ? ['/inicio/historial', PAGE.back]
        : ['/inicio/mis-clases-virtuales', PAGE.backToClasses]
  return (
    <a class="back-link" href={href}>
      <Icon name="left" />
      {text}
    </a>
  )
}

function StatusLine({ view }: { view: ClassRecordView }) {
  const { CANCEL_REASON } = useSharedText()
  const { PAGE } = useText({ es, en })
  return (
    <p class="status-line">
      {view.preparing ? <Status tone="wait" icon="clock" text={PAGE.preparing} /> : <ClassStatusLabel status={view.status} />}
      {view.linkLost ? <Status tone="wait" icon="alert" text={PAGE.linkLost} /> : null}
      {view.cancelReason === null ? null : <span class="soft">{CANCEL_REASON[view.cancelReason]}</span>}
    </p>
  )
}

function Facts({ view }: { view: ClassRecordView }) {
  const { PAGE } = useText({ es, en })
  const { CLASS_ROLE } = useSharedText()
  const dates = useDates()
  const locale = useLocale()
  return (
    <dl class="panel facts">
      <Fact name={PAGE.facts.time}>{dates.timeRange(view.startsAt, view.endsAt)}</Fact>
      <Fact name={PAGE.facts.type}>{typeWords(view, locale)}</Fact>
      {view.viewerRole === 'admin' ? null : (
        <Fact name={PAGE.facts.role}>{CLASS_ROLE[view.viewerRole === 'host' ? 'anfitrion' : 'participante']}</Fact>
      )}
      {view.price === null ? null : <Fact name={PAGE.facts.price}>{formatMoney(view.price)} ARS</Fact>}
      {view.viewerRole === 'host' ? null : <Fact name={PAGE.facts.host}>{view.hostName}</Fact>}
      {view.guestNames.length === 0 ? null : (
        <Fact name={PAGE.facts.guests} wide>
          {namesInWords(view.guestNames, locale)}
        </Fact>
      )}
      {view.objective === null ? null : (
        <Fact name={PAGE.facts.objective} wide>
          {view.objective}
        </Fact>
      )}
    </dl>
  )
}
