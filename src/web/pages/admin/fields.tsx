/** Plain labelled fields of the teacher's forms, each with what is wrong with it beside it. */
type Common = { name: string; label: string; value: string; error?: string | null; hint?: string; prefix?: string }

export function FieldError({ id, text }: { id: string; text: string | null }) {
  return text === null ? null : (
    <p class="field-error" id={id} role="alert">
      {text}
    </p>
  )
}

/** A text of one or more lines. `prefix` tells equal fields of several forms on a page apart. */
export function Box(props: Common & { rows: number; max?: number; required?: boolean; lang?: 'en' }) {
  const { name, label, value, rows, max, required, lang, error = null, hint, prefix = '' } = props
  const id = `${prefix}${name}`
  const described = [hint === undefined ? '' : `${id}-hint`, error === null ? '' : `${id}-error`].filter(Boolean).join(' ')
  const same = {
    id,
    name,
    class: 'input',
    ...(max === undefined ? {} : { maxlength: max }),
    ...(required ? { required: true } : {}),
    ...(lang === undefined ? {} : { lang }),
    ...(described === '' ? {} : { 'aria-describedby': described }),
    ...(error === null ? {} : { 'aria-invalid': 'true' as const }),
  }
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {hint === undefined ? null : (
        <p class="soft" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {rows === 1 ? (
        <input type="text" {...same} value={value} />
      ) : (
        <textarea {...same} rows={rows}>
          {value}
        </textarea>
      )}
      <FieldError id={`${id}-error`} text={error} />
    </div>
  )
}

export function Choice(props: Common & { options: Readonly<Record<string, string>> }) {
  const { name, label, value, options, error = null, prefix = '' } = props
  const id = `${prefix}${name}`
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} name={name} {...(error === null ? {} : { 'aria-invalid': 'true', 'aria-describedby': `${id}-error` })}>
        {Object.entries(options).map(([option, text]) => (
          <option value={option} {...(option === value ? { selected: true } : {})}>
            {text}
          </option>
        ))}
      </select>
      <FieldError id={`${id}-error`} text={error} />
    </div>
  )
}
