import { wallDate } from '../../kernel/zoned-time.ts'
import { NAV } from '../text.es.ts'
import type { Chrome, Person } from './chrome.ts'
import { spokenMoment } from './dates.ts'
import { durationWords } from './duration.ts'
import { Icon, type IconName } from './icons.tsx'

type Place = { href: string; label: string; short: string; icon: IconName; phone: boolean }

const PLACES: readonly Place[] = [
  { href: '/inicio', label: NAV.home, short: NAV.home, icon: 'home', phone: true },
  { href: '/inicio/reservas', label: NAV.book, short: NAV.book, icon: 'calendar', phone: true },
  { href: '/inicio/mis-clases-virtuales', label: NAV.classes, short: NAV.classesShort, icon: 'camera', phone: true },
  { href: '/inicio/historial', label: NAV.history, short: NAV.history, icon: 'history', phone: false },
]

/** Only for the admin, in both bars. */
const ADMIN_PLACE: Place = { href: '/admin', label: NAV.admin, short: NAV.adminShort, icon: 'shield', phone: true }

const MENU_ID = 'menu'

/** Slim bar at the top; its places are drawn from 720 px on, below that the phone bar has them. */
export function TopBar({ chrome }: { chrome: Chrome }) {
  const { person } = chrome
  return (
    <header class="topbar">
      <a class="wordmark" href={person ? '/inicio' : '/'} aria-label="HablaInglesYa, inicio">
        Habla<span>Ingles</span>Ya
      </a>
      {person ? (
        <nav class="topnav" aria-label="Principal">
          {placesOf(person).map((place) => (
            <a href={place.href} {...current(place, chrome.path)}>
              {place.label}
            </a>
          ))}
        </nav>
      ) : null}
      <div class="topbar-end">
        {chrome.nextClass ? <NextClassWords next={chrome.nextClass} now={chrome.now} /> : null}
        {person ? (
          <button type="button" class="avatar" popovertarget={MENU_ID}>
            <span class="avatar-initials">{initialsOf(person.name)}</span>
            <span class="sr-only">, menú de {person.name}</span>
          </button>
        ) : chrome.path === '/ingresar' ? null : (
          <a class="btn btn-quiet" href="/ingresar">
            Ingresar
          </a>
        )}
      </div>
    </header>
  )
}

/** Four thumb-sized places at the bottom of a phone, five for the admin. */
export function PhoneBar({ path, person }: { path: string; person: Person }) {
  return (
    <nav class={person.isAdmin ? 'bottombar bottombar-five' : 'bottombar'} aria-label="Principal">
      {placesOf(person)
        .filter((place) => place.phone)
        .map((place) => (
          <a href={place.href} {...current(place, path)}>
            <Icon name={place.icon} />
            {place.short}
          </a>
        ))}
      <button type="button" popovertarget={MENU_ID}>
        <Icon name="menu" />
        {NAV.more}
      </button>
    </nav>
  )
}

/** What does not fit in the bars: a native popover, so it opens, closes and returns the focus without script. */
export function MoreMenu({ person }: { person: Person }) {
  return (
    <nav id={MENU_ID} popover="auto" class="menu" aria-label="Menú">
      <p class="menu-person">
        <strong>{person.name}</strong>
        <span>{person.email}</span>
      </p>
      <ul>
        <li>
          <a href="/inicio/historial">
            <Icon name="history" />
            {NAV.history}
          </a>
        </li>
        {person.isAdmin ? (
          <li>
            <a href={ADMIN_PLACE.href}>
              <Icon name={ADMIN_PLACE.icon} />
              {ADMIN_PLACE.label}
            </a>
          </li>
        ) : null}
      </ul>
      <form method="post" action="/api/auth/logout" class="menu-sign-out">
        <button type="submit">
          <Icon name="door" />
          {NAV.signOut}
        </button>
      </form>
    </nav>
  )
}

/** The description of the API is for programs, so its link is on the teacher's pages only. */
export function Footer({ person }: { person: Person | null }) {
  return (
    <footer class="footer">
      <p>HablaInglesYa. Clases de inglés en vivo, de persona a persona.</p>
      <p>
        Horario de Argentina
        {person?.isAdmin ? (
          <>
            {' · '}
            <a href="/api/docs">Documentación de la API</a>
          </>
        ) : null}
      </p>
    </footer>
  )
}

function NextClassWords({ next, now }: { next: { startsAt: Date; endsAt: Date }; now: Date }) {
  const left = next.startsAt.getTime() - now.getTime()
  const soon = wallDate(next.startsAt) === wallDate(now) && left > 0 && left < 6 * 3_600_000
  return (
    <a class="next-class" href="/inicio/mis-clases-virtuales">
      {left <= 0 ? (
        'Tu clase está en curso'
      ) : soon ? (
        <span>
          Empieza en{' '}
          <span data-countdown data-until={next.startsAt.toISOString()}>
            {durationWords(left)}
          </span>
        </span>
      ) : (
        `Próxima clase: ${spokenMoment(next.startsAt, now)}`
      )}
    </a>
  )
}

/** "Ana María Ruiz" → "AR": first letters of the first and the last word. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/)
  const first = Array.from(words[0] ?? '')[0] ?? '?'
  const last = words.length > 1 ? (Array.from(words.at(-1) ?? '')[0] ?? '') : ''
  return (first + last).toLocaleUpperCase('es-AR')
}

function placesOf(person: Person): readonly Place[] {
  return person.isAdmin ? [...PLACES, ADMIN_PLACE] : PLACES
}

function current(place: Place, path: string): { 'aria-current'?: 'page' | 'true' } {
  if (path === place.href) return { 'aria-current': 'page' }
  const inside = place.href !== '/inicio' && path.startsWith(`${place.href}/`)
  return inside || (place.href === '/inicio/reservas' && path === '/inicio/pre-compra') ? { 'aria-current': 'true' } : {}
}
