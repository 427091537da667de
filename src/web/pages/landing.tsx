import { formatLongDate, wallTime } from '../../kernel/zoned-time.ts'
import type { Chrome } from '../ui/chrome.ts'
import { capitalize } from '../ui/dates.ts'
import { Document } from '../ui/document.tsx'
import { GoogleMark, Icon } from '../ui/icons.tsx'
import { type Price, PriceTable } from '../ui/prices.tsx'
import { bookingHref, EMPTY_DRAFT } from './booking/view.ts'

/** View of `/`: the nearest free slots (at most three are shown) and the tariff. */
export type LandingView = { freeSlots: readonly { start: Date; end: Date }[]; prices: readonly Price[]; slotMinutes: number }

export function LandingPage({ chrome, ...view }: LandingView & { chrome: Chrome }) {
  return (
    <Document chrome={chrome} title="Clases de inglés en vivo" wide>
      <section class="hero">
        <div class="hero-words">
          <h1>
            Hablá inglés con un profe de verdad, <mark>a la hora que te queda bien</mark>
          </h1>
          <p class="lead soft measure">
            {view.slotMinutes} minutos en vivo por Google Meet, solo o con hasta cuatro personas más. Elegís, pagás con Mercado Pago y
            entrás.
          </p>
          <form method="post" action="/api/auth/login" data-once>
            <input type="hidden" name="callbackUrl" value="/inicio" />
            <button type="submit" class="btn btn-google">
              <GoogleMark />
              Ingresar con Google
            </button>
          </form>
        </div>
        <FreeSlots slots={view.freeSlots.slice(0, 3)} />
      </section>
      <section class="landing-section" aria-labelledby="como">
        <h2 id="como">Cómo funciona</h2>
        <ol class="steps">
          <Step title="Elegí tu horario">La grilla muestra lo que está libre. Contanos qué querés practicar, si ya sabés.</Step>
          <Step title="Pagá con Mercado Pago">Te guardamos el turno mientras pagás. Apenas se aprueba, la clase es tuya.</Step>
          <Step title="Entrá a la clase">Una hora antes aparece el botón para unirte. Si es grupal, invitás con un código.</Step>
        </ol>
      </section>
      <section class="landing-section prices" aria-labelledby="precios">
        <div>
          <h2 id="precios">Cuánto sale</h2>
          <p class="soft measure">
            El precio es por clase, en pesos argentinos. De a tres o más sale menos por persona, y paga uno solo por todos.
          </p>
        </div>
        <PriceTable prices={view.prices} caption="Precio total y por persona de cada clase" />
      </section>
    </Document>
  )
}

function FreeSlots({ slots }: { slots: LandingView['freeSlots'] }) {
  return (
    <div class="panel free-slots">
      <h2>Próximos turnos libres</h2>
      {slots.length === 0 ? (
        <p class="soft">Por ahora está todo reservado. Volvé a mirar mañana: cada día se abre uno nuevo.</p>
      ) : (
        <ul>
          {slots.map((slot) => (
            <li>
              <a href={bookingHref({ ...EMPTY_DRAFT, start: slot.start })}>
                <span>{capitalize(formatLongDate(slot.start))}</span>
                <b class="tabular">{wallTime(slot.start)} hs</b>
                <Icon name="right" />
              </a>
            </li>
          ))}
        </ul>
      )}
      <p class="soft free-slots-zone">
        Horario de Argentina · <a href="/inicio/reservas">Ver todos</a>
      </p>
    </div>
  )
}

function Step({ title, children }: { title: string; children?: string }) {
  return (
    <li>
      <h3>{title}</h3>
      <p class="soft">{children}</p>
    </li>
  )
}
