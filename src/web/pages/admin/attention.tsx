import { NOTHING_WAITS, type Waiting } from '../../../features/activity/teacher/waiting.ts'
import { formatMoney } from '../../../kernel/money.ts'
import { formatDate, wallTime } from '../../../kernel/zoned-time.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { durationWords } from '../../ui/duration.ts'
import { Icon } from '../../ui/icons.tsx'
import { Pages } from '../../ui/pages.tsx'
import { TechnicalDetail } from './technical-detail.tsx'
import { ATTENTION } from './text.es.ts'
import type { AttentionAction, AttentionItem, AttentionList, GoogleState } from './view.ts'
import { WaitingWork } from './waiting-work.tsx'

/** What is said when there is no case: only a working connection makes the calendar a promise. */
const NO_CASE: Record<GoogleState, string> = {
  connected: 'Nada por ahora. Los pagos y el calendario están al día.',
  disconnected: 'No hay pagos ni clases para revisar, pero tu calendario está sin conectar: las clases pagas esperan su enlace.',
  error: 'No hay pagos ni clases para revisar, pero la conexión con Google Calendar tiene problemas.',
}

/** "Necesita atención": always first, also when there is nothing, so that calm is something one can see. */
export function Attention(props: {
  list: AttentionList
  google: GoogleState
  now: Date
  path: string
  waitingTickets?: number
  waiting?: Waiting
}) {
  const { list, google, now, path, waitingTickets = 0, waiting = NOTHING_WAITS } = props
  const look = list.total > 0 ? '' : google === 'connected' ? ' attention-calm' : ' attention-unsure'
  return (
    <section class={`attention${look}`} aria-labelledby="atencion">
      <h2 id="atencion">
        <Icon name={look === ' attention-calm' ? 'check-circle' : 'alert'} />
        Necesita atención <span class="count tabular">{list.total}</span>
      </h2>
      {list.total === 0 ? (
        <p class="soft">
          {NO_CASE[google]} {google === 'connected' ? null : <a href="/admin/google">Ver la conexión</a>}
        </p>
      ) : (
        <ul>
          {list.items.map((item) => (
            <Item item={item} now={now} />
          ))}
        </ul>
      )}
      {waitingTickets === 0 ? null : (
        <p>
          <a class="action-link" href="/admin/tickets">
            {waitingTickets === 1 ? 'Un ticket espera respuesta' : `${waitingTickets} tickets esperan respuesta`}
          </a>
        </p>
      )}
      <WaitingWork area="admin" waiting={waiting} />
      <Pages
        label="Páginas de casos"
        page={list.page}
        pagesTotal={list.pagesTotal}
        hrefOf={(page) => (page === 1 ? path : `${path}?casos=${page}`)}
      />
    </section>
  )
}

function Item({ item, now }: { item: AttentionItem; now: Date }) {
  const { title, hint } = ATTENTION[item.reason]
  return (
    <li>
      <div class="attention-words">
        <h3>{item.title ?? title}</h3>
        <p>{item.subject}</p>
        <p class="soft">
          {item.advice ?? hint}{' '}
          <span class="tabular" title={`${formatDate(item.since)} ${wallTime(item.since)}`}>
            Hace {durationWords(now.getTime() - item.since.getTime())}.
          </span>
        </p>
        {item.note === '' ? null : <p class="soft attention-note">{item.note}</p>}
        <TechnicalDetail text={item.detail} />
      </div>
      <div class="attention-actions">
        {item.actions.map((action) => (
          <Action action={action} />
        ))}
      </div>
    </li>
  )
}

function Action({ action }: { action: AttentionAction }) {
  switch (action.kind) {
    case 'retry':
      return <Retry action={`/admin/clases/${encodeURIComponent(action.classId)}/reintentar`} />
    case 'retry-case':
      return <Retry action={`/admin/casos/${encodeURIComponent(action.caseId)}/reintentar`} />
    case 'settle-move':
      return <SettleMove {...action} />
    case 'restore':
      return (
        <form method="post" action={`/admin/clases/${encodeURIComponent(action.classId)}/recrear`} data-once>
          <button type="submit" class="btn btn-primary">
            Crear el evento de nuevo
          </button>
        </form>
      )
    case 'refund':
      return (
        <Confirm
          label="Reembolsar"
          look="button"
          action={`/admin/pagos/${encodeURIComponent(action.paymentId)}/reembolsar`}
          yes="Sí, reembolsar"
        >
          <p>
            Se devuelven {formatMoney(action.amount)}.{action.cancels ? ' La clase se cancela.' : ''}
          </p>
        </Confirm>
      )
    case 'open-class':
      return (
        <a class="btn btn-primary" href={`/admin/clases/${encodeURIComponent(action.classId)}`}>
          Ver la clase
        </a>
      )
    case 'open-google':
      return (
        <a
          class="btn btn-primary"
          href={action.teacherId === null ? '/admin/google' : `/admin/google?profe=${encodeURIComponent(action.teacherId)}`}
        >
          Ver la conexión
        </a>
      )
    case 'open-invitation':
      return (
        <a class="btn btn-primary" href={`/admin/profesores#profe-${encodeURIComponent(action.teacherId)}`}>
          Ver su invitación
        </a>
      )
    case 'resolve':
      return (
        <form method="post" action={`/admin/casos/${encodeURIComponent(action.caseId)}/resolver`} data-once>
          <button type="submit" class="btn btn-quiet">
            Resolver
          </button>
        </form>
      )
  }
}

function SettleMove({ editId, to, canAccept }: { editId: string; to: Date; canAccept: boolean }) {
  const path = `/admin/calendario/${encodeURIComponent(editId)}`
  return (
    <>
      {canAccept ? (
        <form method="post" action={`${path}/aceptar`} data-once>
          <button type="submit" class="btn btn-primary">
            Pasar la clase al {formatDate(to)} {wallTime(to)}
          </button>
        </form>
      ) : null}
      <form method="post" action={`${path}/deshacer`} data-once>
        <button type="submit" class="btn btn-quiet">
          Devolver el evento a su horario
        </button>
      </form>
    </>
  )
}

function Retry({ action }: { action: string }) {
  return (
    <form method="post" action={action} data-once>
      <button type="submit" class="btn btn-primary">
        Reintentar
      </button>
    </form>
  )
}
