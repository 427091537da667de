import type { Child } from 'hono/jsx'
import { formatLongDate, formatTimeRange } from '../../../kernel/zoned-time.ts'
import { CHECKOUT, MY_CLASSES } from '../../text.es.ts'
import type { Chrome } from '../../ui/chrome.ts'
import { Countdown } from '../../ui/countdown.tsx'
import { Document } from '../../ui/document.tsx'
import { Icon, type IconName } from '../../ui/icons.tsx'
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
  /** While the hold lives: where to pay again, and until when. */
  retry: { href: string; until: Date } | null
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
  return (
    <Headline icon="cross-circle" tone="bad" title={CHECKOUT.failed} lead={CHECKOUT.failedHint}>
      <p class="soft">No se te cobró nada.</p>
      {view.retry ? (
        <>
          <p>
            Tu horario sigue guardado. Te quedan{' '}
            <b>
              <Countdown until={view.retry.until} now={now} digits over="00:00" refresh />
            </b>{' '}
            minutos.
          </p>
          <p class="actions">
            <a class="btn btn-primary" href={view.retry.href}>
              Reintentar el pago
            </a>
            <a class="btn btn-quiet" href="/inicio/reservas">
              Elegir otro horario
            </a>
          </p>
        </>
      ) : (
        <a class="btn btn-primary" href="/inicio/reservas">
          Volver a Reservas
        </a>
      )}
    </Headline>
  )
}

function Pending({ view }: { view: CallbackView }) {
  return (
    <Headline icon="clock" tone="wait" title={CHECKOUT.pending} lead={CHECKOUT.pendingHint}>
      {view.preferenceId ? (
        <>
          <p class="soft" data-waiting>
            Esta página se actualiza sola. No hace falta pagar de nuevo.
          </p>
          <p class="soft" data-waited hidden>
            Está tardando más de lo normal. Cuando se apruebe, vas a ver la clase en Mis Clases Virtuales.
          </p>
        </>
      ) : (
        <p class="soft">Si ya pagaste, la clase va a aparecer en Mis Clases Virtuales apenas se confirme.</p>
      )}
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
            Retomar el pago
          </a>
        ) : null}
      </p>
    </Headline>
  )
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
