import type { Payment, World } from '../world.ts'

/** The payment with this number, given as text; nothing for text that is no number. */
export const findPayment = (world: World, id: string): Payment | undefined =>
  /^\d{1,20}$/.test(id) ? world.state.payments.get(Number(id)) : undefined
