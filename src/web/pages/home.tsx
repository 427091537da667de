import { formatDate, wallTime } from '../../kernel/zoned-time.ts'
import type { Chrome } from '../ui/chrome.ts'
import type { ClassCard } from '../ui/class-card.ts'
import { JoinControl } from '../ui/class-parts.tsx'
import { Countdown } from '../ui/countdown.tsx'
import { Document } from '../ui/document.tsx'
import { Icon } from '../ui/icons.tsx'
import { Empty } from '../ui/notice.tsx'
import { isWaiting, OpenBookings, type OpenBookingView } from '../ui/open-bookings.tsx'
import { Seats, Ticket } from '../ui/ticket.tsx'

/** View of `/inicio`. */
export type HomeView = {
  /** The next `scheduled` class of the caller, as host or guest. */
  next: ClassCard | null
  completedTotal: number
  /** Own bookings that are no class yet, the soonest first. */
  open: readonly OpenBookingView[]
}

export function HomePage({ chrome, ...view }: HomeView & { chrome: Chrome }) {
  const firstName = chrome.person?.name.trim().split(/\s+/)[0] ?? ''
  return (
    <Document chrome={chrome} title="Principal" wide>
      <div class="stack" data-follow>
        <header class="page-head">
          <h1>Principal</h1>
          {firstName === '' ? null : <p class="lead clip">{greeting(firstName, view)}</p>}
        </header>
        <OpenBookings bookings={view.open} now={chrome.now} refresh />
        {view.next ? <NextClass card={view.next} now={chrome.now} /> : isWaiting(view.open) ? null : <NoClass />}
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

/** Somebody who never had a class is not asked to go on with it. */
function greeting(firstName: string, { next, open, completedTotal }: HomeView): string {
  const isNew = next === null && open.length === 0 && completedTotal === 0
  return isNew ? `Hola, ${firstName}. ¿Arrancamos con tu inglés?` : `Hola, ${firstName}. ¿Seguimos con tu inglés?`
}

function NextClass({ card, now }: { card: ClassCard; now: Date }) {
  return (
    <Ticket
      startsAt={card.startsAt}
      label="Siguiente clase"
      stub={
        <>
          <JoinControl card={card} now={now} look="large" />
          <a class="btn btn-quiet" href="/inicio/mis-clases-virtuales">
            Ver mis clases
          </a>
        </>
      }
    >
      <h2>
        Siguiente clase:{' '}
        <span class="tabular next-when">
          {formatDate(card.startsAt)} - {wallTime(card.startsAt)} hs
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
        <span data-live data-until={card.startsAt.toISOString()} hidden={now >= card.startsAt}>
          Comienza en:{' '}
        </span>
        <span class="marked">
          <Countdown until={card.startsAt} now={now} over="Ya comenzó" refresh />
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
