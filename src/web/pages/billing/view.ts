import type { BillStanding, Returns } from '../../../features/billing/rules.ts'
import type { Centavos } from '../../../kernel/money.ts'
import type { ClassType } from '../../text.es.ts'

/** One payment of a person, as the list and the receipt show it. */
export type PaymentView = {
  orderId: string
  number: number
  standing: BillStanding
  amount: Centavos
  type: ClassType
  people: number
  /** When the money was in; null before that. */
  paidAt: Date | null
  /** What went back, and what is on its way. */
  returns: Returns
  bookedClass: { id: string; startsAt: Date; endsAt: Date } | null
  receiptHref: string | null
}

/** View of `/inicio/facturacion?page=`: one page of at most 20 payments, the newest first. Pages count from 1. */
export type BillingView = {
  payments: readonly PaymentView[]
  total: number
  page: number
  pagesTotal: number
}

/** View of `/inicio/facturacion/{number or order}`. */
export type ReceiptView = {
  payment: PaymentView
  /** Who sells: the academy, and the data of whoever stands behind it. */
  seller: { academy: string; name: string; cuit: string; address: string }
  studentName: string
  teacherName: string | null
  /** Mercado Pago's operations, the first one first. */
  operations: readonly { paymentId: string; amount: Centavos; at: Date; isSurplus: boolean }[]
  /** Where "Volver" leads. */
  backHref: string
}
