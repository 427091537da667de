import type { Person } from './people.ts'
import type { Rig, Slot } from './rig.ts'

export interface HeldClass {
  classId: string
  orderId: string
  preferenceId: string
  slot: Slot
  host: Person
}

export interface ConfirmedClass extends HeldClass {
  code: string
  /** The payment that paid it, at the provider. */
  paymentId: string
}

/** A class that its host holds and has not paid. */
export async function heldClass(rig: Rig, more: Record<string, unknown> = {}): Promise<HeldClass> {
  const [host] = await rig.people(1)
  const [slot] = rig.slots(1)
  if (!host || !slot) throw new Error('Nobody is there')
  const { status, body } = await rig.send(host, 'POST', '/api/checkout', { ...slot, ...more })
  if (status !== 200) throw new Error(`The hold was refused: ${status} ${JSON.stringify(body)}`)
  const classId = String(body.classId)
  const [order] = await rig.world.rows<{ id: string }>('SELECT id FROM payment_order WHERE class_id = $1', [classId])
  return { classId, orderId: order?.id ?? '', preferenceId: String(body.preferenceId), slot, host }
}

/** The buyer pays at the provider; nothing of it has reached the application yet. Returns the payment's number. */
export async function payAtProvider(rig: Rig, held: { preferenceId: string }, more: Record<string, unknown> = {}): Promise<string> {
  const { payment } = (await rig.world.control('/mercado-pago/pay', { preferenceId: held.preferenceId, ...more })) as {
    payment: { id: number }
  }
  return String(payment.id)
}

/** A class of `size` people that is paid and stands in the calendar. */
export async function confirmedClass(rig: Rig, size: 1 | 2 | 3 | 4 | 5): Promise<ConfirmedClass> {
  const held = await heldClass(rig, size === 1 ? {} : { isGroupClass: true, studentsCount: size })
  const paymentId = await payAtProvider(rig, held)
  await rig.settle()
  const [row] = await rig.world.rows<{ code: string }>('SELECT code FROM access_code WHERE class_id = $1 AND retired_at IS NULL', [
    held.classId,
  ])
  if (!row) throw new Error(`The class was not confirmed; the log ends with ${JSON.stringify(rig.world.logged.slice(-3))}`)
  return { ...held, code: row.code, paymentId }
}

/** Half an hour before that class: its doors are open. */
export function openDoors(rig: Rig, { slot }: { slot: Slot }): void {
  rig.world.clock.set(new Date(Date.parse(slot.start) - 30 * 60_000))
}
