import type { TicketContext } from '../../../features/support/queries.ts'
import { TICKET_CATEGORIES, type TicketRefusal } from '../../../features/support/rules.ts'
import type { Chrome } from '../../ui/chrome.ts'
import { Document } from '../../ui/document.tsx'
import { Icon } from '../../ui/icons.tsx'
import { useText } from '../../ui/language.ts'
import { Notice } from '../../ui/notice.tsx'
import { Questions } from '../../ui/questions.tsx'
import type { Policy } from '../policy.ts'
import { ContextFacts, TextField } from './conversation.tsx'
import * as en from './text.en.ts'
import * as es from './text.es.ts'
import { useTicketWords } from './words.ts'

/** View of `/inicio/cda?clase=&pago=`. */
export type HelpView = {
  policy: Policy
  /** The number of the ticket that was just made. */
  made: string | null
  /** What was typed, and what is wrong with it. */
  form: { category: string; description: string; error: TicketRefusal | null }
  /** What the ticket is about, with the names under which the form carries it. */
  about: { classId: string | null; orderId: string | null; context: TicketContext } | null
  /** Names this sending of the form. */
  sendKey: string
}

export function HelpPage({ chrome, ...view }: HelpView & { chrome: Chrome }) {
  const { HELP, questions } = useText({ es, en })
  const { ticketMade } = useTicketWords()
  // Whoever comes from a class or a payment, or has to mend what was written, does not have to look for the form below the questions.
  const writesAlready = view.about !== null || view.form.error !== null
  return (
    <Document chrome={chrome} title={HELP.title}>
      <div class="stack">
        <header class="page-head">
          <h1>{HELP.title}</h1>
          {writesAlready ? null : <p class="soft measure">{HELP.lead}</p>}
          <p>
            <a class="action-link" href="/inicio/tickets">
              <Icon name="chat" />
              {HELP.see}
            </a>
          </p>
        </header>
        {view.made ? (
          <Notice kind="ok">
            <p>{ticketMade(view.made)}</p>
            <a href="/inicio/tickets">{HELP.seeMade}</a>
          </Notice>
        ) : null}
        {writesAlready ? <TicketForm {...view} /> : null}
        <section aria-labelledby="preguntas">
          <h2 id="preguntas">{HELP.questions}</h2>
          <Questions of={questions(view.policy)} />
          <p>
            <a class="action-link" href="/guia">
              {HELP.guide}
              <Icon name="right" />
            </a>
          </p>
        </section>
        {writesAlready ? null : <TicketForm {...view} />}
      </div>
    </Document>
  )
}

function TicketForm({ form, about, sendKey }: Pick<HelpView, 'form' | 'about' | 'sendKey'>) {
  const { HELP } = useText({ es, en })
  const { TICKET_CATEGORY, REFUSAL } = useTicketWords()
  const error = form.error === null ? null : REFUSAL[form.error]
  const isOfText = form.error === 'short-description' || form.error === 'long-text'
  return (
    <section class="panel" aria-labelledby="escribinos">
      <h2 id="escribinos">{HELP.formTitle}</h2>
      {error !== null && !isOfText ? (
        <div tabindex={-1} autofocus>
          <Notice kind="error">{error}</Notice>
        </div>
      ) : null}
      <form method="post" action="/inicio/cda" class="ticket-form" data-once data-online>
        <input type="hidden" name="key" value={sendKey} />
        {about?.classId ? <input type="hidden" name="clase" value={about.classId} /> : null}
        {about?.orderId ? <input type="hidden" name="pago" value={about.orderId} /> : null}
        {about ? (
          <div>
            <h3>{HELP.about}</h3>
            <ContextFacts context={about.context} />
          </div>
        ) : null}
        <p class="field">
          <label for="category">{HELP.category}</label>
          <select id="category" name="category">
            {TICKET_CATEGORIES.map((category) => (
              <option value={category} selected={category === form.category}>
                {TICKET_CATEGORY[category]}
              </option>
            ))}
          </select>
        </p>
        <TextField
          name="description"
          label={HELP.description}
          hint={HELP.descriptionHint}
          value={form.description}
          error={isOfText ? error : null}
        />
        <p class="trap" aria-hidden="true">
          <label for="website_url">{HELP.trap}</label>
          <input id="website_url" name="website_url" tabindex={-1} autocomplete="off" />
        </p>
        <p>
          <button type="submit" class="btn btn-primary">
            {HELP.submit}
          </button>
        </p>
      </form>
    </section>
  )
}
