import type { Hono } from 'hono'
import { z } from 'zod'
import { countOwnPayments, type OwnPayment, ownPayments, receiptOf } from '../../features/billing/queries.ts'
import { apart, hasReceipt, isReceipted, moneyIn, paidOf, type Return, returnsOf, standingOf } from '../../features/billing/rules.ts'
import type { AppContext, AppEnv } from '../../http/context.ts'
import { textIn } from '../../kernel/locale.ts'
import { toPesos } from '../../kernel/money.ts'
import { pageOf } from '../../kernel/paging.ts'
import { formatDate, wallDate, wallTime } from '../../kernel/zoned-time.ts'
import { BillingPage } from '../pages/billing/billing.tsx'
import { ReceiptPage } from '../pages/billing/receipt.tsx'
import * as en from '../pages/billing/text.en.ts'
import * as es from '../pages/billing/text.es.ts'
import type { PaymentView } from '../pages/billing/view.ts'
import { chromeOf, errorPage, render, type SiteOptions } from '../site.tsx'
import * as sharedEn from '../text.en.ts'
import * as sharedEs from '../text.es.ts'
import { csvFile } from './csv-file.ts'
import { viewerOf } from './guard.ts'

const PAGE_SIZE = 20
/** The file holds the newest so many: more classes than anybody takes. */
const FILE_ROWS_MAX = 5_000
const OrderId = z.uuid()
const NUMBER = /^[1-9]\d{0,5}$/

/** What a person paid, and a receipt of each payment (behaviour 4.22). */
export function mountBilling(app: Hono<AppEnv>, site: SiteOptions): void {
  app.get('/inicio/facturacion', (c) => showPayments(c, site))
  app.get('/inicio/facturacion/pagos.csv', downloadPayments)
  app.get('/inicio/facturacion/:payment', (c) => showReceipt(c, site))
}

async function showPayments(c: AppContext, site: SiteOptions): Promise<Response> {
  const { db, clock } = c.get('deps')
  const viewer = viewerOf(c)
  const total = await countOwnPayments(db.handle, viewer.id)
  const { page, pagesTotal, limit, offset } = pageOf(c.req.query('page'), total, PAGE_SIZE)
  const payments = await ownPayments(db.handle, viewer.id, { limit, offset })
  return render(
    c,
    <BillingPage
      chrome={await chromeOf(c, site)}
      payments={payments.map((payment) => paymentView(payment, clock.now()))}
      total={total}
      page={page}
      pagesTotal={pagesTotal}
    />,
  )
}

async function showReceipt(c: AppContext, site: SiteOptions): Promise<Response> {
  const asked = c.req.param('payment') ?? ''
  const order = OrderId.safeParse(asked)
  const by = order.success ? { orderId: order.data } : NUMBER.test(asked) ? { number: Number(asked) } : null
  const deps = c.get('deps')
  const viewer = viewerOf(c)
  const receipt = by ? await receiptOf(deps, viewer, by) : null
  if (!receipt) return errorPage(c, site, 404, textIn(c.get('locale'), { es, en }).RECEIPT.unknown)
  const { payment } = receipt
  const paid = payment.charges.filter(isReceipted)
  return render(
    c,
    <ReceiptPage
      chrome={await chromeOf(c, site)}
      payment={paymentView(payment, deps.clock.now())}
      seller={{ academy: deps.config.academy.name, ...deps.config.academy.legal }}
      studentName={receipt.studentName}
      teacherName={receipt.teacherName}
      operations={paid.flatMap(({ paymentId, amount, approvedAt, role }) =>
        approvedAt ? [{ paymentId, amount, at: approvedAt, isSurplus: role === 'surplus' }] : [],
      )}
      backHref="/inicio/facturacion"
    />,
  )
}

/** Every payment of one's own, for a spreadsheet. */
async function downloadPayments(c: AppContext): Promise<Response> {
  const { db, clock } = c.get('deps')
  const locale = c.get('locale')
  const { FILE, STANDING } = textIn(locale, { es, en })
  const { CLASS_TYPE } = textIn(locale, { es: sharedEs, en: sharedEn })
  const now = clock.now()
  const payments = await ownPayments(db.handle, viewerOf(c).id, { limit: FILE_ROWS_MAX, offset: 0 })
  const rows = payments.map((payment) => {
    const { own, surplus } = apart(returnsOf(payment))
    const paid = paidOf(payment)
    const startsAt = payment.bookedClass?.startsAt
    return [
      payment.number,
      formatDate(payment.createdAt),
      paid.at && formatDate(paid.at),
      startsAt ? `${formatDate(startsAt)} ${wallTime(startsAt)}` : null,
      CLASS_TYPE[payment.classType],
      payment.maxParticipants,
      toPesos(paid.amount),
      STANDING[standingOf(payment, now)].label,
      toPesos(sumOf(own.made)),
      toPesos(sumOf(own.onTheWay)),
      // Told apart by a letter: a spreadsheet would round a long number.
      moneyIn(payment.charges)
        .map(({ paymentId }) => `MP ${paymentId}`)
        .join(' '),
      payment.orderId,
      toPesos(sumOf(surplus.made)),
    ]
  })
  return csvFile(c, `${FILE.name}-${wallDate(now)}`, [FILE.columns, ...rows])
}

function sumOf(returns: readonly Return[]): number {
  return returns.reduce((sum, { amount }) => sum + amount, 0)
}

function paymentView(payment: OwnPayment, now: Date): PaymentView {
  const paid = paidOf(payment)
  return {
    orderId: payment.orderId,
    number: payment.number,
    standing: standingOf(payment, now),
    amount: paid.amount,
    type: payment.classType,
    people: payment.maxParticipants,
    paidAt: paid.at,
    returns: returnsOf(payment),
    bookedClass: payment.bookedClass,
    receiptHref: hasReceipt(payment.charges) ? `/inicio/facturacion/${payment.orderId}` : null,
  }
}
