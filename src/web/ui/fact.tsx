import type { Child } from 'hono/jsx'

/** One line of a `<dl>` of facts; `wide`: over all of its columns. */
export function Fact(props: { name: string; wide?: boolean; children?: Child }) {
  return (
    <div class={props.wide ? 'fact-wide' : ''}>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  )
}
