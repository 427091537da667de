import type { Deps } from '../../deps.ts'
import { isUuid } from '../../kernel/ids.ts'
import type { Viewer } from '../identity/store.ts'
import type { ListedTicket, TicketContext, TicketFilter, TicketMessage } from './store.ts'
import * as store from './store.ts'

export type { ListedTicket, TicketContext, TicketMessage }

export interface Conversation extends ListedTicket {
  messages: TicketMessage[]
}

/** A ticket with its conversation, for its owner and the admin; null for everybody else, as if it did not exist. */
export async function conversationFor(deps: Deps, viewer: Viewer, ticketId: string): Promise<Conversation | null> {
  if (!isUuid(ticketId)) return null
  const { handle } = deps.db
  const mine = viewer.role === 'ADMIN' ? {} : { userId: viewer.id }
  const [found] = await store.listTickets(handle, { id: ticketId, ...mine }, { limit: 1, offset: 0 })
  return found ? { ...found, messages: await store.messagesOf(handle, ticketId) } : null
}

/** One page of tickets. */
export function listTickets(deps: Deps, filter: TicketFilter, page: { limit: number; offset: number }): Promise<ListedTicket[]> {
  return store.listTickets(deps.db.handle, filter, page)
}

/** How many there are, counted no further than `rowsMax`. */
export function countTickets(deps: Deps, filter: TicketFilter, rowsMax: number): Promise<number> {
  return store.countTickets(deps.db.handle, filter, rowsMax)
}

/** What `clase` or `pago` in an address names, when it is the person's own; null when it names nothing of theirs. */
export async function ownContext(
  deps: Deps,
  userId: string,
  named: { classId: string | null; orderId: string | null },
): Promise<TicketContext | null> {
  if (named.classId && isUuid(named.classId)) return store.ownClassContext(deps.db.handle, userId, named.classId)
  if (named.orderId && isUuid(named.orderId)) return store.ownOrderContext(deps.db.handle, userId, named.orderId)
  return null
}
