import { THEMES } from '../../kernel/theme.ts'
import { wallDate } from '../../kernel/zoned-time.ts'
import type { NAV as SpanishNames } from '../text.es.ts'
import type { Chrome, Person } from './chrome.ts'
import { durationWords } from './duration.ts'
import { Icon, type IconName } from './icons.tsx'
import { keep } from './kept.ts'
import { useDates, useLocale, useSharedText, useText } from './language.ts'
import * as en from './text.en.ts'
import * as es from './text.es.ts'
import { LocalTime } from './zone.tsx'

type Name = keyof typeof SpanishNames
/** `short`: its name on the phone, where that is another one. */
type Place = { href: string; name: Name; short?: Name; icon: IconName; phone: boolean }

/** Both bars, in this order; a phone shows those with `phone`. A page that comes to be adds its line here or to `MENU`. */
const PLACES: readonly Place[] = [
  { href: '/inicio', name: 'home', icon: 'home', phone: true },
  { href: '/inicio/reservas', name: 'book', icon: 'calendar', phone: true },
  { href: '/inicio/mis-clases-virtuales', name: 'classes', short: 'classesShort', icon: 'camera', phone: true },
  { href: '/inicio/mis-actividades', name: 'activities', icon: 'pen', phone: false },
  { href: '/inicio/historial', name: 'history', icon: 'history', phone: false },
]

/** What everybody finds in the menu of the person. */
const MENU: readonly Omit<Place, 'phone'>[] = [
  { href: '/inicio/calendario', name: 'calendar', icon: 'calendar' },
  { href: '/inicio/mis-actividades', name: 'activities', icon: 'pen' },
  { href: '/inicio/progreso', name: 'progress', icon: 'flag' },
  { href: '/inicio/historial', name: 'history', icon: 'history' },
  { href: '/inicio/facturacion', name: 'billing', icon: 'page' },
  { href: '/inicio/cda', name: 'support', icon: 'help' },
  { href: '/inicio/configuracion', name: 'settings', icon: 'sliders' },
]

/** Where the public pages are, for the footer. */
const PUBLIC_PLACES = [
  { href: '/guia', name: 'guide' },
  { href: '/tos', name: 'terms' },
  { href: '/privacidad', name: 'privacy' },
  // Who buys at a distance in Argentina may change their mind, and has to find how from every page.
  { href: '/tos#arrepentimiento', name: 'withdrawal' },
] as const satisfies readonly { href: string; name: Name }[]

/** Only for the admin, in both bars. */
const ADMIN_PLACE: Place = { href: '/admin', name: 'admin', short: 'adminShort', icon: 'shield', phone: true }

/** Only for a teacher who is no admin, in both bars. */
const TEACHER_PLACE: Place = { href: '/profe', name: 'teaching', short: 'teachingShort', icon: 'people', phone: true }

const MENU_ID = 'menu'

/** Slim bar at the top; its places are drawn from 720 px on, below that the phone bar has them. */
export function TopBar({ chrome }: { chrome: Chrome }) {
  const { person } = chrome
  const { SHELL } = useText({ es, en })
  return (
    <header class="topbar">
      <a class="wordmark" href={person ? '/inicio' : '/'} aria-label={SHELL.homeLabel}>
        Habla<span>Ingles</span>Ya
      </a>
      {person ? (
        <nav class="topnav" aria-label={SHELL.places}>
          <TopPlaces person={person} path={chrome.path} />
        </nav>
      ) : null}
      <div class="topbar-end">
        {chrome.nextClass ? <NextClassWords next={chrome.nextClass} now={chrome.now} /> : null}
        {person ? (
          <button type="button" class="avatar" popovertarget={MENU_ID}>
            <span class="avatar-initials">{initialsOf(person.name)}</span>
            <span class="sr-only">{SHELL.menuOf(person.name)}</span>
          </button>
        ) : chrome.path === '/ingresar' ? null : (
          <a class="btn btn-quiet" href="/ingresar">
            {SHELL.signIn}
          </a>
        )}
      </div>
    </header>
  )
}

/** What is the same for everybody who looks from the same place: the key names what it depends on. */
const kept = keep(200)

function TopPlaces({ person, path }: { person: Person; path: string }) {
  const { NAV } = useSharedText()
  const places = placesOf(person)
  return kept(`top ${useLocale()} ${marksOf(places, path)}`, () => (
    <>
      {places.map((place) => (
        <a href={place.href} {...current(place, path)}>
          {NAV[place.name]}
        </a>
      ))}
    </>
  ))
}

/** Four thumb-sized places at the bottom of a phone, five for whoever gives classes. */
export function PhoneBar({ path, person }: { path: string; person: Person }) {
  const { NAV } = useSharedText()
  const { SHELL } = useText({ es, en })
  const places = placesOf(person).filter((place) => place.phone)
  return kept(`phone ${useLocale()} ${marksOf(places, path)}`, () => (
    <nav class={extraPlaces(person).length > 0 ? 'bottombar bottombar-five' : 'bottombar'} aria-label={SHELL.places}>
      {places.map((place) => (
        <a href={place.href} {...current(place, path)}>
          <Icon name={place.icon} />
          {NAV[place.short ?? place.name]}
        </a>
      ))}
      <button type="button" popovertarget={MENU_ID}>
        <Icon name="menu" />
        {NAV.more}
      </button>
    </nav>
  ))
}

/** What does not fit in the bars: a native popover, so it opens, closes and returns the focus without script. */
export function MoreMenu({ person, path }: { person: Person; path: string }) {
  const { SHELL } = useText({ es, en })
  return (
    <nav id={MENU_ID} popover="auto" class="menu" aria-label={SHELL.menu}>
      <p class="menu-person">
        <strong>{person.name}</strong>
        <span>{person.email}</span>
      </p>
      <MenuPlaces person={person} path={path} />
    </nav>
  )
}

function MenuPlaces({ person, path }: { person: Person; path: string }) {
  const { NAV } = useSharedText()
  const places = [...MENU, ...extraPlaces(person)]
  const here = places.find(({ href }) => href === path)?.href
  return kept(`menu ${useLocale()} ${places.length} ${places.at(-1)?.href} ${here}`, () => (
    <>
      <ul>
        {places.map((place) => (
          <li>
            <a href={place.href} {...(place.href === here ? { 'aria-current': 'page' } : {})}>
              <Icon name={place.icon} />
              {NAV[place.name]}
            </a>
          </li>
        ))}
      </ul>
      <form method="post" action="/api/auth/logout" class="menu-sign-out">
        <button type="submit">
          <Icon name="door" />
          {NAV.signOut}
        </button>
      </form>
    </>
  ))
}

/** The description of the API is for programs, so its link is on the teacher's pages only. */
export function Footer({ chrome }: { chrome: Chrome }) {
  const { NAV } = useSharedText()
  const { SHELL } = useText({ es, en })
  return (
    <footer class="footer">
      <p class="footer-slogan">
        {SHELL.slogan} {SHELL.zone}.
      </p>
      <nav class="footer-places" aria-label={SHELL.about}>
        {PUBLIC_PLACES.map(({ href, name }) => (
          <a href={href} {...(href === chrome.path ? { 'aria-current': 'page' as const } : {})}>
            {NAV[name]}
          </a>
        ))}
        {chrome.person?.isAdmin ? <a href="/api/docs">{SHELL.api}</a> : null}
      </nav>
      <Preferences chrome={chrome} />
    </footer>
  )
}

/** Language and theme, for anybody and without script: each button is a choice. */
function Preferences({ chrome }: { chrome: Chrome }) {
  return (
    <form method="post" action="/preferencias" class="preferences">
      <input type="hidden" name="volver" value={chrome.address ?? chrome.path} />
      <Choices theme={chrome.theme} />
    </form>
  )
}

function Choices({ theme: chosenTheme }: { theme: Chrome['theme'] }) {
  const locale = useLocale()
  const { SHELL } = useText({ es, en })
  const chosen = (is: boolean) => (is ? { 'aria-pressed': 'true' as const } : { 'aria-pressed': 'false' as const })
  return kept(`choices ${locale} ${chosenTheme}`, () => (
    <>
      <span role="group" aria-label={SHELL.language}>
        <button type="submit" name="idioma" value="es" lang="es" {...chosen(locale === 'es')}>
          Español
        </button>
        <button type="submit" name="idioma" value="en" lang="en" {...chosen(locale === 'en')}>
          English
        </button>
      </span>
      <span role="group" aria-label={SHELL.theme}>
        {THEMES.map((theme) => (
          <button type="submit" name="tema" value={theme} {...chosen(chosenTheme === theme)}>
            {SHELL.themes[theme]}
          </button>
        ))}
      </span>
    </>
  ))
}

function NextClassWords({ next, now }: { next: { startsAt: Date; endsAt: Date }; now: Date }) {
  const locale = useLocale()
  const { spokenMoment } = useDates()
  const { SHELL } = useText({ es, en })
  const left = next.startsAt.getTime() - now.getTime()
  const soon = wallDate(next.startsAt) === wallDate(now) && left > 0 && left < 6 * 3_600_000
  return (
    <a class="next-class" href="/inicio/mis-clases-virtuales">
      {left <= 0 ? (
        SHELL.running
      ) : soon ? (
        <span>
          {SHELL.startsIn}{' '}
          <span data-countdown data-until={next.startsAt.toISOString()}>
            {durationWords(left, locale)}
          </span>
        </span>
      ) : (
        <span>
          {SHELL.next(spokenMoment(next.startsAt, now))}
          <LocalTime class="local-time" instant={next.startsAt} />
        </span>
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
  return [...PLACES, ...extraPlaces(person)]
}

function extraPlaces(person: Person): readonly Place[] {
  if (person.isAdmin) return [ADMIN_PLACE]
  return person.teaches ? [TEACHER_PLACE] : []
}

/** Which places there are, and which of them is marked as the one where we are. */
function marksOf(places: readonly Place[], path: string): string {
  return places.map((place) => `${place.href} ${current(place, path)['aria-current'] ?? ''}`).join(' ')
}

function current(place: Place, path: string): { 'aria-current'?: 'page' | 'true' } {
  if (path === place.href) return { 'aria-current': 'page' }
  const inside = place.href !== '/inicio' && path.startsWith(`${place.href}/`)
  return inside || (place.href === '/inicio/reservas' && path === '/inicio/pre-compra') ? { 'aria-current': 'true' } : {}
}
