import { Hono } from 'hono'
import { coded } from '../errors.ts'
import { presentOrder } from '../order/present.ts'
import { isVisible } from '../payment/search.ts'
import { type Json, parseWireDate } from '../wire.ts'
import type { Order, World } from '../world.ts'
import { pageOf, refuse } from './request.ts'

export function orderRoutes(world: World): Hono {
  const routes = new Hono({ strict: false })

  routes.get('/search', (c) => {
    const query = c.req.query()
    const found = [...world.state.orders.values()]
      .filter((order) => isVisible(world, order.createdAt))
      .filter((order) => matches(order, presentOrder(world, order), query))
    const { rows, total, offset } = pageOf(c, found.reverse())
    return c.json({ elements: rows.map((order) => presentOrder(world, order)), next_offset: offset + rows.length, total })
  })

  routes.get('/:id', (c) => {
    const id = c.req.param('id')
    const order = /^\d{1,20}$/.test(id) ? world.state.orders.get(Number(id)) : undefined
    return order ? c.json(presentOrder(world, order)) : refuse(c, coded(404, 2000, 'Merchant order not found', id))
  })
  return routes
}

/** The official client spells two filters `last_udpated_…`; both spellings work. */
function matches(order: Order, presented: Json, query: Record<string, string>): boolean {
  const equal = ['preference_id', 'external_reference', 'status', 'site_id', 'marketplace']
  if (equal.some((name) => query[name] !== undefined && String(presented[name] ?? '') !== query[name])) return false
  return (
    isWithin(order.createdAt, query['date_created_from'], query['date_created_to']) &&
    isWithin(
      order.updatedAt,
      query['last_udpated_from'] ?? query['last_updated_from'],
      query['last_udpated_to'] ?? query['last_updated_to'],
    )
  )
}

function isWithin(instant: string, from: string | undefined, to: string | undefined): boolean {
  const begin = parseWireDate(from?.replace(' ', '+'))
  const end = parseWireDate(to?.replace(' ', '+'))
  const at = new Date(instant)
  return (!begin || at >= begin) && (!end || at <= end)
}
