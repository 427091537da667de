import type { Child } from 'hono/jsx'
import { DAY_MS } from '../../../kernel/clock.ts'
import { formatDate, wallTime } from '../../../kernel/zoned-time.ts'
import { Status } from '../../ui/status.tsx'
import { TechnicalDetail } from './technical-detail.tsx'
import type { ConnectionHealth } from './view.ts'

/** Google's own limits: calls a minute for one person, and what a day may cost nothing (google.md 2.10). */
const CALLS_A_MINUTE = 600
const CALLS_A_DAY = 1_000_000
const number = new Intl.NumberFormat('es-AR')

/** How the connection fares: what was read and tried when, how much of Google's limits it takes, and when it ends by itself. */
export function GoogleHealth({ health, now, teacherId }: { health: ConnectionHealth; now: Date; teacherId: string | null }) {
  const { usage } = health
  return (
    <section class="panel stack" aria-labelledby="salud">
      <h2 id="salud">Salud</h2>
      <Publishing health={health} now={now} />
      <dl class="facts">
        <Fact name="Conectado">{health.kind === 'service_account' ? 'Con una cuenta de servicio' : moment(health.connectedAt)}</Fact>
        <Fact name="Última respuesta de Google">{moment(health.lastOkAt)}</Fact>
        <Fact name="Último error">{moment(health.lastErrorAt)}</Fact>
        <Fact name="Última sincronización">{moment(health.mirror.readAt)}</Fact>
        <Fact name="Última lectura completa">{moment(health.mirror.fullAt)}</Fact>
        <Fact name="Avisos de cambios">
          {health.mirror.channelExpiresAt === null
            ? 'Sin canal: se pregunta cada pocos minutos'
            : `Hasta ${moment(health.mirror.channelExpiresAt)}`}
        </Fact>
        <Fact name="Última consulta antes de reservar">{moment(health.busyReadAt)}</Fact>
        <Fact name="Prueba diaria">
          <Trial health={health} />
        </Fact>
        <Fact name="Pedidos a Google">
          {number.format(usage.lastHour)} en la última hora, {number.format(usage.lastDay)} en un día (límites: {CALLS_A_MINUTE} por minuto,{' '}
          {number.format(CALLS_A_DAY)} por día)
        </Fact>
        <Fact name="Rechazados en un día">
          {number.format(usage.limitedLastDay)} por límite de uso, {number.format(usage.failedLastDay)} por otras fallas
        </Fact>
        <Fact name="Asistencia">
          {health.readsAttendance ? 'Google Meet informa quién estuvo' : 'Se marca a mano: esta cuenta no la informa'}
        </Fact>
      </dl>
      {health.mirror.lastError === null ? null : (
        <div>
          <p>
            {health.mirror.pausedUntil === null
              ? 'La última sincronización falló. Se vuelve a intentar sola.'
              : `En pausa hasta ${moment(health.mirror.pausedUntil)}: Google limitó los pedidos. Se vuelve a intentar sola.`}
          </p>
          <TechnicalDetail text={health.mirror.lastError} />
        </div>
      )}
      {health.mirror.unreadable === 0 ? null : (
        <p>
          {health.mirror.unreadable === 1
            ? 'Google no dejó leer el evento de una clase.'
            : `Google no dejó leer los eventos de ${number.format(health.mirror.unreadable)} clases.`}{' '}
          Se vuelve a intentar solo.
        </p>
      )}
      <form method="post" action={googlePath('/admin/google/probar', teacherId)} data-once>
        <button type="submit" class="btn btn-quiet">
          Probar ahora
        </button>
      </form>
    </section>
  )
}

function Trial({ health: { triedAt, trialError } }: { health: ConnectionHealth }) {
  if (triedAt === null) return <>Todavía no se hizo</>
  if (trialError !== null) return <Status tone="bad" icon="alert" text={`Falló: ${moment(triedAt)}`} />
  return <Status tone="good" icon="check-circle" text={`Bien: ${moment(triedAt)}`} />
}

/** An application in testing loses every grant after seven days: said before it happens, and what to do about it. */
function Publishing({ health: { kind, grantExpiresAt }, now }: { health: ConnectionHealth; now: Date }) {
  if (kind === 'service_account') return null
  if (grantExpiresAt === null) {
    return (
      <p class="soft">
        Si la pantalla de consentimiento de tu proyecto de Google está en «Testing», Google retira el permiso a los 7 días. Publicala en «In
        production».
      </p>
    )
  }
  const isSoon = grantExpiresAt.getTime() - now.getTime() < 2 * DAY_MS
  return (
    <div class="stack">
      <Status tone={isSoon ? 'bad' : 'wait'} icon="alert" text={`Google retira este permiso el ${moment(grantExpiresAt)}`} />
      <p>
        Tu proyecto de Google está en «Testing», y ahí los permisos duran 7 días. En Google Cloud, en «Google Auth Platform», publicá la
        aplicación en «In production» y conectá el calendario de nuevo.
      </p>
    </div>
  )
}

/** `teacherId` null: the only one's. */
export function googlePath(path: string, teacherId: string | null): string {
  return teacherId === null ? path : `${path}?profe=${encodeURIComponent(teacherId)}`
}

function moment(at: Date | null): string {
  return at === null ? 'Nunca' : `${formatDate(at)} ${wallTime(at)}`
}

function Fact({ name, children }: { name: string; children?: Child }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd class="tabular">{children}</dd>
    </div>
  )
}
