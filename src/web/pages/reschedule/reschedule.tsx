import { formatLongDate, formatTimeRange, wallDate } from '../../../kernel/zoned-time.ts'
import { BOOKING, CLASS_TYPE, MY_CLASSES } from '../../text.es.ts'
import type { Chrome } from '../../ui/chrome.ts'
import { capitalize, shortMoment } from '../../ui/dates.ts'
import { Document } from '../../ui/document.tsx'
import { Icon } from '../../ui/icons.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Alternatives } from '../booking/alternatives.tsx'
import { visibleDays } from '../booking/week.tsx'
import { type WeekLinks, WeekPicker } from '../booking/week-picker.tsx'
import { type RescheduleView, rescheduleHref } from './view.ts'

/** Moving a class: where it stands, what moving it means, the free slots, and one button. Works as a plain form. */
export function ReschedulePage({ chrome, ...view }: RescheduleView & { chrome: Chrome }) {
  const { current, path, week } = view
  const days = visibleDays(week.days)
  const links: WeekLinks = {
    week: (semana) => rescheduleHref(path, { semana }),
    day: (dia) => rescheduleHref(path, { dia, start: view.selected }),
    slot: (start) => rescheduleHref(path, { dia: wallDate(start), start }),
  }
  return (
    <Document chrome={chrome} title={MY_CLASSES.reschedule} wide>
      <header class="page-head">
        <h1>{MY_CLASSES.reschedule} clase</h1>
        <p class="lead">
          {CLASS_TYPE[current.type]}
          {view.actor === 'admin' ? ` con ${current.hostName}` : ''}, ahora el <strong>{formatLongDate(current.startsAt)}</strong> de{' '}
          <span class="whitespace-nowrap">{formatTimeRange(current.startsAt, current.endsAt)}</span>.
        </p>
      </header>
      {view.error === null ? null : <Notice kind="error">{view.error}</Notice>}
      {week.calendarUnreadable ? <Notice kind="error">{BOOKING.calendarUnreadable}</Notice> : null}
      {week.alternatives ? (
        <Notice kind="error">
          <Alternatives slots={week.alternatives} hrefOf={(slot) => links.slot(slot.start)} />
        </Notice>
      ) : null}
      <Policy view={view} />
      <form class="booking" method="post" action={path} data-booking data-once data-from={days[0]?.date} data-to={days.at(-1)?.date}>
        <WeekPicker week={week} selected={view.selected} now={chrome.now} links={links} ownWord={BOOKING.current} lateUntil={null} />
        <Choice view={view} />
      </form>
      <p>
        <a class="back-link" href={view.backHref}>
          <Icon name="left" />
          Dejarla como está
        </a>
      </p>
    </Document>
  )
}

/** What moving the class means, read before anything is clicked. */
function Policy({ view }: { view: RescheduleView }) {
  return (
    <section class="panel move-policy" aria-labelledby="reglas-titulo">
      <h2 id="reglas-titulo">Antes de cambiarla</h2>
      <ul id="reglas">
        {view.actor === 'host' ? <HostRules view={view} /> : <AdminRules />}
        <li>El precio, el enlace de la clase y quienes ya se unieron no cambian.</li>
        <li>El código cambia: el anterior deja de funcionar.</li>
      </ul>
    </section>
  )
}

function HostRules({ view }: { view: RescheduleView }) {
  const { movesLeft, untilHours, refundUntilHours } = view
  return (
    <>
      <li>
        {movesLeft === 1
          ? 'Es la última vez que podés reprogramar esta clase'
          : `Podés reprogramar esta clase ${movesLeft === 2 ? 'dos' : movesLeft} veces más`}
        , hasta {untilHours} horas antes de que empiece.
      </li>
      <li>
        {view.refund === 'kept' ? (
          `Si después la cancelás, te devolvemos el total hasta ${refundUntilHours} horas antes del horario nuevo.`
        ) : (
          <strong>
            {view.refund === 'lapses'
              ? `Faltan menos de ${refundUntilHours} horas: si la reprogramás y después la cancelás, no corresponde reembolso.`
              : 'Si después la cancelás, no corresponde reembolso.'}
          </strong>
        )}
      </li>
    </>
  )
}

function AdminRules() {
  return (
    <>
      <li>Le avisamos por mail al anfitrión, con el código nuevo, y a los invitados.</li>
      <li>No le descuenta al anfitrión ninguna de sus reprogramaciones.</li>
    </>
  )
}

/** What was chosen, and the button. The script keeps both up with the radios; without it the page shows what the address names. */
function Choice({ view }: { view: RescheduleView }) {
  const { current, selected } = view
  const slot = view.week.days.flatMap((day) => day.slots).find((candidate) => candidate.start.getTime() === selected?.getTime())
  const chosen = slot?.state === 'free' ? slot : undefined
  return (
    <div class="details">
      <section class="details-fields" id="detalles" aria-labelledby="detalles-titulo">
        <h2 id="detalles-titulo">El cambio</h2>
        <dl class="chosen">
          <div>
            <dt>Ahora</dt>
            <dd class="move-from">{capitalize(shortMoment(current.startsAt))}</dd>
          </div>
          <div>
            <dt>Pasa al</dt>
            <dd data-out="date">{chosen ? capitalize(formatLongDate(chosen.start)) : 'Elegí un horario'}</dd>
          </div>
          <div>
            <dt>Horario</dt>
            <dd>
              <span data-out="range">{chosen ? formatTimeRange(chosen.start, chosen.end) : '—'}</span>
              <span class="chosen-local soft" data-out="local" hidden />
            </dd>
          </div>
        </dl>
      </section>
      <div class="booking-bar">
        <div class="booking-total move-total" role="status">
          <span class="booking-moment">Horario nuevo</span>
          <b data-out="short" hidden={!chosen}>
            {chosen ? shortMoment(chosen.start) : ''}
          </b>
        </div>
        <button type="submit" class="btn btn-primary" data-submit aria-describedby="reglas">
          Pasar a este horario
        </button>
        <p class="booking-missing soft" data-missing hidden />
      </div>
    </div>
  )
}
