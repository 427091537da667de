import type { NamedTeacher } from '../../../features/academy/queries.ts'
import { formatDate, wallTime } from '../../../kernel/zoned-time.ts'
import type { Chrome } from '../../ui/chrome.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { Notice } from '../../ui/notice.tsx'
import { AdminDocument } from './admin-document.tsx'
import { GoogleStatus } from './google-card.tsx'
import { GoogleHealth, googlePath } from './google-health.tsx'
import { TeacherTabs } from './teacher-tabs.tsx'
import { TechnicalDetail } from './technical-detail.tsx'
import type { ConnectionHealth, GoogleSummary } from './view.ts'

/** The known troubles of the connection (behaviour 4.16). */
export type GoogleTrouble = 'refresh-token-not-found' | 'invalid-grant' | 'api-not-enabled' | 'no-meet-link' | 'wrong-time-zone'

/** View of `/admin/google`. `trouble` is the one that the last error belongs to; its cure is shown first. */
export type GoogleView = GoogleSummary & {
  lastError: string | null
  trouble: GoogleTrouble | null
  calendarId: string
  /** Classes to come whose event is still in another calendar. */
  elsewhere: number
  health: ConnectionHealth | null
  /** All of them; empty while there is one only. */
  teachers: readonly NamedTeacher[]
  teacherId: string | null
  /** It is the calendar of the admin, who alone can connect it here; another teacher does so with their invitation. */
  isOwn: boolean
}

const TROUBLES: readonly { trouble: GoogleTrouble; title: string; cure: string; reconnect: boolean }[] = [
  {
    trouble: 'refresh-token-not-found',
    title: 'Refresh token not found',
    cure: 'No hay permiso guardado para usar el calendario. Conectalo de nuevo con la cuenta de admin.',
    reconnect: true,
  },
  {
    trouble: 'invalid-grant',
    title: 'Invalid grant',
    cure: 'Google retiró el permiso (venció, se cambió la contraseña o se revocó). Conectalo de nuevo.',
    reconnect: true,
  },
  {
    trouble: 'api-not-enabled',
    title: 'Calendar API not enabled',
    cure: 'Activá «Google Calendar API» en el proyecto de Google Cloud al que pertenece AUTH_GOOGLE_ID y esperá unos minutos.',
    reconnect: false,
  },
  {
    trouble: 'no-meet-link',
    title: 'Meet link not generated',
    cure: 'La cuenta tiene que poder crear reuniones de Meet. Revisá que el calendario sea de esa cuenta y reintentá la clase desde el panel.',
    reconnect: false,
  },
  {
    trouble: 'wrong-time-zone',
    title: 'Events showing in wrong time zone',
    cure: 'Los eventos llevan siempre el horario de Argentina. En Google Calendar, elegí la zona «(GMT-03:00) Hora estándar de Argentina - Buenos Aires».',
    reconnect: false,
  },
]

export function GooglePage({ chrome, ...view }: GoogleView & { chrome: Chrome }) {
  const troubles = [...TROUBLES].sort((a, b) => Number(b.trouble === view.trouble) - Number(a.trouble === view.trouble))
  const chosen = view.teachers.length === 0 ? null : view.teacherId
  return (
    <AdminDocument chrome={chrome} title="Google Calendar">
      <header>
        <h1>Google Calendar</h1>
        <p class="soft measure">Desde acá se crean los eventos y los enlaces de Meet, y se sabe qué horarios están ocupados.</p>
      </header>
      <TeacherTabs path="/admin/google" teachers={view.teachers} chosen={view.teacherId ?? ''} />
      {view.lastError === null ? null : (
        <Notice kind="error">
          <p>
            <strong>Google rechazó el último pedido.</strong> {adviceFor(view)}
          </p>
          <TechnicalDetail text={view.lastError} />
        </Notice>
      )}
      <section class="panel google-state" aria-labelledby="estado">
        <h2 id="estado">Conexión</h2>
        <GoogleStatus state={view.state} />
        <dl class="facts">
          <div>
            <dt>Cuenta</dt>
            <dd>{view.account ?? 'Ninguna'}</dd>
          </div>
          <div>
            <dt>Calendario</dt>
            <dd>
              {view.calendarId === 'primary' ? (view.isOwn ? 'Tu calendario principal' : 'El principal de su cuenta') : view.calendarId}
            </dd>
          </div>
          <div>
            <dt>Última revisión</dt>
            <dd class="tabular">{view.lastCheck === null ? 'Nunca' : `${formatDate(view.lastCheck)} ${wallTime(view.lastCheck)}`}</dd>
          </div>
        </dl>
        {view.isOwn ? (
          <div class="actions">
            <form method="post" action="/api/admin/google/connect" data-once>
              <button type="submit" class={view.state === 'connected' ? 'btn btn-quiet' : 'btn btn-primary'}>
                {view.state === 'connected' ? 'Conectar de nuevo' : 'Conectar calendario'}
              </button>
            </form>
            {view.state === 'disconnected' ? null : <Disconnect />}
          </div>
        ) : (
          <p>
            Lo conecta su dueño con el enlace de su invitación.{' '}
            <a href={`/admin/profesores#profe-${view.teacherId}`}>Ver la invitación y más opciones</a>
          </p>
        )}
      </section>
      {view.state === 'disconnected' || view.elsewhere === 0 ? null : <Elsewhere classes={view.elsewhere} teacherId={chosen} />}
      {view.health === null ? null : <GoogleHealth health={view.health} now={chrome.now} teacherId={chosen} />}
      <section aria-labelledby="problemas">
        <h2 id="problemas">Problemas conocidos</h2>
        <dl class="troubles">
          {troubles.map((each) => (
            <div class={each.trouble === view.trouble ? 'trouble-now' : ''}>
              <dt>
                <code>{each.title}</code>
                {each.trouble === view.trouble ? <span class="marked">ahora</span> : null}
              </dt>
              <dd>
                {each.cure}
                {each.reconnect ? <span class="soft"> Se arregla con «Conectar».</span> : null}
              </dd>
            </div>
          ))}
        </dl>
      </section>
    </AdminDocument>
  )
}

function adviceFor({ trouble, isOwn }: Pick<GoogleView, 'trouble' | 'isOwn'>): string {
  const cure = TROUBLES.find((each) => each.trouble === trouble)
  if (!isOwn && (!cure || cure.reconnect)) return 'Pedile que lo conecte de nuevo, con el enlace de su invitación.'
  return cure?.cure ?? 'Probá con «Conectar de nuevo». Si sigue, pasale el detalle a soporte técnico.'
}

function Elsewhere({ classes, teacherId }: { classes: number; teacherId: string | null }) {
  return (
    <section class="panel stack" aria-labelledby="otro-calendario">
      <h2 id="otro-calendario">Eventos en otro calendario</h2>
      <p class="measure">
        {classes === 1
          ? 'Una clase que viene tiene su evento en el calendario que se usaba antes. Se lo sigue cuidando ahí mientras la cuenta conectada pueda usar ese calendario.'
          : `${classes} clases que vienen tienen su evento en el calendario que se usaba antes. Se los sigue cuidando ahí mientras la cuenta conectada pueda usar ese calendario.`}
      </p>
      <Confirm
        label="Pasar a este calendario"
        look="button"
        action={googlePath('/admin/google/traer', teacherId)}
        yes="Sí, pasar los eventos"
        back={googlePath('/admin/google', teacherId)}
      >
        <p>Cada clase recibe otro enlace de Meet y se avisa por mail a quienes participan.</p>
      </Confirm>
    </section>
  )
}

function Disconnect() {
  return (
    <Confirm label="Desconectar" look="button" action="/api/admin/google/disconnect" yes="Sí, desconectar">
      <p>Se borra el permiso guardado. Las clases nuevas van a quedar esperando su enlace hasta que conectes otra vez.</p>
    </Confirm>
  )
}
