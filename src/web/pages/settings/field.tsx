import type { Child } from 'hono/jsx'

/** A label, its control, a hint and what is wrong with it; `control` gets the attributes that tie them together. */
export function Field(props: {
  id: string
  label: string
  hint?: string
  error: string | null
  /** The first thing that is wrong: the page opens there. */
  focused?: boolean
  control: (tied: { id: string; autofocus?: true; 'aria-describedby'?: string; 'aria-invalid'?: 'true' }) => Child
}) {
  const { id, label, hint, error } = props
  const described = [hint ? `${id}-ayuda` : null, error ? `${id}-error` : null].filter(Boolean).join(' ')
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {props.control({
        id,
        ...(described === '' ? {} : { 'aria-describedby': described }),
        ...(props.focused ? { autofocus: true as const } : {}),
        ...(error ? { 'aria-invalid': 'true' as const } : {}),
      })}
      {hint ? (
        <p class="soft field-hint" id={`${id}-ayuda`}>
          {hint}
        </p>
      ) : null}
      {error ? (
        <p class="field-error" id={`${id}-error`}>
          {error}
        </p>
      ) : null}
    </div>
  )
}
