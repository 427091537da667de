import { paymentMethod } from '../catalog.ts'
import { termsOf } from '../preference/terms.ts'
import { type Json, roundHalfUp, snakeCaseKeys, wireDate, wireDateOrNull } from '../wire.ts'
import type { Payment, World } from '../world.ts'
import { presentRefund, refundedAmount } from './refund.ts'

const MERCADO_PAGO_FEE = 0.0761
const INTEREST_PER_INSTALLMENT = 0.035
const RELEASE_DAYS = 18

/** What the buyer pays in the end: instalments carry interest, so this exceeds `transaction_amount` for more than one. */
export function totalPaid(payment: Payment): number {
  const factor = payment.installments > 1 ? 1 + INTEREST_PER_INSTALLMENT * payment.installments : 1
  return roundHalfUp(payment.amount * factor)
}

/** `GET /v1/payments/{id}`. It carries the merchant order, the external reference and the metadata, but no preference id. */
export function presentPayment(world: World, payment: Payment): Json {
  const preference = world.state.preferences.get(payment.preferenceId)
  const terms = preference ? termsOf(preference) : null
  const { typeId } = paymentMethod(payment.methodId)
  const isCard = payment.card !== null
  return {
    id: payment.id,
    date_created: wireDate(payment.createdAt),
    date_approved: wireDateOrNull(payment.approvedAt),
    date_last_updated: wireDate(payment.updatedAt),
    date_of_expiration: typeId === 'ticket' ? wireDateOrNull(payment.expiresAt) : null,
    money_release_date: payment.approvedAt ? wireDate(new Date(new Date(payment.approvedAt).getTime() + RELEASE_DAYS * 86_400_000)) : null,
    money_release_status: payment.approvedAt ? 'pending' : null,
    operation_type: 'regular_payment',
    issuer_id: isCard ? '310' : null,
    payment_method_id: payment.methodId,
    payment_type_id: typeId,
    payment_method: { data: {}, id: payment.methodId, issuer_id: isCard ? '310' : null, type: typeId },
    status: payment.status,
    status_detail: payment.statusDetail,
    currency_id: payment.currency,
    description: terms?.title || null,
    live_mode: true,
    sponsor_id: null,
    authorization_code: isCard && payment.approvedAt ? '301299' : null,
    money_release_schema: null,
    taxes_amount: 0,
    counter_currency: null,
    brand_id: null,
    shipping_amount: 0,
    build_version: '3.130.0-rc-1',
    pos_id: null,
    store_id: null,
    integrator_id: null,
    platform_id: null,
    corporation_id: null,
    payer: payer(payment),
    collector_id: payment.collectorId,
    marketplace_owner: null,
    metadata: snakeCaseKeys(payment.metadata),
    additional_info: {
      available_balance: null,
      nsu_processadora: null,
      authentication_code: null,
      items: additionalItems(terms?.items ?? []),
    },
    order: { id: String(payment.orderId), type: 'mercadopago' },
    external_reference: payment.externalReference,
    transaction_amount: payment.amount,
    transaction_amount_refunded: refundedAmount(payment),
    coupon_amount: 0,
    differential_pricing_id: null,
    financing_group: null,
    deduction_schema: null,
    installments: payment.installments,
    transaction_details: transactionDetails(world, payment, typeId === 'ticket'),
    fee_details: feeDetails(payment),
    charges_details: [],
    captured: true,
    binary_mode: terms?.binaryMode ?? false,
    call_for_authorize_id: null,
    statement_descriptor: isCard ? (terms?.statementDescriptor ?? null) : null,
    card: card(payment),
    notification_url: terms?.notificationUrl ?? null,
    refunds: payment.refunds.map((refund) => presentRefund(payment, refund)),
    processing_mode: 'aggregator',
    merchant_account_id: null,
    merchant_number: null,
    acquirer_reconciliation: [],
    point_of_interaction: {
      business_info: { branch: 'Merchant Services', sub_unit: 'checkout_pro', unit: 'online_payments' },
      type: 'CHECKOUT',
    },
    tags: null,
  }
}

function payer(payment: Payment): Json {
  return {
    type: null,
    id: '1500000001',
    operator_id: null,
    email: payment.payerEmail,
    identification: payment.card ? { type: 'DNI', number: payment.card.dni } : { type: null, number: null },
    phone: { area_code: null, number: null, extension: null },
    first_name: null,
    last_name: null,
    entity_type: null,
  }
}

const additionalItems = (
  items: { id: string; title: string; description: string; categoryId: string; quantity: number; unitPrice: number }[],
) =>
  items.map((item) => ({
    id: item.id || null,
    title: item.title,
    description: item.description || null,
    picture_url: null,
    category_id: item.categoryId || null,
    quantity: String(item.quantity),
    unit_price: String(item.unitPrice),
  }))

function transactionDetails(world: World, payment: Payment, isTicket: boolean): Json {
  const total = totalPaid(payment)
  return {
    payment_method_reference_id: isTicket ? String(payment.id % 10_000_000_000) : null,
    net_received_amount: payment.approvedAt ? roundHalfUp(payment.amount * (1 - MERCADO_PAGO_FEE)) : 0,
    total_paid_amount: total,
    overpaid_amount: 0,
    external_resource_url: isTicket ? `${world.origin}/checkout/v1/ticket?payment_id=${payment.id}` : null,
    installment_amount: payment.card ? roundHalfUp(total / payment.installments) : 0,
    financial_institution: null,
    payable_deferral_period: null,
    acquirer_reference: null,
  }
}

function feeDetails(payment: Payment): Json[] {
  if (!payment.approvedAt) return []
  const fees: Json[] = [{ type: 'mercadopago_fee', amount: roundHalfUp(payment.amount * MERCADO_PAGO_FEE), fee_payer: 'collector' }]
  const interest = roundHalfUp(totalPaid(payment) - payment.amount)
  if (interest > 0) fees.push({ type: 'financing_fee', amount: interest, fee_payer: 'payer' })
  return fees
}

function card(payment: Payment): Json {
  if (!payment.card) return {}
  return {
    id: null,
    first_six_digits: payment.card.firstSix,
    last_four_digits: payment.card.lastFour,
    expiration_month: payment.card.month,
    expiration_year: payment.card.year,
    date_created: wireDate(payment.createdAt),
    date_last_updated: wireDate(payment.createdAt),
    cardholder: { name: payment.card.holder, identification: { number: payment.card.dni, type: 'DNI' } },
  }
}
