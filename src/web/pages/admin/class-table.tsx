import { formatMoney } from '../../../kernel/money.ts'
import { formatDate, formatTimeRange, wallTime } from '../../../kernel/zoned-time.ts'
import { CANCEL_REASON } from '../../text.es.ts'
import { typeWords } from '../../ui/class-card.ts'
import { CancelClass, CodeText, RescheduleLink } from '../../ui/class-parts.tsx'
import { weekdayShort } from '../../ui/dates.ts'
import { Icon } from '../../ui/icons.tsx'
import { Status } from '../../ui/status.tsx'
import { type WayBack, wayBackQuery } from '../../ui/way-back.ts'
import { AdminClassStatus } from './class-facts.tsx'
import type { AdminClass } from './view.ts'

/** Column headers of behaviour 4.23. */
const COLUMNS = ['Día', 'Horario', 'Tipo', 'Rol', 'Estado', 'Código', 'Meeting', 'Tarea IA'] as const
const [DAY, TIME, TYPE, ROLE, STATUS, CODE, MEETING, TASK] = COLUMNS

/** `back`: the list that these classes are a page of. */
export function AdminClassTable({ classes, back }: { classes: readonly AdminClass[]; back: WayBack }) {
  return (
    <div class="table-panel">
      <table class="class-table class-table-dense">
        <thead>
          <tr>
            {COLUMNS.map((column) => (
              <th scope="col">{column}</th>
            ))}
            <th scope="col">
              <span class="sr-only">Acciones</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {classes.map((each) => (
            <Row entry={each} back={back} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Row({ entry, back }: { entry: AdminClass; back: WayBack }) {
  return (
    <tr class={entry.status === 'cancelled' ? 'is-cancelled' : ''}>
      <th scope="row" data-label={DAY}>
        <span class="weekday">{weekdayShort(entry.startsAt)}</span> {formatDate(entry.startsAt)}
      </th>
      <td data-label={TIME} class="when tabular">
        {formatTimeRange(entry.startsAt, entry.endsAt)}
      </td>
      <td data-label={TYPE}>
        <span>
          {typeWords(entry)}
          <span class="reason soft">{entry.hostName}</span>
        </span>
      </td>
      <td data-label={ROLE}>Admin</td>
      <td data-label={STATUS}>
        <AdminClassStatus entry={entry} />
        {entry.cancelReason === null ? null : <span class="reason soft">{CANCEL_REASON[entry.cancelReason]}</span>}
        {entry.calendar === 'failed' ? (
          <span class="reason soft">{entry.status === 'scheduled' ? 'El calendario no está al día' : 'Sin evento en el calendario'}</span>
        ) : null}
      </td>
      <td data-label={CODE}>{entry.accessCode === null ? <None /> : <CodeText code={entry.accessCode} copy={false} />}</td>
      <td data-label={MEETING}>
        {entry.meetHref === null ? (
          <None />
        ) : (
          <a href={entry.meetHref} target="_blank" rel="noopener noreferrer">
            Meet
          </a>
        )}
      </td>
      <td data-label={TASK}>
        <Task entry={entry} />
      </td>
      <td class="row-actions">
        <Actions entry={entry} back={back} />
      </td>
    </tr>
  )
}

function Actions({ entry, back }: { entry: AdminClass; back: WayBack }) {
  return (
    <details class="row-menu" name="acciones">
      <summary aria-label={`Acciones de la clase del ${formatDate(entry.startsAt)} a las ${wallTime(entry.startsAt)}`}>
        <Icon name="dots" />
      </summary>
      <div class="row-menu-panel">
        <a class="action-link" href={`/admin/clases/${encodeURIComponent(entry.id)}${wayBackQuery(back)}`}>
          <Icon name="history" />
          Qué pasó con esta clase
        </a>
        {entry.calendarHref === null ? null : (
          <a class="action-link" href={entry.calendarHref} target="_blank" rel="noopener noreferrer">
            <Icon name="calendar" />
            Ver en Google Calendar
          </a>
        )}
        <RescheduleLink href={entry.rescheduleHref} />
        {entry.canCancel ? (
          <CancelClass
            startsAt={entry.startsAt}
            action={`/admin/clases/${encodeURIComponent(entry.id)}/cancelar`}
            policy={cancelPolicy(entry)}
            consequence="Se borra el evento del calendario y el código deja de funcionar."
          />
        ) : null}
      </div>
    </details>
  )
}

/** What goes back when this class is cancelled. */
function cancelPolicy({ paid, returned }: AdminClass): string {
  if (paid === null) return 'Todavía no está paga: no hay nada que devolver.'
  if (returned === 0) return `Se reembolsa el total: ${formatMoney(paid)}.`
  return `Se reembolsa lo que queda: ${formatMoney(paid - returned)}. Ya se devolvieron ${formatMoney(returned)}.`
}

function Task({ entry: { id, activity } }: { entry: AdminClass }) {
  if (activity === 'none') return <None />
  return (
    <a href={`/admin/actividad/${encodeURIComponent(id)}`}>
      {activity === 'sent' ? (
        <Status tone="good" icon="check-circle" text="Enviada" />
      ) : (
        <Status tone="quiet" icon="clock" text="Pendiente" />
      )}
      {activity === 'draft' ? <span class="reason soft">Borrador listo para revisar</span> : null}
      {activity === 'pending' ? <span class="reason soft">Todavía se está preparando</span> : null}
    </a>
  )
}

/** An empty cell that says so. */
function None() {
  return (
    <span class="soft">
      <span aria-hidden="true">—</span>
      <span class="sr-only">No tiene</span>
    </span>
  )
}
