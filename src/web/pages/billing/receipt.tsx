import type { Return } from '../../../features/billing/rules.ts'
import { type Centavos, formatMoney } from '../../../kernel/money.ts'
import { wallTime } from '../../../kernel/zoned-time.ts'
import type { Chrome } from '../../ui/chrome.ts'
import { Document } from '../../ui/document.tsx'
import { Icon } from '../../ui/icons.tsx'
import { useDates, useSharedText, useText } from '../../ui/language.ts'
import { PrintButton } from '../../ui/print-button.tsx'
import { BillStatus } from './standing.tsx'
import * as en from './text.en.ts'
import * as es from './text.es.ts'
import type { ReceiptView } from './view.ts'

/** `/inicio/facturacion/{number or order}`: one sheet of paper about one payment. */
export function ReceiptPage({ chrome, ...view }: ReceiptView & { chrome: Chrome }) {
  const { BILLING, RECEIPT } = useText({ es, en })
  const dates = useDates()
  const { payment } = view
  const title = RECEIPT.title(payment.number)
  return (
    <Document chrome={chrome} title={title}>
      <div class="stack">
        <p class="receipt-tools">
          <a class="back-link" href={view.backHref}>
            <Icon name="left" />
            {RECEIPT.back}
          </a>
          <PrintButton label={RECEIPT.print} />
        </p>
        <article class="panel receipt">
          <header class="receipt-head">
            <p class="receipt-academy">
              <strong>{view.seller.academy}</strong>
              <span class="soft">{RECEIPT.activity}</span>
              <span class="soft">
                {view.seller.name}, <span class="whitespace-nowrap">CUIT {view.seller.cuit}</span>
              </span>
              <span class="soft">{view.seller.address}</span>
            </p>
            <div>
              <h1>{title}</h1>
              <p class="receipt-kind">
                {RECEIPT.of(BILLING.number(payment.number))} {RECEIPT.internal}
              </p>
            </div>
          </header>
          <Facts view={view} />
          <Operations view={view} />
          <footer class="soft">
            <p>{RECEIPT.issued(`${dates.date(chrome.now)}, ${wallTime(chrome.now)}`)}</p>
          </footer>
        </article>
      </div>
    </Document>
  )
}

function Facts({ view }: { view: ReceiptView }) {
  const { RECEIPT, BILLING } = useText({ es, en })
  const { CLASS_TYPE } = useSharedText()
  const dates = useDates()
  const { payment } = view
  const { bookedClass } = payment
  const classWords = bookedClass
    ? `${dates.weekday(bookedClass.startsAt)} ${dates.date(bookedClass.startsAt)}, ${dates.timeRange(bookedClass.startsAt, bookedClass.endsAt)}`
    : BILLING.fields.noClass
  const facts: [string, string | null][] = [
    [RECEIPT.fields.student, view.studentName],
    [RECEIPT.fields.teacher, view.teacherName],
    [RECEIPT.fields.bookedClass, classWords],
    [RECEIPT.fields.type, `${CLASS_TYPE[payment.type]}, ${BILLING.fields.students(payment.people)}`],
    [RECEIPT.fields.paidAt, payment.paidAt && `${dates.date(payment.paidAt)}, ${wallTime(payment.paidAt)}`],
    [RECEIPT.fields.method, BILLING.fields.methodName],
    [RECEIPT.fields.order, payment.orderId],
  ]
  return (
    <dl class="receipt-facts">
      {facts.map(([name, value]) =>
        value === null ? null : (
          <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
      <div>
        <dt>{RECEIPT.fields.status}</dt>
        <dd>
          <BillStatus standing={payment.standing} />
        </dd>
      </div>
      <div class="receipt-total">
        <dt>{RECEIPT.fields.amount}</dt>
        <dd>{formatMoney(payment.amount)} ARS</dd>
      </div>
    </dl>
  )
}

/** Every movement of money by Mercado Pago's number: what came in, what went back, what is on its way. */
function Operations({ view }: { view: ReceiptView }) {
  const { RECEIPT } = useText({ es, en })
  const { made, onTheWay, stuck } = view.payment.returns
  const [operation, date, amount] = RECEIPT.columns
  return (
    <table class="receipt-table">
      <caption>{RECEIPT.operations}</caption>
      <thead>
        <tr>
          <th scope="col">{operation}</th>
          <th scope="col">{date}</th>
          <th scope="col">{amount}</th>
        </tr>
      </thead>
      <tbody>
        {view.operations.map((paid) => (
          <Movement what={paid.isSurplus ? RECEIPT.surplus : RECEIPT.payment} {...paid} />
        ))}
        {made.map((back) => (
          <Movement what={RECEIPT.refund} {...wayBack(back)} />
        ))}
        {onTheWay.map((back) => (
          <Movement what={RECEIPT.refundOnTheWay} {...wayBack(back)} />
        ))}
        {stuck.map((back) => (
          <Movement what={RECEIPT.refundStuck} {...wayBack(back)} />
        ))}
      </tbody>
      {made.length === 0 ? null : <Net view={view} />}
    </table>
  )
}

/** What went back in all, and what is left of what was paid. */
function Net({ view }: { view: ReceiptView }) {
  const { RECEIPT } = useText({ es, en })
  const paid = sumOf(view.operations)
  const returned = sumOf(view.payment.returns.made)
  return (
    <tfoot>
      <tr>
        <th scope="row" colspan={2}>
          {RECEIPT.totalReturned}
        </th>
        <td>−{formatMoney(returned)}</td>
      </tr>
      <tr>
        <th scope="row" colspan={2}>
          {RECEIPT.net}
        </th>
        <td>{formatMoney(paid - returned)}</td>
      </tr>
    </tfoot>
  )
}

function sumOf(moves: readonly { amount: Centavos }[]): Centavos {
  return moves.reduce((sum, { amount }) => sum + amount, 0)
}

type MovementProps = { paymentId: string; at: Date; amount: Centavos; refundId?: string | null }

function wayBack({ paymentId, refundId, at, amount }: Return): MovementProps {
  return { paymentId, refundId, at, amount: -amount }
}

function Movement({ what, paymentId, refundId = null, at, amount }: MovementProps & { what: string }) {
  const { RECEIPT } = useText({ es, en })
  const dates = useDates()
  return (
    <tr>
      <th scope="row">
        {what}
        {refundId === null ? null : <span class="reason soft tabular">{refundId}</span>}
        <span class="reason soft tabular">{amount < 0 ? RECEIPT.ofPayment(paymentId) : paymentId}</span>
      </th>
      <td>
        <span class="whitespace-nowrap">{dates.date(at)},</span> {wallTime(at)}
      </td>
      <td>{amount < 0 ? `−${formatMoney(-amount)}` : formatMoney(amount)}</td>
    </tr>
  )
}
