import { formatDate, formatLongDate, formatTimeRange, wallTime } from '../../kernel/zoned-time.ts'
import { type ClassType, MY_CLASSES } from '../text.es.ts'
import type { Chrome } from '../ui/chrome.ts'
import type { ClassCard } from '../ui/class-card.ts'
import { JoinControl } from '../ui/class-parts.tsx'
import { Countdown } from '../ui/countdown.tsx'
import { capitalize } from '../ui/dates.ts'
import { Document } from '../ui/document.tsx'
import { Icon } from '../ui/icons.tsx'
import { Empty, Notice } from '../ui/notice.tsx'
import { Seats, Ticket } from '../ui/ticket.tsx'

/** View of `/inicio`. */
export type HomeView = {
  /** The next `scheduled` class of the caller, as host or guest. */
  next: ClassCard | null
  completedTotal: number
  /** Own unpaid holds, soonest to expire first; `resumeHref` leads back to their payment. */
  holds: readonly { classId: string; start: Date; end: Date; type: ClassType; expiresAt: Date; resumeHref: string }[]
  /** Paid classes that still wait for their link (D19a). */
  preparing: number
}

export function HomePage({ chrome, ...view }: HomeView & { chrome: Chrome }) {
  const firstName = chrome.person?.name.trim().split(/\s+/)[0] ?? ''
  return (
    <Document chrome={chrome} title="Principal" wide>
      <div class="stack">
        <header class="page-head">
          <h1>Principal</h1>
          {firstName === '' ? null : <p class="lead clip">Hola, {firstName}. ¿Seguimos con tu inglés?</p>}
        </header>
        {view.preparing > 0 ? <Notice kind="info">{MY_CLASSES.preparing}</Notice> : null}
        {view.holds.map((hold) => (
          <Hold hold={hold} now={chrome.now} />
        ))}
        {view.next ? <NextClass card={view.next} now={chrome.now} /> : <NoClass />}
        <section class="home-row" aria-label="Tu recorrido">
          <p class="completed">
            <span>TOTAL CLASES COMPLETADAS:</span> <b>{view.completedTotal}</b>
          </p>
          <a class="back-link" href="/inicio/historial">
            <Icon name="history" />
            Ver historial
          </a>
        </section>
      </div>
    </Document>
  )
}

function Hold({ hold, now }: { hold: HomeView['holds'][number]; now: Date }) {
  return (
    <section class="panel hold-panel" aria-label="Reserva sin pagar">
      <div>
        <h2>Te falta pagar una clase</h2>
        <p>
          {capitalize(formatLongDate(hold.start))}, {formatTimeRange(hold.start, hold.end)}. Te guardamos el horario{' '}
          <span class="marked">
            <Countdown until={hold.expiresAt} now={now} digits over="00:00" refresh />
          </span>{' '}
          minutos más.
        </p>
      </div>
      <a class="btn btn-primary" href={hold.resumeHref}>
        Retomar el pago
      </a>
    </section>
  )
}

function NextClass({ card, now }: { card: ClassCard; now: Date }) {
  return (
    <Ticket
      startsAt={card.startsAt}
      label="Siguiente clase"
      stub={
        <>
          <JoinControl card={card} now={now} large />
          <a class="btn btn-quiet" href="/inicio/mis-clases-virtuales">
            Ver mis clases
          </a>
        </>
      }
    >
      <h2>
        Siguiente clase:{' '}
        <span class="tabular">
          {formatDate(card.startsAt)} - <span class="whitespace-nowrap">{wallTime(card.startsAt)} hs</span>
        </span>
      </h2>
      {card.objective === null ? null : <p class="objective">{card.objective}</p>}
      <p class="people">
        <Seats taken={card.people} seats={card.peopleMax} />
        <span>
          Participantes confirmados: {card.people} de {card.peopleMax}
        </span>
      </p>
      <p>
        Comienza en:{' '}
        <span class="marked">
          <Countdown until={card.startsAt} now={now} over="ya comenzó" refresh />
        </span>
      </p>
    </Ticket>
  )
}

function NoClass() {
  return (
    <Empty title="No tenes clases programadas">
      <p class="soft">Elegí un horario y en dos minutos queda reservada.</p>
      <a class="btn btn-primary" href="/inicio/reservas">
        Reservar una clase
      </a>
    </Empty>
  )
}
