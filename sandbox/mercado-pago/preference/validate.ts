import { type ApiError, preferenceError } from '../errors.ts'
import type { Settings } from '../settings.ts'
import { isObject, type Json, listOf, objectOf, parseWireDate, textOf } from '../wire.ts'
import { preferenceTotal } from './terms.ts'

const AUTO_RETURN_NEEDS_SUCCESS = 'auto_return invalid. back_url.success must be defined'

/** Checks a complete preference body in the order of the documented codes. Returns the first refusal, or null. */
export function refusePreference(body: Json, settings: Settings, now: Date): ApiError | null {
  return (
    refuseItems(body) ??
    refuseUrls(body) ??
    refuseAutoReturn(body, settings.relaxedUrls) ??
    refusePaymentMethods(body) ??
    refuseDates(body, settings.refusePastExpiration, now) ??
    refuseRest(body)
  )
}

const ITEMS_MAX = 100

function refuseItems(body: Json): ApiError | null {
  const invalid = (message: string) => preferenceError('invalid_items', message)
  const items = listOf(body['items'])
  if (items.length === 0 || items.length > ITEMS_MAX) return invalid('items needed')
  for (const entry of items) {
    if (!isObject(entry)) return invalid('items invalid')
    const { unit_price: price, quantity, currency_id: currency } = entry
    if (typeof price !== 'number' || !Number.isFinite(price) || price < 0.01) return invalid('unit_price invalid')
    if (quantity !== undefined && !(Number.isInteger(quantity) && (quantity as number) > 0)) return invalid('quantity invalid')
    if (currency !== undefined && currency !== null && currency !== 'ARS') return invalid('currency_id invalid')
    for (const field of ['id', 'title', 'description', 'category_id']) {
      if (textOf(entry[field]).length > 256) return invalid(`${field} invalid`)
    }
  }
  return null
}

function refuseUrls(body: Json): ApiError | null {
  const backUrls = body['back_urls']
  if (backUrls !== undefined && backUrls !== null) {
    if (!isObject(backUrls)) return preferenceError('invalid_back_urls', 'back_urls invalid. Wrong format')
    for (const name of ['success', 'pending', 'failure']) {
      const url = backUrls[name]
      if (url === undefined || url === null || url === '') continue
      if (!isWebUrl(url, 600)) return preferenceError('invalid_back_urls', 'back_urls invalid. Wrong format')
    }
  }
  const notificationUrl = body['notification_url']
  if (notificationUrl !== undefined && notificationUrl !== null && notificationUrl !== '' && !isWebUrl(notificationUrl, 500)) {
    return preferenceError('invalid_notification_url', 'notification_url must be a valid url')
  }
  return null
}

function isWebUrl(value: unknown, lengthMax: number): boolean {
  if (typeof value !== 'string' || value.length > lengthMax || !URL.canParse(value)) return false
  return ['http:', 'https:'].includes(new URL(value).protocol)
}

/** The strict profile refuses an `auto_return` whose success URL the buyer's browser could not reach; the answer claims it is missing. */
function refuseAutoReturn(body: Json, relaxedUrls: boolean): ApiError | null {
  const autoReturn = body['auto_return']
  if (autoReturn === undefined || autoReturn === null || autoReturn === '') return null
  if (autoReturn !== 'approved' && autoReturn !== 'all') return preferenceError('invalid_auto_return', 'auto_return invalid')
  const success = textOf(objectOf(body['back_urls'])['success'])
  if (success === '') return preferenceError('invalid_auto_return', AUTO_RETURN_NEEDS_SUCCESS)
  if (!relaxedUrls && !isPublicHttps(success)) return preferenceError('invalid_auto_return', AUTO_RETURN_NEEDS_SUCCESS)
  return null
}

function isPublicHttps(text: string): boolean {
  const { protocol, hostname } = new URL(text)
  if (protocol !== 'https:') return false
  if (hostname === 'localhost' || hostname.endsWith('.localhost')) return false
  if (hostname.startsWith('[')) return !/^\[(::1?\]|f[cd]|fe[89ab])/.test(hostname)
  return !/^(0\.|10\.|127\.|169\.254\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(hostname)
}

function refusePaymentMethods(body: Json): ApiError | null {
  const methods = objectOf(body['payment_methods'])
  const invalid = (message: string) => preferenceError('invalid_payment_methods', message)
  for (const name of ['installments', 'default_installments']) {
    const count = methods[name]
    if (count === undefined || count === null) continue
    if (!Number.isInteger(count) || (count as number) < 1 || (count as number) > 36) {
      return invalid(`${name} invalid. Should be a number between 1 and 36.`)
    }
  }
  const excluded = [...listOf(methods['excluded_payment_types']), ...listOf(methods['excluded_payment_methods'])]
  if (excluded.some((entry) => objectOf(entry)['id'] === 'account_money')) return invalid('account_money cannot be excluded')
  return null
}

function refuseDates(body: Json, refusePast: boolean, now: Date): ApiError | null {
  for (const name of ['expiration_date_from', 'expiration_date_to']) {
    if (isGiven(body[name]) && !parseWireDate(body[name])) return preferenceError(`invalid_${name}`, `${name} invalid`)
  }
  if (isGiven(body['date_of_expiration']) && !parseWireDate(body['date_of_expiration'])) {
    return preferenceError('invalid_date', 'date_of_expiration invalid')
  }
  const from = parseWireDate(body['expiration_date_from'])
  const to = parseWireDate(body['expiration_date_to'])
  if (from && to && to <= from) return preferenceError('invalid_expiration_date_to', 'expiration_date_to invalid')
  if (refusePast && to && to <= now) return preferenceError('invalid_expiration_date_to', 'expiration_date_to invalid')
  return null
}

function refuseRest(body: Json): ApiError | null {
  if (textOf(objectOf(body['payer'])['email']).length > 150) {
    return preferenceError('invalid_payer', 'payer email invalid. Max length 150.')
  }
  const fee = body['marketplace_fee']
  if (typeof fee === 'number' && fee > preferenceTotal(body)) {
    return preferenceError('invalid_marketplace_fee', 'marketplace_fee must not be greater than total amount')
  }
  if (isGiven(body['binary_mode']) && typeof body['binary_mode'] !== 'boolean') {
    return preferenceError('invalid_binary_mode', 'binary_mode must be boolean.')
  }
  if (textOf(body['external_reference']).length > 256) {
    return preferenceError('invalid_external_reference', 'external_reference invalid. Max length 256.')
  }
  return null
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null && value !== ''
