import type { Child } from 'hono/jsx'
import { rejectionGroup } from '../../../features/payment/rejection.ts'
import * as rejectionEn from '../../../features/payment/rejection-text.en.ts'
import * as rejectionEs from '../../../features/payment/rejection-text.es.ts'
import { type Centavos, formatMoney } from '../../../kernel/money.ts'
import { wallTime } from '../../../kernel/zoned-time.ts'
import type { Chrome } from '../../ui/chrome.ts'
import { Countdown } from '../../ui/countdown.tsx'
import { Document } from '../../ui/document.tsx'
import { Icon, type IconName } from '../../ui/icons.tsx'
import { useDates, useSharedText, useText } from '../../ui/language.ts'
import { ReleaseHold } from '../../ui/open-bookings.tsx'
import * as uiEn from '../../ui/text.en.ts'
import * as uiEs from '../../ui/text.es.ts'
import { Ticket } from '../../ui/ticket.tsx'
import { LocalTime } from '../../ui/zone.tsx'
import * as en from './text.en.ts'
import * as es from './text.es.ts'

/** What the payment turned out to be; `unknown` when the query string names no order of this person. */
export type CallbackState = 'approved' | 'rejected' | 'pending' | 'refunded' | 'unknown'

/** View of `/checkout/callback/{success,failure,pending}`: one page, led by the stored state and not by the address. */
export type CallbackView = {
  state: CallbackState
  /** Which outcome this page tells, as `/api/payments/{preferenceId}` names it; null when unknown. */
  revision: string | null
  /** Order to ask `/api/payments/{preferenceId}` about; null when unknown. */
  preferenceId: string | null
  paymentId: string | null
  reference: string | null
  /** Paid, but the class is still waiting for its link (behaviour D19a). */
  preparing: boolean
  /** The class paid for; null when there is none yet, or not any more. */
  classTimes: { start: Date; end: Date } | null
  /** What was paid, and where its receipt is; null until the payment is approved. */
  paid: { amount: Centavos; receiptHref: string } | null
  /** While the hold lives and nothing was paid: where to pay again, and until when. */
  retry: { href: string; until: Date; classId: string } | null
  /** Unpaid, and kept for the payment. */
  keptUntil: Date | null
  /** Money that is on its way or stands before a person. */
  money: 'in-process' | 'in-review' | null
  /** Mercado Pago's reason for the attempt that it rejected. */
  rejection: string | null
  /** The hold ran out or was given up: its slot is free again. */
  released: boolean
  /** It was given up by the buyer: a payment that is approved all the same goes back. */
  givenUp: boolean
  /** There was a class for this money once: it goes back because the class was cancelled, not because it came too late. */
  wasConfirmed: boolean
}

const CLASSES_HREF = '/inicio/mis-clases-virtuales'

export function CallbackPage({ chrome, ...view }: CallbackView & { chrome: Chrome }) {
  const { CHECKOUT } = useSharedText()
  const t = useText({ es, en }).RETURN
  const titles = { approved: CHECKOUT.approved, rejected: CHECKOUT.failed, refunded: t.titles.refunded }
  return (
    <Document chrome={chrome} title={view.state === 'pending' || view.state === 'unknown' ? CHECKOUT.pending : titles[view.state]}>
      <section class="outcome" {...followed(view)}>
        <Outcome view={view} now={chrome.now} />
      </section>
    </Document>
  )
}

/** What the browser keeps asking about while the outcome can still change: until the answer is of another revision. */
function followed(view: CallbackView): { 'data-payment'?: string; 'data-revision'?: string } {
  const isOpen = view.state === 'pending' || view.state === 'rejected' || view.preparing
  if (view.preferenceId === null || view.revision === null || !isOpen) return {}
  return { 'data-payment': view.preferenceId, 'data-revision': view.revision }
}

function Outcome({ view, now }: { view: CallbackView; now: Date }) {
  switch (view.state) {
    case 'approved':
      return <Approved view={view} />
    case 'rejected':
      return <Rejected view={view} now={now} />
    case 'refunded':
      return <Refunded view={view} />
    case 'pending':
    case 'unknown':
      return <Pending view={view} now={now} />
  }
}

function Refunded({ view }: { view: CallbackView }) {
  const { CHECKOUT } = useSharedText()
  const { refunded, failed } = useText({ es, en }).RETURN
  const lead = view.wasConfirmed ? refunded.cancelled : CHECKOUT.refundedLate
  return (
    <Headline icon="refresh" tone="wait" title={refunded.headline} lead={lead}>
      <p class="soft">{refunded.when}</p>
      <References view={view} />
      <a class="btn btn-primary" href="/inicio/reservas">
        {failed.other}
      </a>
    </Headline>
  )
}

function Approved({ view }: { view: CallbackView }) {
  const { CHECKOUT, MY_CLASSES } = useSharedText()
  const t = useText({ es, en }).RETURN.approved
  const lead = view.preparing ? MY_CLASSES.preparing : view.classTimes ? t.confirmed : t.noClass
  return (
    <Headline icon="check-circle" tone="good" title={CHECKOUT.approved} lead={lead}>
      {view.classTimes ? <PaidClass start={view.classTimes.start} end={view.classTimes.end} /> : null}
      {view.paid ? (
        <p>
          {t.paid} <b class="tabular">{formatMoney(view.paid.amount)}</b>. <a href={view.paid.receiptHref}>{t.receipt}</a>
        </p>
      ) : null}
      <References view={view} />
      <div data-redirect={CLASSES_HREF} data-seconds="5">
        <p role="timer" class="soft" data-redirect-text hidden>
          {CHECKOUT.redirect(5)}
        </p>
        <p class="actions">
          <a class="btn btn-primary" href={CLASSES_HREF}>
            {t.go}
          </a>
          <button type="button" class="btn btn-quiet" data-redirect-stay hidden>
            {t.stay}
          </button>
        </p>
      </div>
    </Headline>
  )
}

function PaidClass({ start, end }: { start: Date; end: Date }) {
  const t = useText({ es, en }).RETURN.approved
  const { longDate, timeRange } = useDates()
  return (
    <div class="outcome-ticket">
      <Ticket startsAt={start} label={t.ticket(longDate(start))}>
        <h2 class="tabular">{timeRange(start, end)}</h2>
        <p class="soft">
          {t.hint} <LocalTime class="whitespace-nowrap" instant={start} />
        </p>
      </Ticket>
    </div>
  )
}

function Rejected({ view, now }: { view: CallbackView; now: Date }) {
  const { CHECKOUT } = useSharedText()
  const { REJECTION } = useText({ es: rejectionEs, en: rejectionEn })
  const t = useText({ es, en }).RETURN.failed
  // Whoever went back without paying did nothing wrong: the title is fixed (behaviour 4.21), its alarm is not.
  const mark = view.rejection === null ? ({ icon: 'info', tone: 'wait' } as const) : ({ icon: 'cross-circle', tone: 'bad' } as const)
  const unpaid = view.released ? t.nothingCame : t.left
  return (
    <Headline {...mark} title={CHECKOUT.failed} lead={view.rejection === null ? unpaid : REJECTION[rejectionGroup(view.rejection)]}>
      <p class="soft">{t.notCharged}</p>
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
  const { CHECKOUT } = useSharedText()
  const t = useText({ es, en }).RETURN.failed
  const { longDate, timeRange } = useDates()
  const times = view.classTimes
  return (
    <div class="outcome-part" data-live data-until={retry.until.toISOString()}>
      <p>
        {t.kept(times && `${longDate(times.start)}, ${timeRange(times.start, times.end)}`)}{' '}
        <b>
          <Countdown until={retry.until} now={now} digits over="00:00" refresh />
        </b>{' '}
        {t.minutes}
      </p>
      <p class="actions">
        <a class="btn btn-primary" href={retry.href}>
          {t.again}
        </a>
        <a class="btn btn-quiet" href="/inicio/reservas">
          {t.other}
        </a>
      </p>
      <p class="soft measure">
        {t.keptMeanwhile} {CHECKOUT.failedHint}
      </p>
      <ReleaseHold classId={retry.classId} back={`?external_reference=${encodeURIComponent(view.reference ?? '')}`} />
    </div>
  )
}

function Released() {
  const t = useText({ es, en }).RETURN.failed
  return (
    <>
      <p>{t.released}</p>
      <BackToBooking />
    </>
  )
}

function BackToBooking() {
  const { CHECKOUT } = useSharedText()
  const t = useText({ es, en }).RETURN.failed
  return (
    <>
      <p class="soft">{CHECKOUT.failedHint}</p>
      <a class="btn btn-primary" href="/inicio/reservas">
        {t.back}
      </a>
    </>
  )
}

function Pending({ view, now }: { view: CallbackView; now: Date }) {
  const { CHECKOUT, NAV, OPEN_BOOKING } = useSharedText()
  const t = useText({ es, en }).RETURN.pending
  return (
    <Headline icon="clock" tone="wait" title={CHECKOUT.pending} lead={CHECKOUT.pendingHint}>
      <PendingWords view={view} now={now} />
      <References view={view} />
      <noscript>
        <p>
          <a href={view.preferenceId === null ? '?' : `?preference_id=${encodeURIComponent(view.preferenceId)}`}>{t.reload}</a>
        </p>
      </noscript>
      <p class="actions">
        <a class="btn btn-quiet" href={CLASSES_HREF}>
          {t.classes}
        </a>
        {view.retry ? (
          <a class="btn btn-quiet" href={view.retry.href}>
            {OPEN_BOOKING.resume}
          </a>
        ) : null}
        {view.state === 'unknown' ? (
          <a class="btn btn-quiet" href="/inicio/facturacion">
            {NAV.billing}
          </a>
        ) : null}
      </p>
    </Headline>
  )
}

function PendingWords({ view, now }: { view: CallbackView; now: Date }) {
  const { OPEN_BOOKING } = useSharedText()
  const { pending: t, failed } = useText({ es, en }).RETURN
  const { slot } = useText({ es: uiEs, en: uiEn }).PARTS.hold
  const { longDate, timeRange } = useDates()
  if (view.preferenceId === null) return <p class="soft">{t.unknown}</p>
  if (view.money === 'in-review') {
    return (
      <p>
        <strong>{OPEN_BOOKING.inReview}.</strong> {t.inReview}
      </p>
    )
  }
  return (
    <>
      <p data-waiting>
        {view.money === 'in-process' ? <strong>{OPEN_BOOKING.inProcess}. </strong> : null}
        {t.live} {view.retry ? null : t.noNeed}
      </p>
      {view.money === 'in-process' && view.classTimes && view.keptUntil ? (
        <p>
          {longDate(view.classTimes.start)}, {timeRange(view.classTimes.start, view.classTimes.end)}. {slot.held(wallTime(view.keptUntil))}
        </p>
      ) : null}
      {view.released ? (
        <p>
          <strong>{t.notKept}</strong> {view.givenUp ? slot['given-up'] : slot.lapsed}
        </p>
      ) : null}
      {view.retry ? (
        <p>
          {t.canResume}{' '}
          <b>
            <Countdown until={view.retry.until} now={now} digits over="00:00" refresh />
          </b>{' '}
          {failed.minutes}
        </p>
      ) : null}
      <p class="soft" data-waited hidden>
        {t.slow}
      </p>
    </>
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
  const t = useText({ es, en }).RETURN
  if (view.paymentId === null && view.reference === null) return null
  return (
    <p class="references soft">
      {view.paymentId === null ? null : <span>{t.paymentId(view.paymentId)}</span>}
      {view.reference === null ? null : <span>{t.reference(view.reference)}</span>}
    </p>
  )
}
