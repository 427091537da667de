import { formatMoney } from '../../../kernel/money.ts'
import { capitalize } from '../../ui/dates.ts'
import { useDates, useLocale, useSharedText, useText } from '../../ui/language.ts'
import { peopleWords } from '../../ui/people.ts'
import { type Price, PriceTable, perPerson } from '../../ui/prices.tsx'
import * as en from './text.en.ts'
import * as es from './text.es.ts'
import { type BookingView, bookingHref } from './view.ts'

const TEXT_MAX = 100

/**
 * "Detalles de la reserva" and the bar that books. The price that matches the choice is picked by the style sheet
 * (`:has()`), so it follows the radios without script; browsers without `:has()` see the whole table.
 */
export function Details({ view }: { view: BookingView }) {
  const { draft } = view
  const { BOOKING } = useSharedText()
  const t = useText({ es, en }).DETAILS
  const { shortMoment } = useDates()
  return (
    <div class="details">
      <section class="details-fields" id="detalles" aria-labelledby="detalles-titulo">
        <h2 id="detalles-titulo">{BOOKING.details}</h2>
        <Chosen view={view} />
        <TypeField view={view} />
        <PeopleField view={view} />
        <ObjectiveField draft={draft} ideas={view.ideas ?? []} />
        <RefundRule hours={view.refundUntilHours} />
        <div class="price-fallback">
          <PriceTable prices={view.prices} caption={t.prices} />
        </div>
      </section>
      <div class="booking-bar">
        <div class="booking-total" role="status">
          <span class="booking-total-label">{t.total}</span>
          {view.prices.map((price) => (
            <PriceLine price={price} />
          ))}
          <span class="price-line price-line-ask">{t.askPeople}</span>
          <a class="booking-moment" href="#detalles" data-out="short" hidden={draft.start === null}>
            {draft.start === null ? t.seeDetails : shortMoment(draft.start)}
          </a>
        </div>
        <button type="submit" class="btn btn-primary" data-submit aria-describedby="reglas">
          {BOOKING.submit}
        </button>
        <p class="booking-missing soft" data-missing hidden />
        <p class="booking-rules soft" id="reglas">
          {t.kept(view.holdMinutes)}
        </p>
      </div>
    </div>
  )
}

/** Which of the two holds for the chosen slot is picked by the style sheet, like the price. */
function RefundRule({ hours }: { hours: number }) {
  const { MY_CLASSES } = useSharedText()
  const t = useText({ es, en }).DETAILS
  return (
    <p class="refund-rule soft">
      <span class="rule-full">{t.refund(hours)}</span>
      <strong class="rule-late">{MY_CLASSES.refund.wouldBeNone(hours)}</strong>
    </p>
  )
}

function Chosen({ view }: { view: BookingView }) {
  const { CHOICE: t, TEACHER: teacherWords } = useText({ es, en })
  const { teachers = [] } = view
  const { longDate, timeRange } = useDates()
  const slot = view.days.flatMap((day) => day.slots).find((candidate) => candidate.start.getTime() === view.draft.start?.getTime())
  const chosen = slot?.state === 'free' || slot?.state === 'unpaid' ? slot : undefined
  return (
    <dl class="chosen">
      <div>
        <dt>{t.date}</dt>
        <dd data-out="date">{chosen ? capitalize(longDate(chosen.start)) : t.choose}</dd>
      </div>
      <div>
        <dt>{t.time}</dt>
        <dd>
          <span data-out="range">{chosen ? timeRange(chosen.start, chosen.end) : t.none}</span>
          <span class="chosen-local soft" data-out="local" hidden />
        </dd>
      </div>
      {teachers.length === 0 ? null : (
        <div>
          <dt>{teacherWords.name}</dt>
          <dd>{teachers.find(({ id }) => id === view.draft.teacher)?.name ?? teacherWords.whoever}</dd>
        </div>
      )}
    </dl>
  )
}

function TypeField({ view }: { view: BookingView }) {
  const { CLASS_TYPE } = useSharedText()
  const t = useText({ es, en }).DETAILS
  return (
    <fieldset class="field">
      <legend>{t.type}</legend>
      <div class="segments">
        {(['individual', 'grupal'] as const).map((option) => (
          <label>
            <input type="radio" name="type" value={option} checked={view.draft.type === option} />
            <span>
              {CLASS_TYPE[option]}
              <small>{option === 'individual' ? t.alone : t.group}</small>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}

/** With the price of each, so that the tariff is read where it is chosen from. */
function PeopleField({ view }: { view: BookingView }) {
  const t = useText({ es, en }).DETAILS
  const locale = useLocale()
  const options = view.prices.filter((price) => price.type === 'grupal')
  return (
    <fieldset class="field people-field" {...(view.asksPeople ? { 'aria-describedby': 'personas-error' } : {})}>
      <legend>
        {t.people}
        <span class="soft">{t.peopleHint}</span>
      </legend>
      {view.asksPeople ? (
        <p class="field-error" id="personas-error">
          {t.peopleMissing}
        </p>
      ) : null}
      <div class="choices">
        {options.map((price) => (
          <label>
            <input
              type="radio"
              name="n"
              value={String(price.people)}
              checked={view.draft.type === 'grupal' && view.draft.people === price.people}
              {...(view.asksPeople ? { 'aria-invalid': 'true' as const, 'aria-describedby': 'personas-error' } : {})}
              aria-label={`${peopleWords(price.people, locale)}, ${formatMoney(price.total)}`}
            />
            <span>
              {price.people}
              <small>{formatMoney(price.total)}</small>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}

function ObjectiveField({ draft, ideas }: { draft: BookingView['draft']; ideas: readonly string[] }) {
  const { text } = draft
  const t = useText({ es, en }).DETAILS
  return (
    <div class="field">
      <label for="objetivo">
        {t.objective} <span class="soft">{t.optional}</span>
      </label>
      <textarea
        id="objetivo"
        name="text"
        rows={2}
        maxlength={TEXT_MAX}
        class="input"
        placeholder={t.objectiveExample}
        aria-describedby="objetivo-largo"
      >
        {text}
      </textarea>
      <p class="counter soft" id="objetivo-largo">
        <span data-count-of="objetivo">{Array.from(text).length}</span>/{TEXT_MAX}
      </p>
      {text === '' && ideas.length > 0 ? (
        <p class="soft" lang="es">
          <span lang={useLocale()}>{t.objectiveIdeas}</span>{' '}
          {ideas.map((idea) => (
            <>
              <a class="action-link" href={bookingHref({ ...draft, text: idea })} data-keep-draft data-objective={idea}>
                {idea}
              </a>{' '}
            </>
          ))}
        </p>
      ) : null}
    </div>
  )
}

function PriceLine({ price }: { price: Price }) {
  const t = useText({ es, en }).DETAILS
  return (
    <span class={`price-line price-line-${price.people}`}>
      <b>{formatMoney(price.total)}</b>
      {price.type === 'grupal' ? <span class="soft">{t.perPerson(formatMoney(perPerson(price)))}</span> : <span class="soft">ARS</span>}
    </span>
  )
}
