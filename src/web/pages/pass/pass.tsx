import { wallTime } from '../../../kernel/zoned-time.ts'
import type { Chrome } from '../../ui/chrome.ts'
import { withTeacher } from '../../ui/class-card.ts'
import { CodeBoxes } from '../../ui/class-parts.tsx'
import { Countdown } from '../../ui/countdown.tsx'
import { Document } from '../../ui/document.tsx'
import type { IconName } from '../../ui/icons.tsx'
import { Icon } from '../../ui/icons.tsx'
import { useDates, useLocale, useSharedText, useText } from '../../ui/language.ts'
import { namesInWords, seatsWords } from '../../ui/people.ts'
import { Status, type Tone } from '../../ui/status.tsx'
import { Ticket } from '../../ui/ticket.tsx'
import * as en from './text.en.ts'
import * as es from './text.es.ts'

/** View of `/inicio/clases/{id}/pase`: what somebody has to know at the moment of a class, without anything that needs a connection. */
export type PassView = {
  startsAt: Date
  endsAt: Date
  type: 'individual' | 'grupal'
  role: 'anfitrion' | 'participante'
  link: LinkState
  people: number
  peopleMax: number
  hostName: string
  /** Null while the academy has one teacher only. */
  teacherName?: string | null
  guestNames: readonly string[]
  objective: string | null
  /** Host of a group only. */
  accessCode: string | null
  /** Whom to write to; `whatsapp` is a number, digits only. */
  contact: { name: string; email: string; whatsapp: string | null }
}

export type LinkState = 'ready' | 'preparing' | 'cancelled' | 'over'

const LINK: Record<LinkState, { tone: Tone; icon: IconName }> = {
  ready: { tone: 'good', icon: 'camera' },
  preparing: { tone: 'wait', icon: 'clock' },
  cancelled: { tone: 'bad', icon: 'cross-circle' },
  over: { tone: 'quiet', icon: 'flag' },
}

export function PassPage({ chrome, ...view }: PassView & { chrome: Chrome }) {
  const { PASS } = useText({ es, en })
  const { MY_CLASSES } = useSharedText()
  const dates = useDates()
  const { now } = chrome
  return (
    <Document chrome={chrome} title={PASS.title}>
      <div class="stack pass" data-follow data-pass>
        <div class="notice notice-info saved-only" role="status">
          <Icon name="alert" />
          <div>
            <strong>{PASS.saved(wallTime(now), dates.date(now))}</strong>{' '}
            <a class="whitespace-nowrap" href="?">
              {PASS.retry}
            </a>
          </div>
        </div>
        <h1>{PASS.title}</h1>
        <Ticket
          startsAt={view.startsAt}
          label={PASS.label(dates.longDate(view.startsAt), dates.timeRange(view.startsAt, view.endsAt))}
          muted={view.link === 'cancelled' || view.link === 'over'}
        >
          <When view={view} now={now} />
          <p class="ticket-status">
            <Status {...LINK[view.link]} text={PASS.link[view.link]} />
            <span class="soft seen">{PASS.seen(wallTime(now))}</span>
          </p>
          <People view={view} />
        </Ticket>
        {view.accessCode === null ? null : (
          <section class="code-block" aria-label={PASS.code}>
            <h2>{PASS.code}</h2>
            <CodeBoxes code={view.accessCode} copy />
            <p class="soft">{MY_CLASSES.codeHint}</p>
          </section>
        )}
        <p class="soft measure">{PASS.enter}</p>
        <p class="live-only">
          <a class="btn btn-quiet" href="/inicio/mis-clases-virtuales">
            {PASS.classes}
          </a>
        </p>
        <p class="clip">
          {PASS.contact} {view.contact.name}: <a href={`mailto:${view.contact.email}`}>{view.contact.email}</a>
          {view.contact.whatsapp === null ? null : (
            <>
              {' · '}
              <a href={`https://wa.me/${view.contact.whatsapp}`} target="_blank" rel="noopener noreferrer">
                WhatsApp
              </a>
            </>
          )}
        </p>
        <p data-kept hidden>
          <Status tone="good" icon="check-circle" text={PASS.kept} />
        </p>
      </div>
    </Document>
  )
}

function When({ view, now }: { view: PassView; now: Date }) {
  const { PASS } = useText({ es, en })
  const { CLASS_TYPE } = useSharedText()
  const dates = useDates()
  const locale = useLocale()
  const isComing = view.link === 'ready' || view.link === 'preparing'
  return (
    <>
      <h2>
        <span class="tabular whitespace-nowrap">{dates.timeRange(view.startsAt, view.endsAt)}</span>{' '}
        <span class="ticket-type">{withTeacher(CLASS_TYPE[view.type], view.teacherName, locale)}</span>
      </h2>
      <p class="soft">
        {PASS.zone} <span data-instant={view.startsAt.toISOString()} hidden />
      </p>
      {isComing ? (
        <p class="ticket-status" data-live data-until={view.endsAt.toISOString()}>
          <span data-live data-until={view.startsAt.toISOString()} hidden={now >= view.startsAt}>
            {PASS.startsIn}
          </span>
          <span class="marked">
            <Countdown until={view.startsAt} now={now} over={PASS.running} />
          </span>
        </p>
      ) : null}
    </>
  )
}

function People({ view }: { view: PassView }) {
  const { PASS } = useText({ es, en })
  const locale = useLocale()
  return (
    <>
      {view.objective === null ? null : <p class="objective">{view.objective}</p>}
      {view.type === 'grupal' ? <p>{seatsWords(view.people, view.peopleMax, locale)}</p> : null}
      {view.role === 'participante' ? <p class="soft clip">{PASS.guestOf(view.hostName)}</p> : null}
      {view.guestNames.length > 0 ? <p class="soft clip">{PASS.with(namesInWords(view.guestNames, locale))}</p> : null}
    </>
  )
}
