import type { Child } from 'hono/jsx'
import { formatLongDate, formatTimeRange } from '../../../kernel/zoned-time.ts'
import { CHECKOUT, MY_CLASSES, OPEN_BOOKING, rejectionText } from '../../text.es.ts'
import type { Chrome } from '../../ui/chrome.ts'
import { Countdown } from '../../ui/countdown.tsx'
import { Document } from '../../ui/document.tsx'
import { Icon, type IconName } from '../../ui/icons.tsx'
import { ReleaseHold } from '../../ui/open-bookings.tsx'
import { Ticket } from '../../ui/ticket.tsx'

/** What the payment turned out to be; `unknown` when the query string names no order of this person. */
export type CallbackState = 'approved' | 'rejected' | 'pending' | 'refunded-late' | 'unknown'

/** View of `/checkout/callback/{success,failure,pending}`: one page, led by the stored state and not by the address. */
export type CallbackView = {
  state: CallbackState
  /** Order to ask `/api/payments/{preferenceId}` about; null when unknown. */
  preferenceId: string | null
  paymentId: string | null
  reference: string | null
  /** Paid, but the class is still waiting for its link (behaviour D19a). */
  preparing: boolean
  /** The class paid for; null when there is none yet, or not any more. */
  classTimes: { start: Date; end: Date } | null
  /** While the hold lives and nothing was paid: where to pay again, and until when. */
  retry: { href: string; until: Date; classId: string } | null
  /** Money that is on its way or stands before a person. */
  money: 'in-process' | 'in-review' | null
  /** Mercado Pago's reason for the attempt that it rejected. */
  rejection: string | null
  /** The hold ran out or was given up: its slot is free again. */
  released: boolean
}

const CLASSES_HREF = '/inicio/mis-clases-virtuales'

export function CallbackPage({ chrome, ...view }: CallbackView & { chrome: Chrome }) {
  const poll = view.preferenceId !== null && (view.state === 'pending' || view.state === 'unknown' || view.state === 'rejected')
  return (
    <Document chrome={chrome} title={titleOf(view.state)}>
      <section class="outcome" {...(poll ? { 'data-payment': view.preferenceId, 'data-state': view.state } : {})}>
        <Outcome view={view} now={chrome.now} />
      </section>
    </Document>
  )
}

function Outcome({ view, now }: { view: CallbackView; now: Date }) {
  switch (view.state) {
    case 'approved':
      return <Approved view={view} />
    case 'rejected':
      return <Rejected view={view} now={now} />
    case 'refunded-late':
      return (
        <Headline icon="refresh" tone="wait" title="Te devolvemos el dinero" lead={CHECKOUT.refundedLate}>
          <p class="soft">El reembolso lo hace Mercado Pago; suele verse en unos días, según tu medio de pago.</p>
          <References view={view} />
          <a class="btn btn-primary" href="/inicio/reservas">
            Elegir otro horario
          </a>
        </Headline>
      )
    case 'pending':
    case 'unknown':
      return <Pending view={view} />
  }
}

function Approved({ view }: { view: CallbackView }) {
  return (
    <Headline icon="check-circle" tone="good" title={CHECKOUT.approved} lead={approvedLead(view)}>
      {view.classTimes ? <Paid start={view.classTimes.start} end={view.classTimes.end} /> : null}
      <References view={view} />
      <div data-redirect={CLASSES_HREF} data-seconds="5">
        <p role="timer" class="soft" data-redirect-text hidden>
          {CHECKOUT.redirect(5)}
        </p>
        <p class="actions">
          <a class="btn btn-primary" href={CLASSES_HREF}>
            Ir ahora
          </a>
          <button type="button" class="btn btn-quiet" data-redirect-stay hidden>
            Quedarme en esta página
          </button>
        </p>
      </div>
    </Headline>
  )
}

function approvedLead(view: CallbackView): string {
  if (view.preparing) return MY_CLASSES.preparing
  return view.classTimes ? 'Listo, tu clase está confirmada.' : 'Recibimos tu pago. Ahora no tiene una clase por venir.'
}

function Paid({ start, end }: { start: Date; end: Date }) {
  return (
    <div class="outcome-ticket">
      <Ticket startsAt={start} label={`Tu clase: ${formatLongDate(start)}`}>
        <h2 class="tabular">{formatTimeRange(start, end)}</h2>
        <p class="soft">Horario de Argentina. El botón para entrar va a estar en Mis Clases Virtuales.</p>
      </Ticket>
    </div>
  )
}

function Rejected({ view, now }: { view: CallbackView; now: Date }) {
  const reason = view.rejection === null ? 'No se completó el pago.' : rejectionText(view.rejection)
  return (
    <Headline icon="cross-circle" tone="bad" title={CHECKOUT.failed} lead={reason}>
      <p class="soft">No se te cobró nada.</p>
      {view.retry ? (
        <>
          <Retry view={view} retry={view.retry} now={now} />
          <div class="outcome-part" data-live data-from={view.retry.until.toISOString()} hidden>
            <Released />
          </div>
        </>
      ) : view.released ? (
        <Released />
      ) : (
        <BackToBooking />
      )}
    </Headline>
  )
}

/** While the hold lives; an open page takes it away when the hold ends. */
function Retry({ view, retry, now }: { view: CallbackView; retry: NonNullable<CallbackView['retry']>; now: Date }) {
  return (
    <div class="outcome-part" data-live data-until={retry.until.toISOString()}>
      <p>
        Tu horario{view.classTimes ? ` (${momentOf(view.classTimes)})` : ''} sigue guardado. Te quedan{' '}
        <b>
          <Countdown until={retry.until} now={now} digits over="00:00" refresh />
        </b>{' '}
        minutos.
      </p>
      <p class="actions">
        <a class="btn btn-primary" href={retry.href}>
          Reintentar el pago
        </a>
        <a class="btn btn-quiet" href="/inicio/reservas">
          Elegir otro horario
        </a>
      </p>
      <p class="soft measure">
        Si elegís otro, este sigue guardado hasta que se termine el tiempo o lo liberes. ¿No podés pagar ahora? {CHECKOUT.failedHint}
      </p>
      <ReleaseHold classId={retry.classId} back={`?external_reference=${encodeURIComponent(view.reference ?? '')}`} />
    </div>
  )
}

function Released() {
  return (
    <>
      <p>El horario ya no está guardado: quedó libre para todos.</p>
      <BackToBooking />
    </>
  )
}

function BackToBooking() {
  return (
    <>
      <p class="soft">{CHECKOUT.failedHint}</p>
      <a class="btn btn-primary" href="/inicio/reservas">
        Volver a Reservas
      </a>
    </>
  )
}

function Pending({ view }: { view: CallbackView }) {
  return (
    <Headline icon="clock" tone="wait" title={CHECKOUT.pending} lead={CHECKOUT.pendingHint}>
      <PendingWords view={view} />
      <References view={view} />
      <noscript>
        <p>
          <a href={view.preferenceId === null ? '?' : `?preference_id=${encodeURIComponent(view.preferenceId)}`}>Actualizar la página</a>
        </p>
      </noscript>
      <p class="actions">
        <a class="btn btn-quiet" href={CLASSES_HREF}>
          Ir a Mis Clases Virtuales
        </a>
        {view.retry ? (
          <a class="btn btn-quiet" href={view.retry.href}>
            {OPEN_BOOKING.resume}
          </a>
        ) : null}
      </p>
    </Headline>
  )
}

function PendingWords({ view }: { view: CallbackView }) {
  if (view.preferenceId === null) {
    return <p class="soft">Si ya pagaste, la clase va a aparecer en Mis Clases Virtuales apenas se confirme.</p>
  }
  if (view.money === 'in-review') {
    return (
      <p>
        <strong>{OPEN_BOOKING.inReview}.</strong> El importe no coincide con el precio y lo mira una persona. No hace falta pagar de nuevo.
      </p>
    )
  }
  return (
    <>
      <p data-waiting>
        {view.money === 'in-process' ? <strong>{OPEN_BOOKING.inProcess}. </strong> : null}
        Esta página se actualiza sola.{view.retry ? ' Si todavía no pagaste, podés retomar el pago.' : ' No hace falta pagar de nuevo.'}
      </p>
      <p class="soft" data-waited hidden>
        Está tardando más de lo normal. Cuando se apruebe, vas a ver la clase en Mis Clases Virtuales.
      </p>
    </>
  )
}

function momentOf({ start, end }: { start: Date; end: Date }): string {
  return `${formatLongDate(start)}, ${formatTimeRange(start, end)}`
}

function Headline(props: { icon: IconName; tone: 'good' | 'bad' | 'wait'; title: string; lead: string; children?: Child }) {
  return (
    <>
      <span class={`outcome-mark outcome-${props.tone}`}>
        <Icon name={props.icon} />
      </span>
      <h1>{props.title}</h1>
      <p class="lead">{props.lead}</p>
      {props.children}
    </>
  )
}

function References({ view }: { view: CallbackView }) {
  if (view.paymentId === null && view.reference === null) return null
  return (
    <p class="references soft">
      {view.paymentId === null ? null : <span>ID de pago: {view.paymentId}</span>}
      {view.reference === null ? null : <span>Referencia: {view.reference}</span>}
    </p>
  )
}

function titleOf(state: CallbackState): string {
  switch (state) {
    case 'approved':
      return CHECKOUT.approved
    case 'rejected':
      return CHECKOUT.failed
    case 'refunded-late':
      return 'Pago reembolsado'
    case 'pending':
    case 'unknown':
      return CHECKOUT.pending
  }
}
