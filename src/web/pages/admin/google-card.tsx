import { formatDate, wallTime } from '../../../kernel/zoned-time.ts'
import { Status } from '../../ui/status.tsx'
import type { GoogleState, GoogleSummary } from './view.ts'

/** The connection in one card, on the panel. */
export function GoogleCard({ google }: { google: GoogleSummary }) {
  return (
    <section class="panel google-card" aria-labelledby="google">
      <h2 id="google">Google Calendar</h2>
      <GoogleStatus state={google.state} />
      {google.account === null ? null : <p class="soft clip">{google.account}</p>}
      <p class="soft">
        {google.lastCheck === null
          ? 'Todavía no se revisó.'
          : `Última revisión: ${formatDate(google.lastCheck)} ${wallTime(google.lastCheck)}`}
      </p>
      <a href="/admin/google">{google.state === 'connected' ? 'Ver la conexión' : 'Conectar calendario'}</a>
    </section>
  )
}

export function GoogleStatus({ state }: { state: GoogleState }) {
  switch (state) {
    case 'connected':
      return <Status tone="good" icon="check-circle" text="Conectado" />
    case 'disconnected':
      return <Status tone="wait" icon="plug" text="Sin conectar" />
    case 'error':
      return <Status tone="bad" icon="alert" text="Con problemas" />
  }
}
