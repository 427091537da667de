import { capitalize } from '../../../kernel/dates.ts'
import { wallTime } from '../../../kernel/zoned-time.ts'
import type { Chrome } from '../../ui/chrome.ts'
import { Document } from '../../ui/document.tsx'
import { GoogleMark, Icon } from '../../ui/icons.tsx'
import { useDates, useLocale, useText } from '../../ui/language.ts'
import { initialsOf } from '../../ui/navigation.tsx'
import { type Price, PriceTable } from '../../ui/prices.tsx'
import { Questions } from '../../ui/questions.tsx'
import { LocalTime } from '../../ui/zone.tsx'
import { bookingHref, EMPTY_DRAFT } from '../booking/view.ts'
import type { Policy } from '../policy.ts'
import { JoinFragment, PayFragment, SlotsFragment } from './fragments.tsx'
import * as en from './text.en.ts'
import * as es from './text.es.ts'

/** View of `/`. */
export type LandingView = {
  /** The nearest free slots; null: the timetable cannot be read. */
  freeSlots: readonly { start: Date }[] | null
  prices: readonly Price[]
  policy: Policy
  teacher: TeacherView
}

export type TeacherView = {
  /** Null: nobody has told it yet, and the academy stands for its teacher. */
  name: string | null
  academy: string
  presentation: { es: string; en: string }
  /** Address of the photo. */
  photo: string | null
  contact: { email: string; whatsapp: string | null }
}

export function LandingPage({ chrome, ...view }: LandingView & { chrome: Chrome }) {
  const { LANDING, questions } = useText({ es, en })
  return (
    <Document chrome={chrome} title={LANDING.title} wide>
      <section class="hero">
        <div class="hero-words">
          <h1>
            {LANDING.promise} <mark>{LANDING.promiseMarked}</mark>
          </h1>
          <p class="lead soft measure">{LANDING.lead(view.policy.slotMinutes)}</p>
          <SignIn />
        </div>
        <FreeSlots slots={view.freeSlots} />
      </section>
      <HowItWorks individual={view.prices[0]?.total ?? 0} />
      <section class="landing-section prices" aria-labelledby="precios">
        <div>
          <h2 id="precios">{LANDING.prices.title}</h2>
          <p class="soft measure">{LANDING.prices.text}</p>
          <p class="measure">{LANDING.prices.policy(view.policy.refundHours)}</p>
        </div>
        <PriceTable prices={view.prices} caption={LANDING.prices.caption} />
      </section>
      <Teacher teacher={view.teacher} />
      <section class="landing-section" aria-labelledby="preguntas">
        <h2 id="preguntas">{LANDING.questions}</h2>
        <Questions of={questions(view.policy)} />
      </section>
      <section class="landing-section landing-last" aria-labelledby="empezar">
        <div>
          <h2 id="empezar">{LANDING.last.title}</h2>
          <p class="soft">{LANDING.last.text}</p>
        </div>
        <SignIn />
      </section>
    </Document>
  )
}

function SignIn() {
  const { LANDING } = useText({ es, en })
  return (
    <form method="post" action="/api/auth/login" data-once>
      <input type="hidden" name="callbackUrl" value="/inicio" />
      <button type="submit" class="btn btn-google">
        <GoogleMark />
        {LANDING.signIn}
      </button>
    </form>
  )
}

function FreeSlots({ slots }: { slots: LandingView['freeSlots'] }) {
  const { longDate } = useDates()
  const { slots: words } = useText({ es, en }).LANDING
  return (
    <div class="panel free-slots">
      <h2>{words.title}</h2>
      {slots === null || slots.length === 0 ? (
        <p class="soft free-slots-none">{slots === null ? words.unreadable : words.none}</p>
      ) : (
        <>
          <p class="soft free-slots-hint">{words.hint}</p>
          <ul>
            {slots.map((slot) => (
              <li>
                <a class="btn" href={bookingHref({ ...EMPTY_DRAFT, start: slot.start })}>
                  <span>
                    {capitalize(longDate(slot.start))}
                    <LocalTime class="local-time" instant={slot.start} />
                  </span>
                  <b class="tabular">{wallTime(slot.start)}</b>
                  <Icon name="right" />
                </a>
              </li>
            ))}
          </ul>
        </>
      )}
      <p class="soft free-slots-zone">
        {words.zone} · <a href="/inicio/reservas">{words.all}</a>
      </p>
    </div>
  )
}

function HowItWorks({ individual }: { individual: number }) {
  const { how } = useText({ es, en }).LANDING
  const drawings = [<SlotsFragment />, <PayFragment total={individual} />, <JoinFragment />]
  return (
    <section class="landing-section" aria-labelledby="como">
      <h2 id="como">{how.title}</h2>
      <ol class="steps">
        {how.steps.map((step, index) => (
          <li>
            <h3>{step.title}</h3>
            <p class="soft">{step.text}</p>
            {drawings[index]}
          </li>
        ))}
      </ol>
      <p>
        <a class="action-link" href="/guia">
          {how.guide}
          <Icon name="right" />
        </a>
      </p>
    </section>
  )
}

function Teacher({ teacher }: { teacher: TeacherView }) {
  const locale = useLocale()
  const { teacher: words } = useText({ es, en }).LANDING
  const name = teacher.name ?? teacher.academy
  return (
    <section class="landing-section teacher" aria-labelledby="profe">
      {teacher.photo ? (
        <img class="teacher-photo" src={teacher.photo} alt={words.photo(name)} width={160} height={160} loading="lazy" decoding="async" />
      ) : teacher.name === null ? null : (
        <span class="teacher-photo teacher-initials" aria-hidden="true">
          {initialsOf(name)}
        </span>
      )}
      <div>
        <h2 id="profe">{words.title}</h2>
        <p class="lead">
          <strong>{name}</strong>
        </p>
        <p class="measure">{teacher.presentation[locale]}</p>
        <p class="teacher-contact">
          <a class="action-link" href={`mailto:${teacher.contact.email}`}>
            <Icon name="mail" />
            {words.write}
          </a>
          {teacher.contact.whatsapp ? (
            <a class="action-link" href={`https://wa.me/${teacher.contact.whatsapp}`} target="_blank" rel="noopener">
              <Icon name="chat" />
              {words.whatsapp}
            </a>
          ) : null}
        </p>
      </div>
    </section>
  )
}
