import type { Child } from 'hono/jsx'
import type { Chrome } from '../../ui/chrome.ts'
import { Document } from '../../ui/document.tsx'
import { Icon, type IconName } from '../../ui/icons.tsx'

const PLACES: readonly { href: string; label: string; icon: IconName }[] = [
  { href: '/admin', label: 'Clases', icon: 'calendar' },
  { href: '/admin/horarios', label: 'Horarios', icon: 'clock' },
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
            </a>
          ))}
        </nav>
        <div class="admin-main">{props.children}</div>
      </div>
    </Document>
  )
}
