import { apart, type Return } from '../../../features/billing/rules.ts'
import { formatMoney } from '../../../kernel/money.ts'
import { wallTime } from '../../../kernel/zoned-time.ts'
import type { Chrome } from '../../ui/chrome.ts'
import { Document } from '../../ui/document.tsx'
import { Fact } from '../../ui/fact.tsx'
import { Icon } from '../../ui/icons.tsx'
import { useDates, useText } from '../../ui/language.ts'
import { Empty } from '../../ui/notice.tsx'
import { Pages } from '../../ui/pages.tsx'
import { wayBackQuery } from '../../ui/way-back.ts'
import { BillStatus } from './standing.tsx'
import * as en from './text.en.ts'
import * as es from './text.es.ts'
import type { BillingView, PaymentView } from './view.ts'

/** `/inicio/facturacion`: what was paid, what went back, and what is on its way (behaviour 4.22). */
export function BillingPage({ chrome, ...view }: BillingView & { chrome: Chrome }) {
  const { BILLING } = useText({ es, en })
  return (
    <Document chrome={chrome} title={BILLING.title}>
      <div class="stack">
        <header class="page-head">
          <h1>{BILLING.title}</h1>
          <p class="soft measure">{BILLING.lead}</p>
        </header>
        {view.payments.length === 0 ? (
          <Empty title={BILLING.empty}>
            <p class="soft">{BILLING.emptyHint}</p>
            <a class="btn btn-primary" href="/inicio/reservas">
              {BILLING.book}
            </a>
          </Empty>
        ) : (
          <div>
            <p class="bill-tools">
              <strong class="tabular">{BILLING.total(view.total)}</strong>
              <a class="action-link" href="/inicio/facturacion/pagos.csv">
                {BILLING.csv}
              </a>
              <a class="action-link" href="/inicio/facturacion/pagos.csv?para=excel">
                {BILLING.csvExcel}
              </a>
            </p>
            <ul class="bills">
              {view.payments.map((payment) => (
                <Bill payment={payment} page={view.page} />
              ))}
            </ul>
            <Pages page={view.page} pagesTotal={view.pagesTotal} hrefOf={hrefOf} />
          </div>
        )}
      </div>
    </Document>
  )
}

function Bill({ payment, page }: { payment: PaymentView; page: number }) {
  const { BILLING } = useText({ es, en })
  const dates = useDates()
  const { fields } = BILLING
  const { bookedClass } = payment
  const { own, surplus } = apart(payment.returns)
  return (
    <li class="panel bill">
      <div class="bill-head">
        <h2>{BILLING.number(payment.number)}</h2>
        <BillStatus standing={payment.standing} />
      </div>
      <dl class="facts">
        <Fact name={fields.amount}>{formatMoney(payment.amount)}</Fact>
        <Fact name={fields.paidAt}>
          {payment.paidAt === null ? <span class="soft">{fields.notPaid}</span> : dates.date(payment.paidAt)}
        </Fact>
        <Fact name={fields.people}>{fields.students(payment.people)}</Fact>
        <Fact name={fields.method}>{fields.methodName}</Fact>
        <Fact name={fields.bookedClass}>
          {bookedClass === null ? (
            <span class="soft">{fields.noClass}</span>
          ) : (
            <a href={`/inicio/clases/${encodeURIComponent(bookedClass.id)}${wayBackQuery({ list: 'facturacion', page })}`}>
              <span class="whitespace-nowrap">
                {dates.date(bookedClass.startsAt)}, {wallTime(bookedClass.startsAt)}
              </span>
            </a>
          )}
        </Fact>
        <ReturnsFact name={fields.returned} returns={own.made} words={BILLING.on} />
        <ReturnsFact name={fields.onTheWay} returns={own.onTheWay} words={BILLING.since} />
        <ReturnsFact name={fields.stuck} returns={own.stuck} words={BILLING.since} />
        <ReturnsFact name={fields.surplusReturned} returns={surplus.made} words={BILLING.on} />
        <ReturnsFact name={fields.surplusOnTheWay} returns={surplus.onTheWay} words={BILLING.since} />
        <ReturnsFact name={fields.surplusStuck} returns={surplus.stuck} words={BILLING.since} />
        <Fact name={fields.order} wide>
          <span class="order-id">{payment.orderId}</span>
        </Fact>
      </dl>
      <p class="bill-actions">
        {payment.receiptHref === null ? null : (
          <a class="action-link" href={payment.receiptHref}>
            <Icon name="page" />
            <span>
              {BILLING.receipt}
              <span class="sr-only"> {BILLING.receiptOf(payment.number)}</span>
            </span>
          </a>
        )}
        <a class="action-link" href={`/inicio/cda?pago=${encodeURIComponent(payment.orderId)}`}>
          <Icon name="help" />
          <span>
            {BILLING.help}
            <span class="sr-only"> {BILLING.helpWith(payment.number)}</span>
          </span>
        </a>
      </p>
    </li>
  )
}

/** Amount and date of everything that went back, or is to. */
function ReturnsFact(props: { name: string; returns: readonly Return[]; words: (amount: string, date: string) => string }) {
  const dates = useDates()
  if (props.returns.length === 0) return null
  return (
    <Fact name={props.name} wide>
      {props.returns.map(({ amount, at }) => (
        <span class="bill-return">{props.words(formatMoney(amount), dates.date(at))}</span>
      ))}
    </Fact>
  )
}

function hrefOf(page: number): string {
  return page === 1 ? '/inicio/facturacion' : `/inicio/facturacion?page=${page}`
}
