import type { Child } from 'hono/jsx'
import { Icon, type IconName } from './icons.tsx'

/**
 * What cannot be undone takes two steps: open it, read what it does, confirm. "No, volver" loads the page again without script, and only
 * closes the panel with it. `back`: where that leads when the page's address needs its query.
 */
export function Confirm(props: {
  label: Child
  icon?: IconName
  action: string
  question: string
  yes: string
  back?: string
  fields?: Child
  children?: Child
}) {
  return (
    <details class="confirm">
      <summary class="action-link action-danger">
        <Icon name={props.icon ?? 'cross-circle'} />
        {props.label}
      </summary>
      <form method="post" action={props.action} class="confirm-panel" data-once data-online>
        <p>
          <strong>{props.question}</strong>
        </p>
        {props.children}
        {props.fields}
        <p class="actions">
          <button type="submit" class="btn btn-danger">
            {props.yes}
          </button>
          <a class="btn btn-quiet" href={props.back ?? '?'} data-close>
            No, volver
          </a>
        </p>
      </form>
    </details>
  )
}
