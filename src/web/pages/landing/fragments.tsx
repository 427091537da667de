import type { Child } from 'hono/jsx'
import { type Centavos, formatMoney } from '../../../kernel/money.ts'
import { Icon } from '../../ui/icons.tsx'
import { useSharedText, useText } from '../../ui/language.ts'
import * as en from './text.en.ts'
import * as es from './text.es.ts'

/**
 * Pieces of the product, drawn with its own markup and styles instead of pictures of it: they follow theme and language, weigh nothing and
 * cannot grow old. Nothing in them can be pressed, and who listens to the page is spared them.
 */
function Fragment({ children }: { children?: Child }) {
  return (
    <div class="fragment" aria-hidden="true">
      {children}
    </div>
  )
}

/** A morning of Reservar: one slot taken, one chosen. */
export function SlotsFragment() {
  const { DRAWN } = useText({ es, en })
  return (
    <Fragment>
      <strong>{DRAWN.date}</strong>
      <div class="fragment-slots">
        {(['taken', 'free', 'chosen', 'free', 'free', 'taken'] as const).map((state, index) => (
          <span class={`fragment-slot fragment-${state}`}>{index + 15}:00</span>
        ))}
      </div>
    </Fragment>
  )
}

/** What is held, what it costs, and the one button. */
export function PayFragment({ total }: { total: Centavos }) {
  const { CHECKOUT } = useSharedText()
  const { DRAWN } = useText({ es, en })
  return (
    <Fragment>
      <span class="status status-good">
        <Icon name="clock" />
        {DRAWN.hold}
      </span>
      <span class="fragment-total">
        <span class="soft">{DRAWN.total}</span>
        <b class="tabular">{formatMoney(total)}</b>
      </span>
      <span class="btn btn-pay">{CHECKOUT.pay}</span>
    </Fragment>
  )
}

/** The next class as its ticket, open to be joined. */
export function JoinFragment() {
  const { MY_CLASSES } = useSharedText()
  const { DRAWN } = useText({ es, en })
  return (
    <div class="fragment fragment-ticket" aria-hidden="true">
      <span class="ticket-date">
        <span>{DRAWN.weekday}</span>
        <b>26</b>
        <span>{DRAWN.month}</span>
      </span>
      <span class="fragment-body">
        <strong>{DRAWN.group}</strong>
        <span>
          <span class="marked">{DRAWN.start}</span>
        </span>
        <span class="btn btn-primary">
          <Icon name="camera" />
          {MY_CLASSES.join}
        </span>
      </span>
    </div>
  )
}

/** The code as the host sees it. */
export function CodeFragment() {
  const { MY_CLASSES } = useSharedText()
  return (
    <Fragment>
      <span class="code-boxes">
        {Array.from('K7Q2MX9D', (character) => (
          <span>{character}</span>
        ))}
      </span>
      <span class="soft">{MY_CLASSES.codeHint}</span>
    </Fragment>
  )
}
