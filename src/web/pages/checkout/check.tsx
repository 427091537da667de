import type { Child } from 'hono/jsx'
import { type Centavos, formatMoney } from '../../../kernel/money.ts'
import { formatDate, formatLongDate, wallTime } from '../../../kernel/zoned-time.ts'
import { CHECKOUT, CLASS_TYPE, type ClassType, MY_CLASSES } from '../../text.es.ts'
import type { Chrome } from '../../ui/chrome.ts'
import { Countdown } from '../../ui/countdown.tsx'
import { Document } from '../../ui/document.tsx'
import { Icon } from '../../ui/icons.tsx'
import { Empty, Notice } from '../../ui/notice.tsx'
import { OpenBookings, type OpenBookingView, ReleaseHold } from '../../ui/open-bookings.tsx'
import { peopleWords } from '../../ui/people.ts'
import { Ticket } from '../../ui/ticket.tsx'
import { LocalTime } from '../../ui/zone.tsx'
import { Alternatives } from '../booking/alternatives.tsx'
import { bookingHref, checkHref } from '../booking/view.ts'

/** What is about to be paid. `people` is 1 for an individual class. */
export type Selection = { start: Date; end: Date; type: ClassType; people: number; text: string; total: Centavos }

/** View of `/inicio/pre-compra`. `selection` is null when the query string names no valid slot. */
export type CheckView = {
  selection: Selection | null
  /** Idempotency key of the payment form: a fresh unguessable value per rendering. */
  key: string
  /** The visitor's own unpaid hold for exactly this selection. */
  hold: { classId: string; expiresAt: Date } | null
  /** The visitor's own unpaid hold of this slot with other details: paying puts this selection in its place. */
  replaces: OpenBookingView | null
  /** The visitor's other unpaid holds; without a selection, everything of theirs that is no class yet. */
  others: readonly OpenBookingView[]
  /** The visitor's own booking of this slot whose money is on its way. */
  waiting: OpenBookingView | null
  /** Why the payment could not be started, or cannot be (Spanish text of behaviour 4.8/5.4). */
  error: string | null
  /** Set when the slot is taken: up to three nearest free ones. */
  alternatives: readonly { start: Date; end: Date }[] | null
  /** Why nothing can be paid here; null when it can. */
  blocked: 'taken' | 'mine' | 'waiting' | 'refused' | null
  holdMinutes: number
  refundUntilHours: number
  /** Whether a cancellation could still give everything back. */
  isRefundable: boolean
  /** Null while classes cannot be moved. */
  rescheduleUntilHours: number | null
}

export function CheckPage({ chrome, ...view }: CheckView & { chrome: Chrome }) {
  const { selection } = view
  return (
    <Document chrome={chrome} title={CHECKOUT.title}>
      <header class="page-head">
        <h1>{CHECKOUT.title}</h1>
        {selection ? <p class="soft">Mirá que esté todo bien. Después vas a Mercado Pago y volvés acá.</p> : null}
      </header>
      {view.error ? <Notice kind="error">{view.error}</Notice> : null}
      {selection ? (
        <>
          {view.alternatives ? (
            <Notice kind="error">
              <Alternatives slots={view.alternatives} hrefOf={(slot) => checkHref(draftOf({ ...selection, start: slot.start }))} />
            </Notice>
          ) : null}
          {view.blocked === 'mine' ? (
            <Notice kind="info">
              <strong>Ese horario ya es tu clase.</strong>
              <p>
                No hay nada que pagar. <a href="/inicio/mis-clases-virtuales">Ir a Mis clases</a>
              </p>
            </Notice>
          ) : null}
          {view.waiting ? <OpenBookings bookings={[view.waiting]} now={chrome.now} /> : null}
          <Check view={view} selection={selection} now={chrome.now} />
        </>
      ) : (
        <>
          <OpenBookings bookings={view.others} now={chrome.now} />
          <NoSelection another={view.others.length > 0} />
        </>
      )}
    </Document>
  )
}

function Check({ view, selection, now }: { view: CheckView; selection: Selection; now: Date }) {
  const blocked = view.blocked !== null
  return (
    <>
      <Ticket
        startsAt={selection.start}
        label={`Clase del ${formatLongDate(selection.start)}`}
        muted={blocked}
        stub={
          <>
            <p class="pay-total">
              <span class="soft">Precio</span>
              <b>{formatMoney(selection.total)}</b>
              <span class="soft">
                {selection.type === 'grupal'
                  ? `${formatMoney(selection.total / selection.people)} por persona`
                  : 'Precio final en pesos (ARS)'}
              </span>
            </p>
            {blocked ? null : <PayForm view={view} selection={selection} now={now} />}
          </>
        }
      >
        <dl class="facts">
          <Fact term="Tipo de clase">{CLASS_TYPE[selection.type]}</Fact>
          <Fact term="Cantidad de estudiantes">{peopleWords(selection.people)}</Fact>
          <Fact term="Fecha">{formatDate(selection.start)}</Fact>
          <Fact term="Hora">
            <span class="tabular whitespace-nowrap">
              {wallTime(selection.start)} - {wallTime(selection.end)} hs
            </span>
            <LocalTime class="fact-local soft" instant={selection.start} />
          </Fact>
          <Fact term="Tema a tratar en la clase:" wide>
            {selection.text === '' ? <span class="soft">Lo charlamos al empezar.</span> : selection.text}
          </Fact>
        </dl>
      </Ticket>
      {blocked ? null : <CancelRule view={view} />}
      <p>
        <a class="back-link" href={bookingHref(draftOf(blocked ? { ...selection, start: null } : selection))}>
          <Icon name="left" />
          {blocked ? 'Elegir otro horario' : 'Cambiar algo'}
        </a>
      </p>
    </>
  )
}

/** The rule in one sentence, with the one that holds for this hour. */
function CancelRule({ view }: { view: CheckView }) {
  if (!view.isRefundable) {
    return (
      <p class="measure">
        <strong>{MY_CLASSES.refund.wouldBeNone(view.refundUntilHours)}</strong>
      </p>
    )
  }
  return (
    <p class="measure soft">
      Podés cancelar con reembolso total hasta {view.refundUntilHours} horas antes de la clase
      {view.rescheduleUntilHours === null ? '' : ` y pasarla a otro horario hasta ${view.rescheduleUntilHours} horas antes`}.
    </p>
  )
}

function PayForm({ view, selection, now }: { view: CheckView; selection: Selection; now: Date }) {
  return (
    <>
      <form method="post" action="/inicio/pre-compra" class="pay-form" data-once data-online>
        <input type="hidden" name="start" value={selection.start.toISOString()} />
        <input type="hidden" name="end" value={selection.end.toISOString()} />
        <input type="hidden" name="type" value={selection.type} />
        <input type="hidden" name="n" value={String(selection.people)} />
        <input type="hidden" name="text" value={selection.text} />
        <input type="hidden" name="key" value={view.key} />
        <Replaced view={view} now={now} />
        <button type="submit" class="btn btn-pay">
          {CHECKOUT.pay}
        </button>
      </form>
      {view.hold ? (
        <div class="hold">
          <p>
            Tu horario está guardado. Te quedan{' '}
            <b>
              <Countdown until={view.hold.expiresAt} now={now} digits over="00:00" refresh />
            </b>{' '}
            minutos.
          </p>
          <ReleaseHold classId={view.hold.classId} back={checkHref(draftOf(selection))} />
        </div>
      ) : (
        <p class="soft">Te guardamos el horario {view.holdMinutes} minutos desde que tocás el botón.</p>
      )}
    </>
  )
}

/** Other slots that this visitor keeps without having paid: paying this one gives them up, unless the box is cleared. */
function Replaced({ view, now }: { view: CheckView; now: Date }) {
  return (
    <>
      {view.replaces ? (
        <p class="replaced">
          <input type="hidden" name="replace" value={view.replaces.classId} />
          Reemplaza tu reserva sin pagar de este horario: {CLASS_TYPE[view.replaces.type]}, {peopleWords(view.replaces.people)}
          {view.replaces.text === '' ? '' : `, «${view.replaces.text}»`}.
        </p>
      ) : null}
      {view.others.map((other) => (
        <label class="replaced">
          <input type="checkbox" name="replace" value={other.classId} checked />
          <span>
            También tenés guardado {formatLongDate(other.start)}, {wallTime(other.start)} hs
            {other.expiresAt === null ? null : (
              <>
                {' ('}
                <Countdown until={other.expiresAt} now={now} digits over="00:00" />)
              </>
            )}
            . <b>Liberarlo</b> al pagar este.
          </span>
        </label>
      ))}
    </>
  )
}

function NoSelection({ another }: { another: boolean }) {
  return (
    <Empty title={another ? '¿Querés reservar otra clase?' : 'Todavía no elegiste un horario.'}>
      <p class="soft">Volvé a la grilla, tocá uno que esté libre y seguimos desde acá.</p>
      <a class="btn btn-primary" href="/inicio/reservas">
        Ir a Reservas
      </a>
    </Empty>
  )
}

function Fact(props: { term: string; wide?: boolean; children?: Child }) {
  return (
    <div class={props.wide ? 'fact-wide' : ''}>
      <dt>{props.term}</dt>
      <dd>{props.children}</dd>
    </div>
  )
}

function draftOf(selection: Omit<Selection, 'start'> & { start: Date | null }) {
  return {
    start: selection.start,
    type: selection.type,
    people: selection.type === 'grupal' ? selection.people : null,
    text: selection.text,
  }
}
