import { MINUTE_MS } from '../../src/kernel/clock.ts'
import { instantAt } from '../../src/kernel/zoned-time.ts'
import type { Client, World } from './world.ts'

/** A slot of one hour on that ART date and time. */
export function slot(date: string, time: string): { start: string; end: string } {
  const start = instantAt(date, time)
  return { start: start.toISOString(), end: new Date(start.getTime() + 60 * MINUTE_MS).toISOString() }
}

export interface Checkout {
  classId: string
  preferenceId: string
  initPoint: string
  holdExpiresAt: string
  price: number
}

/** Holds a slot through the product's own action; throws when it is refused. */
export async function checkout(
  client: Client,
  when: { start: string; end: string },
  more: Record<string, unknown> = {},
): Promise<Checkout> {
  const answer = await client.post('/api/checkout', { ...when, ...more })
  if (answer.status !== 200) throw new Error(`Checkout answered ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as Checkout
}

/** The buyer pays at Mercado Pago with the approved test card; the class is confirmed. */
export async function payAndConfirm(world: World, preferenceId: string): Promise<void> {
  await world.control('/mercado-pago/pay', { preferenceId })
  await world.settle()
}

/** A confirmed class of that client. */
export async function confirmedClass(
  world: World,
  client: Client,
  when: { start: string; end: string },
  more: Record<string, unknown> = {},
): Promise<Checkout & { code: string }> {
  const held = await checkout(client, when, more)
  await payAndConfirm(world, held.preferenceId)
  const [row] = await world.rows<{ code: string }>('SELECT code FROM access_code WHERE class_id = $1 AND retired_at IS NULL', [
    held.classId,
  ])
  if (!row) throw new Error(`The class was not confirmed; the log says ${JSON.stringify(world.logged.slice(-5))}`)
  return { ...held, code: row.code }
}

export async function classStatus(world: World, classId: string): Promise<string> {
  const [row] = await world.rows<{ status: string }>('SELECT status FROM virtual_class WHERE id = $1', [classId])
  return row?.status ?? 'unknown'
}

export async function orderStatus(world: World, preferenceId: string): Promise<string> {
  const [row] = await world.rows<{ status: string }>('SELECT status FROM payment_order WHERE preference_id = $1', [preferenceId])
  return row?.status ?? 'unknown'
}

export async function json(answer: Response | Promise<Response>): Promise<Record<string, unknown>> {
  return (await (await answer).json()) as Record<string, unknown>
}
