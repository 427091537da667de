import { paymentMethod } from '../catalog.ts'
import { type Json, listOf, objectOf, parseWireDate, roundHalfUp, textOf } from '../wire.ts'
import type { Preference } from '../world.ts'

export interface Item {
  id: string
  title: string
  description: string
  pictureUrl: string
  categoryId: string
  quantity: number
  unitPrice: number
}

/** What a preference means for somebody who pays it, read from its body. */
export interface Terms {
  items: Item[]
  total: number
  title: string
  externalReference: string | null
  notificationUrl: string | null
  backUrls: { success: string; pending: string; failure: string }
  autoReturn: boolean
  binaryMode: boolean
  opensAt: Date | null
  closesAt: Date | null
  excludedTypes: string[]
  excludedMethods: string[]
  installmentsMax: number
  /** Expiry of a cash coupon. */
  couponExpiresAt: Date | null
  metadata: Json
  payerEmail: string
  statementDescriptor: string | null
}

export function termsOf({ body }: Preference): Terms {
  const backUrls = objectOf(body['back_urls'])
  const methods = objectOf(body['payment_methods'])
  const expires = body['expires'] === true
  const items = itemsOf(body)
  return {
    items,
    total: preferenceTotal(body),
    title: items[0]?.title ?? '',
    externalReference: textOf(body['external_reference']) || null,
    notificationUrl: textOf(body['notification_url']) || null,
    backUrls: { success: textOf(backUrls['success']), pending: textOf(backUrls['pending']), failure: textOf(backUrls['failure']) },
    autoReturn: textOf(body['auto_return']) !== '',
    binaryMode: body['binary_mode'] === true,
    opensAt: expires ? parseWireDate(body['expiration_date_from']) : null,
    closesAt: expires ? parseWireDate(body['expiration_date_to']) : null,
    excludedTypes: idsOf(methods['excluded_payment_types']),
    excludedMethods: idsOf(methods['excluded_payment_methods']),
    installmentsMax: typeof methods['installments'] === 'number' ? methods['installments'] : 36,
    couponExpiresAt: parseWireDate(body['date_of_expiration']),
    metadata: objectOf(body['metadata']),
    payerEmail: textOf(objectOf(body['payer'])['email']),
    statementDescriptor: textOf(body['statement_descriptor']) || null,
  }
}

export function itemsOf(body: Json): Item[] {
  return listOf(body['items']).map((entry) => {
    const item = objectOf(entry)
    return {
      id: textOf(item['id']),
      title: textOf(item['title']),
      description: textOf(item['description']),
      pictureUrl: textOf(item['picture_url']),
      categoryId: textOf(item['category_id']),
      quantity: typeof item['quantity'] === 'number' ? item['quantity'] : 1,
      unitPrice: typeof item['unit_price'] === 'number' ? item['unit_price'] : 0,
    }
  })
}

/** Each item is rounded HALF_UP to 2 decimals, then added up. */
export function preferenceTotal(body: Json): number {
  return roundHalfUp(itemsOf(body).reduce((sum, item) => sum + roundHalfUp(item.unitPrice) * item.quantity, 0))
}

export type Availability = 'open' | 'not-started' | 'expired'

/** The preference's own window; it does not concern payments already made. */
export function availability(terms: Terms, now: Date): Availability {
  if (terms.opensAt && now < terms.opensAt) return 'not-started'
  return terms.closesAt && now >= terms.closesAt ? 'expired' : 'open'
}

/** Money in the account cannot be excluded; binary mode leaves no room for cash, which settles later. */
export function isOffered(terms: Terms, methodId: string): boolean {
  const { typeId } = paymentMethod(methodId)
  if (typeId === 'account_money') return true
  if (typeId === 'ticket' && terms.binaryMode) return false
  return !terms.excludedTypes.includes(typeId) && !terms.excludedMethods.includes(methodId)
}

function idsOf(value: unknown): string[] {
  return listOf(value)
    .map((entry) => textOf(objectOf(entry)['id']))
    .filter((id) => id !== '')
}
