import type { Child } from 'hono/jsx'
import type { TicketContext, TicketMessage } from '../../../features/support/queries.ts'
import { formatMoney } from '../../../kernel/money.ts'
import { wallTime } from '../../../kernel/zoned-time.ts'
import { Icon, type IconName } from '../../ui/icons.tsx'
import { useDates, useSharedText, useText } from '../../ui/language.ts'
import { Status, type Tone } from '../../ui/status.tsx'
import * as en from './text.en.ts'
import * as es from './text.es.ts'
import { type TicketStatus, useTicketWords } from './words.ts'

const LOOK: Record<TicketStatus, { tone: Tone; icon: IconName }> = {
  OPEN: { tone: 'wait', icon: 'clock' },
  IN_PROGRESS: { tone: 'wait', icon: 'chat' },
  RESOLVED: { tone: 'good', icon: 'check-circle' },
  CLOSED: { tone: 'quiet', icon: 'lock' },
}

export function TicketStatusLabel({ status }: { status: TicketStatus }) {
  return <Status {...LOOK[status]} text={useTicketWords().TICKET_STATUS[status]} />
}

/** The class and the payment that a ticket is about; nothing when it is about none. `more`: what only some readers are told. */
export function ContextFacts({ context, more }: { context: TicketContext; more?: Child }) {
  const { longDate, timeRange } = useDates()
  const { CLASS_TYPE, CLASS_STATUS, CANCEL_REASON } = useSharedText()
  const { CONTEXT, PAYMENT_STATUS } = useText({ es, en })
  const { class: about, order } = context
  if (!about && !order) return null
  return (
    <dl class="ticket-context">
      {about ? (
        <div>
          <dt>{CONTEXT.class}</dt>
          <dd>
            {CONTEXT.classLine(CLASS_TYPE[about.classType], longDate(about.startsAt), timeRange(about.startsAt, about.endsAt))}
            <span class="soft">{about.cancelReason ? CANCEL_REASON[about.cancelReason] : CLASS_STATUS[about.status]}</span>
          </dd>
        </div>
      ) : null}
      {order ? (
        <div>
          <dt>{CONTEXT.payment}</dt>
          <dd>
            {formatMoney(order.amountCentavos)}
            <span class="soft">
              {PAYMENT_STATUS[order.status]}
              {order.refundedCentavos > 0 && order.status !== 'refunded'
                ? `, ${CONTEXT.refunded(formatMoney(order.refundedCentavos))}`
                : ''}
            </span>
            {order.paymentId ? <span class="soft">{CONTEXT.paymentId(order.paymentId)}</span> : null}
          </dd>
        </div>
      ) : null}
      {more}
    </dl>
  )
}

/** What was said, the oldest first, with what the ticket was opened with at the top. `sides`: how whoever reads calls each side. */
export function Conversation(props: {
  opened: { description: string; createdAt: Date }
  messages: readonly TicketMessage[]
  reader: 'USER' | 'ADMIN'
  sides: Record<TicketMessage['role'], string>
}) {
  const { date } = useDates()
  const first: TicketMessage = { role: 'USER', content: props.opened.description, createdAt: props.opened.createdAt }
  const all = [first, ...props.messages]
  return (
    <ol class="conversation">
      {all.map((message, index) => (
        <li
          class={message.role === props.reader ? 'message message-own' : 'message'}
          {...(index === all.length - 1 ? { id: 'ultimo' } : {})}
        >
          <p class="message-head">
            <strong>{props.sides[message.role]}</strong>
            <time class="soft" datetime={message.createdAt.toISOString()}>
              {date(message.createdAt)}, {wallTime(message.createdAt)}
            </time>
          </p>
          <p class="message-text">{message.content}</p>
        </li>
      ))}
    </ol>
  )
}

/** A field for up to 500 characters that keeps what was typed and says what is wrong with it. */
export function TextField(props: {
  name: string
  label: string
  hint?: string
  placeholder?: string
  value: string
  error: string | null
}) {
  const { name, error, hint } = props
  return (
    <p class="field">
      <label for={name}>{props.label}</label>
      {hint ? (
        <span class="soft field-hint" id={`${name}-hint`}>
          {hint}
        </span>
      ) : null}
      <textarea
        class="input"
        id={name}
        name={name}
        rows={5}
        maxlength={500}
        required
        {...(props.placeholder ? { placeholder: props.placeholder } : {})}
        aria-describedby={hint ? `${name}-error ${name}-hint` : `${name}-error`}
        {...(error === null ? {} : { 'aria-invalid': 'true' as const, autofocus: true })}
      >
        {props.value}
      </textarea>
      <span class="field-error" id={`${name}-error`} role="alert">
        {error === null ? null : (
          <>
            <Icon name="alert" />
            {error}
          </>
        )}
      </span>
    </p>
  )
}
