import { wallTime } from '../../../kernel/zoned-time.ts'
import { Icon } from '../../ui/icons.tsx'
import { useDates, useSharedText, useText } from '../../ui/language.ts'
import * as en from './text.en.ts'
import * as es from './text.es.ts'

/**
 * `error`: the refusal of the last code. `enterHref`: it was accepted, this link enters the class. `startsAt`: of the class, when the code is right and
 * only too early. `refusals`: words for each refusal, where the page reads in another language than the API.
 */
export type CodeFormView = {
  value: string
  error: string | null
  enterHref: string | null
  startsAt?: Date
  refusals?: Record<string, string>
}

/** Joining with a code: a plain POST; with script it stays on the page and opens the class in a new tab. */
export function CodeForm({ value, error, enterHref, startsAt, refusals }: CodeFormView) {
  const { MY_CLASSES } = useSharedText()
  const { CODE } = useText({ es, en })
  const { longDate } = useDates()
  return (
    <section class="panel code-form" aria-labelledby="unirme">
      <div>
        <h2 id="unirme">{MY_CLASSES.joinAsGuest}</h2>
        <label class="soft" for="codigo">
          {CODE.ask}
        </label>
      </div>
      <form
        method="post"
        action="/inicio/mis-clases-virtuales/unirme"
        data-code-form
        {...(refusals === undefined ? {} : { 'data-refusals': JSON.stringify(refusals) })}
      >
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
            autofocus={error !== null || value !== ''}
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
        <p role="status" data-code-when>
          {startsAt === undefined ? null : CODE.when(longDate(startsAt), wallTime(startsAt))}
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
