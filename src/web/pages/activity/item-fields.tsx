import type { ReadingPlace } from '../../../features/activity/reading.ts'
import type { OpenItem } from '../../../features/activity/rules.ts'
import { useText } from '../../ui/language.ts'
import * as en from './text.en.ts'
import * as es from './text.es.ts'
import type { AnswerFields, Reading } from './view.ts'

const ERROR_ID = 'error-respuesta'
const PROMPT_ID = 'consigna'

/** A text that items ask about, out of the way of those that do not. */
export function ReadingText({ reading, place }: { reading: Reading | null; place: ReadingPlace }) {
  const t = useText({ es, en }).ACTIVITY
  if (reading === null) return null
  return (
    <details class="panel activity-reading" {...(place === 'open' ? { open: true } : {})}>
      <summary>{place === 'again' ? t.readAgain : t.toReading}</summary>
      <h2 lang="en">{reading.title}</h2>
      <div lang="en">
        {reading.body.split(/\n+/).map((paragraph) => (
          <p>{paragraph}</p>
        ))}
      </div>
    </details>
  )
}

/** What has to be done, and the fields to do it in. */
export function ItemFieldset({ item, answer, error }: { item: OpenItem; answer: AnswerFields; error: string | null }) {
  return (
    <fieldset>
      <legend>{item.instruction}</legend>
      <Fields item={item} answer={answer} invalid={error !== null} />
      {error === null ? null : (
        <p class="field-error" id={ERROR_ID} role="alert">
          {error}
        </p>
      )}
    </fieldset>
  )
}

type FieldsProps<Shown extends OpenItem = OpenItem> = { item: Shown; answer: AnswerFields; invalid: boolean }
type Of<Kind extends OpenItem['kind']> = Extract<OpenItem, { kind: Kind }>

function Fields({ item, answer, invalid }: FieldsProps) {
  switch (item.kind) {
    case 'choice':
      return <Choice item={item} answer={answer} invalid={invalid} />
    case 'gap':
      return <Gaps item={item} answer={answer} invalid={invalid} />
    case 'match':
      return <Pairs item={item} answer={answer} invalid={invalid} />
    case 'reorder':
      return (
        <>
          <Bank words={item.words} into="line" />
          <Line value={answer[0] ?? ''} invalid={invalid} />
        </>
      )
    case 'correct':
      return (
        <>
          <Prompt text={item.sentence} />
          <Line value={answer[0] ?? ''} invalid={invalid} />
        </>
      )
    case 'writing':
      return <Text item={item} answer={answer} invalid={invalid} />
  }
}

function Prompt({ text }: { text: string }) {
  return (
    <p class="activity-prompt" id={PROMPT_ID} lang="en">
      {text}
    </p>
  )
}

function Choice({ item, answer }: FieldsProps<Of<'choice'>>) {
  return (
    <>
      <Prompt text={item.prompt} />
      <div class="activity-options">
        {item.options.map((option, index) => (
          <label class="activity-option">
            <input type="radio" name="r" value={String(index)} {...(answer[0] === String(index) ? { checked: true } : {})} />
            <span lang="en">{option}</span>
          </label>
        ))}
      </div>
    </>
  )
}

function Gaps({ item, answer, invalid }: FieldsProps<Of<'gap'>>) {
  const t = useText({ es, en }).ACTIVITY
  return (
    <>
      <Prompt text={item.prompt} />
      {item.bank.length === 0 ? null : <Bank words={item.bank} into="gaps" />}
      {Array.from({ length: item.gaps }, (_, index) => (
        <label class="activity-field">
          <span>{item.gaps === 1 ? t.yourAnswer : t.gap(index + 1)}</span>
          <input type="text" class="input" name="r" value={answer[index] ?? ''} {...TYPED} {...described(invalid)} />
        </label>
      ))}
    </>
  )
}

function Pairs({ item, answer, invalid }: FieldsProps<Of<'match'>>) {
  const t = useText({ es, en }).ACTIVITY
  return (
    <>
      <p class="activity-prompt" id={PROMPT_ID}>
        {item.prompt}
      </p>
      {item.left.map((left, index) => (
        <label class="activity-field">
          <span lang="en">{left}</span>
          <select class="input" name="r" lang="en" {...described(invalid)}>
            <option value="" lang="es">
              {t.choose}
            </option>
            {item.right.map((right) => (
              <option value={right} {...(answer[index] === right ? { selected: true } : {})}>
                {right}
              </option>
            ))}
          </select>
        </label>
      ))}
    </>
  )
}

function Text({ item, answer, invalid }: FieldsProps<Of<'writing'>>) {
  const t = useText({ es, en }).ACTIVITY
  return (
    <>
      <Prompt text={item.prompt} />
      <p class="soft">{t.wordsWanted(item.wordsMin, item.wordsMax)}</p>
      <ul class="activity-rubric soft">
        {item.rubric.map((point) => (
          <li>{point}</li>
        ))}
      </ul>
      <label class="activity-field">
        <span>{t.yourAnswer}</span>
        <textarea class="input" name="r" rows={8} maxlength={2_000} spellcheck={false} lang="en" {...described(invalid)}>
          {answer[0] ?? ''}
        </textarea>
      </label>
    </>
  )
}

/** Words to use. The script turns them into buttons that write them; without it they are to be read. */
function Bank({ words, into }: { words: readonly string[]; into: 'line' | 'gaps' }) {
  const t = useText({ es, en }).ACTIVITY
  return (
    <ul class="activity-bank" aria-label={t.words} lang="en" data-bank={into}>
      {words.map((word) => (
        <li>{word}</li>
      ))}
    </ul>
  )
}

function Line({ value, invalid }: { value: string; invalid: boolean }) {
  const t = useText({ es, en }).ACTIVITY
  return (
    <label class="activity-field">
      <span>{t.yourAnswer}</span>
      <input type="text" class="input" name="r" value={value} {...TYPED} {...described(invalid)} />
    </label>
  )
}

/** The phone must not correct what is being tested. */
const TYPED = { maxlength: 500, autocomplete: 'off', autocapitalize: 'none', autocorrect: 'off', spellcheck: false, lang: 'en' } as const

function described(invalid: boolean) {
  return invalid ? { 'aria-invalid': 'true' as const, 'aria-describedby': ERROR_ID } : {}
}
