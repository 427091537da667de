import type { Child } from 'hono/jsx'
import type { Chrome } from '../../ui/chrome.ts'
import { Document } from '../../ui/document.tsx'
import { Icon, type IconName } from '../../ui/icons.tsx'
import { Notice } from '../../ui/notice.tsx'

const PLACES: readonly { href: string; label: string; icon: IconName }[] = [
  { href: '/admin', label: 'Clases', icon: 'calendar' },
  { href: '/admin/horarios', label: 'Horarios', icon: 'clock' },
  { href: '/admin/profesores', label: 'Profesores', icon: 'people' },
  { href: '/admin/pagos', label: 'Pagos', icon: 'page' },
  { href: '/admin/tickets', label: 'Tickets', icon: 'chat' },
  { href: '/admin/cierres', label: 'Cierres', icon: 'check-circle' },
  { href: '/admin/google', label: 'Google', icon: 'plug' },
]

/** The teacher's area: its own navigation at the side (above on phones) and denser spacing. */
export function AdminDocument(props: { chrome: Chrome; title: string; children?: Child }) {
  return (
    <Document chrome={props.chrome} title={props.title} wide>
      <div class="admin">
        <nav class="admin-nav" aria-label="Panel de admin">
          {PLACES.map((place) => (
            <a href={place.href} {...(props.chrome.path === place.href ? { 'aria-current': 'page' as const } : {})}>
              <Icon name={place.icon} />
              {place.label}
              {place.href === '/admin/tickets' ? <Waiting tickets={props.chrome.waitingTickets ?? 0} /> : null}
            </a>
          ))}
        </nav>
        <div class="admin-main">
          {props.chrome.calendarLost && props.chrome.path !== '/admin/google' ? <CalendarLost /> : null}
          {props.children}
        </div>
      </div>
    </Document>
  )
}

/** Said on every page of the teacher's until it is done: one button. */
function CalendarLost() {
  return (
    <Notice kind="error">
      <p>
        <strong>Google dejó de aceptar la conexión con tu calendario.</strong> Las clases pagas esperan su enlace y se completan solas
        cuando lo conectes.
      </p>
      <form method="post" action="/api/admin/google/connect" data-once>
        <button type="submit" class="btn btn-primary">
          Conectar de nuevo
        </button>
      </form>
    </Notice>
  )
}

/** How many people wait for an answer; nothing when nobody does. */
function Waiting({ tickets }: { tickets: number }) {
  if (tickets === 0) return null
  return (
    <>
      <span class="count tabular" aria-hidden="true">
        {tickets > 99 ? '99+' : tickets}
      </span>
      <span class="sr-only">, {tickets === 1 ? 'uno espera respuesta' : `${tickets} esperan respuesta`}</span>
    </>
  )
}
