import { Icon } from '../../ui/icons.tsx'
import { useText } from '../../ui/language.ts'
import * as en from './text.en.ts'
import * as es from './text.es.ts'

/** The way to everything that happened to a class, and to its receipt. */
export function ClassLink({ id }: { id: string }) {
  const { TICKET } = useText({ es, en })
  return (
    <a class="action-link" href={`/inicio/clases/${encodeURIComponent(id)}`}>
      <Icon name="right" />
      {TICKET.open}
    </a>
  )
}

/** The way to the pass of a class, which stays readable without a connection. */
export function PassLink({ id }: { id: string }) {
  const { TICKET } = useText({ es, en })
  return (
    <a class="action-link" href={`/inicio/clases/${encodeURIComponent(id)}/pase`}>
      <Icon name="ticket" />
      {TICKET.pass}
    </a>
  )
}
