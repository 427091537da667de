import type { Child } from 'hono/jsx'
import { Icon, type IconName } from './icons.tsx'
import { useText } from './language.ts'
import * as en from './text.en.ts'
import * as es from './text.es.ts'

/**
 * What cannot be undone takes two steps: open it, read what it does, confirm. "No, volver" loads the page again without script, and only
 * closes the panel with it. `look`: whether it opens from a link of a menu or from a button of its own. `back`: where "No, volver" leads when
 * the page's address needs its query.
 */
export function Confirm(props: {
  label: Child
  icon?: IconName
  look?: 'link' | 'button'
  action: string
  /** The first line of the panel; a panel whose text says it all needs none. */
  question?: string
  yes: string
  back?: string
  fields?: Child
  children?: Child
}) {
  const { PARTS } = useText({ es, en })
  return (
    <details class="confirm">
      {props.look === 'button' ? (
        <summary class="btn btn-danger" data-key={props.action.replaceAll('/', ' ')}>
          {props.label}
        </summary>
      ) : (
        <summary class="action-link action-danger" data-key={props.action.replaceAll('/', ' ')}>
          <Icon name={props.icon ?? 'cross-circle'} />
          {props.label}
        </summary>
      )}
      <form method="post" action={props.action} class="confirm-panel" data-once data-online>
        {props.question === undefined ? null : (
          <p>
            <strong>{props.question}</strong>
          </p>
        )}
        {props.children}
        {props.fields}
        <p class="actions">
          <button type="submit" class="btn btn-danger">
            {props.yes}
          </button>
          <a class="btn btn-quiet" href={props.back ?? '?'} data-close>
            {PARTS.back}
          </a>
        </p>
      </form>
    </details>
  )
}
