import { wallTime } from '../../../kernel/zoned-time.ts'
import { PassesAhead } from '../../ui/ahead.tsx'
import type { Chrome } from '../../ui/chrome.ts'
import { type ClassCard, joinIsOpen, withTeacher } from '../../ui/class-card.ts'
import { CalendarLink, CodeBoxes, CodeText, HostCancel, JoinControl, RescheduleLink } from '../../ui/class-parts.tsx'
import { Countdown } from '../../ui/countdown.tsx'
import { Document } from '../../ui/document.tsx'
import { Icon } from '../../ui/icons.tsx'
import { useDates, useLocale, useSharedText, useText } from '../../ui/language.ts'
import { Empty } from '../../ui/notice.tsx'
import { aroundOpenClass, isWaiting, OpenBookings, type OpenBookingView } from '../../ui/open-bookings.tsx'
import { seatsWords } from '../../ui/people.ts'
import { ClassStatusLabel, Status } from '../../ui/status.tsx'
import { Seats, Ticket } from '../../ui/ticket.tsx'
import { LocalTime } from '../../ui/zone.tsx'
import { ClassTable } from './class-table.tsx'
import { CodeForm, type CodeFormView } from './code-form.tsx'
import { NoReschedule } from './no-reschedule.tsx'
import { ClassLink, PassLink } from './pass-link.tsx'
import { GuestList, LeaveClass, RotateCode } from './seats.tsx'
import * as en from './text.en.ts'
import * as es from './text.es.ts'

/** View of `/inicio/mis-clases-virtuales`. */
export type MyClassesView = {
  /** Classes whose end lies ahead, `scheduled` or `cancelled`, ascending. */
  classes: readonly ClassCard[]
  /** Own bookings that are no class yet: unpaid holds, and paid ones that still wait for their link (D19a). */
  open: readonly OpenBookingView[]
  codeForm: CodeFormView
  joinLeadMinutes: number
  refundUntilHours: number
  /** Origin of the product, for the text that is shared with guests: "https://hablainglesya.com". */
  origin: string
}

export function MyClassesPage({ chrome, ...view }: MyClassesView & { chrome: Chrome }) {
  const { MY_CLASSES } = useSharedText()
  const { PAGE } = useText({ es, en })
  const next = view.classes.find((card) => card.status === 'scheduled')
  // Whoever may enter now finds the button on the first screen; only a hold that runs out comes before it, in few words.
  const open = next !== undefined && joinIsOpen(next, chrome.now)
  const { before, after } = open ? aroundOpenClass(view.open) : { before: view.open, after: [] }
  return (
    <Document chrome={chrome} title={MY_CLASSES.title} wide>
      <PassesAhead cards={view.classes} />
      <div class="stack" data-my-classes>
        <header class="page-head">
          <h1>{MY_CLASSES.title}</h1>
          {next ? null : <JoinNotice view={view} />}
        </header>
        <OpenBookings bookings={before} now={chrome.now} brief={open} />
        {next ? (
          <div class="next-ticket">
            <NextTicket card={next} view={view} now={chrome.now} />
            <JoinNotice view={view} />
          </div>
        ) : null}
        <OpenBookings bookings={after} now={chrome.now} />
        <CodeForm {...view.codeForm} />
        {view.classes.length === 0 && isWaiting(view.open) ? null : view.classes.length === 0 ? (
          <Empty title={MY_CLASSES.empty}>
            <p class="soft">{PAGE.nothingYet}</p>
            <a class="btn btn-primary" href="/inicio/reservas">
              {PAGE.book}
            </a>
          </Empty>
        ) : (
          <ClassTable classes={view.classes} nextId={next?.id ?? null} now={chrome.now} refundHours={view.refundUntilHours} />
        )}
        <p>
          <a class="back-link" href="/inicio/historial">
            <Icon name="history" />
            {MY_CLASSES.seeHistory}
          </a>
        </p>
        <section aria-labelledby="consejos" class="advice">
          <h2 id="consejos">{PAGE.adviceTitle}</h2>
          <ul>
            {MY_CLASSES.advice.map((text) => (
              <li>{text}</li>
            ))}
          </ul>
        </section>
      </div>
    </Document>
  )
}

function JoinNotice({ view }: { view: MyClassesView }) {
  const { MY_CLASSES } = useSharedText()
  return <p class="soft measure">{MY_CLASSES.notice(view.joinLeadMinutes)}</p>
}

function NextTicket({ card, view, now }: { card: ClassCard; view: MyClassesView; now: Date }) {
  const { BOOKING, CLASS_TYPE } = useSharedText()
  const { TICKET } = useText({ es, en })
  const dates = useDates()
  const locale = useLocale()
  const started = now >= card.startsAt
  const open = joinIsOpen(card, now)
  return (
    <Ticket
      startsAt={card.startsAt}
      label={TICKET.label(dates.longDate(card.startsAt), dates.timeRange(card.startsAt, card.endsAt))}
      stub={card.accessCode === null || card.type === 'individual' ? null : <Invitation card={card} code={card.accessCode} view={view} />}
    >
      <p class="ticket-status">
        <ClassStatusLabel status={card.status} />
        <Status tone="good" icon="camera" text={TICKET.linkReady} />
        <span class={open ? 'marked' : ''} data-mark-from={card.joinFrom.toISOString()}>
          {started ? TICKET.running : <Starts card={card} now={now} />}
        </span>
      </p>
      <h2>
        <span class="tabular whitespace-nowrap">{dates.timeRange(card.startsAt, card.endsAt)}</span>{' '}
        <span class="ticket-type">{withTeacher(CLASS_TYPE[card.type], card.teacherName, locale)}</span>
      </h2>
      <p class="soft">
        {BOOKING.zone}.
        <LocalTime class="local-time" instant={card.startsAt} />
      </p>
      <JoinControl card={card} now={now} look="large" />
      <p class="soft" data-live data-until={card.joinFrom.toISOString()} hidden={open || started}>
        {TICKET.buttonAt(wallTime(card.joinFrom))}
        <LocalTime class="local-time" instant={card.joinFrom} />
      </p>
      {card.role === 'participante' ? <p class="soft clip">{TICKET.invitedBy(card.hostName)}</p> : null}
      {card.objective === null ? null : <p class="objective">{card.objective}</p>}
      <People card={card} />
      {card.type === 'individual' && card.accessCode !== null ? (
        <p class="soft code-small">
          {TICKET.yourCode} <CodeText code={card.accessCode} copy={false} /> {TICKET.codeNotNeeded}
        </p>
      ) : null}
      <div class="ticket-actions">
        <ClassLink id={card.id} />
        <PassLink id={card.id} />
        <CalendarLink id={card.id} />
        <RescheduleLink href={card.rescheduleHref} />
        <NoReschedule card={card} />
        <LeaveClass card={card} />
        <HostCancel card={card} refundHours={view.refundUntilHours} />
      </div>
    </Ticket>
  )
}

function People({ card }: { card: ClassCard }) {
  const locale = useLocale()
  if (card.type === 'individual') return null
  return (
    <>
      <p class="people" data-people={card.id}>
        <Seats taken={card.people} seats={card.peopleMax} />
        <span data-people-words>{seatsWords(card.people, card.peopleMax, locale)}</span>
      </p>
      <GuestList card={card} />
    </>
  )
}

function Starts({ card, now }: { card: ClassCard; now: Date }) {
  const { TICKET } = useText({ es, en })
  return (
    <>
      <span data-live data-until={card.startsAt.toISOString()}>
        {TICKET.startsIn}{' '}
      </span>
      <Countdown until={card.startsAt} now={now} over={TICKET.running} />
    </>
  )
}

function Invitation({ card, code, view }: { card: ClassCard; code: string; view: MyClassesView }) {
  const { MY_CLASSES } = useSharedText()
  const { TICKET } = useText({ es, en })
  const dates = useDates()
  const text = TICKET.invitation(
    dates.longDate(card.startsAt),
    dates.timeRange(card.startsAt, card.endsAt),
    `${view.origin}/inicio/mis-clases-virtuales?invitacion=${code}`,
    code,
    view.joinLeadMinutes,
  )
  return (
    <div class="code-block">
      <p class="soft">{MY_CLASSES.codeHint}</p>
      <CodeBoxes code={code} copy />
      <p class="copy-hint soft">{TICKET.tapToCopy}</p>
      <a
        class="btn btn-quiet"
        href={`https://wa.me/?text=${encodeURIComponent(text)}`}
        target="_blank"
        rel="noopener noreferrer"
        data-invite={card.id}
        hidden={card.people >= card.peopleMax}
      >
        <Icon name="chat" />
        {TICKET.whatsapp}
      </a>
      <RotateCode card={card} />
    </div>
  )
}
