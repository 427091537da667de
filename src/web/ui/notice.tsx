import type { Child } from 'hono/jsx'
import { Icon, type IconName } from './icons.tsx'

const ICON = { ok: 'check-circle', info: 'info', error: 'alert' } as const satisfies Record<string, IconName>

/** A message about the whole page. Errors interrupt a screen reader, the rest wait for their turn. */
export function Notice(props: { kind: 'ok' | 'info' | 'error'; children?: Child }) {
  return (
    <div class={`notice notice-${props.kind}`} role={props.kind === 'error' ? 'alert' : 'status'}>
      <Icon name={ICON[props.kind]} />
      <div>{props.children}</div>
    </div>
  )
}

/** What will be here, and the next step (a link or a button). */
export function Empty(props: { title: string; children?: Child }) {
  return (
    <div class="empty">
      <p class="empty-title">{props.title}</p>
      {props.children}
    </div>
  )
}
