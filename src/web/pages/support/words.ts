import type { ListedTicket } from '../../../features/support/queries.ts'
import * as en from '../../../features/support/text.en.ts'
import * as es from '../../../features/support/text.es.ts'
import type { Words } from '../../../kernel/locale.ts'
import { useText } from '../../ui/language.ts'

export type TicketStatus = ListedTicket['ticket']['status']

/** What the feature calls its statuses, categories and refusals, in the language of the page. */
export function useTicketWords(): Words<typeof es> {
  return useText({ es, en })
}
