import { formatMoney } from '../../../kernel/money.ts'
import { formatLongDate, formatTimeRange } from '../../../kernel/zoned-time.ts'
import { BOOKING, CLASS_TYPE, MY_CLASSES } from '../../text.es.ts'
import { capitalize, shortMoment } from '../../ui/dates.ts'
import { peopleWords } from '../../ui/people.ts'
import { type Price, PriceTable, perPerson } from '../../ui/prices.tsx'
import type { BookingView } from './view.ts'

const TEXT_MAX = 100

/**
 * "Detalles de la reserva" and the bar that books. The price that matches the choice is picked by the style sheet
 * (`:has()`), so it follows the radios without script; browsers without `:has()` see the whole table.
 */
export function Details({ view }: { view: BookingView }) {
  const { draft } = view
  return (
    <div class="details">
      <section class="details-fields" id="detalles" aria-labelledby="detalles-titulo">
        <h2 id="detalles-titulo">{BOOKING.details}</h2>
        <Chosen view={view} />
        <TypeField type={draft.type} />
        <PeopleField view={view} />
        <ObjectiveField text={draft.text} />
        <RefundRule hours={view.refundUntilHours} />
        <div class="price-fallback">
          <PriceTable prices={view.prices} caption="Precio por clase" />
        </div>
      </section>
      <div class="booking-bar">
        <div class="booking-total" role="status">
          <span class="booking-total-label">Precio total</span>
          {view.prices.map((price) => (
            <PriceLine price={price} />
          ))}
          <span class="price-line price-line-ask">Elegí cuántas personas van a ser</span>
          <a class="booking-moment" href="#detalles" data-out="short" hidden={draft.start === null}>
            {draft.start === null ? 'Ver los detalles' : shortMoment(draft.start)}
          </a>
        </div>
        <button type="submit" class="btn btn-primary" data-submit aria-describedby="reglas">
          {BOOKING.submit}
        </button>
        <p class="booking-missing soft" data-missing hidden />
        <p class="booking-rules soft" id="reglas">
          Te guardamos el horario {view.holdMinutes} minutos mientras pagás.
        </p>
      </div>
    </div>
  )
}

/** Which of the two holds for the chosen slot is picked by the style sheet, like the price. */
function RefundRule({ hours }: { hours: number }) {
  return (
    <p class="refund-rule soft">
      <span class="rule-full">Cancelás con reembolso total hasta {hours} horas antes.</span>
      <strong class="rule-late">{MY_CLASSES.refund.wouldBeNone(hours)}</strong>
    </p>
  )
}

function Chosen({ view }: { view: BookingView }) {
  const slot = view.days.flatMap((day) => day.slots).find((candidate) => candidate.start.getTime() === view.draft.start?.getTime())
  const chosen = slot?.state === 'free' || slot?.state === 'unpaid' ? slot : undefined
  return (
    <dl class="chosen">
      <div>
        <dt>Fecha</dt>
        <dd data-out="date">{chosen ? capitalize(formatLongDate(chosen.start)) : 'Elegí un horario'}</dd>
      </div>
      <div>
        <dt>Horario</dt>
        <dd>
          <span data-out="range">{chosen ? formatTimeRange(chosen.start, chosen.end) : '—'}</span>
          <span class="chosen-local soft" data-out="local" hidden />
        </dd>
      </div>
    </dl>
  )
}

function TypeField({ type }: { type: 'individual' | 'grupal' }) {
  return (
    <fieldset class="field">
      <legend>Tipo de clase</legend>
      <div class="segments">
        {(['individual', 'grupal'] as const).map((option) => (
          <label>
            <input type="radio" name="type" value={option} checked={type === option} />
            <span>
              {CLASS_TYPE[option]}
              <small>{option === 'individual' ? 'solo vos' : 'de 2 a 5 personas'}</small>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}

function PeopleField({ view }: { view: BookingView }) {
  const options = view.prices.filter((price) => price.type === 'grupal')
  return (
    <fieldset class="field people-field">
      <legend>
        Cantidad de alumnos<span class="soft">, contándote a vos</span>
      </legend>
      <div class="choices">
        {options.map((price) => (
          <label>
            <input
              type="radio"
              name="n"
              value={String(price.people)}
              checked={view.draft.type === 'grupal' && view.draft.people === price.people}
              aria-label={peopleWords(price.people)}
            />
            <span>{price.people}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}

function ObjectiveField({ text }: { text: string }) {
  return (
    <div class="field">
      <label for="objetivo">
        Objetivo de la clase <span class="soft">(opcional)</span>
      </label>
      <textarea
        id="objetivo"
        name="text"
        rows={2}
        maxlength={TEXT_MAX}
        class="input"
        placeholder="Practicar una entrevista de trabajo"
        aria-describedby="objetivo-largo"
      >
        {text}
      </textarea>
      <p class="counter soft" id="objetivo-largo">
        <span data-count-of="objetivo">{Array.from(text).length}</span>/{TEXT_MAX}
      </p>
    </div>
  )
}

function PriceLine({ price }: { price: Price }) {
  return (
    <span class={`price-line price-line-${price.people}`}>
      <b>{formatMoney(price.total)}</b>
      {price.type === 'grupal' ? <span class="soft">{formatMoney(perPerson(price))} por persona</span> : <span class="soft">ARS</span>}
    </span>
  )
}
