import { isObject, type Json, listOf, objectOf, parseWireDate, textOf, wireDate, wireDateOrNull } from '../wire.ts'
import type { Preference, World } from '../world.ts'
import { itemsOf } from './terms.ts'

const APPLICATION_ID = '6295877106812064'

/** Full object, as create, read and update answer it. Absent inputs are null or "", never missing. */
export function presentPreference(world: World, preference: Preference): Json {
  const { body } = preference
  const methods = objectOf(body['payment_methods'])
  return {
    additional_info: textOf(body['additional_info']),
    auto_return: textOf(body['auto_return']),
    back_urls: urls(body['back_urls']),
    binary_mode: body['binary_mode'] === true,
    client_id: APPLICATION_ID,
    collector_id: world.account.collectorId,
    coupon_code: body['coupon_code'] ?? null,
    coupon_labels: body['coupon_labels'] ?? null,
    date_created: wireDate(preference.createdAt),
    date_of_expiration: instant(body['date_of_expiration']),
    expiration_date_from: instant(body['expiration_date_from']),
    expiration_date_to: instant(body['expiration_date_to']),
    expires: body['expires'] === true,
    external_reference: textOf(body['external_reference']),
    id: preference.id,
    init_point: checkoutUrl(world, preference.id),
    internal_metadata: null,
    items: itemsOf(body).map((item) => ({
      id: item.id,
      category_id: item.categoryId,
      currency_id: 'ARS',
      description: item.description,
      picture_url: item.pictureUrl,
      title: item.title,
      quantity: item.quantity,
      unit_price: item.unitPrice,
    })),
    marketplace: textOf(body['marketplace']) || 'NONE',
    marketplace_fee: typeof body['marketplace_fee'] === 'number' ? body['marketplace_fee'] : 0,
    metadata: objectOf(body['metadata']),
    notification_url: textOf(body['notification_url']) || null,
    operation_type: textOf(body['operation_type']) || 'regular_payment',
    payer: payer(objectOf(body['payer'])),
    payment_methods: {
      default_card_id: methods['default_card_id'] ?? null,
      default_payment_method_id: methods['default_payment_method_id'] ?? null,
      excluded_payment_methods: exclusions(methods['excluded_payment_methods']),
      excluded_payment_types: exclusions(methods['excluded_payment_types']),
      installments: methods['installments'] ?? null,
      default_installments: methods['default_installments'] ?? null,
    },
    processing_modes: body['processing_modes'] ?? null,
    product_id: null,
    purpose: body['purpose'] ?? null,
    redirect_urls: urls(body['redirect_urls']),
    sandbox_init_point: checkoutUrl(world, preference.id),
    site_id: 'MLA',
    shipments: shipments(objectOf(body['shipments'])),
    statement_descriptor: body['statement_descriptor'] ?? null,
    total_amount: null,
    last_updated: wireDateOrNull(preference.updatedAt),
  }
}

/** Row of a search: a summary whose items are titles. */
export function presentPreferenceRow(world: World, preference: Preference): Json {
  const { body } = preference
  return {
    id: preference.id,
    client_id: APPLICATION_ID,
    collector_id: world.account.collectorId,
    concept_id: null,
    corporation_id: '',
    date_created: wireDate(preference.createdAt),
    expiration_date_from: instant(body['expiration_date_from']),
    expiration_date_to: instant(body['expiration_date_to']),
    expires: body['expires'] === true,
    external_reference: textOf(body['external_reference']),
    integrator_id: '',
    items: itemsOf(body).map((item) => item.title),
    last_updated: wireDateOrNull(preference.updatedAt),
    live_mode: true,
    marketplace: textOf(body['marketplace']) || 'NONE',
    operation_type: textOf(body['operation_type']) || 'regular_payment',
    payer_email: textOf(objectOf(body['payer'])['email']),
    payer_id: null,
    platform_id: '',
    processing_modes: body['processing_modes'] ?? null,
    product_id: '',
    purpose: body['purpose'] ?? '',
    site_id: 'MLA',
    sponsor_id: null,
    shipping_mode: '',
  }
}

/** Where the buyer pays: the checkout pages of this same origin. */
const checkoutUrl = (world: World, preferenceId: string): string =>
  `${world.origin}/checkout/v1/redirect?pref_id=${encodeURIComponent(preferenceId)}`

function urls(value: unknown): Json {
  const given = objectOf(value)
  return { failure: textOf(given['failure']), pending: textOf(given['pending']), success: textOf(given['success']) }
}

function instant(value: unknown): string | null {
  const parsed = parseWireDate(value)
  return parsed ? wireDate(parsed) : null
}

const exclusions = (value: unknown): Json[] => {
  const given = listOf(value).filter(isObject)
  return given.length > 0 ? given.map((entry) => ({ id: textOf(entry['id']) })) : [{ id: '' }]
}

function payer(given: Json): Json {
  const phone = objectOf(given['phone'])
  const address = objectOf(given['address'])
  const identification = objectOf(given['identification'])
  return {
    phone: { area_code: textOf(phone['area_code']), number: textOf(phone['number']) },
    address: {
      zip_code: textOf(address['zip_code']),
      street_name: textOf(address['street_name']),
      street_number: address['street_number'] ?? null,
    },
    email: textOf(given['email']),
    identification: { number: textOf(identification['number']), type: textOf(identification['type']) },
    name: textOf(given['name']),
    surname: textOf(given['surname']),
    date_created: given['date_created'] ?? null,
    last_purchase: given['last_purchase'] ?? null,
  }
}

function shipments(given: Json): Json {
  return {
    default_shipping_method: null,
    receiver_address: {
      zip_code: '',
      street_name: '',
      street_number: null,
      floor: '',
      apartment: '',
      city_name: null,
      state_name: null,
      country_name: null,
    },
    ...given,
  }
}
