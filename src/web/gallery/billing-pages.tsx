import { type Charge, hasReceipt, paidOf, returnsOf, standingOf } from '../../features/billing/rules.ts'
import { fromPesos } from '../../kernel/money.ts'
import { BillingPage } from '../pages/billing/billing.tsx'
import { ReceiptPage } from '../pages/billing/receipt.tsx'
import type { PaymentView } from '../pages/billing/view.ts'
import type { Sample } from './sample.ts'
import { at, chrome, LONG_NAME, NOW } from './samples.ts'

const ORDER_ID = '7c1f9a52-4c1e-4f0b-9d3a-2f8f3f6f5b11'
const CLASS_ID = '2f8f3f6f-4c1e-4f0b-9d3a-7c1f9a525b11'
const PRICE = fromPesos(36_000)
const ODD = fromPesos(48_000)
const PAYMENT = '104382915521'

const PRIMARY: Charge = {
  paymentId: PAYMENT,
  status: 'approved',
  amount: PRICE,
  refunded: 0,
  approvedAt: at('2026-11-17', '13:41'),
  role: 'primary',
  refund: null,
  chargeBack: null,
}
const refund = (state: 'sent' | 'approved' | 'failed') => ({
  refundId: state === 'approved' ? '90017745' : null,
  amount: PRICE,
  state,
  askedAt: at('2026-11-23', '13:30'),
  settledAt: at('2026-11-23', '13:31'),
})

function payment(
  number: number,
  more: { status?: 'pending' | 'approved' | 'refunded' | 'rejected'; charges?: Charge[]; money?: 'in-process' | 'returning' },
): PaymentView {
  const { status = 'approved', charges = [PRIMARY], money = null } = more
  const bill = {
    status,
    amount: PRICE,
    refunded: 0,
    refundedAt: null,
    expiresAt: NOW,
    money,
    cancelReason: null,
    refundOwed: false,
    charges,
  }
  const paid = paidOf({ ...bill, approvedAt: status === 'approved' || status === 'refunded' ? at('2026-11-17', '13:41') : null })
  return {
    orderId: ORDER_ID.replace('7c1f', `7c${number}f`.slice(-4)),
    number,
    standing: standingOf(bill, NOW),
    amount: paid.amount,
    type: 'grupal',
    people: 3,
    paidAt: paid.at,
    returns: returnsOf(bill),
    bookedClass: { id: CLASS_ID, startsAt: at('2026-11-26', '18:00'), endsAt: at('2026-11-26', '19:00') },
    receiptHref: hasReceipt(charges) ? `/inicio/facturacion/${ORDER_ID}` : null,
  }
}

const REFUNDED = payment(11, {
  status: 'refunded',
  charges: [{ ...PRIMARY, status: 'refunded', refunded: PRICE, refund: refund('approved') }],
})
const SURPLUS: Charge = { ...PRIMARY, paymentId: '104382915530', role: 'surplus', refund: refund('sent') }
/** Paid with another amount than the price, and given back. */
const UNMATCHED = payment(9, {
  status: 'pending',
  money: 'returning',
  charges: [{ ...PRIMARY, status: 'refunded', amount: ODD, refunded: ODD, role: null, refund: { ...refund('approved'), amount: ODD } }],
})
const PAYMENTS: readonly PaymentView[] = [
  payment(16, { status: 'pending', charges: [], money: 'in-process' }),
  payment(15, { charges: [PRIMARY, SURPLUS] }),
  payment(14, { charges: [{ ...PRIMARY, refund: refund('sent') }] }),
  payment(13, { charges: [{ ...PRIMARY, refund: refund('failed') }] }),
  { ...payment(12, { status: 'pending', charges: [] }), bookedClass: null },
  REFUNDED,
  payment(10, {
    charges: [{ ...PRIMARY, status: 'charged_back', chargeBack: { state: 'lost', amount: PRICE, decidedAt: at('2026-11-23', '09:12') } }],
  }),
  UNMATCHED,
]
const OPERATION = { paymentId: PAYMENT, amount: PRICE, at: at('2026-11-17', '13:41'), isSurplus: false }
const SELLER = {
  academy: 'HablaInglesYa',
  name: 'Academia de Ejemplo S. R. L.',
  cuit: '30-00000000-7',
  address: 'Calle Ejemplo 123, Ciudad Autónoma de Buenos Aires',
}
const operations = [OPERATION]
const recibo = chrome(`/inicio/facturacion/${ORDER_ID}`)

/** What a person paid, and the receipts. */
export const billingPages: readonly Sample[] = [
  {
    name: 'facturacion',
    page: <BillingPage chrome={chrome('/inicio/facturacion')} payments={PAYMENTS} total={46} page={2} pagesTotal={3} />,
  },
  {
    name: 'facturacion-vacia',
    page: <BillingPage chrome={chrome('/inicio/facturacion')} payments={[]} total={0} page={1} pagesTotal={1} />,
  },
  {
    name: 'comprobante',
    page: (
      <ReceiptPage
        chrome={recibo}
        payment={payment(12, {})}
        seller={SELLER}
        studentName={LONG_NAME}
        teacherName="Bianca Molina"
        operations={operations}
        backHref="/inicio/facturacion"
      />
    ),
  },
  {
    name: 'comprobante-devuelto',
    page: (
      <ReceiptPage
        chrome={recibo}
        payment={REFUNDED}
        seller={SELLER}
        studentName="Ana Ruiz"
        teacherName="Bianca Molina"
        operations={operations}
        backHref="/inicio/facturacion"
      />
    ),
  },
  {
    name: 'comprobante-repetido',
    page: (
      <ReceiptPage
        chrome={recibo}
        payment={payment(15, { charges: [PRIMARY, SURPLUS] })}
        seller={SELLER}
        studentName="Ana Ruiz"
        teacherName="Bianca Molina"
        operations={[...operations, { ...OPERATION, paymentId: SURPLUS.paymentId, isSurplus: true }]}
        backHref="/inicio/facturacion"
      />
    ),
  },
]
