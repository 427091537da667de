import { MY_CLASSES } from '../../text.es.ts'
import { Icon } from '../../ui/icons.tsx'

/** `error`: the refusal of the last code. `enterHref`: it was accepted, this link enters the class. */
export type CodeFormView = { value: string; error: string | null; enterHref: string | null }

/** Joining with a code: a plain POST; with script it stays on the page and opens the class in a new tab. */
export function CodeForm({ value, error, enterHref }: CodeFormView) {
  return (
    <section class="panel code-form" aria-labelledby="unirme">
      <div>
        <h2 id="unirme">{MY_CLASSES.joinAsGuest}</h2>
        <label class="soft" for="codigo">
          Pedile el código de 8 caracteres a quien reservó.
        </label>
      </div>
      <form method="post" action="/inicio/mis-clases-virtuales/unirme" data-code-form>
        <div class="code-row">
          <input
            class="input code-input"
            id="codigo"
            name="code"
            value={value}
            placeholder={MY_CLASSES.codePlaceholder}
            autocomplete="off"
            autocapitalize="characters"
            spellcheck={false}
            maxlength={24}
            required
            aria-describedby="codigo-error"
            {...(error === null ? {} : { 'aria-invalid': 'true' as const })}
          />
          <button type="submit" class="btn btn-quiet" aria-label={MY_CLASSES.codeSubmit}>
            {MY_CLASSES.join}
            <Icon name="external" />
          </button>
        </div>
        <p class="field-error" id="codigo-error" role="alert" data-code-error>
          {error}
        </p>
        <p data-code-enter hidden={enterHref === null}>
          <a class="btn btn-primary" href={enterHref ?? '#'} target="_blank" rel="noopener">
            {MY_CLASSES.enterClass}
            <Icon name="external" />
          </a>
        </p>
      </form>
    </section>
  )
}
